"""Service figures from a file: a chat log 聊天记录 (a row a message), or the platform's own report 客服数据 (G06-G10).

Of a log nothing but session, time and sender is read; the text of a message never leaves the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Literal

from playbooks import review_entered, service
from playbooks.model import Refusal
from playbooks.platforms import platforms
from playbooks.review_entered import FigureSpec
from playbooks.service import Said, Sender, Session
from storage.exports.cells import Damaged, heading, unwrap
from storage.exports.grid import HEAD_ROWS, Row
from storage.exports.times import Dates

LEAST_FIGURES = 2
"""Columns that are figures, for a table to be a report: one alone might stand in any table."""
Column = Literal["session", "at", "who"]
COLUMNS: tuple[Column, ...] = ("session", "at", "who")


@dataclass(frozen=True)
class LogHead:
    """Where a chat log's header row stands (from 0) and its columns."""

    at: int
    places: dict[Column, int]


def log_head(rows: Sequence[Row]) -> LogHead | None:
    """The first row that names session, time and sender; None where there is none."""
    for at, row in enumerate(rows[:HEAD_ROWS]):
        cleaned = [heading(cell) for cell in row]
        places: dict[Column, int] = {}
        for column in COLUMNS:
            words = [heading(word) for word in service.rules().columns[column]]
            found = next((cleaned.index(word) for word in words if word in cleaned), None)
            if found is not None:
                places[column] = found
        if len(places) == len(COLUMNS):
            return LogHead(at, places)
    return None


def sessions(rows: Sequence[Row], head: LogHead, zone: tzinfo) -> list[Session]:
    """The log's sessions. Raises Refusal `service.bad_row` naming row, column and what stands there."""
    dates, found = Dates(zone), defaultdict[str, list[Said]](list)
    for line, row in enumerate(rows[head.at + 1 :], head.at + 2):
        told = {name: unwrap(row[at]) if at < len(row) else "" for name, at in head.places.items()}
        if not any(told.values()):
            continue
        heads = {name: unwrap(rows[head.at][at]) for name, at in head.places.items()}
        moment = _moment(told["at"], dates)
        sender = _sender(told["who"])
        wrong: Column | None = "session" if not told["session"] else "at" if not moment else None
        if wrong is None and sender is None:
            wrong = "who"
        if wrong is not None or moment is None or sender is None:
            name = wrong or "at"
            raise Refusal("service.bad_row", row=line, column=heads[name], text=told[name][:20] or "—")
        found[told["session"]].append(Said(at=moment, who=sender))
    return [Session(said=tuple(some)) for some in found.values()]


def _moment(text: str, dates: Dates) -> datetime | None:
    try:
        return dates.moment(text)
    except Damaged:
        return None


def _sender(text: str) -> Sender | None:
    bare = text.strip().lower()
    for sender, words in service.rules().senders.items():
        if bare in words:
            return sender
    return None


def report_head(rows: Sequence[Row]) -> int | None:
    """The first row with at least two figures of section 7 or 3 for headings, whatever the platform; None for none."""
    known = [one.id for one in platforms()]
    for at, row in enumerate(rows[:HEAD_ROWS]):
        specs = {
            spec.id for cell in row if (spec := next(filter(None, (_figure(cell, p) for p in known)), None))
        }
        if len(specs) >= LEAST_FIGURES:
            return at
    return None


def _figure(cell: str, platform: str) -> FigureSpec | None:
    spec = review_entered.named(unwrap(cell), platform)
    return spec if spec and spec.section != "goals" else None


def report(rows: Sequence[Row], at: int, platform: str) -> dict[str, Decimal]:
    """The figures of the only row below the headings, else of the row that is the total.

    Raises Refusal `service.which_row` where there are several and none is, `entry.not_a_*` for a value that is none.
    """
    below = [row for row in rows[at + 1 :] if any(unwrap(cell) for cell in row)]
    totals = [row for row in below if any(unwrap(cell).lower() in service.rules().totals for cell in row)]
    chosen = below if len(below) == 1 else totals
    if len(chosen) != 1:
        raise Refusal("service.which_row", count=len(below))
    specs = [_figure(cell, platform) for cell in rows[at]]
    return {
        spec.id: review_entered.read_value(spec, unwrap(cell))
        for spec, cell in zip(specs, chosen[0], strict=False)
        if spec and unwrap(cell) not in service.rules().nothing
    }
