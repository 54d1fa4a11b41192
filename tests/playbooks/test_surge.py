"""Surges: told once, not again until it was calm for the cool-down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from playbooks import surge
from playbooks.surge import Surge, load_of, rising

NOW = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)


def seconds_ago(*ages: float) -> list[datetime]:
    return [NOW - timedelta(seconds=age) for age in ages]


def test_what_came_before_the_window_or_after_the_exports_moment_does_not_count() -> None:
    load = load_of(seconds_ago(0, 60, 179, 180, 400), seconds_ago(30, 61), NOW, NOW - timedelta(minutes=1))
    assert (str(load.questions), str(load.orders)) == ("1.0", "0.3")


def test_an_export_is_measured_at_its_own_moment() -> None:
    orders = seconds_ago(*range(300, 390, 3))
    assert not load_of([], orders, NOW, NOW).over(10)
    assert load_of([], orders, NOW, NOW - timedelta(minutes=5)).over(10)


@given(st.lists(st.integers(0, 1800), max_size=60), st.integers(1, 12))
def test_the_lead_is_never_told_twice_within_the_cool_down_and_always_of_the_first(
    pauses: list[int], threshold: int
) -> None:
    last: Surge | None = None
    busy = load_of(seconds_ago(*[1] * 3 * threshold), [], NOW, NOW)
    told, now = [], NOW
    for pause in pauses:
        now += timedelta(seconds=pause)
        if rising(last, busy, threshold, now):
            told.append(now)
        last = Surge(id="a1", over_at=now)
    assert bool(told) == bool(pauses)
    assert all(after - one >= surge.rules().cool_down for one, after in pairwise(told))


def test_below_the_threshold_nobody_is_told() -> None:
    assert not rising(None, load_of(seconds_ago(*[1] * 29), [], NOW, NOW), 10, NOW)
    assert rising(None, load_of(seconds_ago(*[1] * 30), [], NOW, NOW), 10, NOW)
