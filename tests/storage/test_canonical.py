"""Orders as JSON lines of the canonical fields: good lines count, a bad one is named with its field and cure."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.order_lines import as_records
from bot.texts import texts
from playbooks.orders import Order, OrderLine, Personal, ReadOrder
from storage.canonical import STATUSES, read_lines
from storage.canonical_fields import FIELDS, meant_by, misspelt
from storage.exports import BadRow

SHANGHAI = ZoneInfo("Asia/Shanghai")
GOOD = {
    "platform": "douyin", "order_id": "6917926768823643001", "status": "paid_unshipped", "province": "浙江省",
    "city": "杭州市", "district": "西湖区", "address": "文三路 1 号 3 幢 402 室", "receiver_name": "林小满",
    "receiver_phone": "13800001234", "buyer_message": "放门口", "paid_at": "2026-11-11T20:01:00+08:00",
}  # fmt: skip


def read(folder: Path, *lines: object) -> list[ReadOrder | BadRow]:
    path = folder / "a.jsonl"
    path.write_text(
        "\n".join(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in lines),
        encoding="utf-8",
    )
    return list(read_lines(path, SHANGHAI))


def test_a_line_is_an_order_with_its_personal_fields(tmp_path: Path) -> None:
    (one,) = read(tmp_path, GOOD)
    assert isinstance(one, ReadOrder)
    assert (one.line, one.order.order_id, one.order.status) == (1, "6917926768823643001", "paid_unshipped")
    assert one.order.paid_at == datetime(2026, 11, 11, 12, 1, tzinfo=UTC)
    assert one.personal.phone == "13800001234"
    assert one.order.phone_tail == "1234"


def test_the_notes_of_all_sub_orders_are_the_orders_each_once(tmp_path: Path) -> None:
    subs = [{**GOOD, "sub_order_id": sub, "buyer_message": said} for sub, said in
            (("1", "放门口"), ("2", "改寄宁波"), ("3", "放门口"), ("4", None))]  # fmt: skip
    (one,) = read(tmp_path, *subs)
    assert isinstance(one, ReadOrder)
    assert len(one.order.lines) == 4
    assert one.personal.buyer_message == "放门口\n改寄宁波"


def test_orders_of_two_platforms_with_one_number_are_two(tmp_path: Path) -> None:
    assert len(read(tmp_path, GOOD, {**GOOD, "platform": "jd"})) == 2


def test_an_address_alone_gives_its_province_city_and_district(tmp_path: Path) -> None:
    (one,) = read(tmp_path, {"order_id": "1", "address": "浙江省杭州市西湖区文三路 1 号"})
    assert isinstance(one, ReadOrder)
    assert (one.order.province, one.order.city, one.order.district) == ("浙江省", "杭州市", "西湖区")
    assert one.order.status == "unknown"


@pytest.mark.parametrize(
    ("wrong", "column", "key"),
    [
        ('{"order_id": "1"', "", "addresses.not_json"),
        ("[1, 2]", "", "addresses.not_json"),
        ("[" * 100_000, "", "addresses.not_json"),
        ({**GOOD, "status": "待发货"}, "status", "addresses.status"),
        ({**GOOD, "order_id": 6.917926768823643e18}, "order_id", "orders.id_damaged"),
        ({**GOOD, "city": ["杭州市"]}, "city", "addresses.value"),
        ({**GOOD, "address": True}, "address", "addresses.value"),
        ({**GOOD, "amount_due": "很多"}, "amount_due", "orders.amount_unreadable"),
        ({**GOOD, "paid_at": "昨天"}, "paid_at", "orders.time_unreadable"),
        ({**GOOD, "quantity": "一"}, "quantity", "orders.quantity_unreadable"),
        ('{"order_id": "' + "1" * 1_000_001 + '"}', "", "addresses.line_too_long"),
    ],
)
def test_a_bad_line_is_named_and_the_good_ones_beside_it_count(
    tmp_path: Path, wrong: object, column: str, key: str
) -> None:
    first, bad, last = read(tmp_path, GOOD, wrong, GOOD)
    assert isinstance(first, ReadOrder)
    assert isinstance(bad, BadRow)
    assert (bad.line, bad.column, bad.key) == (2, column, key)
    assert all(key in texts(lang) for lang in ("zh-CN", "en"))
    assert isinstance(last, ReadOrder)
    assert last.line == 3


def test_blank_lines_a_byte_order_mark_and_unknown_fields_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(
        b"\xef\xbb\xbf" + json.dumps({**GOOD, "file": "x", "note": [1]}).encode() + b"\r\n\r\n"
    )
    (one,) = read_lines(tmp_path / "a.jsonl", SHANGHAI)
    assert isinstance(one, ReadOrder)


def test_lines_of_one_order_below_each_other_are_its_sub_orders(tmp_path: Path) -> None:
    tea = {**GOOD, "sub_order_id": "11", "product_title": "云雾绿茶", "quantity": 2, "amount_due": "39.90"}
    gone = {**tea, "sub_order_id": "12", "product_title": "茶杯", "amount_due": "10.00", "status": "refunded"}
    both, other = read(tmp_path, tea, gone, {**GOOD, "order_id": "2"})
    assert isinstance(both, ReadOrder)
    assert isinstance(other, ReadOrder)
    assert [one.title for one in both.order.lines] == ["云雾绿茶", "茶杯"]
    assert (both.line, both.order.status, both.order.amount) == (1, "paid_unshipped", Decimal("49.90"))
    assert (other.line, other.order.order_id) == (3, "2")


def test_orders_without_a_number_are_each_their_own(tmp_path: Path) -> None:
    assert len(read(tmp_path, {"address": "上海市"}, {"address": "北京市"})) == 2


moments = st.none() | st.datetimes(
    min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC)
).map(lambda at: at.replace(microsecond=0))
titles = st.lists(st.sampled_from(["云雾绿茶", "茶杯", "真丝睡裙"]), min_size=1, max_size=3)


@settings(max_examples=50)
@given(st.sampled_from(sorted(STATUSES)), moments, titles, st.sampled_from(["", "放门口", "改地址：上海市"]))
def test_what_orders_prints_with_personal_fields_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    status: str,
    at: datetime | None,
    bought: list[str],
    message: str,
) -> None:
    order = Order.model_validate(
        {"platform": "douyin", "order_id": "69", "status": status, "paid_at": at, "province": "浙江省",
         "city": "杭州市", "district": "西湖区", "carrier": "中通", "phone_tail": "1234", "currency": "CNY",
         "lines": [OrderLine(title=one, quantity=2, status=status, row=n) for n, one in enumerate(bought, 1)]}
    )  # fmt: skip
    who = Personal(
        receiver_name="林小满", phone="13800001234", address="文三路 1 号", buyer_message=message, nick="tb1"
    )
    records = as_records(ReadOrder(order=order, personal=who, line=1), SHANGHAI, personal=True)
    (back,) = read(tmp_path_factory.mktemp("c"), *records)
    assert isinstance(back, ReadOrder)
    assert back.personal == who
    assert back.order == order


@pytest.mark.parametrize(
    ("written", "meant"),
    [("adress", "address"), ("receiver-phone", "receiver_phone"), ("orderId", "order_id"),
     ("reciever_name", "receiver_name"), ("buyer_mesage", "buyer_message"), ("收件人", "receiver_name"),
     ("省", "province")],
)  # fmt: skip
def test_a_misspelt_field_refuses_its_line_and_says_which_was_meant(
    tmp_path: Path, written: str, meant: str
) -> None:
    wrong = {written if name == meant else name: value for name, value in GOOD.items()}
    bad, good = read(tmp_path, wrong, {**GOOD, "order_id": "2"})
    assert isinstance(bad, BadRow)
    assert (bad.line, bad.column, bad.key) == (1, written, "addresses.misspelt")
    assert bad.values["meant"] == meant
    assert isinstance(good, ReadOrder)


def test_a_phone_is_read_by_the_name_that_parse_gives_it(tmp_path: Path) -> None:
    named = {"phone" if name == "receiver_phone" else name: value for name, value in GOOD.items()}
    (one,) = read(tmp_path, named)
    assert isinstance(one, ReadOrder)
    assert one.personal.phone == GOOD["receiver_phone"]


def test_what_somebody_keeps_beside_the_fields_is_passed_over(tmp_path: Path) -> None:
    beside = {
        "id": "A1",
        "kind": "double",
        "verdict": "HOLD",
        "note": "x",
        "address2": "…",
        "name": "y",
        "order": "z",
    }
    (one,) = read(tmp_path, {**GOOD, **beside})
    assert isinstance(one, ReadOrder)


def test_a_line_without_any_field_is_no_order(tmp_path: Path) -> None:
    (bad,) = read(tmp_path, {"name": "林小满", "where": "杭州"})
    assert isinstance(bad, BadRow)
    assert (bad.line, bad.key) == (1, "addresses.no_fields")


@given(st.sampled_from(sorted(FIELDS)))
def test_no_field_is_taken_for_another(field: str) -> None:
    assert misspelt([field]) is None
    assert {one for one in FIELDS if meant_by(one) != one} == set()
