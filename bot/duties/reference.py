"""参考值: the playbook's figures without a source, each said to be one; a manager sets the shop's own (K24, C24)."""

from __future__ import annotations

from bot.asking import ask
from bot.call import Call
from bot.card import Card, button, line, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.review_words import percent
from playbooks import references
from playbooks.model import Refusal
from playbooks.references import OwnReferences, Reference
from playbooks.room import CONTROL, MANAGERS
from storage.rows import Line


def reference(call: Call, desk: Desk) -> list[Card]:
    """`/reference` lists them; `/reference 未支付率 25%` sets the shop's own, `原值` goes back to the playbook's.

    Raises Refusal `reference.managers` and those of playbooks.references.with_value.
    """
    own = desk.books.references.get(desk.room.id) or OwnReferences(id=desk.room.id)
    if not call.args.strip():
        return [_list(own, desk)]
    if not desk.me.may(MANAGERS):
        raise Refusal("reference.managers")
    if call.args.strip() in references.every_word():
        id = references.figure_of(call.args)
        return ask(f"reference {id}", "reference.ask", desk, name=line(f"reference.is_{id}"))
    own, one = references.with_value(own, call.args)
    desk.books.references.put(own)
    desk.note("reference", one.id, value=f"{one.value:f}" if one.own else "")
    return [tell(desk.me.id, line("reference.set"), _line(one))]


def _list(own: OwnReferences, desk: Desk) -> Card:
    """Every figure; who may change them has a button for each."""
    known = references.standing(own)
    rows = tuple((button(f"reference.is_{one.id}", f"reference {one.id}"),) for one in known)
    said = [_line(one) for one in known]
    may = desk.me.may(MANAGERS)
    return tell(
        desk.me.id, line("reference.head"), said, line("reference.usage"), buttons=rows if may else ()
    )


def _line(one: Reference) -> Line:
    whose = line("reference.own") if one.own else line("reference.playbook", article=one.article)
    return line("reference.line", name=line(f"reference.is_{one.id}"), value=percent(one.value), whose=whose)


DUTY = DutySpec(
    "reference",
    commands=(Command("reference", reference, words=("参考值",), roles=CONTROL, private=True),),
)
