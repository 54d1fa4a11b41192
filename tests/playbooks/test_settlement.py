"""Time on duty is what a recount minute by minute gives; periods and rates are read as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.chase import funnel
from playbooks.daily.work import pieces
from playbooks.journal import Entry
from playbooks.model import Refusal
from playbooks.references import OwnReferences, with_value
from playbooks.room import Member
from playbooks.settlement import Row, SettlementSetup, due_of, read_period, team_sums, with_rate
from playbooks.targets import MonthTargets, with_target
from playbooks.workload import Workload, duties, workloads

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
        ("2026-01-01 2026-11-01", "settlement.long"), ("9999-12", "settlement.future"),
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


def noted(kind: str, about: str, **values: str) -> Entry:
    """What 21 did at noon of the 1st."""
    id = f"a1-{kind}-{about}-{'-'.join(values.values())}"
    return Entry(id=id, at=START, kind=kind, who="21", about=about, values=values)


def test_what_was_skipped_put_off_or_settled_by_a_file_is_nobodys_follow_up():
    some = [
        noted("follow_done", "1", type="review_invite", outcome="sent", state="done"),
        noted("follow_done", "2", type="review_invite", outcome="skipped", state="dropped"),
        noted("follow_done", "3", type="pickup", outcome="no_answer", state="open"),
        noted("follow_done", "3", type="pickup", outcome="picked_up", state="done"),
        noted("follow_done", "4", type="pickup", outcome="signed", state="done"),
        noted("chase_contact", "5", step="phone"),
        noted("chase_contact", "6", step="remark"),
        noted("case", "7", step="closed", outcome="solved"),
        noted("case", "8", step="closed", outcome="solved"),
        noted("case", "8", step="closed", outcome="void"),
    ]
    (work,) = workloads(some, (), (), funnel([], [], START), (START - MINUTE, START + MINUTE))
    assert work.counts == {"follow_ups": 2, "chases": 1, "cases": 1}
    told = [(one.about, one.values["outcome"]) for one in pieces(some) if one.kind == "follow_done"]
    assert told == [("1", "sent"), ("3", "no_answer"), ("3", "picked_up")]


@pytest.mark.parametrize(
    ("typed", "unit", "rate"),
    [
        ("orders chased 2 yuan", "chases", "2"), ("工时 ¥30", "hours", "30"), ("结案工单 5 元", "cases", "5"),
        ("hours 30yuan", "hours", "30"),
    ],
)  # fmt: skip
def test_a_rate_is_read_as_buttons_and_people_call_it(typed, unit, rate):
    setup, which = with_rate(SettlementSetup(id="a1"), typed)
    assert (which, setup.rates) == (unit, {unit: Decimal(rate)})


@pytest.mark.parametrize(
    "typed",
    ["工时 30,5", "工时 1,000", "工时 -5", "工时 0", "工时 nan", "工时 1_0", "工时 1e99", "工时 30 每小时"],
)
def test_a_rate_that_can_be_read_two_ways_or_none_is_refused(typed):
    with pytest.raises(Refusal) as refused:
        with_rate(SettlementSetup(id="a1"), typed)
    assert refused.value.key == "settlement.not_yuan"


ANNA = Member(id="31", name="Anna Lee", roles=frozenset(["agent"]))


@pytest.mark.parametrize(
    "typed", ["Anna Lee recovered yuan 5,000", "31 催回金额 ¥5000", "Anna Lee amount 5000元"]
)
def test_a_target_is_read_with_names_and_items_of_several_words(typed):
    known, member, unit = with_target(MonthTargets(id="a1"), typed, [ANNA])
    assert (member.id, unit, known.goals) == ("31", "amount", {"31": {"amount": Decimal(5000)}})


@pytest.mark.parametrize("said", ["1e-30", "0.001", "-5", "0", "nan", "5%"])
def test_a_target_nobody_can_be_measured_by_is_refused(said):
    with pytest.raises(Refusal) as refused:
        with_target(MonthTargets(id="a1"), f"31 chases {said}", [ANNA])
    assert refused.value.key == "target.number"


@pytest.mark.parametrize("typed", ["未支付率 25 %", "未支付率：25%", "unpaid: 25"])
def test_a_reference_is_read_with_a_colon_and_a_sign_set_apart(typed):
    _, one = with_value(OwnReferences(id="a1"), typed)
    assert (one.id, one.value) == ("unpaid", Decimal("0.25"))
