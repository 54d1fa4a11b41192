"""What single platforms do their own way: modifiers, merged cells, packed addresses, dates, currencies, lost digits."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.model import Refusal
from playbooks.orders import Personal, ReadOrder
from storage.exports import Export, read_orders
from storage.exports.places import division
from storage.exports.rounded import are_rounded

ZONE = ZoneInfo("Asia/Shanghai")
ID = "6917926768823643751"


def read(*table: str, zone: str = "Asia/Shanghai") -> Export:
    """A csv with `|` between cells."""
    text = StringIO()
    csv.writer(text).writerows(line.split("|") for line in table)
    return read_orders("a.csv", text.getvalue().encode(), ZoneInfo(zone))


def only(*table: str, zone: str = "Asia/Shanghai") -> ReadOrder:
    got = read(*table, zone=zone)
    assert got.bad == ()
    (one,) = got.orders
    return one


JD = "订单号|京东价|订单状态|付款确认时间|客户地址|联系电话|订单金额|商品名称|商家应收"


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("等待出库", "paid_unshipped"), (" (锁定)等待出库", "paid_unshipped"), ("（锁定）等待出库", "paid_unshipped"),
        ("(删除)等待付款", "cancelled"), ("(删除)未付款", "cancelled"), ("(删除)等待出库", "deleted"),
        ("(删除)锁定", "deleted"), ("(删除)暂停", "deleted"), ("锁定订单", "refunding"),
    ],
)  # fmt: skip
def test_a_word_before_a_jd_status_says_what_became_of_the_order(word, status):
    paid = "" if "付款" in word else "2026-11-11 20:00:00"
    got = read(JD, f"3500001|9.9|{word}|{paid}||1******6198|9.9|杯子|9.90（系统计算中，该值仅供参考）")
    assert (got.orders[0].order.status, got.unknown_statuses) == (status, ())
    assert got.orders[0].order.phone_tail == "6198"
    assert got.orders[0].order.amount_paid == (None if status == "pending_payment" else Decimal("9.90"))


def test_a_word_nobody_listed_stays_unknown_behind_a_modifier():
    got = read(JD, "3500001|9.9|(锁定)改签中|||||杯子|")
    assert (got.orders[0].order.status, got.unknown_statuses) == ("unknown", ("(锁定)改签中",))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("广东深圳市福田区示例路1号", ("广东", "深圳市", "福田区")),
        ("广东省 广州市 越秀区 示例街道示例路1号(510000)", ("广东省", "广州市", "越秀区")),
        ("北京朝阳区示例路1号", ("北京", "", "朝阳区")),
        ("上海 上海市 浦东新区 示例路", ("上海", "上海市", "浦东新区")),
        ("广东省 东莞市 示例镇 示例路1号", ("广东省", "东莞市", "")),
        ("浙江杭州西湖边示例店", ("浙江", "", "")),
        ("示例路1号", ("", "", "")), ("##密文", ("", "", "")), ("", ("", "", "")),
    ],
)  # fmt: skip
def test_an_address_that_holds_everything_tells_where_it_is(address, said):
    assert division(address) == said


@given(st.text())
def test_no_address_is_too_odd_to_look_at(text):
    assert len(division(text)) == 3


def test_an_address_with_name_and_phone_packed_into_it_is_taken_apart():
    one = only(
        "子订单编号|主订单编号|商品标题|买家实付金额|订单状态|订单创建时间|订单付款时间|收货地址|退款金额",
        f"{ID}1|{ID}|丁|5.20|等待买家付款|2026-02-01 09:00:00||"
        "周强，86-13900000004，江苏省 扬州市 广陵区 示例地址 ，|无退款申请",
    )
    assert one.personal == Personal(
        receiver_name="周强", phone="86-13900000004", address="江苏省 扬州市 广陵区 示例地址"
    )
    assert (one.order.province, one.order.city, one.order.district) == ("江苏省", "扬州市", "广陵区")
    assert (one.order.phone_tail, one.order.refund_amount) == ("0004", Decimal("0.00"))


def test_an_item_without_an_order_id_belongs_to_the_1688_order_above():
    one = only(
        "订单编号|买家会员名|货品标题|数量|货品总价(元)|订单状态",
        f"{ID}|示例买家|杯子|2|30|等待买家付款",
        "||碟子|1||",
    )
    assert [(line.title, line.quantity) for line in one.order.lines] == [("杯子", 2), ("碟子", 1)]
    assert (one.order.amount, one.personal.nick) == (Decimal("30.00"), "示例买家")


def test_orders_an_erp_merged_into_one_row_are_told_each_without_an_amount():
    got = read(
        "线上订单号|店铺|内部订单号|状态|应付金额",
        "6917001,6917002|示例店|88|已发货|59.80",
        "6917003|示例店|89|已发货|9.90",
    )
    assert [(o.order.order_id, o.order.status, o.order.amount) for o in got.orders] == [
        ("6917001", "shipped", None), ("6917002", "shipped", None), ("6917003", "shipped", Decimal("9.90")),
    ]  # fmt: skip
    assert got.orders[0].order.shop_name == "示例店"


@pytest.mark.parametrize("id", ["6917001A", "6917001-1", "6917001"])
def test_an_erps_ending_comes_off_the_platforms_id(id):
    one = only("订单编号|店铺|子单原始单号|订单状态|收货地区", f"JY1|示例店|{id}|已发货|浙江省 杭州市 西湖区")
    assert one.order.order_id == "6917001"
    assert (one.order.province, one.order.city, one.order.district) == ("浙江省", "杭州市", "西湖区")


def test_of_two_columns_called_alike_the_one_that_says_something_counts():
    head = "订单号|收货人手机号/提货人手机号|订单实付金额|订单状态|分销员|分销员"
    assert only(head, "E2026||9.9|待付款|——|小美").order.talent_name == "小美"
    assert only(head, "E2026||9.9|待付款|小丽|小美").order.talent_name == "小丽"


TIKTOK = "Order ID|Order Status|SKU ID|Order Amount|Created Time|Paid Time"


@pytest.mark.parametrize(
    ("cell", "month", "day", "hour"),
    [
        ("06/10/2026 07:00:05", 10, 6, 7),
        ("6/10/2026 7:00:05 PM", 6, 10, 19),
        ("6/10/2026 12:00:05 AM", 6, 10, 0),
        ("2026-10-06 07:00:05", 10, 6, 7),
    ],
)
def test_a_slashed_date_is_day_first_unless_its_hours_are_american(cell, month, day, hour):
    one = only(TIKTOK, f"{ID}|Unpaid|1|12|{cell}|")
    assert one.order.created_at == datetime(2026, month, day, hour, 0, 5, tzinfo=ZONE)


def test_one_date_that_can_only_be_month_first_turns_all_of_its_file():
    got = read(TIKTOK, f"{ID}|Unpaid|1|12|6/10/2026 7:00|", f"{ID}9|Unpaid|1|12|6/23/2026 7:00|")
    assert [one.order.created_at.month for one in got.orders if one.order.created_at] == [6, 6]


def test_a_date_that_contradicts_the_others_is_a_bad_row():
    got = read(TIKTOK, f"{ID}|Unpaid|1|12|6/23/2026 7:00|", f"{ID}9|Unpaid|1|12|23/6/2026 7:00|")
    assert [(bad.line, bad.column, bad.key) for bad in got.bad] == [
        (3, "Created Time", "orders.time_unreadable")
    ]


def test_wall_clocks_are_the_platforms_where_it_has_one_zone_and_the_rooms_elsewhere():
    there = only(TIKTOK, f"{ID}|Unpaid|1|12|06/10/2026 07:00:05|", zone="Asia/Jakarta")
    assert there.order.created_at == datetime(2026, 10, 6, 0, 0, 5, tzinfo=UTC)
    head = "主订单编号|子订单编号|订单提交时间|选购商品|订单状态"
    here = only(head, f"{ID}|{ID}|2026-11-11 20:18:00|面膜|待支付", zone="Europe/London")
    assert here.order.created_at == datetime(2026, 11, 11, 12, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "amount", "code"),
    [("BRL 12,34", "12.34", "BRL"), ("BRL 1.234,50", "1234.50", "BRL"), ("1,234.50", "1234.50", ""),
     ("1,234", "1234.00", ""), ("₱99.00", "99.00", ""), ("Rp50000", "50000.00", ""), ("12.30 USD", "12.30", "USD")],
)  # fmt: skip
def test_an_amount_keeps_its_value_and_its_currency(cell, amount, code):
    order = only(TIKTOK, f"{ID}|Unpaid|1|{cell}|06/10/2026 07:00:05|").order
    assert (order.amount, order.currency) == (Decimal(amount), code)


SHOPIFY = "Name|Financial Status|Lineitem name|Fulfillment Status|Paid at|Cancelled at|Total"


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        ("paid|Tote|unfulfilled|2026-09-03 10:15:00 -0400||9", "paid_unshipped"),
        ("paid|Tote|partial|2026-09-03 10:15:00 -0400||9", "partially_shipped"),
        ("paid|Tote|fulfilled|2026-09-03 10:15:00 -0400||9", "shipped"),
        ("paid|Tote|fulfilled|2026-09-03 10:15:00 -0400|2026-09-04 10:15:00 -0400|9", "cancelled"),
        ("pending|Tote|unfulfilled|||9", "pending_payment"),
        ("voided|Tote||||9", "cancelled"),
    ],
)
def test_a_shopify_status_is_payment_and_shipping_together(cells, status):
    assert only(SHOPIFY, f"#1001|{cells}").order.status == status


# Ids whose digits are lost


def as_a_float(id: int) -> str:
    return str(int(float(id)))


def as_javascript(id: int) -> str:
    return f"{float(id):.16e}".split("e")[0].replace(".", "").ljust(len(str(id)), "0")


@given(st.integers(0, 2**32))
def test_ids_pushed_through_a_float_are_seen_and_honest_ones_pass(seed):
    numbers = [Random(seed + n).randrange(4 * 10**18, 7 * 10**18) for n in range(40)]
    assert are_rounded(map(as_a_float, numbers))
    assert are_rounded(map(as_javascript, numbers))
    assert not are_rounded(map(str, numbers))
    assert not are_rounded(f"\t{as_a_float(number)}" for number in numbers)


@given(st.lists(st.integers(10**15, 10**15 + 10**9), unique=True, min_size=1, max_size=60))
def test_ids_a_generator_ends_in_zero_bits_are_honest(numbers):
    assert not are_rounded(str(number << 12) for number in numbers)


@given(st.lists(st.from_regex("[0-9]{1,16}|P[0-9]{18}|[0-9]{6}-[0-9]{15}", fullmatch=True)))
def test_short_and_lettered_ids_are_never_called_rounded(cells):
    assert not are_rounded(cells)


def test_a_file_of_rounded_ids_is_refused_whole_with_its_column():
    rows = [f"{as_a_float(4_917_926_768_823_643_751 + n * 99_991)}|Unpaid|1|12||" for n in range(30)]
    with pytest.raises(Refusal) as refused:
        read(TIKTOK, *rows)
    assert (refused.value.key, refused.value.values) == ("orders.ids_rounded", {"column": "Order ID"})
