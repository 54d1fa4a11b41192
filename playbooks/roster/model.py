"""A shift 班次 of one person, and the rules of `data/roster.toml`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from playbooks.model import Document, Model, Moment
from playbooks.room import Grade, Role
from playbooks.rulebook import load

AGENTS: frozenset[Role] = frozenset(["agent", "lead"])
"""Who answers buyers."""


class Shift(Document):
    """`who` (a person's id) is to be there from `start` until before `end`; planned by `by`."""

    who: str
    start: Moment
    end: Moment
    by: str
    at: Moment
    missed: bool = False
    """The lead was told that the person has not signed in (REQUIREMENTS H08)."""
    asked: bool = False
    """The person was offered to sign in with one tap."""
    offered_to: str = ""
    """Whom the shift was offered to 换班, and why."""
    offered_why: str = ""

    def covers(self, moment: datetime) -> bool:
        """Whether `moment` is in the shift."""
        return self.start <= moment < self.end

    def meets(self, start: datetime, end: datetime) -> bool:
        """Whether the shift and the span have time in common."""
        return self.start < end and start < self.end


class Rules(Model):
    """`data/roster.toml`."""

    source: str
    late_minutes: int
    gap_ahead_minutes: int
    slot_minutes: int
    longest_hours: int
    usual_hours: int
    past_broadcasts: int
    least_broadcasts: int
    today: tuple[str, ...]
    tomorrow: tuple[str, ...]
    none: tuple[str, ...]
    grades: dict[Grade, tuple[str, ...]]
    sides: dict[Literal["pre_sales", "after_sales", "both"], tuple[str, ...]]

    @property
    def late_after(self) -> timedelta:
        """How long after the start somebody is missed."""
        return timedelta(minutes=self.late_minutes)

    @property
    def gap_ahead(self) -> timedelta:
        """How long before it begins a gap is told."""
        return timedelta(minutes=self.gap_ahead_minutes)

    @property
    def slot(self) -> timedelta:
        """The half hour that everything is counted in."""
        return timedelta(minutes=self.slot_minutes)

    @property
    def usual_length(self) -> timedelta:
        """How long a broadcast is planned for where nobody said."""
        return timedelta(hours=self.usual_hours)


def rules() -> Rules:
    """`data/roster.toml`."""
    known: Rules = load("roster", Rules)
    return known


def on_now(shifts: Iterable[Shift], now: datetime) -> list[Shift]:
    """The shifts running now, in the order they began."""
    return sorted((s for s in shifts if s.covers(now)), key=lambda s: (s.start, s.id))


def upcoming(shifts: Iterable[Shift], now: datetime, until: datetime) -> list[Shift]:
    """The shifts that begin after now and before `until`, in their order."""
    return sorted((s for s in shifts if now < s.start < until), key=lambda s: (s.start, s.id))


def of_person(shifts: Iterable[Shift], who: str, now: datetime) -> Shift | None:
    """The person's shift running now, else their next one."""
    mine = (s for s in shifts if s.who == who and s.end > now)
    return min(mine, key=lambda s: s.start, default=None)
