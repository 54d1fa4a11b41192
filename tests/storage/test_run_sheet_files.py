"""Workbooks made by hand: every tab is read, merged cells are filled, the sheet is found behind a cover."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rehearsal import samples
from playbooks.model import Refusal
from playbooks.runsheet import choose
from storage.exports import kind_of, read_sheets
from storage.exports.xlsx_merged import filled
from tests.support.sheets import workbook

HEADINGS = ["链接号", "商品名", "直播价", "类目"]


def test_every_tab_is_read_and_a_merged_cell_is_meant_for_all_its_rows() -> None:
    rows = [["晚场排品", "", "", ""], HEADINGS, [1, "面霜", "59.9", "美妆"], [2, "口红", "69", ""]]
    data = workbook({"封面": [["晚场"]], "排品": rows}, {"排品": [(0, 0, 0, 3), (2, 3, 3, 3)]})
    cover, found = read_sheets("排品.xlsx", data)
    assert (cover.sheet, found.sheet) == ("封面", "排品")
    assert found.rows[0] == ("晚场排品",) * 4
    assert found.rows[3] == ("2", "口红", "69", "美妆")
    (tab,) = choose([(grid.sheet, grid.rows) for grid in (cover, found)])
    assert [p.category for p in tab.sheet.products] == ["美妆", "美妆"]


def test_a_run_sheet_is_recognised_on_a_later_tab_and_below_two_rows_of_headings() -> None:
    notes = [["说明", "先看这里"], ["早场", "10 点"]]
    plain = [HEADINGS, [1, "面霜", "59", ""]]
    two = [["商品名", "价格", ""], ["", "日常价", "直播价"], ["面霜", "99", "59"]]
    assert kind_of("a.xlsx", workbook({"说明": notes, "排品": plain})) == "runsheet"
    assert kind_of("b.xlsx", workbook({"排品": two})) == "runsheet"
    assert kind_of("c.csv", "商品名,直播价（元）\n面霜,59\n".encode()) == "runsheet"
    assert kind_of("d.xlsx", workbook({"说明": notes})) is None


def test_orders_are_still_orders() -> None:
    assert kind_of(*samples.export(samples.FIRST_EXPORT)) == "orders"
    assert kind_of(*samples.logistics_list()) == "parcels"


def test_a_workbook_far_larger_than_anybody_makes_by_hand_is_refused() -> None:
    data = workbook({"排品": [HEADINGS, *([n, "面霜", "59", ""] for n in range(20_001))]})
    with pytest.raises(Refusal) as refused:
        read_sheets("排品.xlsx", data)
    assert refused.value.key == "files.too_long"
    long = workbook({"明细": [["日期", "备注"], *(["11-11", str(n)] for n in range(20_001))]})
    assert kind_of("明细.xlsx", long) is None  # which is no run sheet, whatever its length


def test_an_empty_workbook_is_said_to_be_empty() -> None:
    with pytest.raises(Refusal) as refused:
        read_sheets("空.xlsx", workbook({"一": [], "二": []}))
    assert refused.value.key == "files.empty"


@given(
    st.lists(st.lists(st.text(max_size=2), max_size=4).map(tuple), max_size=5),
    st.lists(st.one_of(st.text(max_size=6), st.from_regex(r"\A[A-C][1-7]:[A-C][1-9]{1,7}\Z")), max_size=4),
)
def test_whatever_a_workbook_says_is_merged_no_row_is_added_and_none_is_lost(
    rows: list[tuple[str, ...]], merged: list[str]
) -> None:
    found = filled(rows, merged)
    assert len(found) == len(rows)
    assert all(len(after) >= len(before) for before, after in zip(rows, found, strict=True))
    assert {cell for row in found for cell in row} <= {cell for row in rows for cell in row} | {""}
