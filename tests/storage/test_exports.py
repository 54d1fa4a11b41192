"""Order exports as 抖店 really produces them: what is read, what is reported, what is refused."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbooks.model import Refusal
from playbooks.orders import Order, OrderLine, Personal, ReadOrder
from storage.exports import Export, Format, Grid, kind, read_head, read_orders, unpaid_life
from storage.exports.formats import DOUYIN, FORMATS

ZONE = ZoneInfo("Asia/Shanghai")
SAMPLES = Path(__file__).parent.parent / "data" / "orders"
NUMBER = "6917926768823643751"
BASE = {
    "主订单编号": f"\t{NUMBER}", "子订单编号": f"\t{NUMBER}", "选购商品": "\t保湿面膜",
    "订单应付金额": "39.90",
    "订单提交时间": "2026-11-11 20:18:00", "支付完成时间": "-", "订单状态": "待支付",
}  # fmt: skip


def export(*rows: dict[str, str], name: str = "orders.csv", formats: tuple[Format, ...] = FORMATS) -> Export:
    """The rows as a csv with the standard columns and whatever else they name."""
    extra = [heading for row in rows for heading in row if heading not in BASE]
    headings = list(dict.fromkeys([*BASE, *extra]))
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([(BASE | row).get(heading, "-") for heading in headings] for row in rows)
    return read_orders(name, text.getvalue().encode("utf-8-sig"), ZONE, formats)


def one(**cells: str) -> ReadOrder:
    (order,) = export(cells).orders
    return order


def sample(name: str) -> Export:
    return read_orders(name, (SAMPLES / name).read_bytes(), ZONE)


# The files of other people


def test_a_real_export_is_read_to_the_last_digit():
    got = sample("douyin_platform_orders.csv")
    assert (got.platform, got.format, got.bad, got.unknown_statuses) == ("douyin", "抖店", (), ())
    said = [(o.order.order_id, o.order.status, o.order.amount, o.line) for o in got.orders]
    assert said == [
        ("6917926768823643751", "completed", Decimal("28.90"), 2),
        ("6917926768823643752", "shipped", Decimal("20.00"), 3),
        ("6917926768823643753", "paid_unshipped", Decimal("15.90"), 5),
    ]
    assert [line.gift for line in got.orders[1].order.lines] == [False, True]
    assert got.orders[0].order.created_at == datetime(2026, 9, 21, 16, 54, 10, tzinfo=UTC)
    assert got.exported_at == datetime(2026, 10, 2, 2, 0, tzinfo=UTC)


def test_ciphered_names_and_phones_are_unknown_and_a_memo_stays():
    personal = sample("douyin_platform_orders.csv").orders[0].personal
    assert personal == Personal(seller_memo="吃了一包")


def test_a_file_with_headings_alone_is_an_export_without_orders():
    got = sample("headings_douyin.csv")
    assert (got.orders, got.bad, got.exported_at) == ((), (), None)


@pytest.mark.parametrize("name", ["douyin_kol_columns.csv", "tmall_new_export.csv"])
def test_a_file_that_lacks_a_platforms_signature_is_refused_with_its_columns(name):
    with pytest.raises(Refusal) as refused:
        sample(name)
    assert refused.value.key == "orders.unknown_format"
    assert "订单" in str(refused.value.values["columns"])


# Headings


@pytest.mark.parametrize(
    ("standard", "variant"), [(names[0], name) for names in DOUYIN.columns.values() for name in names[1:]]
)
def test_every_variant_of_a_heading_is_understood(standard, variant):
    row = BASE | {"商品数量": "2", "流量体裁": "直播"}
    cells = {variant if heading == standard else heading: cell for heading, cell in row.items()}
    text = StringIO()
    csv.writer(text).writerows([cells.keys(), cells.values()])
    variant_said = read_orders("a", text.getvalue().encode(), ZONE).orders[0]
    assert variant_said == one(商品数量="2", 流量体裁="直播")


def test_headings_match_through_spaces_bom_and_case_below_a_title():
    head = "﻿小满优选 订单\n\n 主订单 编号 ,子订单编号\u200b,选购商品,订单提交时间,达人id,订单状态\n"
    got = read_orders("a", f"{head}{NUMBER},{NUMBER},面膜,2026/11/11 20:18,\t759,待支付\n".encode(), ZONE)
    assert (got.orders[0].order.talent_id, got.orders[0].line) == ("759", 4)


def test_a_heading_that_stands_twice_counts_where_it_says_something():
    assert one(流量体裁="-", 流量来源="直播间").order.traffic == "直播间"
    assert one(流量体裁="直播", 流量来源="直播间").order.traffic == "直播"


def test_two_formats_that_fit_equally_are_not_decided_between():
    with pytest.raises(Refusal, match="which_format") as refused:
        export(BASE, formats=(DOUYIN, DOUYIN.changed(id="twin")))
    assert refused.value.values["candidates"] == ("douyin", "twin")


# States


@pytest.mark.parametrize(
    ("word", "paid", "after_sale", "status", "doubt"),
    [
        ("待支付", "-", "-", "pending_payment", ""),
        ("待支付", "2026-11-11 20:20:00", "-", "pending_payment", "orders.status_disagrees"),
        ("待发货", "2026-11-11 20:20:00", "-", "paid_unshipped", ""),
        ("待发货", "-", "-", "paid_unshipped", "orders.status_disagrees"),
        ("已关闭", "-", "-", "cancelled", ""),
        ("已关闭", "2026-11-11 20:20:00", "-", "closed", ""),
        ("已关闭", "2026-11-11 20:20:00", "同意退款，退款成功", "refunded", ""),
        ("已发货", "2026-11-11 20:20:00", "售后中", "shipped", ""),
        ("拼团中", "-", "-", "unknown", ""),
    ],
)
def test_the_state_follows_the_word_and_the_paid_time(word, paid, after_sale, status, doubt):
    order = one(订单状态=word, 支付完成时间=paid, 售后状态=after_sale).order
    assert (order.status, order.doubt) == (status, doubt)


def test_a_word_nobody_listed_is_kept_and_reported():
    got = export({"订单状态": "拼团中"})
    assert (got.unknown_statuses, got.orders[0].order.status_text) == (("拼团中",), "拼团中")


def test_an_after_sale_word_is_told_and_moves_no_state():
    assert one(售后状态="售后中").order.refund_status == "refunding"
    assert one(售后状态="极速退").order.refund_status == "极速退"
    assert one(售后状态="售后关闭").order.refund_status == ""


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("已关闭", "已发货"), "shipped"),
        (("待发货", "已发货"), "partially_shipped"),
        (("已完成", "已发货"), "shipped"),
        (("待发货", "已完成"), "partially_shipped"),
        (("拼团中", "待发货"), "paid_unshipped"),
        (("已关闭", "已关闭"), "closed"),
    ],
)
def test_a_main_order_is_where_its_living_lines_are(words, status):
    rows = [
        {"子订单编号": f"{NUMBER}{i}", "订单状态": w, "支付完成时间": "2026-11-11 20:20:00"}
        for i, w in enumerate(words)
    ]
    (order,) = export(*rows).orders
    assert order.order.status == status
    assert len(order.order.lines) == len(words)


def test_a_gift_has_no_say_in_the_state_of_its_order():
    gift = {"子订单编号": f"{NUMBER}9", "订单应付金额": "0.00", "选购商品": "小样", "订单状态": "待发货"}
    paid = {"支付完成时间": "2026-11-11 20:20:00"}
    (order,) = export({"订单状态": "已发货"} | paid, gift | paid).orders
    assert (order.order.status, [line.gift for line in order.order.lines]) == ("shipped", [False, True])
    assert order.order.amount == Decimal("39.90")


def test_rows_of_one_order_need_not_stand_together():
    other = {"主订单编号": "6917926768823643999", "子订单编号": "6917926768823643999"}
    got = export({}, other, {"子订单编号": f"{NUMBER}2", "订单应付金额": "10.10"})
    assert [(o.order.amount, o.line) for o in got.orders] == [(Decimal("50.00"), 2), (Decimal("39.90"), 3)]


def test_a_row_that_joins_sub_orders_becomes_several_lines():
    joined = {
        "子订单编号": "\t11;\t12",
        "选购商品": "面膜;口红",
        "商品ID": "71;72",
        "商家编码": "A;B",
        "商品数量": "1;3",
    }
    order = one(**joined).order
    assert [(line.sub_order_id, line.title, line.product_id, line.quantity) for line in order.lines] == [
        ("11", "面膜", "71", 1),
        ("12", "口红", "72", 3),
    ]
    assert (order.amount, order.lines[0].amount) == (Decimal("39.90"), None)


def test_a_semicolon_in_a_title_alone_makes_no_second_line():
    assert [line.title for line in one(选购商品="洗发水;护发素 套装").order.lines] == ["洗发水;护发素 套装"]


def test_a_dead_order_was_not_received():
    assert one(订单状态="已关闭", 订单完成时间="2026-11-11 20:48:00").order.received_at is None


# Cells


@pytest.mark.parametrize(
    ("cell", "amount"),
    [("39.9", "39.90"), ("¥1,039.90", "1039.90"), ("￥39.90元", "39.90"),
     ("39.90（系统计算中，该值仅供参考）", "39.90"),
     ("\t39.90\t", "39.90"), ("0", "0.00")],
)  # fmt: skip
def test_money_is_read_exactly(cell, amount):
    assert one(订单应付金额=cell).order.amount == Decimal(amount)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-11 20:18:00",
        "2026/11/11 20:18",
        "2026/11/11 20:18:00",
        "2026-11-11T20:18:00",
        "46337.8458333333",
    ],
)
def test_times_are_read_in_the_rooms_zone(cell):
    assert one(订单提交时间=cell).order.created_at == datetime(2026, 11, 11, 12, 18, tzinfo=UTC)


@pytest.mark.parametrize("cell", [f"\t{NUMBER}", f"'{NUMBER}", f'="{NUMBER}"', f" {NUMBER} ", NUMBER])
def test_the_packing_of_an_id_comes_off(cell):
    assert one(主订单编号=cell).order.order_id == NUMBER


@pytest.mark.parametrize(
    ("cell", "tail"),
    [("13800001234", "1234"), ("138****1234", "1234"), ("1******6198", "6198"), ("86-13900005678", "5678"),
     ("186******05", ""), ("18400913965-7576", ""), ("$$密文", ""), ("-", "")],
)  # fmt: skip
def test_the_last_four_digits_are_kept_only_where_they_are_the_buyers(cell, tail):
    assert one(收件人手机号=cell).order.phone_tail == tail


def test_masked_and_ciphered_fields_are_unknown_and_clear_ones_are_handed_on():
    hidden = one(收件人="张*", 收件人手机号="138****1234", 省="****", 市="#x", 详细地址="##y", 买家留言="##z")
    assert hidden.personal == Personal()
    assert (hidden.order.province, hidden.order.city) == ("", "")
    clear = one(收件人="林小满", 收件人手机号="13800001234", 详细地址="文三路 1 号", 买家留言="#轻拿轻放*")
    assert clear.personal == Personal(
        receiver_name="林小满", phone="13800001234", address="文三路 1 号", buyer_message="#轻拿轻放*"
    )


def test_a_parcel_cell_is_number_and_carrier():
    assert one(快递信息="78500100200300-中通快递").order.tracking_no == "78500100200300"
    assert one(快递信息="JD0001-1-1-京东快递;JD2-京东快递").order.carrier == "京东快递"
    assert one(快递信息="JD0001-1-1").order.tracking_no == "JD0001-1-1"


# Bad rows


@pytest.mark.parametrize(
    ("heading", "cell", "key"),
    [
        ("主订单编号", "6.91793E+18", "orders.id_damaged"),
        ("主订单编号", "6917926768823640000", "orders.id_damaged"),
        ("主订单编号", "-", "orders.id_missing"),
        ("主订单编号", "合计", "orders.id_unreadable"),
        ("子订单编号", "6.9E+18", "orders.id_damaged"),
        ("订单应付金额", "13800001234", "orders.amount_unreadable"),
        ("订单应付金额", "sNaN1", "orders.amount_unreadable"),
        ("订单应付金额", "1E+999999999", "orders.amount_unreadable"),
        ("商品数量", "三", "orders.quantity_unreadable"),
        ("订单提交时间", "2026-02-30 10:00:00", "orders.time_unreadable"),
        ("支付完成时间", "昨天", "orders.time_unreadable"),
    ],
)
def test_a_bad_row_says_where_and_why_and_the_good_ones_count(heading, cell, key):
    good = {"主订单编号": "6917926768823643999", "子订单编号": "6917926768823643999"}
    got = export({heading: cell}, good)
    assert [(bad.line, bad.column, bad.key) for bad in got.bad] == [(2, heading, key)]
    assert [o.order.order_id for o in got.orders] == ["6917926768823643999"]


def test_a_bad_row_quotes_nothing_that_could_be_somebodys_phone():
    (bad,) = export({"订单应付金额": "13800001234"}).bad
    assert bad.values == {"order_id": NUMBER}
    (shifted,) = export({"主订单编号": "林小满 13800001234"}).bad
    assert shifted.values == {"order_id": ""}


def test_an_id_behind_a_tab_may_end_in_0000():
    assert one(主订单编号="\t6917926768823640000").order.order_id.endswith("0000")


def test_an_order_one_of_whose_rows_is_bad_is_in_doubt():
    (order,) = export({}, {"子订单编号": f"{NUMBER}2", "订单应付金额": "?"}).orders
    assert order.order.doubt == "orders.part_unreadable"


def test_ids_that_a_spreadsheet_rounded_are_refused_with_the_cure(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(list(BASE))
    book.active.append([float(NUMBER), *list(BASE.values())[1:]])
    book.save(tmp_path / "a.xlsx")
    (bad,) = read_orders("a.xlsx", (tmp_path / "a.xlsx").read_bytes(), ZONE).bad
    assert (bad.line, bad.column, bad.key) == (2, "主订单编号", "orders.id_damaged")


# The moment of the file, and what kind it is


def test_the_file_name_says_when_an_export_was_true():
    name = "1794400800_341ab6603e1ebb20d97ca204f972754c.csv"
    assert export({}, name=name).exported_at == datetime(2026, 11, 11, 12, 40, tzinfo=UTC)
    assert export({}, name="9999999999_x.csv").exported_at == datetime(2026, 11, 11, 12, 18, tzinfo=UTC)


def test_a_promise_to_ship_is_no_proof_of_the_time():
    assert export({"承诺发货时间": "2026-11-13 20:18:00"}).exported_at == datetime(
        2026, 11, 11, 12, 18, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (("主订单编号", "子订单编号", "订单提交时间", "选购商品", "价格"), "orders"),
        (("运单号", "物流状态", "商品名", "价格"), "parcels"),
        (("链接号", "品名", "直播价"), "runsheet"),
        (("日期", "班次", "客服"), None),
    ],
)
def test_a_file_is_known_by_its_headings(headings, expected):
    assert kind(Grid((("标题",), (), headings), "")) == expected
    assert kind(read_head("a.csv", ",".join(headings).encode())) == expected


def test_how_long_an_unpaid_order_lives_is_known_on_douyin_only():
    assert unpaid_life("douyin") == timedelta(minutes=30)
    assert unpaid_life("douyin", flash=True) == timedelta(minutes=5)
    assert unpaid_life("kuaishou") is None


# Round trip

STATES = {
    "待支付": ("pending_payment", False), "待发货": ("paid_unshipped", True), "已发货": ("shipped", True),
    "已完成": ("completed", True), "已关闭": ("cancelled", False),
}  # fmt: skip
orders = st.dictionaries(
    st.from_regex(r"6917[0-9]{14}[1-9]", fullmatch=True),
    st.tuples(
        st.sampled_from(sorted(STATES)),
        st.lists(st.decimals("0.01", "99999", places=2), min_size=1, max_size=4),
        st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
    ),
    max_size=12,
)


@settings(deadline=None)
@given(orders)
def test_what_an_export_says_is_what_is_read(written):
    rows = [
        {"主订单编号": f"\t{number}", "子订单编号": f"\t{number}{i}", "订单应付金额": str(amount),
         "订单状态": word,
         "订单提交时间": f"{at:%Y-%m-%d %H:%M:%S}",
         "支付完成时间": f"{at:%Y-%m-%d %H:%M:%S}" if STATES[word][1] else "-"}
        for number, (word, amounts, at) in written.items()
        for i, amount in enumerate(amounts)
    ]  # fmt: skip
    got = export(*rows)
    assert got.bad == ()
    assert {o.order.order_id: (o.order.status, o.order.amount, o.order.doubt) for o in got.orders} == {
        number: (STATES[word][0], sum(amounts), "") for number, (word, amounts, _) in written.items()
    }
    for read in got.orders:
        at = written[read.order.order_id][2].replace(microsecond=0, tzinfo=ZONE)
        assert read.order.created_at == at


@settings(deadline=None)
@given(orders)
def test_what_is_built_unchecked_passes_every_check(written):
    rows = [
        {"主订单编号": f"\t{number}", "订单状态": word, "收件人": "林小满"}
        for number, (word, *_) in written.items()
    ]
    for read in export(*rows).orders:
        assert ReadOrder.model_validate(read.model_dump()) == read
        assert Order(**{name: getattr(read.order, name) for name in Order.model_fields}) == read.order
        assert all(OrderLine(**line.model_dump()) == line for line in read.order.lines)
        assert Order.model_validate_json(read.order.model_dump_json()) == read.order
        assert read.order.changed(city="杭州市").city == "杭州市"
