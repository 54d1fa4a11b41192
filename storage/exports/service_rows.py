"""Service figures from a file: a chat log 聊天记录 (a row a message), or the platform's own report 客服数据 (G06-G10).

Of a log nothing but session, time and sender is read; the text of a message never leaves the file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
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
Column = Literal["session", "at", "who", "buyer", "solved", "handed_on"]
NEEDED: tuple[Column, ...] = ("session", "at", "who")
COLUMNS: tuple[Column, ...] = (*NEEDED, "buyer", "solved", "handed_on")


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
        if places.keys() >= set(NEEDED):
            return LogHead(at, places)
    return None


@dataclass
class _Talk:
    """One session while its rows are read."""

    said: list[Said] = field(default_factory=list)
    buyer: str = ""
    solved: bool | None = None
    handed_on: bool = False


def sessions(rows: Sequence[Row], head: LogHead, zone: tzinfo) -> list[Session]:
    """The log's sessions. Raises Refusal `service.bad_row` naming row, column and what stands there."""
    dates, found = Dates(zone), defaultdict[str, _Talk](_Talk)
    for line, row in enumerate(rows[head.at + 1 :], head.at + 2):
        told = {name: unwrap(row[at]) if at < len(row) else "" for name, at in head.places.items()}
        if any(told.values()):
            said = _said(told, dates, line, rows[head.at], head)
            talk = found[told["session"]]
            talk.said.append(said)
            talk.buyer = told.get("buyer", "") or talk.buyer
            answer = _answer(told.get("solved", ""))
            talk.solved = talk.solved if answer is None else answer
            talk.handed_on = talk.handed_on or bool(_answer(told.get("handed_on", "")))
    return _reopened(list(found.values()))


def _said(told: dict[Column, str], dates: Dates, line: int, heads: Row, head: LogHead) -> Said:
    """One message. A row that is half right would make a figure half right: nothing of it is guessed."""
    moment, sender = _moment(told["at"], dates), _sender(told["who"])
    if told["session"] and moment and sender:
        return Said(at=moment, who=sender)
    wrong: Column = "session" if not told["session"] else "at" if not moment else "who"
    column = unwrap(heads[head.places[wrong]])
    raise Refusal("service.bad_row", row=line, column=column, text=told[wrong][:20] or "—")


def _answer(text: str) -> bool | None:
    bare, words = text.strip().lower(), service.rules().answers
    return True if bare in words["yes"] else False if bare in words["no"] else None


def _reopened(talks: list[_Talk]) -> list[Session]:
    """Each with how soon after its end the same buyer came again, where the log names buyers."""
    came = defaultdict[str, list[datetime]](list)
    for one in talks:
        came[one.buyer].append(min(said.at for said in one.said))
    for moments in came.values():
        moments.sort()
    return [_session(one, came[one.buyer] if one.buyer else []) for one in talks]


def _session(one: _Talk, came: Sequence[datetime]) -> Session:
    end = max(said.at for said in one.said)
    later = bisect_right(came, end)
    after = came[later] - end if later < len(came) else None
    return Session(said=tuple(one.said), solved=one.solved, handed_on=one.handed_on, reopened_after=after)


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
