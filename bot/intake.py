"""What every file that is taken in shares: batches, the record of what was counted, how a bad row is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Generic, Literal, TypeVar

from bot.card import line
from bot.desk import Desk
from playbooks.privacy import has_phone
from storage.exports.reader import BadRow
from storage.exports.words import can_be_state
from storage.rows import Import, Job, Line

About = TypeVar("About")
Row = TypeVar("Row")

BATCH = 100
"""Rows in one unit, which takes 20 ms: a press waits for one of them at most, each time it asks the store."""
BAD_ROWS_SHOWN = 8
NAMES_SHOWN, LONGEST_NAME = 5, 40


@dataclass(frozen=True)
class Batch(Generic[About, Row]):
    """At most `BATCH` rows of the `total` the file that `job` brought has; `last` closes it. `about` is the file
    without its rows."""

    job: Job
    about: About
    as_of: datetime
    number: int
    rows: tuple[Row, ...]
    last: bool
    total: int


def batches(
    job: Job, about: About, rows: Sequence[Row], exported_at: datetime | None
) -> Iterator[Batch[About, Row]]:
    """`rows` in batches, at least one, built as they are taken: a big file never stands in memory as a whole.

    True when the file says, but never later than it was sent.
    """
    as_of = min(exported_at or job.at, job.at)
    for number, at in enumerate(range(0, max(len(rows), 1), BATCH)):
        last = at + BATCH >= len(rows)
        yield Batch(job, about, as_of, number, tuple(rows[at : at + BATCH]), last=last, total=len(rows))


def record_of(
    batch: Batch[About, Row], kind: Literal["orders", "parcels", "check", "cases"], desk: Desk
) -> Import | None:
    """What the file's earlier batches counted; None where this very batch was committed before a restart."""
    known = desk.books.imports.get(batch.job.id) or Import(
        id=batch.job.id,
        kind=kind,
        file_name=batch.job.file_name,
        by=desk.me.id,
        at=desk.now,
        as_of=batch.as_of,
    )
    return known if batch.number >= known.batches else None


def counted(known: Import, batch: Batch[About, Row], counts: dict[str, int], desk: Desk) -> Import:
    """The record with this batch in it, kept."""
    return desk.books.imports.put(
        known.changed(batches=batch.number + 1, counts=dict(counts), done=batch.last)
    )


def bad_line(row: BadRow) -> Line:
    """A row that could not be read: where it stands (in which part of an archive), what is wrong and the cure."""
    what = line(row.key, **row.values)
    if row.part:
        return line("orders.bad_row_in", part=row.part, row=row.line, column=row.column, what=what)
    return line("orders.bad_row", row=row.line, column=row.column, what=what)


def unknown_words(words: Sequence[str]) -> tuple[Line, ...]:
    """State words nobody listed, as they stand; what can be no such word (a shifted column) is only counted."""
    safe = list(filter(can_be_state, words))
    hidden = len(words) - len(safe)
    rest = (line("orders.no_state_words", count=hidden),) if hidden else ()
    return (*(line("common.verbatim", text=word) for word in safe), *rest)


def file_names(names: Sequence[str]) -> tuple[Line, ...]:
    """Files by their names, the first few; of one with a phone in its name only the ending is said."""
    safe = (
        f"…{PurePath(name).suffix}" if has_phone(name) else name[:LONGEST_NAME]
        for name in names[:NAMES_SHOWN]
    )
    more = (line("orders.and_more"),) if len(names) > NAMES_SHOWN else ()
    return (*(line("common.verbatim", text=name) for name in safe), *more)
