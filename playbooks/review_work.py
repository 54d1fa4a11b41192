"""Who was there while a broadcast was on air, and who did how much on and off air that day 播中 播外 (G15, I07)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playbooks.broadcast import Broadcast
from playbooks.daily.tasks import day_span
from playbooks.daily.work import WORK, on_air, pieces, works
from playbooks.journal import Entry
from playbooks.model import Model
from playbooks.workload import Duty, duties

READ = (*WORK, "presence", "role")
"""The journal's kinds it is counted from."""


class Worked(Model):
    """Pieces of work `who` noted: while this broadcast was on air, and that business day while none was; `there`: how
    long they were signed in while it was on air."""

    who: str
    on: int
    off: int
    there: timedelta


def workload(
    day: Iterable[Entry], broadcast: Broadcast, broadcasts: Iterable[Broadcast], zone: ZoneInfo, now: datetime
) -> tuple[Worked, ...]:
    """A row a person who was there or did anything, the longest there first. `day`: entries of `READ` of that business
    day and, to know who was signed in, those before; `broadcasts`: all the room's."""
    told = list(day)
    start, end = day_span(broadcast.opened_on, zone)
    own = on_air([broadcast], start, min(end, now))
    done = {one.who: one for one in works(noted(told, broadcast, broadcasts, zone), own)}
    there = _there([d for first, last in own for d in duties(told, first, last, now)])
    rows = [
        Worked(
            who=who, on=sum(done[who].on_air.values()) if who in done else 0,
            off=sum(done[who].off_air.values()) if who in done else 0, there=there.get(who, timedelta()),
        )
        for who in dict.fromkeys([*there, *done])
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda one: (-one.there, -one.on, one.who)))


def noted(
    day: Iterable[Entry], broadcast: Broadcast, broadcasts: Iterable[Broadcast], zone: ZoneInfo
) -> list[Entry]:
    """The pieces of work of that business day, without those noted while another broadcast was on air."""
    start, end = day_span(broadcast.opened_on, zone)
    others = on_air([one for one in broadcasts if one.id != broadcast.id], start, end)
    inside = [one for one in day if start <= one.at < end]
    return pieces(one for one in inside if not any(first <= one.at < last for first, last in others))


def _there(some: Sequence[Duty]) -> dict[str, timedelta]:
    found: dict[str, timedelta] = {}
    for one in some:
        found[one.who] = found.get(one.who, timedelta()) + one.length
    return found
