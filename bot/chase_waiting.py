"""How many unpaid orders wait for somebody: asked often, and an export brings thousands, so few of them are read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.desk import Desk
from playbooks import chase
from playbooks.chase import Chase

LONGEST = timedelta(days=400)
"""No unpaid order lives longer."""
LOOKED_AT = 50
"""Orders that die next which are looked at, before all are, for one that waits."""


def waiting(desk: Desk) -> int:
    """How many may be taken up now."""
    fresh = desk.books.chases.count("standing", "fresh")
    overdue = desk.books.chases.due(desk.now, limit=len(desk.books.chases))
    return chase.waiting(fresh, overdue, begun(desk), desk.now)


def begun(desk: Desk) -> list[Chase]:
    """Those in none of their ends that somebody is at, or was."""
    return desk.books.chases.by("standing", "begun")


def first_to_die(desk: Desk) -> datetime | None:
    """When the first of those that may be taken up dies; None where nobody knows."""
    soonest = desk.books.chases.due(desk.now + LONGEST, LOOKED_AT, since=desk.now)
    found = _earliest(soonest, desk)
    return found if found or len(soonest) < LOOKED_AT else _earliest(desk.chases(), desk)


def came_in(since: datetime, until: datetime, desk: Desk) -> Iterator[datetime]:
    """When each unpaid order was placed, or first seen, of those of the minutes from `since` to `until`."""
    at = since
    while (minute := chase.minute_of(at)) <= chase.minute_of(until):
        yield from (one.created_at or one.seen_at for one in desk.books.chases.by("minute", minute))
        at += timedelta(minutes=1)


def _earliest(some: list[Chase], desk: Desk) -> datetime | None:
    ready = (one.expires_at for one in some if chase.workable(one, desk.now))
    return min((at for at in ready if at), default=None)
