"""One question where a word may mean several products: a button for each does the same again with the one meant.

The words wait as an open question put to the person, like any other (bot.asking): a number typed in private answers
it as well, and whatever else they ask for cancels it.
"""

from __future__ import annotations

from datetime import datetime

from bot.asking import ANSWER_WITHIN
from bot.call import Call
from bot.card import Row, button
from playbooks.model import Refusal
from storage.rows import Dialogue

ASKED = frozenset(["product.ambiguous", "product.moved"])
PICK = "pick"
"""What a button says: `pick 5701 3`, the question's mark and a link number."""


def waiting(call: Call, refusal: Refusal, now: datetime) -> Dialogue | None:
    """The question to put; None where nothing is to be picked, or a press asked, which has no words to repeat."""
    said = str(refusal.values.get("said", ""))
    if refusal.key not in ASKED or call.press_id or not said or said not in call.args:
        return None
    words, id = f"{call.command} {call.args}", f"{call.who.id}:{call.who.id}"
    return Dialogue(id=id, command=words, until=now + ANSWER_WITHIN, instead=said, mark=str(call.update_id))


def buttons(question: Dialogue, refusal: Refusal) -> tuple[Row, ...]:
    """One for each product that may be meant."""
    names, numbers = refusal.values["names"], refusal.values["numbers"]
    assert isinstance(names, tuple)
    assert isinstance(numbers, tuple)
    return tuple(
        (button("air.product", f"{PICK} {question.mark} {number}", number=number, name=name),)
        for name, number in zip(names, numbers, strict=True)
    )


def answered(call: Call, question: Dialogue) -> Call:
    """The call with the question's answer in it: at the end, or in the place of the word it is about."""
    command, _, args = question.command.partition(" ")
    if question.instead:
        before, _, after = args.partition(question.instead)
        return call.to(command=command, args=f"{before}{call.args} {after.lstrip()}".strip())
    return call.to(command=command, args=f"{args} {call.args}".strip())


def picked(call: Call, asked: tuple[str, Dialogue] | None, now: datetime) -> Call:
    """The call a pressed button stands for. Raises Refusal `product.pick_over` where its question is no longer open."""
    mark, _, number = call.args.partition(" ")
    if asked is None or asked[1].mark != mark or asked[1].until <= now:
        raise Refusal("product.pick_over")
    room, question = asked
    return answered(call.to(args=number, via="reply", room=room), question)
