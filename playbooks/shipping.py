"""Ship-by timers 发货时限: until when a paid order must leave, and the moments at which people are told (H19, K11).

Orders are many and moments few: what comes due close together is one moment, and night's is told the evening before.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from playbooks.model import Model
from playbooks.orders import Order
from playbooks.rulebook import load


class Rules(Model):
    """`data/shipping.toml`."""

    source: str
    lead_hours: int
    together_minutes: int
    quiet_from: time
    quiet_until: time
    choices: tuple[int, ...]
    most_hours: int
    platform_hours: dict[str, int]

    @property
    def lead(self) -> timedelta:
        """How long before the time people are told."""
        return timedelta(hours=self.lead_hours)

    @property
    def together(self) -> timedelta:
        """What is to be told within this time is told at once."""
        return timedelta(minutes=self.together_minutes)


def rules() -> Rules:
    """`data/shipping.toml`."""
    known: Rules = load("shipping", Rules)
    return known


def hours(platform: str, set_hours: int | None) -> int | None:
    """Within how many hours of payment orders must leave: as the room set it, else the platform's, else unknown."""
    return set_hours or rules().platform_hours.get(platform)


def ship_by(order: Order, within: int | None) -> datetime | None:
    """The platform's ship-by column, else so many hours after payment; None where neither is known."""
    if order.ship_by is not None or order.paid_at is None or within is None:
        return order.ship_by
    return order.paid_at + timedelta(hours=within)


def remind_at(due: datetime, zone: ZoneInfo) -> datetime:
    """When an order due at `due` is told of: the lead before it, out of the night."""
    at = (due - rules().lead).astimezone(zone)
    if rules().quiet_until <= at.time() <= rules().quiet_from:
        return at
    evening = at.date() if at.time() > rules().quiet_from else at.date() - timedelta(days=1)
    return datetime.combine(evening, rules().quiet_from, zone)


def told_late_at(due: datetime, zone: ZoneInfo) -> datetime:
    """When what was due at `due` and has not left is told as late: a minute after it, or when the night is over."""
    at = (due + timedelta(minutes=1)).astimezone(zone)
    if rules().quiet_until <= at.time() < rules().quiet_from:
        return at
    morning = at.date() if at.time() < rules().quiet_until else at.date() + timedelta(days=1)
    return datetime.combine(morning, rules().quiet_until, zone)


def horizon(now: datetime, zone: ZoneInfo) -> datetime:
    """Told of at `now` is every order due until this moment: never more than an hour early but for the night."""
    until = (now + rules().together).astimezone(zone)
    if rules().quiet_until <= until.time() < rules().quiet_from:
        return until + rules().lead
    morning = until.date() if until.time() < rules().quiet_until else until.date() + timedelta(days=1)
    return datetime.combine(morning, rules().quiet_until, zone) + rules().lead
