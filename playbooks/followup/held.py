"""What is in somebody's hands: reminded of once when its time is over, then everybody's again (B22, E01)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from playbooks.followup.rules import rules
from playbooks.followup.state import FollowUp


def holding(item: FollowUp, now: datetime) -> FollowUp:
    """Taken on at `now`: it is spoken of when due; who took it on late has the rule's minutes all the same."""
    return item.changed(held_until=_at_least(item, now), reminded=False)


def over(items: Iterable[FollowUp], now: datetime) -> tuple[list[FollowUp], list[FollowUp]]:
    """Of what one person has: what to remind of now, with the time until which it stays theirs; what goes back."""
    late = [one for one in items if (at := speaks_at(one)) is not None and at <= now]
    until = now + timedelta(minutes=rules().held.after_minutes)
    remind = [one.changed(reminded=True, held_until=until) for one in late if not one.reminded]
    return remind, [one for one in late if one.reminded]


def next_over(items: Iterable[FollowUp]) -> datetime | None:
    """When something is to be said of what one person has; None for never."""
    return min((at for one in items if (at := speaks_at(one)) is not None), default=None)


def speaks_at(item: FollowUp) -> datetime | None:
    """When the item is next spoken of: what was given more time meanwhile has it, what waits for others is not."""
    if item.state != "claimed" or item.held_until is None or item.waits_for_warehouse:
        return None
    return item.held_until if item.reminded else max(item.held_until, item.due_at)


def _at_least(item: FollowUp, now: datetime) -> datetime:
    return max(item.due_at, now + timedelta(minutes=rules().held.least_minutes))
