"""Whatever was renumbered on air, a sheet that comes again leaves each number to one product; typed lines are read."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from playbooks.runsheet import read, read_pasted
from playbooks.runsheet.changes import compare
from tests.playbooks.test_sheet_changes import listed, product


@settings(max_examples=60, deadline=None)
@given(
    sheet=st.permutations(range(1, 7)),
    on_air=st.permutations(range(1, 7)),
    again=st.permutations(range(1, 9)),
)
def test_every_number_is_one_products_and_an_unchanged_sheet_renumbers_nobody(
    sheet: list[int], on_air: list[int], again: list[int]
) -> None:
    names = "甲乙丙丁戊己"
    before = listed(*(product(n, name) for n, name in zip(sheet, names, strict=True)))
    moved = [one.changed(link_no=n) for one, n in zip(before, on_air, strict=True)]
    same = compare(moved, [product(n, name) for n, name in zip(sheet, names, strict=True)])
    assert not [one for one in same.kept if one.renumbered]
    assert not same.changed
    more = compare(moved, [product(n, name) for n, name in zip(again, names + "庚辛", strict=True)])
    numbers = [one.link_no for one in more.kept] + [one.link_no for one in more.new]
    assert len(numbers) == len(set(numbers)) == 8


@given(
    number=st.integers(1, 200),
    head=st.sampled_from(["{} ", "{}号 ", "{}号：", "{}、", "{}）", "{}. ", "#{} ", "{}号链接 ", "链接{} "]),
    name=st.sampled_from(["玫瑰精华水", "面膜 30 片", "Rose Mask", "丝绒口红 2.5g"]),
    between=st.sampled_from([" ", "，", "：¥", " 直播价", " 价格：", "，售价 ", " ¥"]),
    cents=st.integers(101, 99_999).filter(lambda cents: cents % 10),
    promo=st.sampled_from(["", "拍一发二", "20:30-20:40秒杀1"]),
)
def test_a_typed_line_says_the_same_however_it_is_written(
    number: int, head: str, name: str, between: str, cents: int, promo: str
) -> None:
    price = Decimal(cents) / 100
    (found,) = read_pasted(f"{head.format(number)}{name}{between}{price} {promo}").products
    assert (found.link_no, found.name, found.live_price, found.promo) == (number, name, price, promo)


def test_rows_beyond_what_a_broadcast_holds_are_one_error_and_a_wrong_number_is_its_own() -> None:
    rows = [[str(n), f"商品{n}", "59"] for n in range(1, 204)]
    found = read([["链接号", "商品名", "直播价"], *rows])
    assert [(f.row, f.key, f.rows) for f in found.findings if f.severity == "error"] == [
        (202, "sheet.too_many", 3)
    ]
    assert len(found.products) == 200
    few = read([["链接号", "商品名", "直播价"], ["2001", "口红", "59"], ["2", "面霜", "59"]])
    assert [(f.row, f.key) for f in few.findings if f.severity == "error"] == [(2, "sheet.link_unreadable")]
