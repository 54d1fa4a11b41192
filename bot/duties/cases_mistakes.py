"""失误: what went wrong at work, with whose it is and what is done about it (REQUIREMENTS F16)."""

from __future__ import annotations

from bot.asking import ask
from bot.call import Call
from bot.card import Card, button, line, tell
from bot.case_cards import case_card
from bot.cases import open_case
from bot.desk import Desk
from bot.duty import Command, DutySpec
from playbooks import cases, room
from playbooks.cases import Typed
from playbooks.model import Refusal
from playbooks.room import CONTROL, IN_CHARGE, SERVICE, Member


def mistake(call: Call, desk: Desk) -> list[Card]:
    """`/mistake 小美 报错价格`: whose by name or button, then what. One's own anybody notes, others' a lead."""
    word, _, text = call.args.strip().partition(" ")
    if not word:
        return [_whose(desk)]
    owner = _member(word, desk)
    if owner.id != desk.me.id and not desk.me.may(IN_CHARGE):
        raise Refusal("case.mistake_whose")
    if not text.strip():
        return ask(f"mistake {owner.id}", "case.ask_mistake", desk)
    return _noted(owner, text.strip(), desk)


def _member(word: str, desk: Desk) -> Member:
    known = desk.books.members.get(word)
    return known if known and known.roles else room.named(word, desk.members())


def _whose(desk: Desk) -> Card:
    """Mine, and for those in charge everybody's."""
    people = desk.members() if desk.me.may(IN_CHARGE) else [desk.me]
    rows = tuple((button("common.verbatim", f"mistake {m.id}", text=m.name),) for m in people)
    return tell(desk.me.id, line("case.whose_mistake"), buttons=rows)


def _noted(owner: Member, text: str, desk: Desk) -> list[Card]:
    kept = cases.checked(text)
    order_id = next((word for word in kept.split() if len(word) >= ORDER and cases.is_order(word)), "")
    one, _ = open_case("mistake", Typed(order_id=order_id, text=kept, said=True), desk, owner=owner.id)
    said = [case_card(one, desk.me.id, desk, line("case.noted"))]
    if owner.id != desk.me.id:
        said.append(case_card(one, owner.id, desk, line("case.mistake_yours", by=desk.me.name)))
    return said


ORDER = 10
"""Characters of a word that may be an order number in a sentence."""

DUTY = DutySpec(
    "cases_mistakes",
    commands=(
        Command("mistake", mistake, words=("失误", "登记失误"), roles=SERVICE | CONTROL, private=True),
    ),
)
