"""A planned product is shown in the two minutes before its time and at no other, past midnight as before it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from playbooks import upcoming
from playbooks.announce import Listing, first_offer
from playbooks.runsheet import Product

SHANGHAI = ZoneInfo("Asia/Shanghai")
OPENED = date(2026, 11, 11)
SIX = datetime(2026, 11, 11, 6, 0, tzinfo=SHANGHAI)
minutes = st.integers(0, 24 * 60 - 1)


def listing(number: int, minute: int | None) -> Listing:
    """A product planned `minute` minutes after six in the morning of the opening date."""
    start = None if minute is None else f"{SIX + timedelta(minutes=minute):%H:%M}"
    product = Product(
        seq=number, link_no=number, duration=10, name=f"商品{number}", live_price=Decimal(59), start=start
    )
    offer = first_offer(product, "11", SIX)
    return Listing(id=f"a1-b1-p{number}", broadcast="a1-b1", link_no=number, product=product, offer=offer)


@given(st.lists(st.one_of(st.none(), minutes), max_size=12), st.integers(0, 24 * 3600), st.integers(0, 12))
def test_it_is_the_next_one_within_two_minutes_and_not_the_one_on_air(planned, second, on_air):
    listings, now = [listing(n, minute) for n, minute in enumerate(planned)], SIX + timedelta(seconds=second)
    near = [
        (minute, n)
        for n, minute in enumerate(planned)
        if minute is not None and n != on_air and second < minute * 60 <= second + 120
    ]
    found = upcoming.soon(listings, OPENED, on_air, now, SHANGHAI)
    assert (found and found[1].link_no) == (min(near)[1] if near else None)


@given(st.lists(minutes, min_size=1, max_size=8))
def test_going_from_look_to_look_misses_no_product(planned):
    """Who looks only when told to has seen every product whose time is not shared with one before it."""
    listings, now, seen = (
        [listing(n, minute) for n, minute in enumerate(planned)],
        SIX - timedelta(hours=1),
        set(),
    )
    while at := upcoming.next_look(listings, OPENED, now, SHANGHAI):
        assert at > now
        now = at
        if found := upcoming.soon(listings, OPENED, None, now, SHANGHAI):
            seen.add(found[0])
    assert seen == {SIX + timedelta(minutes=minute) for minute in planned}
