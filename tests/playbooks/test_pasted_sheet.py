"""A run sheet pasted into the chat is read as typed; talk is not taken for one."""

from decimal import Decimal

import pytest

from playbooks.model import Refusal
from playbooks.runsheet import Product, is_pasted, read_pasted


@pytest.mark.parametrize(
    ("text", "link", "name", "price", "promo"),
    [
        ("1 玫瑰精华水 59.9 拍一发二", 1, "玫瑰精华水", "59.90", "拍一发二"),
        ("3号 丝绒口红 ¥69 满199减30，送小样", 3, "丝绒口红", "69.00", "满199减30，送小样"),
        ("2、烟酰胺面霜，129元", 2, "烟酰胺面霜", "129.00", ""),
        ("7 面膜 30 片 59.9 包邮", 7, "面膜 30 片", "59.90", "包邮"),
        ("清透粉底 99", 1, "清透粉底", "99.00", ""),
    ],
)
def test_a_typed_line_is_number_name_price_and_promotions(text, link, name, price, promo):
    (product,) = read_pasted(text).products
    assert (product.link_no, product.name, product.promo) == (link, name, promo)
    assert product.live_price == Decimal(price)


def test_rows_of_pasted_lines_are_counted_as_lines():
    found = read_pasted("1 面霜 59\n2 口红\n\n4 粉底 99")
    assert [p.name for p in found.products] == ["面霜", "粉底"]
    assert [(f.row, f.column, f.key) for f in found.findings] == [(2, "直播价", "sheet.price_missing")]


@pytest.mark.parametrize("mark", ["\t", "|", ",", "，"])
def test_a_table_is_pasted_with_its_headings(mark):
    text = "\n".join(mark.join(row) for row in (["链接号", "商品名", "直播价"], ["5", "面霜", "59"]))
    assert is_pasted(text)
    assert [(p.link_no, p.name) for p in read_pasted(text).products] == [(5, "面霜")]


def known(*numbers: int) -> list[Product]:
    return [read_pasted(f"{n} 商品{n} 59").products[0].changed(start="20:10") for n in numbers]


@pytest.mark.parametrize("text", ["1，4，7", "1,4,7", "1 4 7", "1、4、7", "1号 4号 7号", "#1 → 4 → 7。"])
def test_bare_numbers_are_known_products_in_this_order(text):
    assert is_pasted(text)
    found = read_pasted(text, known(7, 4, 2, 1))
    assert [(p.seq, p.link_no) for p in found.products] == [(1, 1), (2, 4), (3, 7)]
    assert {p.start for p in found.products} == {None}  # the old plan's times say nothing of the new order


@pytest.mark.parametrize(("text", "key"), [("1，9", "paste_unknown"), ("1，2，1", "paste_twice")])
def test_numbers_nobody_has_or_has_twice_are_named(text, key):
    with pytest.raises(Refusal) as refused:
        read_pasted(text, known(1, 2))
    assert refused.value.key == f"sheet.{key}"


@pytest.mark.parametrize(
    "text",
    ["3", "3号", "你好", "买的面膜 3 天没到", "好的\n谢谢", "20:14", "面霜 59.9", "明天见\n带 2 件样品"],
)
def test_what_may_be_talk_is_no_pasted_sheet(text):
    assert not is_pasted(text)
