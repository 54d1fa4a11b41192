"""What the script of the real evening knows, kept as it is played; nothing in it is read from the bot.

A change is in force because the script's ops typed it, a person knows it because the script let them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median

LATE_AFTER = timedelta(seconds=180)
"""An answer later than this is a late one."""


@dataclass(frozen=True)
class Version:
    """A price in force from `at`."""

    at: datetime
    price: Decimal


@dataclass
class Change:
    """A price change that asked `asked`; `known`: since when somebody of them knows it."""

    link: int
    at: datetime
    asked: frozenset[int]
    known: dict[int, datetime] = field(default_factory=dict)

    def waits(self) -> list[timedelta]:
        """How long each who knows it waited."""
        return [at - self.at for at in self.known.values()]


@dataclass
class Asked:
    """A question with everybody who asked it, and when it was answered."""

    number: int
    text: str
    asks: dict[int, datetime]
    answered: datetime | None = None


@dataclass(frozen=True)
class Dispute:
    """A price heard otherwise: of what, from when, until when."""

    link: int
    at: datetime
    until: datetime


@dataclass
class Ledger:
    """What the script knows."""

    versions: dict[int, list[Version]] = field(default_factory=dict)
    aired: list[tuple[datetime, int]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    questions: list[Asked] = field(default_factory=list)
    slips: int = 0
    disputes: list[Dispute] = field(default_factory=list)

    def price(self, link: int, at: datetime) -> Decimal:
        """What a product cost at a moment."""
        return [one.price for one in self.versions[link] if one.at <= at][-1]

    def on_air(self, at: datetime) -> int:
        """What was on air at a moment."""
        return [link for since, link in self.aired if since <= at][-1]

    def announced(self, link: int) -> datetime:
        """When a product was first put on air."""
        return next(at for at, one in self.aired if one == link)

    def stands(self, change: Change) -> bool:
        """Whether nothing newer of the product has taken its place."""
        return not any(one.link == change.link and one.at > change.at for one in self.changes)

    def confirm_waits(self) -> list[timedelta]:
        """Of all who know a change they were asked to know."""
        return [wait for one in self.changes for wait in one.waits()]

    def all_knew(self) -> int:
        """Changes everybody asked knows, or a later one of the same product."""
        return sum(
            all(any(who in later.known for later in self.changes if _covers(later, one)) for who in one.asked)
            for one in self.changes
        )

    def answer_waits(self) -> list[timedelta]:
        """Of everybody whose question was answered."""
        return [q.answered - at for q in self.questions if q.answered for at in q.asks.values()]

    def late(self) -> int:
        """Questions of which somebody waited longer than they should."""
        return sum(
            q.answered is not None and q.answered - min(q.asks.values()) > LATE_AFTER for q in self.questions
        )


def _covers(later: Change, one: Change) -> bool:
    return later.link == one.link and later.at >= one.at


def middle(waits: Iterable[timedelta]) -> timedelta:
    """The median in whole seconds."""
    return timedelta(seconds=int(median(wait.total_seconds() for wait in waits)))
