"""Rows that are not whole, cells somebody wrote otherwise, and what else lies in an archive."""

from __future__ import annotations

import csv
from decimal import Decimal
from io import BytesIO, StringIO
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.model import Refusal
from storage.exports import Export, read_orders
from storage.exports.grid import read_grid
from tests.support.sheets import workbook

ZONE = ZoneInfo("Asia/Shanghai")
HEADER = [
    "主订单编号",
    "子订单编号",
    "选购商品",
    "商品数量",
    "订单应付金额",
    "订单提交时间",
    "支付完成时间",
    "订单状态",
]
ID = "6917926768823643751"
OTHER = "6917926768823643752"


def row(id: str = ID, amount: str = "39.90", at: str = "2026-11-11 20:01:00", count: str = "1") -> list[str]:
    return [id, id, "云雾绿茶", count, amount, at, "-", "待支付"]


def text(*rows: list[str], mark: str = ",") -> bytes:
    out = StringIO()
    csv.writer(out, delimiter=mark, lineterminator="\n").writerows([HEADER, *rows])
    return out.getvalue().encode()


def read(*rows: list[str]) -> Export:
    return read_orders("订单.csv", text(*rows), ZONE)


def archive(**members: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)
    return out.getvalue()


def ids(export: Export) -> list[str]:
    return [one.order.order_id for one in export.orders]


# -- rows that are not whole -----------------------------------------------------------------------------


@given(cut=st.integers(1, 52))
def test_wherever_the_last_line_breaks_off_it_is_no_order_unless_only_its_last_cell_is_cut(cut: int) -> None:
    """Cut within the last cell nobody can tell; there the word is no state, and said."""
    data = text(row(), row(OTHER)).decode()
    export = read_orders("订单.csv", data[: -1 - cut].encode(), ZONE)
    kept = data[: -1 - cut].splitlines()[2:]
    if kept and kept[0].count(",") == len(HEADER) - 1:
        assert ids(export) == [ID, OTHER]
        assert export.orders[1].order.status != "pending_payment"
        assert not export.bad
        return
    assert ids(export) == [ID]
    assert [(bad.line, bad.key) for bad in export.bad] == ([(3, "orders.row_short")] if kept else [])


def test_a_short_line_names_the_column_it_breaks_off_in() -> None:
    (bad,) = read(row()[:6]).bad
    assert (bad.line, bad.column, bad.key) == (2, "订单提交时间", "orders.row_short")
    assert (bad.values["count"], bad.values["width"]) == ("6", "8")


def test_a_line_with_a_cell_too_many_has_shifted_and_is_no_order() -> None:
    shifted = [ID, ID, "茶", "礼盒装", "1", "39.90", "2026-11-11 20:01:00", "-", "待支付"]
    export = read(shifted, row(OTHER))
    assert ids(export) == [OTHER]
    assert [(bad.line, bad.key) for bad in export.bad] == [(2, "orders.row_long")]


def test_blank_lines_and_empty_cells_behind_the_last_heading_are_nothing() -> None:
    export = read([], [*row(), "", ""], [""] * 3, row(OTHER))
    assert (ids(export), export.bad) == ([ID, OTHER], ())


def test_headings_that_end_in_empty_cells_ask_for_no_more_than_they_name() -> None:
    data = text(row()).replace("订单状态\n".encode(), "订单状态,,\n".encode())
    export = read_orders("订单.csv", data, ZONE)
    assert (ids(export), export.bad) == ([ID], ())


def test_a_workbook_leaves_empty_cells_out_and_loses_nothing() -> None:
    short = [ID, ID, "云雾绿茶", "1", "39.90", "2026-11-11 20:01:00"]
    export = read_orders("订单.xlsx", workbook({"订单": [tuple(HEADER), tuple(short)]}), ZONE)
    assert (ids(export), export.bad) == ([ID], ())


def test_an_order_that_lost_a_line_is_in_doubt() -> None:
    second = [ID, OTHER, *row()[2:5]]
    export = read(row(), second)
    assert ids(export) == [ID]
    assert export.orders[0].order.doubt == "orders.part_unreadable"


# -- what a cell says ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written", ["1e5", "1E+5", "NaN1", "Infinity", "-inf", "sNaN", "-5", "1_000", "0x10"]
)
def test_what_is_no_amount_is_a_bad_row(written: str) -> None:
    export = read(row(amount=written), row(OTHER))
    assert ids(export) == [OTHER]
    assert [(bad.column, bad.key) for bad in export.bad] == [("订单应付金额", "orders.amount_unreadable")]


def test_full_width_digits_are_read_as_the_digits_they_are() -> None:
    wide = str.maketrans("0123456789.:-", "０１２３４５６７８９．：－")
    export = read([cell.translate(wide) if cell != "-" else cell for cell in row()])
    (one,) = export.orders
    assert (one.order.order_id, one.order.amount) == (ID, Decimal("39.90"))
    assert one.order.created_at == read(row()).orders[0].order.created_at
    assert one.order.lines[0].quantity == 1


