"""What comes of an edit in a bound spreadsheet: taken, still to be completed, or put back with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.card import Card, line
from bot.desk import Desk
from bot.refusals import said
from playbooks.model import Refusal
from storage.rows import Line

HELD = frozenset([
    "chase.promise_missing", "chase.promise_unreadable", "chase.promise_past", "chase.promise_late",
    "chase.reason_missing", "chase.steps_missing", "chase.no_contact", "followup.note_missing",
    "sheet_tab.state_first", "case.cause_missing", "case.no_text",
])  # fmt: skip
"""What another cell of the row cures: it stays as it was written, with a word beside it, until somebody does."""


@dataclass(frozen=True)
class Outcome:
    """`why`: what is said beside the row of one that is held, and to its person of one put back. Of an edit that was
    taken, fields that are `left` wait for another cell, and `dropped` ones were no use with it."""

    kind: Literal["taken", "held", "back"]
    why: Line | None = None
    cards: tuple[Card, ...] = ()
    left: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()


TAKEN = Outcome("taken")


def refused(refusal: Refusal, desk: Desk) -> Outcome:
    """A duty's Refusal as an outcome."""
    why = said(refusal, desk.room, desk.books, desk.now)
    return Outcome("held" if refusal.key in HELD else "back", why)


def back(key: str, **values: object) -> Outcome:
    """Put back, for the reason given as a text."""
    return Outcome("back", line(key, **values))
