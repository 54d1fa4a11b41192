"""An order that stands twice in one file: what is furthest along counts, and nothing is counted twice."""

from __future__ import annotations

import json
from datetime import UTC
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.orders import Order, ReadOrder
from storage.canonical import read_lines
from storage.exports import read_orders

SHANGHAI = ZoneInfo("Asia/Shanghai")
HEAD = (
    "主订单编号,子订单编号,选购商品,商品数量,订单应付金额,省,市,区,详细地址,商家备注,订单提交时间,支付完成时间,"
    "订单状态,售后状态"
)
NUMBER = "6917926768823643001"
STATES = {
    "待支付": 1, "待发货": 2, "已发货": 4, "已完成": 6, "已关闭": 8,
}  # fmt: skip


def row(status: str, sub: str = NUMBER, *, memo: str = "", what: str = "云雾绿茶", after: str = "-") -> str:
    paid = "-" if status == "待支付" else "2026-11-11 20:02:00"
    place = "浙江省,杭州市,西湖区,文三路1号"
    return f"{NUMBER},{sub},{what},1,39.90,{place},{memo},2026-11-11 20:01:00,{paid},{status},{after}"


def orders(*rows: str) -> list[Order]:
    said = "\n".join((HEAD, *rows)).encode("utf-8-sig")
    return [one.order for one in read_orders("订单.csv", said, SHANGHAI).orders]


@pytest.mark.parametrize("rows", [("待发货", "已关闭"), ("已关闭", "待发货")])
def test_an_order_that_is_over_by_one_of_its_rows_is_over_wherever_that_row_stands(
    rows: tuple[str, str],
) -> None:
    (one,) = orders(*(row(status, after="退款成功" if status == "已关闭" else "-") for status in rows))
    assert (one.status, one.amount, len(one.lines)) == ("refunded", Decimal("39.90"), 1)


def test_two_sub_orders_of_which_one_is_refunded_still_ship() -> None:
    (one,) = orders(row("待发货"), row("已关闭", "6917926768823643002", after="退款成功"))
    assert one.status == "paid_unshipped"
    assert [line.status for line in one.lines] == ["paid_unshipped", "refunded"]


def test_a_gift_under_the_number_of_what_it_came_with_stays_a_line_of_its_own() -> None:
    (one,) = orders(row("待发货"), row("待发货", what="【赠品】茶杯"))
    assert [line.title for line in one.lines] == ["云雾绿茶", "【赠品】茶杯"]


def test_a_note_in_the_earlier_row_is_not_lost() -> None:
    said = "\n".join((HEAD, row("待发货", memo="改地址"), row("待发货", memo="加急"))).encode("utf-8-sig")
    (one,) = read_orders("订单.csv", said, SHANGHAI).orders
    assert one.personal.seller_memo == "改地址\n加急"
    assert one.order.amount == Decimal("39.90")


@given(st.lists(st.sampled_from(sorted(STATES)), min_size=1, max_size=6))
def test_however_often_an_order_is_said_the_furthest_state_counts_and_its_money_once(said: list[str]) -> None:
    (one,) = orders(*map(row, said))
    (furthest,) = orders(row(max(said, key=STATES.__getitem__)))
    assert (one.status, one.amount) == (furthest.status, Decimal("39.90"))


def canonical(folder: Path, *said: dict[str, str]) -> list[ReadOrder]:
    path = folder / "a.jsonl"
    path.write_text("\n".join(json.dumps(one) for one in said), encoding="utf-8")
    return [one for one in read_lines(path, UTC) if isinstance(one, ReadOrder)]


def test_lines_of_json_speak_for_their_order_in_the_same_way(tmp_path: Path) -> None:
    (over,) = canonical(
        tmp_path, {"order_id": "1", "status": "paid_unshipped"}, {"order_id": "1", "status": "closed"}
    )
    assert over.order.status == "closed"
    two = {"order_id": "1", "status": "paid_unshipped", "product_title": "茶", "amount_due": "5"}
    (twice,) = canonical(tmp_path, two, two)
    assert (len(twice.order.lines), twice.order.amount) == (2, Decimal(10))
