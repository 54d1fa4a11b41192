"""The next steps of a case 工单 as buttons: what is not known yet, the buyer, what may end it (E20-E26, L02)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.card import Button, Row, button, copy
from bot.case_words import returns, script_of, why_not_now
from bot.desk import Desk
from playbooks import cases
from playbooks.cases import Case
from playbooks.room import MANAGERS


def rows(one: Case, who: str, desk: Desk) -> Iterator[Row]:
    if one.order_id:
        yield (copy("chase.copy_order", one.order_id), *_copies(one, desk))
    if not one.open:
        yield from closed_rows(one)
        return
    yield from _first(one)
    yield from _with_buyer(one, desk)
    yield from _ends(one, settles=not one.manager_only or desk.member(who).may(MANAGERS))
    yield (button("case.note", f"casenote {one.id}"), button("case.put_off", f"casedue {one.id}"))
    void = button("case.void", f"caseend {one.id} void")
    yield (void,) if one.kind == "mistake" else (button("case.pass", f"casepass {one.id}"), void)


def _copies(one: Case, desk: Desk) -> Iterator[Button]:
    if one.kind not in ("mistake", "mixed") and one.open and not why_not_now(one, desk):
        yield copy("chase.copy_script", cases.script(script_of(one), desk.room.lang))
        if one.contacted_at is not None:
            yield copy("case.copy_solved", cases.script("solved", desk.room.lang))
    if back := returns(one, desk):
        yield copy("case.copy_returns", back)


def _first(one: Case) -> Iterator[Row]:
    """What is not known yet, or comes before the buyer is contacted."""
    if one.kind == "aftersale" and not one.type:
        yield (button("case.ask_type", f"casetype {one.id}"),)
    if one.kind != "mistake" and (not one.cause or one.state == "accepted"):
        yield (button("case.ask_cause", f"casecause {one.id}"),)
    if one.kind == "negative" and one.rehearsed_at is None and one.contacted_at is None:
        yield (button("case.rehearsed", f"caserehearsed {one.id}"),)


def _with_buyer(one: Case, desk: Desk) -> Iterator[Row]:
    if one.kind in ("negative", "mixed"):
        yield (button("case.reply", f"publicreply {one.id}"),)
    if one.kind not in ("mixed", "mistake") and not why_not_now(one, desk):
        yield (
            button("case.told_message", f"casetold {one.id} message"),
            button("case.told_phone", f"casetold {one.id} phone"),
        )
        yield (button("case.missed", f"casemissed {one.id}"),)


def _ends(one: Case, *, settles: bool) -> Iterator[Row]:
    """The next of the four states (E24); whether the buyer is satisfied (E26); else what came of it."""
    if one.kind == "complaint" and one.state != "tracking":
        if one.state == "cause":
            yield (button("case.propose", f"casepropose {one.id}"),)
        if one.state == "proposed":
            yield (button("case.track", f"casetrack {one.id}"),)
    if one.kind == "negative" or one.state == "tracking":
        yield (button("case.unhappy", f"caseunhappy {one.id}"),)
    if settles:
        outcomes = [
            o for o in cases.may_end_as(one) if o != "void" and not (o == "solved" and not _asked_for(one))
        ]
        for outcome in outcomes:
            yield (button(f"case.end_{outcome}", f"caseend {one.id} {outcome}"),)


def _asked_for(one: Case) -> bool:
    """Whether the buyer can be asked by now: of a complaint only what is being followed is solved."""
    return one.kind != "complaint" or one.state == "tracking"


def closed_rows(one: Case) -> Iterator[Row]:
    """What may still be done about one that is closed."""
    if one.to_visit:
        yield (button("case.visited", f"casevisit {one.id}"),)
    yield (button("case.reopen", f"casereopen {one.id}"),)
