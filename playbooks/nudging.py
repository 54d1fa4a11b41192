"""Who is reminded of changes they have not confirmed, and when the lead hears of them (REQUIREMENTS B20).

One reminder a change and person, at most one message a person in ten minutes whatever changes: what came meanwhile
waits for the next one and is told together. Then the lead is told once: reminders that pile up are read by nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from playbooks.announce import Notice
from playbooks.on_air import rules

Reminders = dict[str, tuple[Notice, ...]]
"""By person: the changes told in one message, the oldest first."""


def to_nudge(
    notice: Notice, all_of_them: Sequence[Notice], there: Collection[str], now: datetime
) -> Reminders:
    """Those on duty (`there`) who are to be reminded of `notice` now, each of everything else they do not know as
    well: they are left alone for the next ten minutes. `all_of_them`: every change of the broadcast, for who was
    reminded of what; `notice` is one of them.
    """
    rested = [p for p in _unreminded(notice, there) if _rested_at(p, all_of_them) <= now]
    return {person: _unknown_to(person, notice, all_of_them) for person in rested}


def nudge_again_at(
    notice: Notice, all_of_them: Sequence[Notice], there: Collection[str], now: datetime
) -> datetime | None:
    """When the first of those who were reminded too lately to be told of `notice` has rested; None: nobody waits."""
    moments = (_rested_at(person, all_of_them) for person in _unreminded(notice, there))
    return min((at for at in moments if at > now), default=None)


def _unreminded(notice: Notice, there: Collection[str]) -> list[str]:
    if notice.superseded:
        return []
    return [person for person in unknowing(notice, there) if person not in notice.nudged]


def _rested_at(person: str, all_of_them: Iterable[Notice]) -> datetime:
    """From when the person may be reminded again; the beginning of time for who never was."""
    reminded = [one.nudged[person] for one in all_of_them if person in one.nudged]
    return max(reminded) + rules().nudge_rest if reminded else datetime.min.replace(tzinfo=UTC)


def _unknown_to(person: str, notice: Notice, all_of_them: Iterable[Notice]) -> tuple[Notice, ...]:
    """`notice` and what else the person was asked and neither knows nor was reminded of."""
    others = [one for one in all_of_them if one.id != notice.id and _unreminded(one, (person,))]
    told = sorted(others, key=lambda one: (one.at, one.id))[: rules().nudge_changes - 1]
    return tuple(sorted([notice, *told], key=lambda one: (one.at, one.id)))


def nudged(notice: Notice, people: Iterable[str], now: datetime) -> Notice:
    """`people` were reminded at `now`."""
    return notice.changed(nudged={**notice.nudged, **dict.fromkeys(people, now)})


def to_tell(notices: Iterable[Notice], there: Collection[str], now: datetime) -> Sequence[Notice]:
    """The changes the lead is told of now, the oldest first: one was asked long enough ago and somebody on duty does
    not know; what is as old as a reminder goes with it. Whoever left meanwhile needs to know nothing."""
    open_ = _untold(notices, there)
    if not any(now >= _told_at(one) for one in open_):
        return []
    asked = timedelta(seconds=rules().nudge_seconds)
    return [one for one in open_ if now - one.at >= asked]


def tell_at(notices: Iterable[Notice], there: Collection[str]) -> datetime | None:
    """When the lead is next to be told of one of these; None: all know, or the lead was told."""
    return min((_told_at(one) for one in _untold(notices, there)), default=None)


def _told_at(notice: Notice) -> datetime:
    return notice.at + timedelta(seconds=rules().nudge_seconds + rules().unknown_seconds)


def _untold(notices: Iterable[Notice], there: Collection[str]) -> list[Notice]:
    found = (one for one in notices if not one.superseded and not one.lead_told and unknowing(one, there))
    return sorted(found, key=lambda one: (one.at, one.id))


def unknowing(notice: Notice, there: Collection[str]) -> tuple[str, ...]:
    """Those on duty who were asked and do not know."""
    return tuple(person for person in notice.waiting_for() if person in there)
