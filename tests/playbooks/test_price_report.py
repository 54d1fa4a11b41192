"""A price in dispute: one question however often it is heard, settled once, and the orders in between known."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import price_report
from playbooks.model import Refusal
from playbooks.on_air import rules
from playbooks.orders import OrderState
from playbooks.price_report import PriceReport

START = datetime(2026, 11, 11, 20, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def report(price: int = 59, listing: int = 3) -> PriceReport:
    return PriceReport(
        id=f"a1-q{listing}-{price}", broadcast="a1-b1", listing=f"a1-b1-p{listing}", link_no=listing, price=price,
        ours=Decimal(79), at=START, reporters={"21": START},
    )  # fmt: skip


def order(number: int, second: int | None, link: int | None = 3, **more: object) -> OrderState:
    at = None if second is None else START + timedelta(seconds=second)
    fields = {
        "id": f"a1-o{number}", "order_id": f"{number:03}", "platform": "douyin", "status": "paid_unshipped",
        "as_of": START, "link_no": link, "broadcast": "a1-b1", "created_at": at, **more,
    }  # fmt: skip
    return OrderState.model_validate(fields)


@given(
    st.lists(
        st.tuples(st.one_of(st.none(), st.integers(-100, 400)), st.sampled_from([3, 4, None])), max_size=20
    ),
    st.integers(0, 300),
)
def test_orders_of_the_product_between_report_and_answer_and_no_others(placed, seconds):
    done = price_report.settle(report(), "ours", "11", START + timedelta(seconds=seconds))
    orders = [order(n, second, link) for n, (second, link) in enumerate(placed)]
    found = price_report.placed_meanwhile(done, orders, START + timedelta(hours=3))
    expected = {
        f"{n:03}" for n, (s, link) in enumerate(placed) if link == 3 and s is not None and 0 <= s <= seconds
    }
    assert {one.order_id for one in found} == expected
    assert [one.created_at for one in found] == sorted(one.created_at for one in found)


def test_closed_orders_and_other_broadcasts_worry_nobody():
    orders = [order(1, 5, status="closed"), order(2, 5, broadcast="a1-b2"), order(3, 5)]
    found = price_report.placed_meanwhile(report(), orders, START + timedelta(minutes=1))
    assert [one.order_id for one in found] == ["003"]


def test_the_same_price_of_the_same_product_is_the_same_report_while_it_is_open():
    known = report()
    others = [report(49), report(59, 4)]
    assert price_report.standing([*others, known], "a1-b1-p3", Decimal("59.00")) == known
    done = price_report.settle(known, "ours", "11", START)
    assert price_report.standing([*others, done], "a1-b1-p3", Decimal(59)) is None


def test_saying_it_twice_keeps_the_first_moment_and_settling_it_twice_is_refused():
    later = START + timedelta(seconds=20)
    assert price_report.add(report(), "21", later) == report()
    assert price_report.add(report(), "22", later).reporters == {"21": START, "22": later}
    done = price_report.settle(report(), "taken", "11", START + timedelta(seconds=14, milliseconds=900))
    assert done.lag == timedelta(seconds=14)
    with pytest.raises(Refusal):
        price_report.settle(done, "ours", "12", later)


def test_the_figures_are_the_reports_own_and_an_order_disputed_twice_counts_once():
    held = price_report.settle(report(59), "ours", "11", START + timedelta(seconds=10))
    taken = price_report.settle(report(49), "taken", "11", START + timedelta(seconds=40))
    told = price_report.figures(
        [held, taken, report(39)], [order(1, 5), order(2, 30)], START + timedelta(minutes=1)
    )
    assert (told.reported, told.ours, told.unsettled, told.orders) == (3, 1, 1, 2)
    assert (told.median, told.worst) == (timedelta(seconds=25), timedelta(seconds=40))
    nothing = price_report.figures([], [order(1, 5)], START)
    assert (nothing.reported, nothing.median, nothing.worst, nothing.orders) == (0, None, None, 0)


@given(st.lists(st.integers(0, 400), min_size=1, max_size=6))
def test_each_report_is_brought_up_so_often_and_no_message_comes_sooner_than_the_rest_allows(seconds):
    most, rest = rules().report_at_most, timedelta(seconds=rules().report_seconds)
    made = [START + timedelta(seconds=s) for s in seconds]
    open_ = [price_report.wait(report(60 + n).changed(at=at), at) for n, at in enumerate(made)]
    said: list[datetime] = []
    while (at := price_report.next_at(open_)) is not None:
        now = max(at, said[-1] + rest) if said else at  # as the one due row of the broadcast keeps it
        told = price_report.due([one for one in open_ if one.at <= now], now)
        assert told
        open_ = [price_report.remind(one, now) if one in told else one for one in open_]
        said.append(now)
    assert [one.asked for one in open_] == [most] * len(open_)
    assert len(said) <= most * len(open_)
    assert price_report.due([price_report.settle(open_[0], "ours", "11", START)], START + rest) == []
