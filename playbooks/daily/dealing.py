"""Whose a daily task is, and when its person is reminded: pure decisions over the tasks of a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from playbooks.daily.state import DailyTask
from playbooks.daily.tasks import awake, rules
from playbooks.room import Member, Role

INSTEAD: dict[Role, tuple[Role, ...]] = {
    "warehouse": ("warehouse", "ops"),
    "ops": ("ops",),
    "agent": ("agent", "lead"),
    "lead": ("lead", "manager"),
    "manager": ("manager", "lead"),
}
"""Whose a task of a role is, and whose where nobody with that role is there. The warehouse's times ops ask for."""


def choose(role: Role, owner: str, there: Sequence[Member], given: Iterable[DailyTask]) -> str | None:
    """The one person a task goes to: the one a manager named, else who of its role is there and has the fewest.

    None where nobody fits: it waits for somebody to come. A person a manager named gets it whether there or not.
    """
    if owner:
        return owner
    load = Counter(one.owner for one in given if one.owner)
    for wanted in INSTEAD[role]:
        fitting = [m for m in there if wanted in m.roles]
        if fitting:
            return min(fitting, key=lambda m: (load[m.id], m.id)).id
    return None


def to_ring(mine: Iterable[DailyTask], now: datetime) -> list[DailyTask]:
    """The tasks of one person to remind of now; nothing while they rest from the last reminder."""
    known = list(mine)
    last = max((one.rung_at for one in known if one.rung_at), default=None)
    if last is not None and now < last + rules().rest:
        return []
    return [one for one in known if _rings(one) and one.next_at is not None and one.next_at <= now]


def _rings(one: DailyTask) -> bool:
    return one.open and bool(one.owner) and one.rung < rules().most_reminders


def rung(task: DailyTask, now: datetime, zone: ZoneInfo) -> DailyTask:
    """Reminded once more, the next time not in quiet hours; the last time is followed by the look that tells who is in
    charge."""
    return task.changed(rung=task.rung + 1, rung_at=now, next_at=awake(now + rules().again, zone))


def to_tell(tasks: Iterable[DailyTask], now: datetime) -> list[DailyTask]:
    """Those nobody did although they were reminded as often as may be: who is in charge hears of each once."""
    return [
        one for one in tasks
        if one.open and one.owner and not one.told and one.rung >= rules().most_reminders
        and one.next_at is not None and one.next_at <= now
    ]  # fmt: skip


def next_look(tasks: Iterable[DailyTask]) -> datetime | None:
    """When the next of them is to be reminded of, told of or closed; None for nothing."""
    known = [one for one in tasks if one.open]
    rests: dict[str, datetime] = {}
    for one in known:
        if one.owner and one.rung_at is not None:
            rests[one.owner] = max(rests.get(one.owner, one.rung_at), one.rung_at + rules().rest)
    moments = [one.until for one in known]
    for one in known:
        if one.owner and one.next_at is not None and not one.told:
            resting = rests.get(one.owner, one.next_at) if _rings(one) else one.next_at
            moments.append(max(one.next_at, resting))
    return min(moments, default=None)


def in_order(tasks: Iterable[DailyTask]) -> list[DailyTask]:
    """As they stand on a card: by time, then by number."""
    return sorted(tasks, key=lambda one: (one.at, one.number, one.id))
