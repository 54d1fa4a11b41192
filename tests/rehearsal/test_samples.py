"""The invented evening: the same every time, with something to do for every part of the shift."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.rehearsal import samples
from playbooks.orders import Order
from playbooks.runsheet import read
from storage.exports import kind, read_grid, read_head, read_orders, read_parcels


def orders(moment) -> dict[str, Order]:
    got = read_orders(*samples.export(moment), samples.ZONE)
    assert (got.exported_at, got.bad, got.unknown_statuses) == (moment, (), ())
    return {read_order.order.order_id: read_order.order for read_order in got.orders}


def state(tag: str, moment) -> str:
    return orders(moment)[samples.TAGGED[tag]].status


@pytest.mark.parametrize("moment", samples.EXPORTS)
def test_an_export_is_the_same_every_time_and_in_the_real_form(moment):
    name, data = samples.export(moment)
    assert (name, data) == samples.export(moment)
    assert data.startswith(b"\xef\xbb\xbf")
    head, first = data.decode("utf-8-sig").split("\n")[:2]
    assert len(head.split(",")) == 74
    assert first.startswith("\t6917")
    assert {"##", "$$", ",-,"} <= {mark for mark in ("##", "$$", ",-,") if mark in first}


def test_about_300_orders_are_placed_and_none_vanishes():
    counts = [len(orders(moment)) for moment in samples.EXPORTS]
    assert counts == sorted(counts)
    assert 280 <= counts[-1] == counts[-2] <= 320


def test_states_only_move_forward_between_the_exports():
    rank = ["pending_payment", "paid_unshipped", "shipped", "completed", "cancelled", "refunded"]
    books = [orders(moment) for moment in samples.EXPORTS]
    for before, after in pairwise(books):
        assert all(
            rank.index(after[number].status) >= rank.index(order.status) for number, order in before.items()
        )


def test_three_in_ten_start_unpaid_and_nobody_outlives_the_half_hour():
    last = orders(samples.LAST_EXPORT).values()
    slow = [o for o in last if not o.paid_at or o.paid_at - o.created_at > timedelta(minutes=2)]
    assert 0.2 < len(slow) / len(last) < 0.4
    for moment in samples.EXPORTS:
        for order in orders(moment).values():
            expected = "pending_payment" if moment - order.created_at < timedelta(minutes=30) else "cancelled"
            assert order.paid_at or order.status == expected


def test_every_order_is_whole():
    for order in orders(samples.LAST_EXPORT).values():
        assert (len(order.order_id), order.order_id[:4], order.doubt) == (19, "6917", "")
        assert all(line.gift == (line.amount == 0) for line in order.lines)
        assert order.amount > 0
        assert order.ship_by == (order.paid_at + timedelta(hours=48) if order.paid_at else None)


def test_the_orders_the_script_speaks_of_have_their_fates():
    first, second, last, later = samples.EXPORTS
    for tag in ("registered_by_hand", "pays_itself", "paid_after_chase"):
        assert (state(tag, first), state(tag, second)) == ("pending_payment", "paid_unshipped")
    assert (state("dies", first), state("dies", second)) == ("pending_payment", "cancelled")
    assert (state("second_round", second), state("second_round", last)) == (
        "pending_payment",
        "paid_unshipped",
    )
    assert (state("second_dies", second), state("second_dies", last)) == ("pending_payment", "cancelled")
    assert (state("refunded", second), state("refunded", last)) == ("paid_unshipped", "refunded")
    assert (state("no_ship", last), state("no_ship", later)) == ("paid_unshipped", "refunded")
    assert (state("remote", last), state("remote", later)) == ("paid_unshipped", "shipped")
    two = orders(last)[samples.TAGGED["two_products"]]
    assert [line.gift for line in two.lines] == [False, True, False]


def test_the_closing_finds_regions_and_contradictions():
    last = [o for o in orders(samples.LAST_EXPORT).values() if o.status == "paid_unshipped"]
    provinces = Counter(order.province for order in last)
    far = sum(provinces[p] for p in provinces if p[:2] in ("新疆", "西藏", "内蒙", "青海", "香港", "台湾"))
    assert far == 13
    odd = {("浙江省", "南京市"), ("广东省", "长沙市"), ("四川省", "武汉市")}
    assert sum((order.province, order.city) in odd for order in last) == 3
    settled = orders(samples.DAYS_LATER)[samples.TAGGED["contradiction"]]
    assert (settled.province, settled.status) == ("江苏省", "shipped")


def test_two_orders_are_refunded_during_the_evening():
    assert Counter(order.status for order in orders(samples.LAST_EXPORT).values())["refunded"] == 2


def test_days_later_some_are_received_and_some_still_lie():
    states = Counter(order.status for order in orders(samples.DAYS_LATER).values())
    assert states["completed"] > 20
    assert states["shipped"] > 100
    assert 0 < states["paid_unshipped"] < 20


def test_the_run_sheet_shows_one_error_and_one_warning_and_then_only_the_warning():
    raw = read(read_grid("排品表.xlsx", samples.runsheet_xlsx()).rows)
    corrected = read(read_grid("排品表.xlsx", samples.runsheet_xlsx(corrected=True)).rows)
    assert [finding.severity for finding in raw.findings] == ["error", "warn"]
    assert [finding.severity for finding in corrected.findings] == ["warn"]
    assert (len(raw.products), len(corrected.products)) == (11, 12)


def test_orders_name_products_of_the_run_sheet():
    sheet = {product.product_id for product in samples.RUNSHEET}
    assert {
        line.product_id for order in orders(samples.LAST_EXPORT).values() for line in order.lines
    } == sheet


def test_the_logistics_list_has_work_for_every_queue():
    got = read_parcels(*samples.logistics_list(), samples.ZONE)
    now = samples.NOON_OF_PARCELS
    assert (len(got.rows), got.bad, got.unknown) == (60, (), ())
    states = Counter(parcel.state for parcel in got.rows)
    assert {"in_transit", "signed", "at_pickup_point", "no_trace"} == set(states)
    stalled = [p for p in got.rows if p.state == "in_transit" and now - p.last_scan_at > timedelta(hours=48)]
    assert 3 <= len(stalled) <= 12
    waiting = [parcel.order_id for parcel in got.rows if parcel.state == "at_pickup_point"]
    assert samples.TAGGED["food_waiting"] in waiting
    assert all(p.last_scan_at is None or p.last_scan_at <= now for p in got.rows)
    assert {parcel.order_id for parcel in got.rows} <= orders(samples.DAYS_LATER).keys()


def test_the_files_to_go_wrong_with_go_wrong():
    broken = read_orders(*samples.broken_export(), samples.ZONE)
    assert broken.orders == ()
    assert {bad.key for bad in broken.bad} == {"orders.id_damaged"}
    assert kind(read_head(*samples.not_an_export())) is None


def test_each_file_is_known_without_a_command():
    files = [
        samples.export(samples.FIRST_EXPORT),
        samples.logistics_list(),
        ("a.xlsx", samples.runsheet_xlsx()),
    ]
    assert [kind(read_head(*file)) for file in files] == ["orders", "parcels", "runsheet"]
