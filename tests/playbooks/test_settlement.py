"""Time on duty is what a recount minute by minute gives; periods and rates are read as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.journal import Entry
from playbooks.model import Refusal
from playbooks.settlement import Row, SettlementSetup, due_of, read_period, team_sums, with_rate
from playbooks.workload import Workload, duties

TODAY = date(2026, 11, 22)
START = datetime(2026, 11, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("", "2026-11-01", "2026-11-22"), ("本月", "2026-11-01", "2026-11-22"), ("上月", "2026-10-01", "2026-10-31"),
        ("10月", "2026-10-01", "2026-10-31"), ("12月", "2025-12-01", "2025-12-31"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("昨天", "2026-11-21", "2026-11-21"), ("11-11", "2026-11-11", "2026-11-11"),
        ("11-01 11-15", "2026-11-01", "2026-11-15"), ("11月1日至11月15日", "2026-11-01", "2026-11-15"),
        ("2026-11-20 2026-12-31", "2026-11-20", "2026-11-22"), ("场次", "2026-11-20", "2026-11-20"),
        ("last month", "2026-10-01", "2026-10-31"),
    ],
)  # fmt: skip
def test_a_period_is_read_as_people_write_it(typed, first, last):
    found = read_period(typed, TODAY, date(2026, 11, 20))
    assert (str(found.first), str(found.last)) == (first, last)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("春天", "settlement.usage"), ("11-15 11-01", "settlement.usage"), ("13月", "settlement.usage"),
        ("02-30", "settlement.usage"), ("2027-01", "settlement.future"), ("1 2 3", "settlement.usage"),
        ("2026-01-01 2026-11-01", "settlement.long"),
    ],
)  # fmt: skip
def test_what_is_no_period_is_refused(typed, key):
    with pytest.raises(Refusal) as refused:
        read_period(typed, TODAY, None)
    assert refused.value.key == key


def entries(moves: list[tuple[int, str, str]]) -> list[Entry]:
    """Who came, paused or went at which minute."""
    return [
        Entry(
            id=f"a1-j{n:03}", at=START + minute * MINUTE, kind="presence", who=who, about=who,
            values={"presence": how},
        )
        for n, (minute, who, how) in enumerate(sorted(moves))
    ]  # fmt: skip


moves = st.lists(
    st.tuples(st.integers(0, 300), st.sampled_from(["21", "22"]), st.sampled_from(["in", "break", "out"])),
    max_size=14, unique_by=lambda one: one[:2],
)  # fmt: skip


@given(moves, st.integers(0, 300), st.integers(0, 300), st.integers(0, 400))
def test_time_on_duty_is_what_a_recount_minute_by_minute_gives(some, first, length, now):
    start, end = START + first * MINUTE, START + (first + length) * MINUTE
    found = duties(entries([one for one in some if one[0] <= now]), start, end, START + now * MINUTE)
    for who in ("21", "22"):
        told = sum((one.length for one in found if one.who == who), timedelta())
        there, minutes = False, 0
        for minute in range(now):
            for at, whose, how in sorted(some):
                if at == minute and whose == who:
                    there = how == "in"
            minutes += there and first <= minute < first + length
        assert told == minutes * MINUTE


def test_who_lost_every_role_is_signed_out_by_it():
    told = entries([(0, "21", "in")])
    gone = Entry(id="a1-j9", at=START + 60 * MINUTE, kind="role", who="11", about="21", values={"roles": ""})
    (one,) = duties([*told, gone], START, START + 600 * MINUTE, START + 600 * MINUTE)
    assert (one.length, one.running) == (timedelta(hours=1), False)


def test_what_is_due_is_count_times_rate_and_nothing_without_a_rate():
    setup = SettlementSetup(id="a1")
    work = Workload(who="21", counts={"hours": Decimal("2.5"), "chases": Decimal(3)})
    assert due_of(setup, work) is None
    setup, _ = with_rate(setup, "工时 30")
    setup, _ = with_rate(setup, "催回单 2元")
    assert due_of(setup, work) == Decimal("75.00")
    setup, _ = with_rate(setup, "催付单 0.5")
    assert due_of(setup, work) == Decimal("76.50")


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "甲", "乙"]), st.integers(0, 9), st.decimals(0, 99, places=2)),
        max_size=8,
    )
)
def test_the_sums_of_the_teams_are_the_sum_of_the_people(some):
    rows = [
        Row(team=team, work=Workload(who=str(n), counts={"chases": Decimal(count)}), due=due)
        for n, (team, count, due) in enumerate(some)
    ]
    found = team_sums(rows)
    assert sum((one.counts["chases"] for one in found), Decimal(0)) == sum(count for _, count, _ in some)
    assert sum((one.due or 0 for one in found), Decimal(0)) == sum((due for *_, due in some), Decimal(0))
    assert sum(one.people for one in found) == len(some)
