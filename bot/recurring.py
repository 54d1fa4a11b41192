"""When something that recurs 定时 is next due, by the clocks of the room's time zone, summer time included."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import cast
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger


@lru_cache(maxsize=1024)
def next_fire(at: time, days: str, since: datetime, zone: ZoneInfo) -> datetime:
    """The first moment not before `since` at which clocks show `at` on one of `days` (as cron says them, '' all)."""
    trigger = CronTrigger(hour=at.hour, minute=at.minute, second=0, day_of_week=days or None, timezone=zone)
    local = since.astimezone(zone)
    fire = cast(datetime, trigger.get_next_fire_time(None, local))
    # Cron knows whole seconds: within the second of a fire it would name that very one.
    return (
        fire
        if fire >= local
        else cast(datetime, trigger.get_next_fire_time(None, local + timedelta(seconds=1)))
    )
