"""What is sent along with a card, made from committed books when it is sent: pictures and workbooks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import picture, workbook
from bot.reviewing import review_of
from playbooks import aftercare
from playbooks.broadcast import Broadcast
from playbooks.room import Room
from storage.books import RoomBooks


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


MAKERS: dict[str, Callable[[RoomBooks, Room, str, datetime], Attachment]] = {
    "review.png": review_picture,
    "review.xlsx": review_workbook,
    "intercept.xlsx": intercept_list,
}
