"""When the closing 收播前 begins by itself, and when exports are asked for again (REQUIREMENTS D01, D05).

The planned end alone does not begin it: orders are audited only once there is little else to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from playbooks.broadcast import Broadcast
from playbooks.model import Document, Model, Moment
from playbooks.rulebook import load

Look = Literal["begin", "wait", "over"]
"""Ask for the export now · there is too much to do, look again · nothing to do any more."""


class Rules(Model):
    """`data/closing.toml`."""

    source: str
    ahead_minutes: int
    look_again_minutes: int
    due_within_minutes: int
    most_questions: int
    most_unpaid: int
    print_at: time
    before_print_minutes: int
    fresh_minutes: int
    asked_days: int

    @property
    def look_again(self) -> timedelta:
        """How long a busy room is left alone before the next look."""
        return timedelta(minutes=self.look_again_minutes)

    @property
    def due_within(self) -> timedelta:
        """An unpaid order with no more time than this is work for now."""
        return timedelta(minutes=self.due_within_minutes)

    @property
    def before_print(self) -> timedelta:
        """How long before labels are printed the orders paid since are asked for."""
        return timedelta(minutes=self.before_print_minutes)

    @property
    def asked(self) -> timedelta:
        """How lately somebody must have sent an export to be asked for the next one."""
        return timedelta(days=self.asked_days)


class ClosingSetup(Document):
    """What a manager set for the room `id`; None: `data/closing.toml`, the platform's hours, or unknown. And what the
    room was told."""

    print_at: time | None = None
    ship_hours: int | None = None
    ship_asked_at: Moment | None = None
    """When the managers were asked within how many hours orders must ship."""
    ship_told_until: Moment | None = None
    """People were told of every order due until then."""


class Load(Model):
    """What there is to do right now."""

    questions: int
    unpaid: int
    surge: bool


def rules() -> Rules:
    """`data/closing.toml`."""
    known: Rules = load("closing", Rules)
    return known


def is_low(work: Load) -> bool:
    """接待量不大: nobody is kept from buyers by looking through orders (D01)."""
    few = work.questions <= rules().most_questions and work.unpaid <= rules().most_unpaid
    return few and not work.surge


def first_look(ends_at: datetime) -> datetime:
    """When the closing may begin by itself before the planned end."""
    return ends_at - timedelta(minutes=rules().ahead_minutes)


def look(here: Broadcast, work: Load) -> Look:
    """What to do at a look: it begins once a broadcast, also after the end where the end was too busy for it."""
    if here.closing_at is not None or here.wrapped_at is not None or here.stage not in ("live", "ended"):
        return "over"
    return "begin" if is_low(work) else "wait"


def next_printing(now: datetime, print_at: time | None, zone: ZoneInfo) -> datetime:
    """The next time labels are printed; `print_at` as the room set it."""
    local = now.astimezone(zone)
    at = datetime.combine(local.date(), print_at or rules().print_at, zone)
    return at if at > local else at + timedelta(days=1)


def ask_before_printing(printing: datetime, now: datetime) -> datetime:
    """When to ask for what was paid since; at once where that time is past."""
    return max(printing - rules().before_print, now)


def asks_again(exported_at: datetime | None, now: datetime) -> bool:
    """Whether the newest export is too old to print from."""
    return exported_at is None or now - exported_at > timedelta(minutes=rules().fresh_minutes)


def senders(sent: Iterable[tuple[str, datetime]], now: datetime) -> tuple[str, ...]:
    """Who sent exports lately (person, moment), the latest first: they know how it is done."""
    lately = sorted(
        (one for one in sent if now - one[1] <= rules().asked), key=lambda one: one[1], reverse=True
    )
    return tuple(dict.fromkeys(who for who, _ in lately))
