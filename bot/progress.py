"""How far a file is that somebody sent: one message in private, edited while it is read and once it is over."""

from __future__ import annotations

from bot.card import Card, line, tell
from storage.books import RoomBooks
from storage.rows import Job, Line


def received(job: Job) -> Card:
    """The message, when the file came."""
    return tell(job.by, line("files.received", name=job.file_name), key=_key(job), silent=True)


def counting(job: Job, rows: int) -> Card:
    """The message, while the file is read."""
    return _edited(job, line("files.reading", name=job.file_name, rows=rows))


def ended(books: RoomBooks, job: Job, *, taken: bool) -> list[Card]:
    """The message, when the file is over, so that it says no more that it is being read; [] where there is none."""
    key = _key(job)
    waits = any(row.card.key == key for row in books.outbox.by("state", "waiting"))
    if not (waits or books.sent.get(key)):
        return []
    return [_edited(job, line("files.read_whole" if taken else "files.read_not", name=job.file_name))]


def _edited(job: Job, said: Line) -> Card:
    return tell(job.by, said, key=_key(job), edit=True, silent=True)


def _key(job: Job) -> str:
    return f"reading:{job.id}"
