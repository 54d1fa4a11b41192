"""Daily tasks: whose they are, how often anybody is reminded, what a manager may set; hand-overs dealt out fairly."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import daily
from playbooks.broadcast import Broadcast, Segment
from playbooks.daily import DailySetup, DailyTask, HandOver, Item
from playbooks.daily.state import NEXT, step
from playbooks.daily.work import on_air
from playbooks.model import Refusal
from playbooks.room import ROLES, Member

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 12, 12, 0, tzinfo=SHANGHAI)
MEI = Member(id="103", name="小美", roles=("agent",), presence="in")
CHEN = Member(id="105", name="老陈", roles=("warehouse",), presence="in")


def task(number: int = 4, *, at: datetime = NOON, owner: str = "103", **told: object) -> DailyTask:
    facts = {
        "id": f"a1-y{number}", "number": number, "task": "reviews", "shift": "early", "day": "2026-11-12", "at": at,
        "until": at + timedelta(hours=6), "role": "agent", "owner": owner, "next_at": at,
    }  # fmt: skip
    return DailyTask.model_validate({**facts, **told})


# -- the twenty -------------------------------------------------------------------------------------


def test_the_guides_twenty_tasks_are_all_there_each_with_a_row_and_a_time() -> None:
    shipped = daily.rules().task
    assert [one.number for one in shipped] == list(range(1, 21))
    assert [one.row for one in shipped] == [f"F{n:02}" for n in range(1, 21)]
    assert all(one.at for one in shipped)


def test_each_task_is_over_at_its_shifts_end_and_one_set_after_it_at_the_days_end() -> None:
    day = date(2026, 11, 12)
    assert daily.ends(day, "early", NOON, SHANGHAI) == datetime(2026, 11, 12, 18, 45, tzinfo=SHANGHAI)
    late = datetime(2026, 11, 12, 23, 30, tzinfo=SHANGHAI)
    assert daily.ends(day, "late", late, SHANGHAI) == datetime(2026, 11, 13, 5, 0, tzinfo=SHANGHAI)
    at_night = datetime(2026, 11, 13, 5, 30, tzinfo=SHANGHAI)
    assert daily.ends(day, "late", at_night, SHANGHAI) == datetime(2026, 11, 13, 6, 0, tzinfo=SHANGHAI)


# -- whose ------------------------------------------------------------------------------------------


def test_a_task_goes_to_who_of_its_role_has_the_fewest_and_to_the_named_person_alone() -> None:
    other = MEI.changed(id="104", name="阿强")
    assert daily.choose("agent", "", [MEI, other], [task(1)]) == "104"
    assert daily.choose("agent", "105", [MEI, other], []) == "105"
    assert daily.choose("agent", "", [CHEN], []) is None


@given(
    there=st.lists(st.sampled_from(ROLES), max_size=6),
    wanted=st.sampled_from(ROLES),
    given_before=st.lists(st.integers(0, 5), max_size=8),
)
def test_a_task_is_always_one_persons_who_is_there_and_nobody_else_has_fewer(
    there: list[str], wanted: str, given_before: list[int]
) -> None:
    people = [Member(id=str(n), name=str(n), roles=(role,), presence="in") for n, role in enumerate(there)]
    known = [task(n, owner=str(who)) for n, who in enumerate(given_before)]
    who = daily.choose(wanted, "", people, known)  # type: ignore[arg-type]
    load = Counter(one.owner for one in known)
    same = [m.id for m in people if wanted in m.roles]
    if same:
        assert who in same
        assert all(load[str(who)] <= load[other] for other in same)
    else:
        assert who is None or who in {m.id for m in people}


# -- reminders --------------------------------------------------------------------------------------


@given(
    due=st.lists(st.integers(0, 300), min_size=1, max_size=6),
    looks=st.lists(st.integers(0, 900), min_size=1, max_size=60),
)
def test_nobody_is_rung_more_often_than_allowed_nor_sooner_than_they_have_rested(
    due: list[int], looks: list[int]
) -> None:
    tasks = {n: task(n, at=NOON + timedelta(minutes=m)) for n, m in enumerate(due)}
    rings: list[datetime] = []
    for minute in sorted(looks):
        now = NOON + timedelta(minutes=minute)
        ringing = daily.to_ring(tasks.values(), now)
        if ringing:
            rings.append(now)
        for one in ringing:
            assert one.at <= now
            tasks[one.number] = daily.rung(one, now, SHANGHAI)
    assert all(one.rung <= daily.rules().most_reminders for one in tasks.values())
    assert all(b - a >= daily.rules().rest for a, b in pairwise(rings))


@given(
    minutes=st.integers(0, 400 * 24 * 60),
    zone=st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"]),
)
def test_nobody_is_reminded_a_second_time_at_night_whatever_the_zone(minutes: int, zone: str) -> None:
    here = ZoneInfo(zone)
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    again = daily.rung(task(at=now), now, here).next_at
    assert again is not None
    assert not daily.is_quiet(again, here)
    assert again >= now + daily.rules().again
    assert again - now <= daily.rules().again + timedelta(
        hours=9
    )  # the night of the clocks set back is an hour longer


def test_who_is_in_charge_hears_of_a_task_once_and_only_after_its_last_reminder() -> None:
    one, now = task(), NOON
    for _ in range(daily.rules().most_reminders):
        assert daily.to_tell([one], now) == []
        one, now = daily.rung(one, now, SHANGHAI), now + daily.rules().again
    assert daily.to_tell([one], now) == [one]
    assert daily.to_tell([one.changed(told=True)], now) == []


@given(st.lists(st.sampled_from(["finish", "skip", "miss", "snooze", "pass"]), max_size=8))
def test_a_task_ends_once_and_what_was_missed_can_only_be_done_late(steps: list[str]) -> None:
    state = "open"
    for name in steps:
        one = task(state=state)
        if name in NEXT[state]:  # type: ignore[index]
            state = step(one, name)
        else:
            with pytest.raises(Refusal):
                step(one, name)  # type: ignore[arg-type]
    assert state == "open" or any(name in steps for name in ("finish", "skip", "miss"))


def test_the_next_look_is_never_in_the_middle_of_a_persons_rest() -> None:
    first, second = task(1), task(2, at=NOON + timedelta(minutes=5))
    assert daily.next_look([daily.rung(first, NOON, SHANGHAI), second]) == NOON + daily.rules().rest


def test_a_task_is_put_off_a_few_times_and_no_more() -> None:
    one = task()
    for _ in range(daily.rules().most_snoozes):
        one = daily.snooze(one, NOON)
        assert one.next_at == NOON + daily.rules().snooze
    with pytest.raises(Refusal, match=r"daily\.snoozed"):
        daily.snooze(one, NOON)


def test_evidence_is_a_number_where_one_is_asked_for_and_never_a_phone() -> None:
    with pytest.raises(Refusal, match=r"daily\.proof_number"):
        daily.finish(task(proof="number"), "103", NOON, "十二")
    with pytest.raises(Refusal, match=r"common\.personal_note"):
        daily.skip(task(), "103", "买家 13800001111 不接", NOON)
    assert daily.finish(task(proof="number"), "103", NOON, "12").evidence == "12"


# -- set by a manager -------------------------------------------------------------------------------


def changed(typed: str, setup: DailySetup | None = None) -> DailySetup:
    return daily.change(setup or DailySetup(id="a1"), typed, [MEI, CHEN]).setup


def test_a_manager_moves_switches_and_hands_out_the_shops_tasks() -> None:
    assert changed("4 18:00").at == {4: {"early": time(18)}}
    assert changed("6 22点半").at[6] == {"early": time(17, 30), "late": time(22, 30)}
    assert changed("4 20:00").at == {4: {"late": time(20)}}
    assert changed("4 小美").owners == {4: "103"}
    assert changed("4 轮流", changed("4 小美")).owners == {}
    assert changed("18 开").switched == {18: True}


def test_a_room_adds_its_own_tasks_under_numbers_never_used_twice() -> None:
    one = changed("10:30 周三 客服 盘点样品 填数字")
    own = one.own[0]
    assert (own.number, own.title, own.role, own.days, own.proof) == (
        21,
        "盘点样品",
        "agent",
        "wed",
        "number",
    )
    assert own.at == {"early": time(10, 30)}
    again = changed("11:00 仓库 擦货架", changed("21 删", one))
    assert [task.number for task in again.own] == [22]


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("4", "usage"), ("99 18:00", "number"), ("10:30 盘点样品", "role"), ("10:30 客服", "usage"),
        ("4 删", "shipped"), ("10:30 客服 " + "盘" * 61, "long"), ("每天盘点", "usage"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_names_the_cure_and_changes_nothing(typed: str, key: str) -> None:
    with pytest.raises(Refusal, match=rf"dailyset\.{key}"):
        changed(typed)


# -- hand-over --------------------------------------------------------------------------------------


def handed(count: int) -> HandOver:
    items = tuple(Item(kind="note", ref="", text=str(n)) for n in range(count))
    return HandOver(id="a1-v1", by="103", at=NOON, items=items)


@given(
    count=st.integers(0, 9),
    there=st.lists(st.integers(1, 4), unique=True, max_size=4),
    taken=st.integers(0, 9),
)
def test_what_nobody_took_is_dealt_to_those_there_each_item_once_and_evenly(
    count: int, there: list[int], taken: int
) -> None:
    whole = handed(count)
    for place in range(min(taken, count)):
        whole = daily.end_item(whole, place, "accepted", "9", NOON)
    dealt = daily.dealt(whole, [str(one) for one in there])
    waiting = [place for place, _ in whole.waiting()]
    assert [place for place, _ in dealt] == (waiting if there else [])
    load = Counter(who for _, who in dealt)
    if there:
        counts = [load[str(one)] for one in there]
        assert max(counts) - min(counts) <= 1


def test_an_item_has_one_outcome_for_good_and_the_last_one_closes_the_whole() -> None:
    whole = daily.end_item(handed(2), 0, "accepted", "104", NOON)
    assert whole.state == "open"
    with pytest.raises(Refusal, match=r"handover\.taken"):
        daily.end_item(whole, 0, "given", "105", NOON)
    assert daily.end_item(whole, 1, "given", "105", NOON).state == "closed"


# -- on air -----------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 600)), max_size=6))
def test_time_on_air_is_counted_once_however_segments_overlap(pairs: list[tuple[int, int]]) -> None:
    start = datetime(2026, 11, 11, 22, tzinfo=UTC)
    spans = [(min(p), max(p)) for p in pairs]
    segments = tuple(
        Segment(started_at=start + timedelta(minutes=a), ended_at=start + timedelta(minutes=b))
        for a, b in spans
    )
    here = Broadcast(id="a1-b1", number=1, opened_on=date(2026, 11, 12), segments=segments)
    end = start + timedelta(minutes=300)
    minutes = {m for a, b in spans for m in range(a, min(b, 300))}
    found = on_air([here], start, end)
    assert sum((b - a).total_seconds() for a, b in found) == 60 * len(minutes)
    assert all(a < b for a, b in found)
    assert all(first[1] < second[0] for first, second in pairwise(found))
