"""The one message in which the sender of a file sees that it came, how far it is, and that it is read."""

from __future__ import annotations

from typing import Any

from bot.card import Card, line, tell
from bot.intake import Batch
from storage.books import RoomBooks
from storage.rows import Job

TOLD_EVERY = 10
"""Batches between two edits: two thousand orders, a second of work."""


def received(job: Job) -> Card:
    """The file is there and will be read; said anew."""
    return tell(job.by, line("files.received", name=job.file_name), key=_key(job), silent=True)


def counting(job: Job, rows: int) -> Card:
    """How far a long file is, in place of what the message said before."""
    said = line("files.reading", name=job.file_name, rows=rows)
    return tell(job.by, said, key=_key(job), edit=True, silent=True)


def progress(batch: Batch[Any, Any]) -> list[Card]:
    """The message, while the orders of a long file are audited; [] for most batches."""
    if not batch.number or batch.number % TOLD_EVERY:
        return []
    job, done = batch.job, batch.number * len(batch.rows)
    said = line("files.auditing", name=job.file_name, done=done, total=batch.total)
    return [tell(job.by, said, key=_key(job), edit=True, silent=True)]


def ended(books: RoomBooks, job: Job, *, taken: bool) -> list[Card]:
    """What the message says in the end, so that it never stays at "reading"; nothing where there is none."""
    key = _key(job)
    if books.sent.get(key) is None and not any(row.card.key == key for row in books.outbox.scan()):
        return []
    said = line("files.read_whole" if taken else "files.read_not", name=job.file_name)
    return [tell(job.by, said, key=key, edit=True, silent=True)]


def _key(job: Job) -> str:
    return f"reading:{job.id}"
