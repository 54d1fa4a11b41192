"""Nothing leaves faster than Telegram allows, and a group always has calls left for what is on air."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pace import CHATS_KEPT, Limits, Pace
from storage.rows import RANKS, Rank

START = datetime(2026, 11, 11, 20, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
GROUPS, PRIVATE = (-1, -2), tuple(range(1, 41))

asked = st.lists(
    st.tuples(
        st.sampled_from([0, 0, 0, 3, 40, 700, 2500, 20_000]),  # milliseconds since the one before
        st.sampled_from([0, *GROUPS, *GROUPS, *GROUPS, *PRIVATE]),
        st.sampled_from(RANKS),
    ),
    max_size=120,
)


def sent(pace: Pace, wanted: list[tuple[int, int, Rank]]) -> list[tuple[datetime, int, Rank]]:
    """Each call at the moment the pace names for it, one after another."""
    now, left = START, []
    for gap, chat, rank in wanted:
        now = pace.when(chat, rank, now + timedelta(milliseconds=gap))
        pace.spent(chat, now)
        left.append((now, chat, rank))
    return left


def fullest(moments: list[datetime], span: timedelta) -> int:
    """The most of them in any half-open span of that length."""
    return max((sum(first <= one < first + span for one in moments) for first in moments), default=0)


@given(asked)
def test_no_window_ever_holds_more_than_its_limit(wanted: list[tuple[int, int, Rank]]) -> None:
    left = sent(Pace(Limits()), wanted)
    assert fullest([at for at, _, _ in left], SECOND) <= 30
    for chat in {chat for _, chat, _ in left} - {0}:
        there = [at for at, one, _ in left if one == chat]
        assert fullest(there, SECOND) <= 1
        assert chat > 0 or fullest(there, MINUTE) <= 20


@given(asked)
def test_what_is_not_on_air_never_brings_a_group_above_fifteen_a_minute(
    wanted: list[tuple[int, int, Rank]],
) -> None:
    left = sent(Pace(Limits()), wanted)
    for at, chat, rank in left:
        if chat < 0 and rank != "air":
            assert sum(one == chat and at - MINUTE < when <= at for when, one, _ in left) <= 15


@given(asked)
def test_five_announcements_a_minute_wait_for_nothing_but_the_second(
    wanted: list[tuple[int, int, Rank]],
) -> None:
    pace = Pace(Limits())
    left = sent(pace, [(gap, chat, "work") for gap, chat, _ in wanted])
    now = left[-1][0] if left else START
    for _ in range(5):
        at = pace.when(-1, "air", now)
        assert at - now <= SECOND
        pace.spent(-1, at)
        now = at


@given(asked)
def test_no_call_waits_longer_than_the_limits_ask(wanted: list[tuple[int, int, Rank]]) -> None:
    """One moment earlier some window would have been too full."""
    pace = Pace(Limits())
    past: list[tuple[datetime, int]] = []
    for at, chat, rank in sent(Pace(Limits()), wanted):
        before = past[-1][0] if past else START
        if pace.when(chat, rank, before) == at > before:
            early = at - timedelta(microseconds=1)
            there = [when for when, one in past if one == chat]
            most = 20 if rank == "air" else 15
            assert (
                sum(early - SECOND < when for when, _ in past) >= 30
                or (chat != 0 and any(early - SECOND < when for when in there))
                or (chat < 0 and sum(early - MINUTE < when for when in there) >= most)
            )
        pace.spent(chat, at)
        past.append((at, chat))


def test_a_deletion_counts_overall_but_not_in_the_chat() -> None:
    pace = Pace(Limits())
    pace.spent(-1, START)
    assert pace.when(-1, "air", START) == START + SECOND
    assert pace.when(0, "board", START) == START
    for _ in range(29):
        pace.spent(0, START)
    assert pace.when(0, "board", START) == START + SECOND


@pytest.mark.parametrize("chat", [0, -1, 7])
def test_without_limits_everything_may_leave_at_once(chat: int) -> None:
    pace = Pace(None)
    for _ in range(100):
        assert pace.when(chat, "digest", START) == START
        pace.spent(chat, START)


@given(asked, st.sampled_from([0, 1, 90, 3600, 86_400]))
def test_a_clock_that_is_set_back_holds_nothing_up_longer_than_a_window(
    wanted: list[tuple[int, int, Rank]], back: int
) -> None:
    pace = Pace(Limits())
    left = sent(pace, wanted)
    now = (left[-1][0] if left else START) - timedelta(seconds=back)
    for chat in (0, *GROUPS, 7):
        free = pace.when(chat, "digest", now)
        assert free - now <= MINUTE
        assert pace.when(chat, "digest", free) == free


def test_only_the_chats_of_the_last_minute_are_kept_in_mind() -> None:
    pace = Pace(Limits())
    for chat in range(1, 10_000):
        pace.spent(chat, START + chat * SECOND)
    assert len(pace._chats) <= CHATS_KEPT + 1
    assert pace.when(9_999, "answer", START + 9_999 * SECOND) == START + 10_000 * SECOND
