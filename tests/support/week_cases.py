"""What comes to be dealt with around a stream of the simulated week: cases, promises, slips, tasks given by the lead.

The rows are the script's own; due times are counted here as the guide says them (002, daily 4, 10, 11; H36).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from tests.support.evening import SHANGHAI

HOUR = timedelta(hours=1)
DUE_HOURS = {"complaint": 24, "mistake": 24, "return_refund": 48, "resend": 24, "payment": 24}


@dataclass
class Dealt:
    """One case: `sort` is the type of after-sales; `void` where it was put in by mistake."""

    number: str
    kind: str
    at: datetime
    owner: int
    sort: str = ""
    cause: str = ""
    amount: Decimal | None = None
    closed_at: datetime | None = None
    void: bool = False

    @property
    def due_at(self) -> datetime:
        """A bad review by 18:30 the same day, which none of the week's comes after; the others by their hours."""
        if self.kind == "negative":
            return self.at.astimezone(SHANGHAI).replace(hour=18, minute=30, second=0)
        return self.at + DUE_HOURS[self.sort or self.kind] * HOUR

    def late(self, now: datetime) -> bool:
        return (self.closed_at or now) > self.due_at


@dataclass
class Promised:
    """What a buyer was promised."""

    order: str
    due_at: datetime
    kept_at: datetime | None = None


@dataclass
class CaseLedger:
    """All of it for one stream."""

    cases: list[Dealt] = field(default_factory=list)
    promises: list[Promised] = field(default_factory=list)
    given: Counter[str] = field(default_factory=Counter)
    """Tasks given to agents, by what they did: done, skipped, open."""

    def counts(self) -> list[Dealt]:
        return [one for one in self.cases if not one.void]

    def came(self) -> Counter[str]:
        """Cases opened, by kind, but those put in by mistake."""
        return Counter(one.kind for one in self.counts())

    def kinds(self, now: datetime) -> dict[str, tuple[int, int, int]]:
        """Kind -> came, closed, late."""
        parts = {kind: [one for one in self.counts() if one.kind == kind] for kind in self.came()}
        return {
            kind: (
                len(some),
                sum(one.closed_at is not None for one in some),
                sum(one.late(now) for one in some),
            )
            for kind, some in parts.items()
            if some
        }

    def types(self) -> dict[str, tuple[int, int, Decimal | None]]:
        """Type of after-sales -> came, closed, yuan."""
        parts = _by(self.counts(), "aftersale", "sort")
        return {
            sort: (len(some), sum(one.closed_at is not None for one in some), _yuan(some))
            for sort, some in parts.items()
        }

    def causes(self) -> Counter[str]:
        return Counter(one.cause for one in self.counts() if one.kind in ("negative", "complaint"))

    def complaints(self) -> Counter[str]:
        """By state: the script says the cause or not, then lets them be or has the buyer withdraw."""
        some = [one for one in self.counts() if one.kind == "complaint"]
        return Counter("closed" if c.closed_at else "cause" if c.cause else "accepted" for c in some)

    def mistakes(self) -> dict[str, tuple[int, int]]:
        """Whose -> how many, how many cured."""
        parts = _by(self.counts(), "mistake", "owner")
        return {
            who: (len(some), sum(one.closed_at is not None for one in some)) for who, some in parts.items()
        }

    def promised(self, now: datetime) -> tuple[int, int, int, int, int] | None:
        """Made, kept in time, kept late, due and not kept, not due yet."""
        late = sum(bool(one.kept_at and one.kept_at > one.due_at) for one in self.promises)
        kept = sum(one.kept_at is not None for one in self.promises) - late
        broken = sum(one.kept_at is None and one.due_at <= now for one in self.promises)
        made = len(self.promises)
        return (made, kept, late, broken, made - kept - late - broken) if made else None


def _by(some: Iterable[Dealt], kind: str, name: str) -> dict[str, list[Dealt]]:
    parts: dict[str, list[Dealt]] = {}
    for one in some:
        if one.kind == kind:
            parts.setdefault(str(getattr(one, name)), []).append(one)
    return parts


def _yuan(some: Iterable[Dealt]) -> Decimal | None:
    amounts = [one.amount for one in some if one.amount is not None]
    return sum(amounts, Decimal(0)) if amounts else None


def number_in(said: str) -> str:
    """The number of the case a card is about, as its reader sees it."""
    found = re.search(r"#(\d+)", said)
    assert found, said
    return found[1]
