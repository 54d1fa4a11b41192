"""What is done about a case 工单, each step a button; the buyer is contacted through the ledger (E14-E28, K02)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.asking import ask
from bot.call import Call
from bot.card import Card, button, copy, line, tell, toast
from bot.case_cards import case_card, choices, name
from bot.cases import able_to_settle, hand_on, keep, need_theirs
from bot.contacting import check, reached
from bot.desk import Desk
from bot.duty import Command, DutySpec
from playbooks import cases, due_times
from playbooks.cases import Case
from playbooks.model import Refusal
from playbooks.room import MANAGERS, SERVICE, Member


def _seen(one: Case, desk: Desk, *first: str) -> list[Card]:
    """The caller's card as the case stands now; whose it is hears of what another did."""
    said = [case_card(one, desk.me.id, desk, *(line(key) for key in first), edit=True)]
    if one.owner != desk.me.id:
        said.append(case_card(one, one.owner, desk, line("case.other_did", by=desk.me.name), edit=True))
    return said


def _words(call: Call) -> tuple[str, str, str]:
    """The case, the next word, and the rest as it was typed."""
    id, _, rest = call.args.strip().partition(" ")
    word, _, _ = rest.strip().partition(" ")
    return id, word, rest.strip()


def cause(call: Call, desk: Desk) -> list[Card]:
    """Why it came to this, in one tap. What only a manager may settle goes to one (L02)."""
    id, word, _ = _words(call)
    before = need_theirs(id, desk)
    if not word:
        return [choices(before, "cause", tuple(cases.rules().causes), "casecause", desk)]
    one = cases.caused(before, desk.me.id, cases.cause_of(word), desk.now)
    one = one.changed(owner=able_to_settle(one, desk))
    return _seen(keep(one, "cause", desk), desk)


def type_(call: Call, desk: Desk) -> list[Card]:
    """The type of an after-sales case, which says when it is due."""
    id, word, _ = _words(call)
    before = need_theirs(id, desk)
    if not word:
        return [choices(before, "type", tuple(cases.rules().types), "casetype", desk)]
    one = cases.typed_as(before, desk.me.id, cases.type_of(word), desk.now, desk.zone)
    return _seen(keep(one, "note", desk), desk)


def rehearsed(call: Call, desk: Desk) -> list[Card]:
    """对练 before the buyer is contacted (E20)."""
    one = cases.rehearsed(need_theirs(call.args, desk), desk.me.id, desk.now)
    return _seen(keep(one, "rehearsed", desk), desk)


def told(call: Call, desk: Desk) -> list[Card]:
    """The buyer was written to or called; the ledger says whether that may be, and counts it."""
    id, how, _ = _words(call)
    before = need_theirs(id, desk)
    if how not in ("message", "phone"):
        raise Refusal("case.unknown", number=how)
    check("case", before.order_id, desk)
    one = cases.contacted(before, desk.me.id, how, desk.now)
    reached("case", before.order_id, how, desk)
    return _seen(keep(one, "contact", desk, channel=how), desk)


def missed(call: Call, desk: Desk) -> list[Card]:
    """联系不上: a message to leave, and then, if wanted, a call (E28)."""
    before = need_theirs(call.args, desk)
    check("case", before.order_id, desk)
    one = keep(cases.missed(before, desk.me.id, desk.now), "missed", desk)
    text = cases.script("missed", desk.room.lang)
    rows = (
        (copy("chase.copy_script", text),),
        (button("case.left_message", f"casetold {one.id} message"), button("case.called", f"casetold {one.id} phone")),
    )
    said = (line("case.missed_what", name=name(one)), line("case.say", text=text))
    return [tell(desk.me.id, said, buttons=rows, key=f"case-missed:{one.id}:{desk.me.id}", rank="work")]


def _sentence(
    command: str, key: str, do: Callable[[Case, str, str, datetime], Case], what: cases.What
) -> Callable[[Call, Desk], list[Card]]:
    """A step that needs a sentence, which is asked for where it is missing."""

    def step(call: Call, desk: Desk) -> list[Card]:
        id, _, text = _words(call)
        before = need_theirs(id, desk)
        if not text:
            return ask(f"{command} {before.id}", key, desk)
        return _seen(keep(do(before, desk.me.id, text, desk.now), what, desk), desk)

    return step


note = _sentence("casenote", "case.ask_note", cases.noted, "note")
propose = _sentence("casepropose", "case.ask_solution", cases.proposed, "proposed")


def track(call: Call, desk: Desk) -> list[Card]:
    """The buyer was told of the solution: from now on it is followed."""
    one = cases.tracked(need_theirs(call.args, desk), desk.me.id, desk.now)
    return _seen(keep(one, "tracking", desk), desk)


def unhappy(call: Call, desk: Desk) -> list[Card]:
    """Asked, and not satisfied: looked at again (E26)."""
    one = cases.unsatisfied(need_theirs(call.args, desk), desk.me.id, desk.now)
    return _seen(keep(one, "unsatisfied", desk), desk, "case.look_again")


# -- the public reply ---------------------------------------------------------------------------------


