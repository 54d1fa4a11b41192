"""The review of a broadcast as files: picture, text, workbook, page. Made alike for the bot and the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import picture, review_page, review_text, review_text_more, workbook
from bot.review_words import spoken
from bot.reviewing import promises_of, review_of
from playbooks.broadcast import Broadcast
from playbooks.review import Review
from playbooks.room import Room
from storage.books import RoomBooks


@dataclass(frozen=True)
class Made:
    """A review and the books its rows stand in: the room's own (`kept`), or those of the broadcast's archive."""

    books: RoomBooks
    kept: RoomBooks
    room: Room
    here: Broadcast
    review: Review


def made(books: RoomBooks, kept: RoomBooks, room: Room, here: Broadcast, now: datetime) -> Made:
    """The review of a broadcast as the books stand, in the version last made; the first where none was."""
    shown = here.changed(reviewed=max(here.reviewed, 1))
    return Made(books, kept, room, shown, review_of(books, room, shown, now, kept=kept))


def as_text(one: Made, lang: str) -> str:
    """Both messages as one text."""
    lines = [*review_text.lines(one.review), *review_text_more.lines(one.review)]
    return "\n".join(spoken(lang, line) for line in lines) + "\n"


def as_workbook(one: Made, lang: str) -> bytes:
    """The workbook with the rows."""
    books, id = one.books, one.here.id
    return workbook.build(
        one.review, lang, zone=ZoneInfo(one.room.zone), chases=books.chases.by("broadcast", id),
        holds=books.holds.by("broadcast", id), notices=books.notices.by("broadcast", id),
        journal=books.journal.by("broadcast", id), names={m.id: m.name for m in one.kept.members.scan()},
        cases=one.kept.cases.by("broadcast", id), promised=promises_of(books, one.kept, id),
    )  # fmt: skip


FILES: Mapping[str, Callable[[Made, str], bytes]] = {
    "png": lambda one, lang: picture.draw(one.review, lang),
    "txt": lambda one, lang: as_text(one, lang).encode(),
    "xlsx": as_workbook,
    "html": lambda one, lang: review_page.page(one.review, lang).encode(),
}
"""By the ending of the file's name."""


def name_of(one: Made) -> str:
    """What its files are called, without the ending: `review-2026-11-11-b7-v2`."""
    return f"review-{one.here.opened_on}-b{one.here.number}-v{one.here.reviewed}"
