"""What recurs comes at the time clocks show in the room, every day it should, also when the clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.recurring import next_fire

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu")
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))


@given(since=MOMENTS, hour=st.integers(4, 23), minute=st.integers(0, 59), zone=st.sampled_from(ZONES))
def test_every_day_has_its_moment_at_that_time_and_none_is_left_out(
    since: datetime, hour: int, minute: int, zone: str
) -> None:
    room = ZoneInfo(zone)
    first = next_fire(time(hour, minute), "", since, room)
    second = next_fire(time(hour, minute), "", first + timedelta(seconds=1), room)
    for fire in (first, second):
        local = fire.astimezone(room)
        assert (local.hour, local.minute, local.second) == (hour, minute, 0)
    assert since <= first < since + timedelta(hours=25)
    assert second.astimezone(room).date() - first.astimezone(room).date() == timedelta(days=1)


@given(since=MOMENTS, zone=st.sampled_from(ZONES))
def test_a_weekly_one_comes_on_its_weekday_within_the_week(since: datetime, zone: str) -> None:
    fire = next_fire(time(15), "wed", since, ZoneInfo(zone)).astimezone(ZoneInfo(zone))
    assert fire.weekday() == 2
    assert since <= fire < since + timedelta(days=7, hours=1)


def test_the_very_moment_is_not_passed_over() -> None:
    at = datetime(2026, 11, 12, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert next_fire(time(9), "", at, ZoneInfo("Asia/Shanghai")) == at
    assert next_fire(time(9), "", at + timedelta(microseconds=1), ZoneInfo("Asia/Shanghai")) > at
