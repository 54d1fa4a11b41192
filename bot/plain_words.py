"""What plain text in private stands for: a time, an order number, a product, a sheet, or nothing known."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.call import Call
from playbooks import chase, in_force, products
from playbooks.announce import Listing
from playbooks.broadcast import answering
from playbooks.model import Refusal
from playbooks.room import Room
from playbooks.runsheet import is_pasted
from storage.books import RoomBooks
from storage.sheets import KEY_IN_URL

SHORTEST_NAME, LONGEST_NAME = 2, 16
"""Characters of a product's name or a part of it, said alone: `好` and whole sentences look nothing up."""


def as_call(call: Call, room: Room | None, books: RoomBooks | None, now: datetime) -> Call:
    """The call of a text without a command; what means nothing else is the answer to the one question the person took
    up 我来答. Raises Refusal `common.not_understood`."""
    try:
        return call.to(command=command_for(call.args, room, books, now), via="word")
    except Refusal:
        taken = _taken_up(call.who.id, books) if books else ""
        if not taken:
            raise
        return call.to(command="reply", args=f"{taken} {call.args}", via="reply")


def _taken_up(person: str, books: RoomBooks) -> str:
    """The id of the only question this person has to answer; '' for none, or several."""
    held = [one.id for one in books.questions.by("state", "claimed") if one.owner == person]
    return held[0] if len(held) == 1 else ""


def command_for(text: str, room: Room | None, books: RoomBooks | None, now: datetime) -> str:
    """The command a text without one stands for; a bare name (口红) looks up a product of `room`.

    Raises Refusal `common.not_understood`, `common.not_understood_order` (order_id).
    """
    if in_force.is_time(text):
        return "now"
    if chase.is_order_id(text):
        return "number"
    if chase.is_labelled(text):
        return "chase"
    if products.is_number(in_force.split(text)[0]):  # `3`, `3 @20:14`
        return "p"
    if is_pasted(text) or KEY_IN_URL.search(text):
        return "sheet"
    if room and books and _names_a_product(text, room, books, now):
        return "p"
    if numbers := chase.numbers_in(text):
        raise Refusal("common.not_understood_order", order_id=numbers[0])
    raise Refusal("common.not_understood")


def _names_a_product(text: str, room: Room, books: RoomBooks, now: datetime) -> bool:
    if not SHORTEST_NAME <= len(text.strip()) <= LONGEST_NAME:
        return False
    return products.names_one(_asked_about(room, books, now), text)


def _asked_about(room: Room, books: RoomBooks, now: datetime) -> list[Listing]:
    here = answering(list(books.broadcasts.scan()), now, ZoneInfo(room.zone))
    known = books.listings.by("broadcast", here.id) if here else []
    return [one for one in known if one.withdrawn_at is None]