@given(yuan=st.decimals(0, 9_999_999, places=2), wide=st.booleans(), sign=st.sampled_from(["", "¥", "￥"]))
def test_every_amount_a_shop_writes_is_read_exactly(yuan: Decimal, wide: bool, sign: str) -> None:
    written = f"{sign}{yuan:,}"
    if wide:
        written = written.translate(str.maketrans("0123456789.,", "０１２３４５６７８９．，"))
    assert read(row(amount=written)).orders[0].order.amount == yuan


# -- what lies between the cells, and beside the table ---------------------------------------------------


def test_a_table_with_semicolons_is_read_and_nothing_of_it_is_said() -> None:
    export = read_orders("订单.csv", text(row(), row(OTHER), mark=";"), ZONE)
    assert (ids(export), export.bad) == ([ID, OTHER], ())


def test_sub_orders_joined_with_semicolons_do_not_make_them_the_delimiter() -> None:
    many = ";".join([ID] * 30)
    export = read([ID, many, ";".join(["茶"] * 30), "1", "39.90", "2026-11-11 20:01:00", "-", "待支付"])
    assert ids(export) == [ID]
    assert len(export.orders[0].order.lines) == 30


def test_a_table_without_headings_is_refused_without_a_cell_of_it() -> None:
    data = f"{ID},林小满,13800001234,文三路 1 号,39.90\n{OTHER},周小丽,13900001234,文三路 2 号,9\n".encode()
    with pytest.raises(Refusal) as refused:
        read_orders("a.csv", data, ZONE)
    assert refused.value.key == "orders.unknown_format"
    assert refused.value.values["columns"] == "—"


def test_headings_of_an_unknown_table_are_still_named() -> None:
    with pytest.raises(Refusal) as refused:
        read_orders("a.csv", "导出 2026-11-11\n单据,件数,付到哪了\n69170001,1,待发货\n".encode(), ZONE)
    assert refused.value.values["columns"] == "单据、件数、付到哪了"


def test_beside_the_parts_of_an_archive_a_readme_and_what_macos_adds_are_passed_and_named() -> None:
    data = archive(
        **{
            "0说明.txt": "请勿外传".encode(), "a.csv": text(row()), "b.csv": text(row(OTHER)), ".DS_Store": b"\x00",
            "__MACOSX/._a.csv": b"\x00", "__MACOSX/._b.csv": b"\x00", "截图.png": b"\x89PNG",
        }
    )  # fmt: skip
    export = read_orders("订单.zip", data, ZONE)
    assert ids(export) == [ID, OTHER]
    assert export.passed == ("0说明.txt", ".DS_Store", "__MACOSX", "截图.png")


def test_an_archive_of_nothing_but_a_text_is_read_as_the_table_it_is() -> None:
    assert ids(read_orders("订单.zip", archive(**{"订单.txt": text(row())}), ZONE)) == [ID]


def test_an_empty_part_in_front_takes_no_rows_from_the_next() -> None:
    many = [row(f"69179267688236{n:05}") for n in range(1, 41)]
    data = archive(**{"a.csv": b"", "b.csv": text(*many)})
    assert len(read_orders("订单.zip", data, ZONE).orders) == 40


def test_rows_of_a_part_that_is_a_workbook_may_be_short_and_those_of_a_text_may_not() -> None:
    book = workbook({"订单": [tuple(HEADER), tuple(row()[:6])]})
    data = archive(**{"a.xlsx": book, "b.csv": text(row(OTHER)[:6])})
    export = read_orders("订单.zip", data, ZONE)
    assert ids(export) == [ID]
    assert [(bad.part, bad.line, bad.key) for bad in export.bad] == [("b.csv", 2, "orders.row_short")]


def test_an_archive_of_empty_tables_is_empty() -> None:
    with pytest.raises(Refusal, match=r"files\.empty"):
        read_grid("订单.zip", archive(**{"a.csv": b""}))


# -- said to be another platform's -----------------------------------------------------------------------


def test_a_table_that_is_plainly_anothers_is_not_read_as_what_was_said() -> None:
    with pytest.raises(Refusal) as refused:
        read_orders("a.csv", text(row()), ZONE, as_platform="shopify")
    assert refused.value.key == "orders.other_format"
    assert (refused.value.values["said"], refused.value.values["found"]) == ("Shopify", "抖店")


def test_a_table_that_is_nobodys_is_said_not_to_be_that_of_the_platform_named() -> None:
    with pytest.raises(Refusal) as refused:
        read_orders("a.csv", "名字,价格\n茶,1\n".encode(), ZONE, as_platform="jd")
    assert (refused.value.key, refused.value.values["columns"]) == ("orders.not_as", "名字、价格")
