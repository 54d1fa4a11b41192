"""A surge 流量暴增: more questions or new unpaid orders a minute than a room copes with (REQUIREMENTS B31)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from playbooks.model import Document, Model, Moment
from playbooks.rulebook import load

TENTH = Decimal("0.1")


class Rules(Model):
    """`data/surge.toml`."""

    source: str
    per_minute: int
    window_minutes: int
    cool_down_minutes: int
    highest: int

    @property
    def window(self) -> timedelta:
        """How much of the last minutes is looked at."""
        return timedelta(minutes=self.window_minutes)

    @property
    def cool_down(self) -> timedelta:
        """How long it must have been quiet before the lead is told of a surge again."""
        return timedelta(minutes=self.cool_down_minutes)


class Surge(Document):
    """The room's last surge: `id` is the room. It is over, quietly, when `over_at` is a cool-down ago."""

    over_at: Moment
    """When it was last seen above the threshold."""


class Load(Model):
    """What comes in a minute."""

    questions: Decimal
    orders: Decimal

    def over(self, threshold: int) -> bool:
        """Whether one of the two is at the threshold or above."""
        return max(self.questions, self.orders) >= threshold


def rules() -> Rules:
    """`data/surge.toml`."""
    known: Rules = load("surge", Rules)
    return known


def load_of(
    questions: Iterable[datetime], orders: Iterable[datetime], now: datetime, as_of: datetime
) -> Load:
    """How many questions a minute came in the last minutes, and orders in those before `as_of`: an export is late,
    so its orders count until its own moment."""
    return Load(questions=_rate(questions, now), orders=_rate(orders, as_of))


def rising(last: Surge | None, load: Load, threshold: int, now: datetime) -> bool:
    """Whether this is a surge the lead has not been told of."""
    return load.over(threshold) and (last is None or now - last.over_at >= rules().cool_down)


def _rate(moments: Iterable[datetime], until: datetime) -> Decimal:
    count = sum(until - rules().window < at <= until for at in moments)
    return (Decimal(count) / rules().window_minutes).quantize(TENTH)
