"""What a room keeps at hand and for how long: `data/keeping.toml`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from playbooks.broadcast import Broadcast, step
from playbooks.model import Model
from playbooks.rulebook import load


class Days(Model):
    broadcast: int
    job: int
    draft: int
    failed_card: int
    sent: int
    dialogue: int


class Rules(Model):
    """`at` is room time; the newest `last_broadcasts` of a room are never archived."""

    at: time
    last_broadcasts: int
    days: Days


def rules() -> Rules:
    data: Rules = load("keeping", Rules)
    return data


def over_for_good(broadcasts: Iterable[Broadcast], now: datetime) -> list[Broadcast]:
    """Those to be archived once nothing of them is open, oldest first: ended, wrapped, old, not among the newest."""
    known = sorted(broadcasts, key=lambda b: b.number)
    older = known[: max(0, len(known) - rules().last_broadcasts)]
    until = now - timedelta(days=rules().days.broadcast)
    return [b for b in older if b.stage == "ended" and b.wrapped_at and b.ended_at and b.ended_at <= until]


def archive(broadcast: Broadcast) -> Broadcast:
    """Out of the shift's hands for good 归档. Whether anything of it is open is the caller's to know."""
    return broadcast.changed(stage=step(broadcast, "archive"))
