"""What is done about a case 工单, each step a button; the buyer is contacted through the ledger (E14-E28, K02)."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, button, copy, line, tell
from bot.case_cards import choices, name
from bot.case_press import seen, sentence, step, words
from bot.cases import for_managers, keep, need_theirs
from bot.contacting import check, reached
from bot.desk import Desk
from bot.duty import DutySpec
from playbooks import cases
from playbooks.model import Refusal


def cause(call: Call, desk: Desk) -> list[Card]:
    """Why it came to this, in one tap. What only a manager may settle goes to one (L02)."""
    id, word, _ = words(call)
    before = need_theirs(id, desk)
    if not word:
        return [choices(before, "cause", tuple(cases.rules().causes), "casecause", desk)]
    one = for_managers(cases.caused(before, desk.me.id, cases.cause_of(word), desk.now), desk)
    return seen(keep(one, "cause", desk), desk)


def type_(call: Call, desk: Desk) -> list[Card]:
    """The type of an after-sales case, which says when it is due."""
    id, word, _ = words(call)
    before = need_theirs(id, desk)
    if not word:
        return [choices(before, "type", tuple(cases.rules().types), "casetype", desk)]
    one = for_managers(cases.typed_as(before, desk.me.id, cases.type_of(word), desk.now, desk.zone), desk)
    return seen(keep(one, "note", desk), desk)


def rehearsed(call: Call, desk: Desk) -> list[Card]:
    """对练 before the buyer is contacted (E20)."""
    one = cases.rehearsed(need_theirs(call.args, desk), desk.me.id, desk.now)
    return seen(keep(one, "rehearsed", desk), desk)


def told(call: Call, desk: Desk) -> list[Card]:
    """The buyer was written to or called; the ledger says whether that may be, and counts it."""
    id, how, _ = words(call)
    before = need_theirs(id, desk)
    if how not in ("message", "phone"):
        raise Refusal("case.step", number=before.number)
    check("case", before.order_id, desk)
    one = cases.contacted(before, desk.me.id, how, desk.now)
    reached("case", before.order_id, how, desk)
    return seen(keep(one, "contact", desk, channel=how), desk)


def missed(call: Call, desk: Desk) -> list[Card]:
    """联系不上: a message to leave, and then, if wanted, a call (E28)."""
    before = need_theirs(call.args, desk)
    check("case", before.order_id, desk)
    one = keep(cases.missed(before, desk.me.id, desk.now), "missed", desk)
    text = cases.script("missed", desk.room.lang)
    rows = (
        (copy("chase.copy_script", text),),
        (
            button("case.left_message", f"casetold {one.id} message"),
            button("case.called", f"casetold {one.id} phone"),
        ),
    )
    said = (line("case.missed_what", name=name(one)), line("case.say", text=text))
    return [tell(desk.me.id, said, buttons=rows, key=f"case-missed:{one.id}:{desk.me.id}", rank="work")]


note = sentence(
    "casenote", "case.ask_note", lambda one, text, desk: cases.noted(one, desk.me.id, text, desk.now), "note"
)
propose = sentence(
    "casepropose",
    "case.ask_solution",
    lambda one, text, desk: cases.proposed(one, desk.me.id, text, desk.now),
    "proposed",
)


def track(call: Call, desk: Desk) -> list[Card]:
    """The buyer was told of the solution: from now on it is followed."""
    one = cases.tracked(need_theirs(call.args, desk), desk.me.id, desk.now)
    return seen(keep(one, "tracking", desk), desk)


def unhappy(call: Call, desk: Desk) -> list[Card]:
    """Asked, and not satisfied: looked at again (E26)."""
    one = cases.unsatisfied(need_theirs(call.args, desk), desk.me.id, desk.now)
    return seen(keep(one, "unsatisfied", desk), desk, "case.look_again")


DUTY = DutySpec(
    "cases_steps",
    commands=(
        step("casecause", cause),
        step("casetype", type_),
        step("caserehearsed", rehearsed),
        step("casetold", told),
        step("casemissed", missed),
        step("casenote", note),
        step("casepropose", propose),
        step("casetrack", track),
        step("caseunhappy", unhappy),
    ),
)
