"""The question put to a person that a text of theirs may answer 待答: found, put, and cancelled by another command."""

from __future__ import annotations

import logging

from bot import choosing
from bot.call import Call
from bot.card import Row
from bot.rooms import Rooms
from playbooks.model import Refusal
from storage.books import RoomBooks
from storage.rows import Dialogue
from storage.store import Books, NotSaved

log = logging.getLogger(__name__)


def newest(rooms: Rooms, call: Call) -> tuple[str, Dialogue] | None:
    """The newest open question put to the caller, in whichever room it was: questions are asked in private."""
    id = f"{call.who.id}:{call.who.id}"
    found = [(key, d) for key in rooms.store.rooms() if (d := rooms.view(key).dialogues.get(id))]
    return max(found, key=lambda one: one[1].until, default=None)


async def choices(rooms: Rooms, call: Call, refusal: Refusal) -> tuple[Row, ...]:
    """The products that may be meant, to be picked by a press; none where they cannot be saved."""
    question = choosing.waiting(call, refusal, rooms.clock.now())
    if question is None or not call.room:
        return ()
    try:
        await rooms.unit(call.room, lambda raw: RoomBooks(raw).dialogues.put(question))
    except NotSaved as error:
        log.warning("a question is not put: %s", error)  # the refusal says how to go on without
        return ()
    return choosing.buttons(question, refusal)


async def cancel(rooms: Rooms, key: str, question: Dialogue, call: Call) -> None:
    """Once: handled again after a crash, the call must not cancel a question that was put since."""

    def unit(raw: Books) -> None:
        books = RoomBooks(raw)
        if rooms.first_time(books.handled, f"{call.mark}:cancel"):
            books.dialogues.drop(question.id)

    try:
        await rooms.unit(key, unit)
    except NotSaved as error:
        log.warning("a question stays open: %s", error)  # what only reads is done all the same
