"""A table nobody declared: guessed, put right by a person, remembered, and read from then on."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.model import Refusal
from storage.exports import FORMATS, kind_of, read_head, read_orders
from storage.exports.mapping import Mapped, Mapping, guess, looks_like_orders

ZONE = ZoneInfo("Asia/Shanghai")
SAMPLES = Path(__file__).parent.parent / "data" / "orders"


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def guessed(data: bytes) -> Mapping:
    return guess(read_head("a.csv", data).rows)


def fields(seen: Mapping) -> dict[str, str | None]:
    return {one.heading: one.field for one in seen.columns}


def table(*rows: list[str]) -> bytes:
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def mapped(data: bytes, platform: str) -> Mapped:
    return guessed(data).confirmed("a1-f1", "客户的表", platform)


def test_the_douyin_fragment_is_read_by_its_mapping():
    data = sample("douyin_kol_columns.csv")
    assert fields(guessed(data)) == {
        "主订单编号": "order_id", "子订单编号": "sub_order_id", "选购商品": "product_title",
        "订单应付金额": "amount_due", "达人ID": "talent_id", "达人昵称": "talent_name", "订单状态": "status",
        "售后状态": "refund_status",
    }  # fmt: skip
    form = mapped(data, "douyin").format()
    got = read_orders("a.csv", data, ZONE, (*FORMATS, form))
    assert (got.platform, got.format, got.bad, got.unknown_statuses) == ("douyin", "客户的表", (), ())
    assert [(o.order.order_id, o.order.status, o.order.amount) for o in got.orders] == [
        ("9001", "shipped", Decimal("29.90")), ("9003", "refunded", Decimal("29.90")),
    ]  # fmt: skip


def test_the_tmall_fragment_is_read_by_its_mapping_with_its_packed_addresses():
    data = sample("tmall_new_export.csv")
    seen = guessed(data)
    assert (seen.packed, seen.missing()) == (True, ())
    form = seen.confirmed("a1-f1", "天猫新表", "tmall").format()
    first, second = read_orders("a.csv", data, ZONE, (*FORMATS, form)).orders
    assert (first.order.order_id, first.order.platform) == ("TM-EX-0001", "tmall")
    assert (first.personal.receiver_name, first.order.phone_tail, second.order.city) == (
        "周强",
        "0004",
        "韶关市",
    )
    assert first.order.created_at == datetime(2026, 2, 1, 1, 0, tzinfo=UTC)


def test_a_mapping_kept_as_json_reads_the_same():
    data = sample("douyin_kol_columns.csv")
    kept = mapped(data, "douyin")
    again = Mapped.model_validate_json(kept.model_dump_json())
    assert read_orders("a", data, ZONE, (again.format(),)) == read_orders("a", data, ZONE, (kept.format(),))


def test_what_a_person_says_takes_the_place_of_the_guess():
    seen = guess([("单据", "单号", "状态"), ("1", "6917001", "待发货")])
    assert fields(seen) == {"单据": None, "单号": None, "状态": "status"}
    assert seen.missing() == (("order_id",),)
    put_right = seen.assign("order_id", 0).assign("order_id", 1)
    assert fields(put_right) == {"单据": None, "单号": "order_id", "状态": "status"}
    assert put_right.missing() == ()
    assert put_right.assign(None, 2).missing() == (("status", "paid_at"),)


def test_a_mapping_without_an_order_id_or_any_state_is_refused_with_what_is_missing():
    with pytest.raises(Refusal) as refused:
        guess([("商品名称", "数量"), ("面膜", "1")]).confirmed("a1-f1", "x", "douyin")
    assert (refused.value.key, refused.value.values) == (
        "orders.mapping_missing", {"fields": ("order_id", "status")}
    )  # fmt: skip


def test_nothing_personal_is_shown_in_the_samples():
    seen = guess(
        [("订单号", "收件人", "手机", "地址", "订单状态", "实付"),
         ("6917926768823643751", "林小满", "13800001234", "文三路 1 号", "待发货", "39.90")]
    )  # fmt: skip
    shown = [one.samples[0] for one in seen.columns]
    assert shown == ["6*****************1", "林*满", "1*********4", "文** * 号", "待发货", "39.90"]


@given(st.lists(st.lists(st.text(max_size=12), max_size=6), max_size=6))
def test_no_table_is_too_odd_to_guess_at(rows):
    try:
        columns = guess(rows).columns
    except Refusal:  # no row of it looks like a header: any other error fails the test
        columns = ()
    taken = [one.field for one in columns if one.field]
    assert len(taken) == len(set(taken))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (["已付", "未付", "2026-11-11 20:00"], None),
        (["2026-11-11 20:00", "2026-11-11 20:01", "见备注"], "paid_at"),
        (["", ""], "paid_at"),
    ],
)
def test_a_column_most_of_whose_values_look_otherwise_is_not_taken_for_it(values, field):
    seen = guess([("订单号", "付款时间", "状态"), *(("6917001", value, "待发货") for value in values)])
    assert fields(seen)["付款时间"] == field


@pytest.mark.parametrize("name", ["douyin_kol_columns.csv", "tmall_new_export.csv"])
def test_a_table_of_orders_nobody_declared_is_known_to_be_one(name):
    assert kind_of(name, sample(name)) == "orders"


def test_tables_without_orders_are_not_taken_for_some():
    assert not looks_like_orders([("日期", "班次", "客服")])
    assert not looks_like_orders([])
    assert kind_of("a.csv", table(["链接号", "品名", "直播价"], ["1", "面膜", "79"])) == "runsheet"


def test_a_mapped_table_with_american_dates_keeps_them():
    data = table(["订单号", "状态", "付款时间"], ["6917001", "待发货", "6/23/2026 7:00"])
    form = mapped(data, "douyin").format()
    (one,) = read_orders("a", data, ZONE, (*FORMATS, form)).orders
    assert one.order.paid_at == datetime(2026, 6, 23, 7, 0, tzinfo=ZONE)
