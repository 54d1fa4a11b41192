"""Until when orders must leave, and that people are told in time, by day, and once for what comes due together."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from playbooks import shipping
from playbooks.orders import Order

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 12, 12, 0, tzinfo=SHANGHAI)
RULES = shipping.rules()
dues = st.integers(0, 60 * 72).map(lambda minutes: NOON + timedelta(minutes=minutes))


def order(**more: object) -> Order:
    return Order(platform="douyin", order_id="6917000000000000001", status="paid_unshipped", **more)


def test_what_the_platform_says_goes_before_the_rooms_hours() -> None:
    said = order(ship_by=NOON, paid_at=NOON - timedelta(days=3))
    assert shipping.ship_by(said, 24) == NOON
    assert shipping.ship_by(order(paid_at=NOON), 48) == NOON + timedelta(hours=48)
    assert shipping.ship_by(order(paid_at=NOON), None) is None
    assert shipping.ship_by(order(), 48) is None


def test_a_platforms_hours_are_known_where_the_rules_name_them_and_a_room_may_say_others() -> None:
    assert shipping.hours("tmall", None) == 72
    assert shipping.hours("tmall", 48) == 48
    assert shipping.hours("xiaohongshu", None) is None


def test_people_are_told_twelve_hours_before_and_of_the_nights_the_evening_before() -> None:
    assert shipping.remind_at(NOON + timedelta(hours=9), SHANGHAI) == NOON - timedelta(hours=3)
    at_ten = NOON.replace(hour=10) + timedelta(days=1)  # twelve hours before is 22:00
    assert shipping.remind_at(at_ten, SHANGHAI) == NOON.replace(hour=22)
    for hour in (11, 15, 19):
        assert shipping.remind_at(at_ten.replace(hour=hour), SHANGHAI) == NOON.replace(hour=22)
    assert shipping.remind_at(at_ten.replace(hour=20), SHANGHAI) == NOON.replace(hour=8) + timedelta(days=1)


@given(dues)
def test_nobody_is_told_at_night_nor_too_late(due: datetime) -> None:
    at = shipping.remind_at(due, SHANGHAI)
    assert RULES.quiet_until <= at.time() <= RULES.quiet_from
    assert at <= due - RULES.lead


@given(st.lists(dues, min_size=1, max_size=40))
def test_every_order_is_told_of_once_and_in_at_most_one_message_an_hour(due: list[datetime]) -> None:
    waiting, told, moments = sorted(due), [], []
    while waiting:
        at = shipping.remind_at(waiting[0], SHANGHAI)
        until = shipping.horizon(at, SHANGHAI)
        now = [one for one in waiting if one <= until]
        assert now, "the message names at least the order it was sent for"
        told += now
        moments.append(at)
        waiting = waiting[len(now) :]
    assert told == sorted(due)
    assert all(b - a > RULES.together for a, b in pairwise(moments))
