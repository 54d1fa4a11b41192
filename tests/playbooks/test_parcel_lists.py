"""In whatever order lists of parcels arrive, what the newest says of each stands (E04, E09)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from playbooks.followup import ParcelState, ParcelStatus, routes
from playbooks.followup.routes import KeptParcel

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
STATES = st.sampled_from(["ordered", "in_transit", "at_pickup_point", "signed", "problem"])
SENT = NOW - timedelta(hours=72)


def ago(hours: int) -> datetime:
    return NOW - timedelta(hours=hours)


def taken(
    lists: list[tuple[int, ParcelStatus]], *, sent: datetime | None = None, scans: bool = True
) -> KeptParcel | None:
    """The parcel after these lists, each as many hours old, taken in this order."""
    known: KeptParcel | None = None
    newest: datetime | None = None
    for hours, state in lists:
        as_of = ago(hours)
        one = ParcelState(
            order_id="", tracking_no="YT1", carrier="圆通", state=state, shipped_at=sent,
            last_scan_at=as_of - timedelta(hours=1) if scans else None,
        )  # fmt: skip
        if not routes.is_older(one, known, as_of, newest):
            told = routes.as_told(one, known, as_of)
            known = routes.kept("a1", told, known, NOW, province="", city="")
        newest = max(newest or as_of, as_of)
    return known


@given(
    st.lists(st.tuples(st.integers(0, 23), STATES), min_size=1, max_size=6, unique_by=lambda one: one[0]),
    st.booleans(),
)
def test_the_newest_list_stands_in_whatever_order_they_come(
    lists: list[tuple[int, ParcelStatus]], scans: bool
) -> None:
    known = taken(lists, scans=scans)
    hours, state = min(lists)
    assert known is not None
    assert (known.state, known.told_at) == (state, ago(hours))
    assert known.known_since is not None
    assert known.known_since <= ago(hours)


def test_a_list_that_leaves_a_time_out_takes_nothing_away() -> None:
    first = taken([(20, "in_transit")], sent=SENT)
    one = ParcelState(order_id="", tracking_no="YT1", state="in_transit")
    told = routes.as_told(one, first, NOW)
    assert (told.shipped_at, told.last_scan_at) == (SENT, ago(21))
    moved = routes.as_told(one.changed(state="out_for_delivery"), first, NOW)
    assert moved.last_scan_at == NOW


def test_a_parcel_only_a_much_older_list_has_is_left_where_there_is_a_newer_one() -> None:
    one = ParcelState(order_id="", tracking_no="YT9", state="at_pickup_point")
    assert not routes.is_older(one, None, ago(60), None)
    assert not routes.is_older(one, None, ago(23), NOW)
    assert routes.is_older(one, None, ago(25), NOW)
