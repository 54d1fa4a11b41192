"""The checklist: conditions, looked-up items, ticks and waivers by name, reminders with a maximum."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import texts
from playbooks import preflight
from playbooks.model import Refusal
from playbooks.preflight import Facts, Mark, Preflight, State

START = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
EARLY = START - timedelta(hours=3)
EMPTY = Preflight(id="a1-b1")
NOTHING = Facts()


def of(states: tuple[State, ...], id: str) -> State | None:
    return next((s for s in states if s.item.id == id), None)


def test_items_of_food_and_presale_are_asked_only_where_they_are_on_the_sheet() -> None:
    assert of(preflight.states(EMPTY, NOTHING, EARLY), "food") is None
    there = preflight.states(EMPTY, Facts(holds=frozenset(["food"])), EARLY)
    assert of(there, "food")
    assert of(there, "presale") is None


def test_what_is_looked_up_is_open_while_its_check_fails_and_names_what_is_missing() -> None:
    failing = of(preflight.states(EMPTY, Facts(failing={"private": ("小美",)}), EARLY), "private")
    assert failing
    assert (failing.done, failing.missing) == (False, ("小美",))
    found = of(preflight.states(EMPTY, NOTHING, EARLY), "private")
    assert found
    assert found.done


def test_what_people_do_is_open_until_somebody_of_the_role_or_in_charge_ticks_it() -> None:
    item = preflight.find("stock")
    with pytest.raises(Refusal) as refused:
        preflight.tick(EMPTY, item, ("agent",), "3", EARLY)
    assert refused.value.key == "preflight.whose"
    for role in ("ops", "lead", "manager"):
        after = preflight.tick(EMPTY, item, (role,), "2", EARLY)
        state = of(preflight.states(after, NOTHING, EARLY), "stock")
        assert state
        assert state.mark == Mark(by="2", at=EARLY)


def test_nobody_ticks_what_is_looked_up_but_it_is_waived_by_name_with_a_reason() -> None:
    item = preflight.find("private")
    with pytest.raises(Refusal) as refused:
        preflight.tick(EMPTY, item, ("manager",), "1", EARLY)
    assert refused.value.key == "preflight.looked_up"
    with pytest.raises(Refusal) as refused:
        preflight.waive(EMPTY, item, "1", "  ", EARLY)
    assert refused.value.key == "preflight.why"
    waived = preflight.waive(EMPTY, item, "1", "手机坏了", EARLY)
    state = of(preflight.states(waived, Facts(failing={"private": ("小美",)}), EARLY), "private")
    assert state
    assert state.done


def test_the_platforms_rules_are_read_once_a_week_and_a_waiver_is_for_one_broadcast() -> None:
    item = preflight.find("platform_rules")
    last = preflight.tick(Preflight(id="a1-b0"), item, ("manager",), "1", EARLY)
    for days, done in ((6, True), (7, False)):
        state = of(preflight.states(EMPTY, NOTHING, EARLY + timedelta(days=days), [last]), item.id)
        assert state
        assert state.done is done
    waived = preflight.waive(Preflight(id="a1-b0"), item, "1", "不用", EARLY)
    state = of(preflight.states(EMPTY, NOTHING, EARLY, [waived]), item.id)
    assert state
    assert not state.done


@given(
    st.lists(st.integers(1, 60), max_size=40),
    st.sets(st.sampled_from([i.id for i in preflight.rules().item])),
)
def test_an_item_is_brought_up_at_most_twice_never_before_its_time_nor_once_live(
    waits: list[int], ticked: set[str]
) -> None:
    here = EMPTY.changed(marks={id: Mark(by="1", at=EARLY) for id in ticked})
    facts = Facts(holds=frozenset(["sheet", "food"]), failing={"life": (), "signed_in": ()})
    now, count = EARLY, dict[str, int]()
    for wait in waits:
        now += timedelta(minutes=wait)
        due = preflight.due(preflight.states(here, facts, now), here.reminded, START, now)
        here = preflight.told(here, due, START, now)
        for state in due:
            assert state.item.id not in ticked
            assert START - timedelta(minutes=state.item.minutes) <= now < START
            count[state.item.id] = count.get(state.item.id, 0) + 1
    assert all(times <= preflight.rules().remind_most for times in count.values())


@given(st.integers(0, 240))
def test_the_next_look_finds_something_and_nothing_was_due_before_it(minutes: int) -> None:
    now = START - timedelta(minutes=minutes)
    states = preflight.states(EMPTY, NOTHING, now)
    at = preflight.next_due(states, {}, START, now)
    if at is None:
        assert now >= START
        return
    assert preflight.due(states, {}, START, at)
    assert at == now or not preflight.due(states, {}, START, at - timedelta(seconds=1))


def test_every_item_of_the_list_has_its_texts() -> None:
    for item in preflight.rules().item:
        for key in (f"preflight.item_{item.id}", f"preflight.short_{item.id}"):
            assert all(key in texts.texts(lang) for lang in texts.LANGUAGES), key
