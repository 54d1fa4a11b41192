"""The review says what the evening's own script knows, and nothing it does not."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbooks.announce import Notice
from playbooks.review_handoff import lags
from tests.support.review_evening import (
    AGENTS,
    DATA_UNTIL,
    LIVE,
    NOW,
    OFF,
    Evening,
    full_evening,
    order_id,
)  # fmt: skip


def share(part, whole):
    return (Decimal(part) / whole).quantize(Decimal("0.0001"), ROUND_HALF_UP) if whole else None


@pytest.mark.parametrize("seed", range(6))
def test_every_figure_of_an_evening_equals_the_scripts_own_count(seed):
    evening = full_evening(seed, orders=300)
    told, tally = evening.review(), evening.tally
    funnel = told.chase.funnel
    assert (told.sales.orders, told.sales.paid) == (tally.orders.total(), tally.paid.total())
    assert (funnel.unpaid, funnel.contacted, funnel.recovered) == (
        tally.unpaid.total(), tally.contacted.total(), tally.recovered.total()
    )  # fmt: skip
    assert funnel.recovered_amount == sum(tally.amount.values())
    assert funnel.success_rate == share(tally.recovered.total(), tally.contacted.total())
    assert funnel.natural_rate == share(tally.left_alone_paid.total(), tally.left_alone.total())
    assert dict(funnel.reasons) == dict(tally.reasons)
    assert told.handoff.median == timedelta(seconds=int(median(tally.lags)))
    assert told.handoff.worst == timedelta(seconds=max(tally.lags))


@pytest.mark.parametrize("seed", range(6))
def test_every_product_has_its_own_counts_and_its_own_baseline(seed):
    evening = full_evening(seed, orders=300)
    tally = evening.tally
    for row in evening.review().products:
        link = row.link_no
        assert (row.sales.orders, row.sales.paid) == (tally.orders[link], tally.paid[link])
        assert (row.unpaid, row.contacted, row.recovered) == (
            tally.unpaid[link], tally.contacted[link], tally.recovered[link]
        )  # fmt: skip
        assert row.recovered_amount == (tally.amount.get(link, 0) if tally.contacted[link] else None)
        assert row.success_rate == share(tally.recovered[link], tally.contacted[link])
        assert row.natural_rate == share(tally.left_alone_paid[link], tally.left_alone[link])


@pytest.mark.parametrize("seed", range(3))
def test_the_quarters_and_what_lies_outside_them_hold_every_order_once(seed):
    evening = full_evening(seed, orders=300)
    told, tally = evening.review().chase, evening.tally
    inside = {one.at for one in told.quarters}
    assert [(one.new, one.recovered) for one in told.quarters] == [
        (tally.new_at[one.at], tally.back_at[one.at]) for one in told.quarters
    ]
    assert told.new_outside == sum(n for at, n in tally.new_at.items() if at not in inside)
    assert told.recovered_outside == sum(n for at, n in tally.back_at.items() if at not in inside)
    assert [b.at - a.at for a, b in zip(told.quarters, told.quarters[1:], strict=False)] == [
        timedelta(minutes=15)
    ] * (len(told.quarters) - 1)


def test_a_quarter_names_the_product_that_was_longest_on_air_in_it():
    quarters = Evening(products=3, orders=0).review().chase.quarters
    assert [one.link_no for one in quarters] == [1] * 5 + [2] * 4 + [3] * 6


def test_orders_of_unclear_product_stand_in_a_row_of_their_own():
    evening = Evening(2, orders=40)
    evening.orders = [one.changed(link_no=None) for one in evening.orders]
    evening.chases = [one.changed(link_no=None, title="不知道") for one in evening.chases]
    *known, unclear = evening.review().products
    assert {row.sales.orders for row in known} == {0}
    assert (unclear.link_no, unclear.sales.orders, unclear.unpaid) == (None, 40, evening.tally.unpaid.total())


def test_what_nobody_recorded_is_none_and_not_zero():
    told = Evening(products=2, orders=0).review(data_until=None)
    assert (told.sales.orders, told.sales.gmv, told.products[0].sales.orders) == (None, None, None)
    assert (told.products[0].unpaid, told.products[0].success_rate) == (None, None)
    assert (told.anomalies.found, told.anomalies.exposure) == (None, None)
    assert (told.handoff.median, told.handoff.worst) == (None, None)
    assert told.not_entered == ("goals", "traffic", "service", "posts", "actions")
    assert not told.orders_known


def test_an_export_made_before_the_stream_says_nothing_of_it():
    evening = Evening(products=2, orders=0)
    before, after = (evening.review(data_until=LIVE + timedelta(minutes=m)) for m in (-1, 230))
    assert (before.sales.orders, before.anomalies.found, before.orders_known) == (None, None, False)
    assert (after.sales.orders, after.sales.net_sales, after.anomalies.found) == (0, 0, 0)
    assert after.products[0].unpaid == 0


def test_orders_without_an_amount_are_counted_but_not_priced():
    evening = Evening(2, orders=30)
    evening.orders = [one.changed(amount=None) if n % 2 else one for n, one in enumerate(evening.orders)]
    sales = evening.review().sales
    assert (sales.unpriced, sales.gmv) == (15, sum(one.amount or 0 for one in evening.orders))
    nothing = [one.changed(amount=None) for one in evening.orders]
    assert evening.review(orders=nothing).sales.gmv is None


def test_refunded_orders_were_paid_but_are_no_net_sales():
    evening = Evening(2, orders=30)
    paid = [one for one in evening.orders if one.paid_at]
    back = paid[0].changed(status="refunded")
    told = evening.review(orders=[back, *paid[1:]]).sales
    assert told.paid == len(paid)
    assert told.net_sales == sum(one.amount for one in paid[1:])


def test_figures_are_provisional_until_an_export_reaches_the_end():
    evening = full_evening()
    assert evening.review().provisional == ()
    assert evening.review(data_until=OFF - timedelta(minutes=1)).provisional == (
        "products",
        "chase",
        "anomalies",
    )
    assert evening.review(data_until=None).provisional == ("products", "chase", "anomalies")
    running = evening.broadcast.changed(ended_at=None, stage="live")
    assert "handoff" in evening.review(broadcast=running).provisional


def test_the_chase_is_provisional_while_an_order_may_still_be_paid():
    evening = full_evening()
    evening.chases[0] = evening.chases[0].changed(
        state="open", closed_why="", expires_at=NOW + timedelta(minutes=1)
    )
    assert evening.review(data_until=DATA_UNTIL).provisional == ("chase",)


def test_time_on_air_is_the_sum_of_the_segments_not_the_gap_between():
    evening = Evening(products=1, orders=0)
    hour, once = timedelta(hours=1), evening.broadcast.segments[0]
    first, second = (once.changed(started_at=LIVE + n * hour, ended_at=LIVE + (n + 1) * hour) for n in (0, 2))
    told = evening.review(broadcast=evening.broadcast.changed(segments=(first, second.changed(host="小美"))))
    assert told.basics.duration == timedelta(hours=2)
    assert told.basics.hosts == ("阿宁", "小美")


def test_those_who_put_on_air_are_ops_and_those_asked_to_know_are_agents():
    basics = full_evening().review().basics
    assert (basics.ops, basics.agents) == (("11",), AGENTS)


def test_exposure_is_open_holds_times_the_dated_penalty():
    told = full_evening().review().anomalies
    assert (told.found, told.solved, told.open, told.handed) == (6, 3, 3, 1)
    assert (told.open_holds, told.exposure, told.penalty) == (2, Decimal("6.00"), Decimal("3.00"))
    assert str(told.penalty_as_of) == "2023-10-04"
    assert [(r.rule, r.found, r.solved, r.open) for r in told.rules] == [
        ("no_ship", 3, 2, 1), ("remote", 2, 1, 1), ("field_contradiction", 1, 0, 1)
    ]  # fmt: skip
    assert full_evening().review(platform="jd").anomalies.exposure is None


def issues(evening):
    return [(one.kind, one.link_no, one.people) for one in evening.review().handoff.issues]


def test_the_hand_off_issues_of_the_evening_are_named():
    assert issues(full_evening(orders=0)) == [
        ("crowded", 2, ()), ("some_unknown", 2, ("24", "25", "26")), ("slow", 3, ("23",)), ("nobody_asked", 5, ())
    ]  # fmt: skip


def test_who_knows_a_later_revision_knows_the_earlier_one():
    evening = Evening(products=1, orders=0)
    evening.change_price(1, 10, "9", "8", {"21": 5}, asked=("21", "22"))
    evening.change_price(1, 20, "8", "7", {"21": 5, "22": 6}, asked=("21", "22"))
    assert issues(evening) == []
    assert evening.review().handoff.confirmed == 2


def test_a_change_nobody_confirmed_is_not_an_unconfirmed_person_or_two():
    evening = Evening(products=1, orders=0)
    evening.change_price(1, 10, "9", "8", {}, asked=("21", "22"))
    assert issues(evening) == [("nobody_knew", 1, ("21", "22"))]


def test_changes_a_minute_apart_are_not_crowded():
    evening = Evening(products=2, orders=0)
    evening.change_price(1, 10, "9", "8", {"21": 5}, asked=("21",))
    evening.change_price(2, 11, "9", "8", {"21": 5}, asked=("21",))
    assert issues(evening) == []


def sold(evening, link, minutes):
    evening.orders = [
        Evening(1, products=2, orders=1)
        .orders[0]
        .changed(
            id=f"a1-o{n}", order_id=order_id(n), link_no=link, created_at=LIVE + timedelta(minutes=minute)
        )
        for n, minute in enumerate(minutes)
    ]
    return evening.review().handoff.issues


def test_a_product_sold_but_never_announced_is_an_issue_with_its_orders():
    evening = Evening(products=2, orders=0)
    evening.journal = [one for one in evening.journal if one.about != "a1-b1-p2"]
    (found,) = sold(evening, 2, [5, 9])
    assert (found.kind, found.link_no, found.count) == ("never_announced", 2, 2)


def test_three_orders_before_the_announcement_are_late_and_two_are_not():
    assert sold(Evening(products=2, orders=0), 2, [90, 100, 200]) == ()
    (found,) = sold(Evening(products=2, orders=0), 2, [90, 100, 104])
    assert (found.kind, found.count, found.lag) == ("announced_late", 3, timedelta(minutes=15))


def test_orders_placed_before_the_stream_are_not_late_announcements():
    assert sold(Evening(products=2, orders=0), 2, [-20, -10, -5, 90]) == ()


def test_follow_ups_are_counted_by_kind_with_what_is_done():
    told = [(f.kind, f.created, f.done, f.open, f.rate) for f in full_evening(orders=0).review().follow_ups]
    assert told == [
        ("review_invite", 132, 33, 99, Decimal("0.2500")), ("logistics", 18, 0, 18, Decimal("0.0000")),
        ("pickup", 6, 0, 6, Decimal("0.0000")),
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.sampled_from([*AGENTS, "99"]), st.integers(-5, 4000), max_size=7),
        min_size=1,
        max_size=8,
    )
)
def test_lags_count_only_those_asked_and_lie_between_zero_and_the_worst(knows):
    evening = Evening(products=1, orders=0)
    for number, one in enumerate(knows):
        evening.change_price(1, 5 * number, "9", "8", one)
    told = evening.review().handoff
    waits = [max(wait, 0) for one in knows for who, wait in one.items() if who in AGENTS]
    assert told.answers == len(waits) == sum(person.known for person in told.people)
    if not waits:
        assert (told.median, told.worst) == (None, None)
        return
    assert told.worst == timedelta(seconds=max(waits))
    assert told.median == timedelta(seconds=int(median(waits)))
    assert told.worst == max(person.worst for person in told.people if person.worst is not None)


@given(st.dictionaries(st.sampled_from(AGENTS), st.integers(0, 500)))
def test_a_lag_does_not_depend_on_who_else_knew(knows):
    def notice(known):
        moments = {who: LIVE + timedelta(seconds=wait) for who, wait in known.items()}
        return Notice(id="n", broadcast="b", listing="l", link_no=1, revision=2, at=LIVE, by="11", changes=(),
                      asked=AGENTS, known=moments)  # fmt: skip

    together = lags(notice(knows))
    assert together == {who: lags(notice({who: wait}))[who] for who, wait in knows.items()}


def test_the_same_rows_in_another_order_give_the_same_review():
    evening = full_evening(orders=120)
    told = evening.review()
    for rows in (evening.journal, evening.chases, evening.orders, evening.notices, evening.listings):
        rows.reverse()
    again = evening.review()
    assert again.changed(anomalies=told.anomalies, chase=told.chase) == told
    assert set(again.chase.funnel.reasons) == set(told.chase.funnel.reasons)
    assert again.chase.quarters == told.chase.quarters
