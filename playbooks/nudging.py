"""Who is reminded of a change they have not confirmed, and when the lead hears of it (REQUIREMENTS B20).

One reminder a change and person, at most one a person in ten minutes whatever changes, then the lead is told
once: reminders that pile up are read by nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from playbooks.announce import Notice
from playbooks.on_air import rules


def to_nudge(
    notice: Notice, all_of_them: Iterable[Notice], there: Collection[str], now: datetime
) -> tuple[str, ...]:
    """Those on duty (`there`) who are to be reminded of `notice` now."""
    if notice.superseded:
        return ()
    rest = now - rules().nudge_rest
    tired = {person for one in all_of_them for person, at in one.nudged.items() if at > rest}
    return tuple(p for p in notice.waiting_for() if p in there and p not in tired and p not in notice.nudged)


def nudged(notice: Notice, people: Iterable[str], now: datetime) -> Notice:
    """`people` were reminded at `now`."""
    return notice.changed(nudged={**notice.nudged, **dict.fromkeys(people, now)})


def to_tell(notices: Iterable[Notice], there: Collection[str], now: datetime) -> Sequence[Notice]:
    """The changes the lead is told of now, the oldest first: asked long enough ago, and somebody on duty does
    not know. Whoever left meanwhile needs to know nothing."""
    waited = timedelta(seconds=rules().nudge_seconds + rules().unknown_seconds)
    due = (one for one in notices if not one.superseded and not one.lead_told and now - one.at >= waited)
    return sorted((one for one in due if unknowing(one, there)), key=lambda one: (one.at, one.id))


def unknowing(notice: Notice, there: Collection[str]) -> tuple[str, ...]:
    """Those on duty who were asked and do not know."""
    return tuple(person for person in notice.waiting_for() if person in there)
