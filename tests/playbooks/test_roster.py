"""The roster: lines as people type them, gaps, who is missed, swaps, and how many people are needed."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import roster
from playbooks.model import Refusal
from playbooks.room import Member
from playbooks.roster import Handled, Past, Shift

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 11, 17, 0, tzinfo=ZONE)
MEI = Member(id="1", name="小美", roles=("agent",))
QIANG = Member(id="2", name="阿强", roles=("agent",))
MEIMEI = Member(id="3", name="小美美", roles=("agent",))
TEAM = (MEI, QIANG)


def at(clock: str, day: int = 11) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def shift(who: str, start: datetime, end: datetime, **more: object) -> Shift:
    fields = {
        "id": f"t{who}{start:%d%H%M}",
        "who": who,
        "start": start,
        "end": end,
        "by": "9",
        "at": NOW,
        **more,
    }
    return Shift.model_validate(fields)


def span(line: str, now: datetime = NOW) -> tuple[datetime, datetime]:
    found = roster.read_line(line, TEAM, now, ZONE).span
    assert found
    return found


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        ("小美 18:00-24:00", at("18:00"), at("00:00", 12)),
        ("小美18-24", at("18:00"), at("00:00", 12)),
        ("小美 20:00～次日02:00", at("20:00"), at("02:00", 12)),
        ("小美 00:30至03:00", at("00:30", 12), at("03:00", 12)),
        ("小美 9:00-12:00", at("09:00", 12), at("12:00", 12)),
        ("今天 小美 9:00-12:00", at("09:00"), at("12:00")),
        ("明天 小美 20:00-02:00", at("20:00", 12), at("02:00", 13)),
        ("11-15 小美 20：00-22：30", at("20:00", 15), at("22:30", 15)),
    ],
)
def test_a_line_means_the_next_such_hours_also_past_midnight(
    line: str, start: datetime, end: datetime
) -> None:
    assert span(line) == (start, end)


def test_after_midnight_the_evening_is_still_today() -> None:
    assert span("今天 小美 00:30-03:00", at("00:10", 12)) == (at("00:30", 12), at("03:00", 12))


def test_in_december_the_shifts_of_january_are_next_years() -> None:
    start, _ = span("01-02 小美 18:00-20:00", datetime(2026, 12, 30, 12, tzinfo=ZONE))
    assert start == datetime(2027, 1, 2, 18, tzinfo=ZONE)


def test_several_people_stand_in_one_line_each_once() -> None:
    assert roster.read_line("小美、阿强，小美 18:00-24:00", TEAM, NOW, ZONE).who == ("1", "2")


def test_a_day_off_takes_the_shifts_of_that_day_and_no_others() -> None:
    tonight = shift("1", at("20:00"), at("02:00", 12))
    tomorrow = shift("1", at("20:00", 12), at("22:00", 12))
    others = shift("2", at("20:00"), at("22:00"))
    planned = roster.read_line("小美 休", TEAM, NOW, ZONE)
    assert roster.replaced([tonight, tomorrow, others], planned, ZONE) == [tonight]


def test_a_new_shift_takes_the_place_of_those_it_overlaps_and_of_no_others() -> None:
    early, late = shift("1", at("18:00"), at("20:00")), shift("1", at("22:00"), at("23:00"))
    planned = roster.read_line("小美 19:00-22:00", TEAM, NOW, ZONE)
    assert roster.replaced([early, late], planned, ZONE) == [early]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("小美", "shift.unreadable"), ("18:00-24:00", "shift.unreadable"), ("小美 25:00-26:00", "shift.time"),
        ("小美 18:75-20:00", "shift.time"), ("小美 18:00-18:00", "shift.time"), ("小美 0:00-24:00", "shift.long"),
        ("小美 18:00-17:00", "shift.long"), ("老王 18:00-20:00", "who.unknown"), ("13-40 小美 休", "shift.unreadable"),
    ],
)  # fmt: skip
def test_what_is_no_shift_is_refused_with_the_reason(line: str, key: str) -> None:
    with pytest.raises(Refusal) as refused:
        roster.read_line(line, TEAM, NOW, ZONE)
    assert refused.value.key == key


def test_a_name_that_fits_two_people_is_asked_about_unless_it_is_exactly_one_of_them() -> None:
    assert roster.read_line("小美 18-20", (MEI, MEIMEI), NOW, ZONE).who == ("1",)
    with pytest.raises(Refusal) as refused:
        roster.read_line("美 18-20", (MEI, MEIMEI), NOW, ZONE)
    assert refused.value.key == "who.several"


# -- gaps and the missed ----------------------------------------------------------------------------

MINUTES = st.integers(-120, 400)


@given(st.lists(st.tuples(MINUTES, st.integers(1, 200)), max_size=6), st.integers(1, 360))
def test_a_half_hour_is_a_gap_exactly_if_some_minute_of_it_has_nobody(
    spans: list[tuple[int, int]], length: int
) -> None:
    start = at("20:00")
    end = start + timedelta(minutes=length)
    shifts = [
        shift("1", start + timedelta(minutes=a), start + timedelta(minutes=a + n)).changed(id=f"t{i}")
        for i, (a, n) in enumerate(spans)
    ]
    gaps = roster.gaps(shifts, start, end)
    empty = {m for m in range(length) if not roster.on_now(shifts, start + timedelta(minutes=m))}
    assert {(g.start - start) // timedelta(minutes=30) for g in gaps} == {m // 30 for m in empty}
    assert all(start <= g.start < g.end <= end for g in gaps)
    whole = roster.joined(gaps)
    assert sum((g.end - g.start for g in whole), timedelta()) == sum(
        (g.end - g.start for g in gaps), timedelta()
    )
    assert all(one.end < after.start for one, after in pairwise(whole))


def test_a_gap_is_told_half_an_hour_ahead_and_once() -> None:
    (gap,) = roster.gaps([shift("1", at("20:00"), at("20:30"))], at("20:00"), at("21:00"))
    assert not roster.gaps_ahead([gap], (), at("19:59"))
    assert roster.gaps_ahead([gap], (), at("20:00")) == [gap]
    assert not roster.gaps_ahead([gap], (gap.start,), at("20:10"))


def test_somebody_is_missed_five_minutes_after_the_start_unless_they_are_in_or_on_a_break() -> None:
    one = shift("1", at("18:00"), at("24:00".replace("24", "23")))
    assert not roster.late([one], [MEI], at("18:04"))
    assert roster.late([one], [MEI], at("18:05")) == [one]
    assert not roster.late([one], [MEI.changed(presence="in")], at("18:05"))
    assert not roster.late([one], [MEI.changed(presence="break")], at("18:05"))
    assert not roster.late([one.changed(missed=True)], [MEI], at("18:05"))
    assert not roster.late([one], [MEI], at("23:00"))


# -- swaps ------------------------------------------------------------------------------------------


def test_a_shift_is_swapped_only_by_whom_it_was_offered_to() -> None:
    offered = roster.offer(shift("1", at("18:00"), at("22:00")), "2", "家里有事")
    with pytest.raises(Refusal):
        roster.accept(offered, "3", [], NOW, "t9")
    (taken,) = roster.accept(offered, "2", [], NOW, "t9")
    assert (taken.who, taken.start, taken.offered_to) == ("2", at("18:00"), "")
    with pytest.raises(Refusal):
        roster.accept(taken, "2", [], NOW, "t9")


def test_a_swap_needs_a_reason_and_somebody_else() -> None:
    mine = shift("1", at("18:00"), at("22:00"))
    for to, why, key in (("2", " ", "cover.usage"), ("1", "累了", "cover.yourself")):
        with pytest.raises(Refusal) as refused:
            roster.offer(mine, to, why)
        assert refused.value.key == key


def test_who_has_a_shift_at_that_time_cannot_take_another() -> None:
    offered = roster.offer(shift("1", at("18:00"), at("22:00")), "2", "家里有事")
    with pytest.raises(Refusal) as refused:
        roster.accept(offered, "2", [shift("2", at("21:00"), at("23:00"))], NOW, "t9")
    assert refused.value.key == "cover.busy"


@given(st.integers(-60, 239))
def test_a_swap_neither_loses_nor_doubles_a_minute_of_the_shift(minutes: int) -> None:
    mine = shift("1", at("18:00"), at("22:00"))
    now = at("18:00") + timedelta(minutes=minutes)
    kept = roster.accept(roster.offer(mine, "2", "家里有事"), "2", [], now, "t9")
    assert kept[0].start == mine.start
    assert kept[-1].end == mine.end
    assert all(one.end == after.start for one, after in pairwise(kept))
    assert kept[-1].who == "2"
    assert [one.who for one in kept[:-1]] == (["1"] if minutes > 0 else [])


# -- head-count -------------------------------------------------------------------------------------


def past(day: int, came: dict[int, int], handled: int) -> Past:
    """A broadcast of 20:00–22:00: `came` things by half hour; one agent handled `handled` in the first one."""
    start = at("20:00", day)
    came_in = [
        start + timedelta(minutes=30 * slot + n % 30) for slot, count in came.items() for n in range(count)
    ]
    done = tuple(Handled(at=start + timedelta(minutes=1), who="1", about=f"c{n}") for n in range(handled))
    return Past(start=start, end=at("22:00", day), came_in=tuple(came_in), handled=done)


def test_the_head_count_is_what_came_in_over_what_one_agent_handled() -> None:
    history = [past(8, {0: 10, 1: 30}, 10), past(9, {0: 20, 1: 30}, 10)]
    needs = roster.needs(history, at("20:00"), at("21:00"), [shift("1", at("20:00"), at("20:30"))])
    assert [(n.expected, n.needed, n.rostered) for n in needs] == [(15, 2, 1), (30, 3, 0)]


def test_there_is_no_head_count_from_one_broadcast_or_from_none_in_which_somebody_worked() -> None:
    assert roster.needs([past(8, {0: 10}, 10)], at("20:00"), at("22:00"), []) == ()
    assert roster.needs([past(8, {0: 10}, 0), past(9, {0: 10}, 0)], at("20:00"), at("22:00"), []) == ()


def test_half_hours_no_past_broadcast_reached_get_no_figure() -> None:
    needs = roster.needs([past(8, {}, 5), past(9, {}, 5)], at("20:00"), at("23:30"), [])
    assert [n.start for n in needs] == [at("20:00"), at("20:30"), at("21:00"), at("21:30")]
    assert all(n.needed == 1 for n in needs)


def test_the_same_order_pressed_often_is_one_thing_handled() -> None:
    acts = tuple(Handled(at=at("20:01", d), who="1", about="c1") for d in (8, 9) for _ in range(9))
    history = [
        Past(start=at("20:00", d), end=at("21:00", d), came_in=(at("20:05", d),) * 3, handled=acts)
        for d in (8, 9)
    ]
    assert roster.needs(history, at("20:00"), at("20:30"), [])[0].needed == 3
