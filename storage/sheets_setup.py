"""Setting a tab up as requests: the tab, its headings, text columns, choices, a warning over ours, a frozen heading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from playbooks.sheets import Put, plain
from storage.sheets import TabInfo, TabPlan, TabWrite
from storage.sheets_batch import Asked, area, batch

ROWS = 1000
SPARE_COLUMNS = 4
HEADED = 3
"""Cells with something in them that make a row the one with the headings."""


def missing_tabs(plans: Sequence[TabPlan], known: Mapping[str, TabInfo]) -> list[Asked]:
    """Requests for the tabs there are not."""
    return [
        {"addSheet": {"properties": {"title": one.title, "gridProperties": _size(one)}}}
        for one in plans
        if one.title not in known
    ]


def _size(one: TabPlan) -> dict[str, Any]:
    wide = len(one.new or one.headings) + len(one.headings) + SPARE_COLUMNS
    return {"rowCount": ROWS, "columnCount": wide, "frozenRowCount": 1}


def to_set_up(
    plans: Sequence[TabPlan],
    known: Mapping[str, TabInfo],
    heads: Mapping[str, Sequence[Sequence[str]]],
    ours: Mapping[str, Sequence[int]],
    before: set[str],
) -> tuple[list[Asked], dict[str, tuple[str, ...]]]:
    """Requests for what the tabs lack, and which headings those add. `heads`: their first rows; `ours`: protected
    ranges from before, by tab; `before`: tabs that were there."""
    asked: list[Asked] = []
    added: dict[str, tuple[str, ...]] = {}
    for one in plans:
        wanted = (*one.new, *one.headings) if one.title not in before else one.headings
        row, headings = _headings(heads[one.title])
        new = tuple(text for text in dict.fromkeys(wanted) if text not in headings)
        first = max(headings.values(), default=-1) + 1
        headings |= {text: first + at for at, text in enumerate(new)}
        asked += _headed(one, known[one.title], row, new, headings)
        asked += ({"deleteProtectedRange": {"protectedRangeId": id}} for id in ours.get(one.title, ()))
        asked += _warned(one, known[one.title].id, row, headings)
        if new:
            added[one.title] = new
    return asked, added


def _headings(head: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """Which row has the headings (from 0), and where each stands."""
    row = next((at for at, cells in enumerate(head) if sum(map(bool, cells)) >= HEADED), 0)
    cells = head[row] if row < len(head) else []
    found: dict[str, int] = {}
    for column, text in enumerate(cells):
        if text.strip():
            found.setdefault(plain(text), column)
    return row, found


def _headed(
    one: TabPlan, tab: TabInfo, row: int, new: Sequence[str], headings: Mapping[str, int]
) -> Iterator[Asked]:
    wide = max(headings.values(), default=0) + 1
    if wide > tab.columns:
        yield {"appendDimension": {"sheetId": tab.id, "dimension": "COLUMNS", "length": wide - tab.columns}}
    puts = [Put(row, headings[text], text) for text in new]
    yield from batch([TabWrite(one.title, wide, puts)], {one.title: tab})
    frozen = {"sheetId": tab.id, "gridProperties": {"frozenRowCount": row + 1}}
    yield {"updateSheetProperties": {"properties": frozen, "fields": "gridProperties.frozenRowCount"}}
    for text in (*one.new, *one.headings) if not one.new else one.headings:
        column = headings[text]
        # Text, so that an order number typed by hand keeps its digits and 20:45 stays what it says.
        text_format = {"userEnteredFormat": {"numberFormat": {"type": "TEXT", "pattern": "@"}}}
        cells = area(tab.id, row + 1, column, column + 1, None)
        yield {
            "repeatCell": {"range": cells, "cell": text_format, "fields": "userEnteredFormat.numberFormat"}
        }
        if words := one.choices.get(text):
            values = [{"userEnteredValue": word} for word in words]
            rule = {
                "condition": {"type": "ONE_OF_LIST", "values": values},
                "showCustomUi": True,
                "strict": False,
            }
            yield {"setDataValidation": {"range": cells, "rule": rule}}


def _warned(one: TabPlan, id: int, row: int, headings: Mapping[str, int]) -> Iterator[Asked]:
    for text in one.ours:
        column = headings[text]
        about = {
            "range": area(id, row, column, column + 1, None), "description": "shiftbot", "warningOnly": True,
        }  # fmt: skip
        yield {"addProtectedRange": {"protectedRange": about}}
