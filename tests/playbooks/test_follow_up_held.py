"""In hand: reminded of once, never before it is due, back an hour later, and not while others are waited for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from playbooks.followup import FollowUp, give_back, held, rules
from playbooks.followup.rules import Kind

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
MINUTES = st.integers(-300, 300)


def mine(due: int, kind: Kind = "logistics", eta: datetime | None = None, number: str = "YT1") -> FollowUp:
    return held.holding(
        FollowUp(
            id=f"a1-l{number}", kind=kind, order_id="", tracking_no=number, why_key="followup.why_problem", values={},
            due_at=NOW + timedelta(minutes=due), created_at=NOW, state="claimed", owner="103", eta=eta,
        ),
        NOW,
    )  # fmt: skip


@given(st.lists(MINUTES, min_size=1, max_size=5), st.integers(1, 45))
def test_each_is_spoken_of_once_not_before_its_time_and_goes_back_an_hour_later(
    dues: list[int], every: int
) -> None:
    items = {f"a1-l{n}": mine(due, number=str(n)) for n, due in enumerate(dues)}
    reminded: dict[str, datetime] = {}
    for minute in range(0, 1000, every):
        now = NOW + timedelta(minutes=minute)
        remind, back = held.over(items.values(), now)
        for one in remind:
            assert one.id not in reminded
            assert now >= max(one.due_at, NOW + timedelta(minutes=rules().held.least_minutes))
            reminded[one.id] = now
            items[one.id] = one
        for one in back:
            assert now - reminded[one.id] >= timedelta(minutes=rules().held.after_minutes)
            items[one.id] = give_back(one, "103")
    assert {one.state for one in items.values()} == {"open"}


def test_what_was_given_more_time_has_it() -> None:
    one = mine(30).changed(due_at=NOW + timedelta(hours=5))
    assert held.over([one], NOW + timedelta(hours=2)) == ([], [])
    assert held.next_over([one]) == NOW + timedelta(hours=5)


def test_an_order_the_warehouse_is_asked_about_waits_for_its_answer() -> None:
    assert held.next_over([mine(0, "urge_ship")]) is None
    assert held.next_over([mine(0, "urge_ship", NOW + timedelta(hours=9))]) == NOW + timedelta(hours=1)


def test_what_was_taken_before_times_were_kept_stays_where_it_is() -> None:
    assert held.next_over([mine(0).changed(held_until=None)]) is None
