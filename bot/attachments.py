"""What is sent along with a card, made from committed books when it is sent: pictures and workbooks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import picture, review_text, workbook
from bot.reviewing import review_of
from bot.runner import Runner
from playbooks import aftercare
from playbooks.broadcast import Broadcast
from playbooks.room import Room
from storage.books import RoomBooks
from storage.rows import Card, Line


@dataclass(frozen=True)
class Attachment:
    """What is sent along with a card: `photo` or a document named `name`."""

    name: str
    data: bytes
    photo: bool


def _broadcast(books: RoomBooks, id: str) -> Broadcast:
    here = books.broadcasts.get(id)
    if here is None:
        raise LookupError(f"no broadcast {id}")
    return here


def review_picture(books: RoomBooks, room: Room, about: str, now: datetime) -> Attachment:
    """The review for a phone."""
    here = _broadcast(books, about)
    data = picture.draw(review_of(books, room, here, now), room.lang)
    return Attachment(f"review-{here.opened_on}-v{here.reviewed}.png", data, photo=True)


def review_workbook(books: RoomBooks, room: Room, about: str, now: datetime) -> Attachment:
    """The review with its data."""
    here = _broadcast(books, about)
    data = workbook.build(
        review_of(books, room, here, now), room.lang, zone=ZoneInfo(room.zone),
        chases=books.chases.by("broadcast", here.id), holds=books.holds.by("broadcast", here.id),
        notices=books.notices.by("broadcast", here.id), journal=books.journal.by("broadcast", here.id),
        names={m.id: m.name for m in books.members.scan()},
    )  # fmt: skip
    return Attachment(f"review-{here.opened_on}-v{here.reviewed}.xlsx", data, photo=False)


def intercept_list(books: RoomBooks, room: Room, about: str, now: datetime) -> Attachment:
    """The warehouse's intercept list for the ERP."""
    holds = aftercare.intercept_list(books.holds.scan())
    name = f"intercept-{now.astimezone(ZoneInfo(room.zone)):%m%d-%H%M}.xlsx"
    return Attachment(name, workbook.intercept(holds, room.lang, ZoneInfo(room.zone)), photo=False)


def review_lines(books: RoomBooks, room: Room, about: str, now: datetime) -> list[Line]:
    """The review as a text that stands alone."""
    return review_text.lines(review_of(books, room, _broadcast(books, about), now))


def review_short(books: RoomBooks, room: Room, about: str, now: datetime) -> list[Line]:
    """The review in six lines."""
    return review_text.short(review_of(books, room, _broadcast(books, about), now))


TELLERS: dict[str, Callable[[RoomBooks, Room, str, datetime], list[Line]]] = {
    "review_text": review_lines,
    "review_short": review_short,
}
"""What `Card.told` may name."""

MAKERS: dict[str, Callable[[RoomBooks, Room, str, datetime], Attachment]] = {
    "review.png": review_picture,
    "review.xlsx": review_workbook,
    "intercept.xlsx": intercept_list,
}
"""What `Card.attach` may name."""


class Attachments:
    """Makes what cards name, from the books as committed, in a thread."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    async def made(self, room: Room, what: str) -> Attachment:
        """What `Card.attach` names. Raises LookupError for an unknown name."""
        name, _, about = what.partition(" ")
        return await asyncio.to_thread(
            MAKERS[name], self._runner.view(room.id), room, about, self._runner.clock.now()
        )

    async def told(self, room: Room, card: Card) -> Card:
        """The card with what `Card.told` names said after its lines. Raises LookupError for an unknown name."""
        if not card.told:
            return card
        name, _, about = card.told.partition(" ")
        now = self._runner.clock.now()
        more = await asyncio.to_thread(TELLERS[name], self._runner.view(room.id), room, about, now)
        return card.changed(lines=(*card.lines, *more), told="")
