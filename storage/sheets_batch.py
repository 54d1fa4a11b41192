"""A write as the requests of one `spreadsheets.batchUpdate`: copies to the scratch tab first, then cells, new rows,
tints. Google applies all of them together or none."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from playbooks.sheets import Put
from storage.sheets import TabInfo, TabWrite

SCRATCH_ROWS = 2100
SCRATCH_COLUMNS = 100
TINT = {"red": 1.0, "green": 0.9, "blue": 0.85}
Asked = dict[str, Any]


def batch(
    tabs: Sequence[TabWrite], known: Mapping[str, TabInfo], scratch: str = "", mark: str = ""
) -> list[Asked]:
    """The requests, in order; [] where there is nothing to write."""
    asked = list(_scratch(tabs, known, scratch, mark)) if any(one.copies for one in tabs) else []
    for one in tabs:
        id = known[one.title].id
        asked += _puts(id, one.puts)
        if one.appends:
            rows = [_row(cells) for cells in one.appends]
            asked.append({"appendCells": {"sheetId": id, "rows": rows, "fields": "userEnteredValue"}})
        asked += (_tint(id, row, one.width, on) for row, on in one.tints.items())
    return asked


def _scratch(
    tabs: Sequence[TabWrite], known: Mapping[str, TabInfo], title: str, mark: str
) -> Iterator[Asked]:
    assert title
    there = known.get(title)
    # A number of our own choice, so that what follows in the same batch can name the new tab.
    id = there.id if there else zlib.crc32(title.encode()) & 0x7FFFFFFF
    if there is None:
        size = {"rowCount": SCRATCH_ROWS, "columnCount": SCRATCH_COLUMNS}
        about = {"sheetId": id, "title": title, "hidden": True, "gridProperties": size}
        yield {"addSheet": {"properties": about}}
    elif there.rows < SCRATCH_ROWS:  # somebody tidied it up
        yield {"appendDimension": {"sheetId": id, "dimension": "ROWS", "length": SCRATCH_ROWS - there.rows}}
    yield from _puts(id, [Put(0, 0, mark)])
    for one in tabs:
        wide, at = min(one.width, SCRATCH_COLUMNS), one.copies_at
        assert at + len(one.copies) <= SCRATCH_ROWS
        for first, count in _stretches(one.copies):
            places = {
                "source": area(known[one.title].id, first, 0, wide, count), "destination": area(id, at, 0, wide, count),
            }  # fmt: skip
            # The format as well: without it a time is copied as the number behind it, 0.8645833.
            yield {"copyPaste": {**places, "pasteType": "PASTE_VALUES"}}
            yield {"copyPaste": {**places, "pasteType": "PASTE_FORMAT"}}
            at += count


def _stretches(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Rows one below the other go as one: (first, how many)."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and sum(found[-1]) == row:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((row, 1))
    return found


def _puts(id: int, puts: Iterable[Put]) -> Iterator[Asked]:
    for run in _runs(puts):
        start = {"sheetId": id, "rowIndex": run[0].row, "columnIndex": run[0].column}
        rows = [_row([put.text for put in run])]
        yield {"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}}


def _runs(puts: Iterable[Put]) -> list[list[Put]]:
    """Cells side by side go as one."""
    runs: list[list[Put]] = []
    for put in sorted(puts, key=lambda put: (put.row, put.column)):
        last = runs[-1][-1] if runs else None
        if last and (last.row, last.column + 1) == (put.row, put.column):
            runs[-1].append(put)
        else:
            runs.append([put])
    return runs


def _row(texts: Iterable[str]) -> Asked:
    return {"values": [{"userEnteredValue": {"stringValue": text}} if text else {} for text in texts]}


def _tint(id: int, row: int, width: int, on: bool) -> Asked:
    cell = {"userEnteredFormat": {"backgroundColor": TINT}} if on else {}
    return {
        "repeatCell": {
            "range": area(id, row, 0, width), "cell": cell, "fields": "userEnteredFormat.backgroundColor",
        }
    }  # fmt: skip


def area(id: int, row: int, first: int, last: int, rows: int | None = 1) -> Asked:
    """A GridRange: `rows` rows from `row`, None to the end; columns `first` up to but not `last`."""
    there = {"sheetId": id, "startRowIndex": row, "startColumnIndex": first, "endColumnIndex": last}
    return there if rows is None else {**there, "endRowIndex": row + rows}
