"""What the cards of a case 工单 say and offer: where it stands, what to say to the buyer, the next steps as buttons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot import refusals
from bot.card import Button, Card, Row, button, copy, line, lines, tell
from bot.contacting import check
from bot.desk import Desk
from bot.entries import stated
from playbooks import cases
from playbooks.cases import Case, Happened, Script
from playbooks.model import Refusal
from playbooks.room import IN_CHARGE, MANAGERS
from storage.rows import Line

LAST = 4
"""Things that happened last, shown on a card."""
SHOWN = 15
"""Cases in one list."""


def name(one: Case) -> Line:
    """`#12 差评`."""
    return line("case.name", number=one.number, kind=line(f"case.kind_{one.kind}"))


def summary(one: Case, desk: Desk) -> Line:
    """One line of a list: which, of which order, why, whose, until when."""
    late = one.open and one.due_at <= desk.now
    return line(
        "case.line_late" if late else "case.line", name=name(one), order=one.order_id or "—", why=_why(one),
        owner=desk.name(one.owner), due=desk.clock(one.due_at), state=state(one),
    )  # fmt: skip


def state(one: Case) -> Line:
    """Where it stands; of a closed one its outcome."""
    return line(f"case.state_{one.state}") if one.open else line(f"case.outcome_{one.outcome}")


def _why(one: Case) -> tuple[Line, ...] | str:
    said = [line(f"case.type_{one.type}")] if one.type else []
    said += [line(f"case.cause_{one.cause}")] if one.cause else []
    said += [line("case.stars", count=one.stars)] if one.stars is not None else []
    return tuple(said) or "—"


def case_card(one: Case, who: str, desk: Desk, *first: Line, edit: bool = False) -> Card:
    """Everything of the case for `who`; with buttons where it is theirs to work on. `first` stands above it."""
    works = who == one.owner or desk.member(who).may(IN_CHARGE)
    said = lines(first, body(one, desk), _to_say(one, desk) if works and one.open else None)
    key = f"case:{one.id}:{who}"
    return tell(
        who, said, buttons=tuple(_rows(one, who, desk)) if works else (), key=key, edit=edit, rank="work"
    )


def body(one: Case, desk: Desk) -> tuple[Line, ...]:
    """What the case is and what happened to it."""
    return lines(
        line("case.head", name=name(one), state=state(one)),
        line("case.about", order=one.order_id or "—", product=one.title or "—", why=_why(one)),
        line("case.text", text=one.text) if one.text else None,
        line("case.amount", amount=one.amount) if one.amount is not None else None,
        line("case.whose", owner=desk.name(one.owner), by=desk.name(one.by), at=desk.clock(one.at)),
        line("case.times", due=desk.clock(one.due_at), cap=desk.clock(one.cap_at)) if one.open else None,
        line("case.window", until=desk.clock(one.explain_by)) if one.open and one.explain_by else None,
        line("case.is_second") if one.second else None,
        line("case.is_reopened", count=one.reopened) if one.reopened else None,
        line("case.managers_only") if one.manager_only and one.open else None,
        line("case.visits", at=desk.clock(one.visit_at)) if one.to_visit else None,
        (_happened(step, desk) for step in one.happened[1:][-LAST:]),
    )


def _happened(step: Happened, desk: Desk) -> Line:
    did = line(f"case.what_{step.what}")
    if step.what == "contact":
        did = line(f"case.did_{step.text}")
    elif step.what == "cause":
        did = line("case.did_cause", cause=line(f"case.cause_{step.text}"))
    elif step.text:
        did = line("case.did_saying", did=did, text=step.text)
    return line("case.happened", at=desk.clock(step.at), who=desk.name(step.who), did=did)


def script_of(one: Case) -> Script:
    """What the buyer is to be told as the case stands."""
    if one.to_visit:
        return "visit"
    if one.kind == "mixed":
        return "mixed"
    if one.kind == "negative":
        return "negative" if one.contacted_at is None else "solved"
    return "progress"


def _to_say(one: Case, desk: Desk) -> Iterator[Line]:
    """The words for the buyer, or why the buyer may not be contacted now."""
    if one.kind == "mistake":
        return
    if hushed := why_not_now(one, desk):
        yield hushed
    elif one.kind != "mixed":
        yield line("case.say", text=cases.script(script_of(one), desk.room.lang))
    if back := returns(one, desk):
        yield line("case.say", text=back)
    elif _sends_back(one):
        yield line("case.no_return_address")


def why_not_now(one: Case, desk: Desk) -> Line | None:
    """Why the buyer is not to be contacted at this moment; None: may be (K02)."""
    try:
        check("case", one.order_id, desk)
    except Refusal as refused:
        known = Refusal(refused.key, **{**refused.values, "order_id": one.order_id or "—"})
        return refusals.said(known, desk.room, desk.books, desk.now)
    return None


def _sends_back(one: Case) -> bool:
    return one.type in cases.rules().types and cases.rules().types[one.type].returns


def returns(one: Case, desk: Desk) -> str:
    """Where to, until when and with what something is sent back (E27); '' where nothing is, or no address is set."""
    address = stated(desk).get("return_address", "")
    if not (_sends_back(one) and address):
        return ""
    known, lang = cases.rules().returns, desk.room.lang
    return cases.script("returns", lang).format(address=address, days=known.days, what=known.what[lang])


# -- buttons ------------------------------------------------------------------------------------------


def _rows(one: Case, who: str, desk: Desk) -> Iterator[Row]:
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
    if back := returns(one, desk):
        yield copy("case.copy_returns", back)


def _first(one: Case) -> Iterator[Row]:
    """What is not known yet, or comes before the buyer is contacted."""
    if one.kind == "aftersale" and not one.type:
        yield (button("case.ask_type", f"casetype {one.id}"),)
    if not one.cause and one.kind != "mistake":
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


def choices(one: Case, what: str, of: Sequence[str], command: str, desk: Desk) -> Card:
    """A question with a button for each answer: `what` is the text's word for it (`type`, `cause`)."""
    rows = tuple((button(f"case.{what}_{id}", f"{command} {one.id} {id}"),) for id in of)
    said = line("case.choose", name=name(one), what=line(f"case.the_{what}"))
    return tell(desk.me.id, said, buttons=rows, key=f"case-ask:{one.id}:{desk.me.id}", rank="work")