def reply(call: Call, desk: Desk) -> list[Card]:
    """`/publicreply 12 您好…`: checked for what is a buyer's own, links and favours, then to copy (E14, E15, E18, K16)."""
    id, _, text = _words(call)
    if not id:
        raise Refusal("case.reply_usage")
    before = need_theirs(id, desk)
    if not text:
        ready = cases.script("mixed" if before.kind == "mixed" else "explain", desk.room.lang)
        rows = ((button("case.use_ready", f"casesay {before.id}"),),)
        asking = ask(f"publicreply {before.id}", "case.ask_reply", desk)
        return [card.changed(lines=(*card.lines, line("case.say", text=ready)), buttons=rows) for card in asking]
    return _drafted(before, cases.check_reply(text), desk)


def ready(call: Call, desk: Desk) -> list[Card]:
    """The ready reply as it stands."""
    before = need_theirs(call.args, desk)
    text = cases.script("mixed" if before.kind == "mixed" else "explain", desk.room.lang)
    return _drafted(before, text, desk)


def _drafted(before: Case, text: str, desk: Desk) -> list[Card]:
    one = keep(cases.drafted(before, desk.me.id, text, desk.now), "drafted", desk)
    rows = ((copy("case.copy_reply", text),), (button("case.published", f"casepublished {one.id}"),))
    said = (line("case.reply_ok", name=name(one)), line("case.say", text=text))
    return [tell(desk.me.id, said, buttons=rows, key=f"case-reply:{one.id}:{desk.me.id}", rank="work")]


def published(call: Call, desk: Desk) -> list[Card]:
    """已发布."""
    one = cases.replied(need_theirs(call.args, desk), desk.me.id, desk.now)
    return _seen(keep(one, "replied", desk), desk)


# -- ends, and begins again ---------------------------------------------------------------------------


def end(call: Call, desk: Desk) -> list[Card]:
    """Closed with an outcome; where others must see why, a sentence is asked for (B22)."""
    id, outcome, rest = _words(call)
    before, text = need_theirs(id, desk), rest[len(outcome) :].strip()
    if outcome in cases.TO_BE_SAID and not text and _may(before, outcome, desk):
        return ask(f"caseend {before.id} {outcome}", "case.ask_why", desk)
    one = cases.closed(before, desk.me.id, outcome, desk.now, desk.zone, manager=desk.me.may(MANAGERS), text=text)
    figures = {"outcome": outcome, "seconds": _seconds(one.at, desk.now), "late": _yes(cases.is_late(one, desk.now))}
    if one.contacted_at:
        figures["first_seconds"] = _seconds(one.at, one.contacted_at)
    return [toast("case.closed", number=one.number), *_seen(keep(one, "closed", desk, **figures), desk)]


def _may(before: Case, outcome: str, desk: Desk) -> bool:
    """Whether it could be closed so, but for the sentence: nobody is asked for one in vain. Raises what closing does."""
    cases.closed(before, desk.me.id, outcome, desk.now, desk.zone, manager=desk.me.may(MANAGERS), text="…")
    return True


def _seconds(since: datetime, until: datetime) -> str:
    return str(int((until - since).total_seconds()))


def _yes(said: bool) -> str:
    return "yes" if said else "no"


def reopen(call: Call, desk: Desk) -> list[Card]:
    """It was not over: counted, and due anew (E26)."""
    id, _, text = _words(call)
    before = need_theirs(id, desk)
    if not text:
        return ask(f"casereopen {before.id}", "case.ask_reopen", desk)
    one = cases.reopened(before, desk.me.id, text, desk.now, desk.zone)
    return _seen(keep(one, "reopened", desk), desk)


def visit(call: Call, desk: Desk) -> list[Card]:
    """The return visit: the buyer is content (E25)."""
    one = cases.visited(need_theirs(call.args, desk), desk.me.id, desk.now)
    return [toast("case.visit_noted"), *_seen(keep(one, "visited", desk), desk)]


# -- whose and when -----------------------------------------------------------------------------------


def pass_(call: Call, desk: Desk) -> list[Card]:
    """转给: to whom by a button, the reason as a sentence; the next one sees everything (B13)."""
    id, person, rest = _words(call)
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
    id, _, when = _words(call)
    before = need_theirs(id, desk)
    if not when:
        return ask(f"casedue {before.id}", "case.ask_when", desk)
    at, rest = due_times.read_due(when, desk.now, desk.zone, cases.rules().due_at)
    if rest:
        raise Refusal("promise.when", text=rest[:20])
    return _seen(keep(cases.put_off(before, at, desk.me.id, desk.now), "put_off", desk), desk)


def _step(command: str, run: Callable[[Call, Desk], list[Card]]) -> Command:
    """A press: whether the case is the caller's is asked of the case, for a slip may be anybody's."""
    return Command(command, run, listed=False, private=True)


DUTY = DutySpec(
    "cases_steps",
    commands=(
        Command("publicreply", reply, words=("回评",), roles=SERVICE, private=True),
        _step("casesay", ready),
        _step("casepublished", published),
        _step("casecause", cause),
        _step("casetype", type_),
        _step("caserehearsed", rehearsed),
        _step("casetold", told),
        _step("casemissed", missed),
        _step("casenote", note),
        _step("casepropose", propose),
        _step("casetrack", track),
        _step("caseunhappy", unhappy),
        _step("caseend", end),
        _step("casereopen", reopen),
        _step("casevisit", visit),
        _step("casepass", pass_),
        _step("casedue", put_off),
    ),
)
