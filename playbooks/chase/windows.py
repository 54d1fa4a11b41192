"""When buyers may be phoned 电话催付时间 (REQUIREMENTS C04): three windows a day in the room's own time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from playbooks.chase.rules import rules


def phone_open(now: datetime, zone: tzinfo) -> bool:
    """Whether `now` lies in a phone window of the room's `zone`."""
    local = now.astimezone(zone).time()
    return any(window.start <= local < window.end for window in rules().phone_windows)


def next_phone_window(now: datetime, zone: tzinfo) -> datetime:
    """When the next window opens after `now`, in UTC; a window already open is not the next one."""
    today = now.astimezone(zone).date()
    starts = (
        datetime.combine(today + timedelta(days=days), window.start, tzinfo=zone).astimezone(UTC)
        for days in (0, 1)
        for window in rules().phone_windows
    )
    return min(start for start in starts if start > now)
