"""A case 工单 ends with an outcome, begins again, goes to somebody else, or is due later (B13, B22, E17, E25, E26)."""

from __future__ import annotations

from bot.asking import ask
from bot.call import Call
from bot.card import Card, button, line, tell, toast
from bot.case_cards import case_card, name
from bot.case_press import seen, sentence, step, words
from bot.cases import close, hand_on, keep, need_theirs
from bot.desk import Desk
from bot.duty import DutySpec
from playbooks import cases, due_times
from playbooks.cases import Case
from playbooks.model import Refusal
from playbooks.room import MANAGERS, SERVICE, Member


def end(call: Call, desk: Desk) -> list[Card]:
    """Closed with an outcome; where others must see why, a sentence is asked for (B22)."""
    id, outcome, rest = words(call)
    before, text = need_theirs(id, desk), rest[len(outcome) :].strip()
    if outcome in cases.TO_BE_SAID and not text and _may(before, outcome, desk):
        return ask(f"caseend {before.id} {outcome}", "case.ask_why", desk)
    one = close(before, outcome, text, desk, manager=desk.me.may(MANAGERS))
    return [toast("case.closed", number=one.number), *seen(one, desk)]


def _may(before: Case, outcome: str, desk: Desk) -> bool:
    """Whether it could be closed so, but for the sentence: nobody is asked for one in vain. Raises as closing."""
    cases.closed(before, desk.me.id, outcome, desk.now, desk.zone, manager=desk.me.may(MANAGERS), text="…")
    return True


reopen = sentence(
    "casereopen",
    "case.ask_reopen",
    lambda one, text, desk: cases.reopened(one, desk.me.id, text, desk.now, desk.zone),
    "reopened",
)


def visit(call: Call, desk: Desk) -> list[Card]:
    """The return visit: the buyer is content (E25)."""
    one = cases.visited(need_theirs(call.args, desk), desk.me.id, desk.now)
    return [toast("case.visit_noted"), *seen(keep(one, "visited", desk), desk)]


# -- whose and when -----------------------------------------------------------------------------------


def pass_(call: Call, desk: Desk) -> list[Card]:
    """转给: to whom by a button, the reason as a sentence; the next one sees everything (B13)."""
    id, person, rest = words(call)
    before = need_theirs(id, desk)
    if not person:
        return [_to_whom(before, desk)]
    why = rest[len(person) :].strip()
    if person not in {m.id for m in _takers(before, desk)}:
        raise Refusal("case.no_taker")
    if not why:
        return ask(f"casepass {before.id} {person}", "case.ask_pass_why", desk)
    one = hand_on(before, person, why, desk)
    handed = case_card(one, one.owner, desk, line("case.yours_now", by=desk.me.name))
    return [case_card(one, desk.me.id, desk, line("case.passed_on", to=desk.name(person)), edit=True), handed]


def _takers(one: Case, desk: Desk) -> list[Member]:
    """Who may take it over: those on duty, else everybody; what only a manager may settle, managers."""
    roles = MANAGERS if one.manager_only else SERVICE
    there = [m for m in desk.on_duty(*roles) if m.id != one.owner]
    return there or [m for m in desk.with_role(*roles) if m.id != one.owner]


def _to_whom(one: Case, desk: Desk) -> Card:
    takers = _takers(one, desk)
    if not takers:
        raise Refusal("case.no_taker")
    rows = tuple((button("common.verbatim", f"casepass {one.id} {m.id}", text=m.name),) for m in takers)
    return tell(desk.me.id, line("case.to_whom", name=name(one)), buttons=rows)


def put_off(call: Call, desk: Desk) -> list[Card]:
    """改时间: later, but never after the hard end (E17)."""
    id, _, when = words(call)
    before = need_theirs(id, desk)
    if not when:
        return ask(f"casedue {before.id}", "case.ask_when", desk)
    at, rest = due_times.read_due(when, desk.now, desk.zone, cases.rules().due_at)
    if rest:
        raise Refusal("promise.when", text=rest[:20])
    return seen(keep(cases.put_off(before, at, desk.me.id, desk.now), "put_off", desk), desk)


DUTY = DutySpec(
    "cases_ends",
    commands=(
        step("caseend", end),
        step("casereopen", reopen),
        step("casevisit", visit),
        step("casepass", pass_),
        step("casedue", put_off),
    ),
)
