"""Run sheets as people make them, for tests: workbooks with tabs, titles, merged cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

import xlsxwriter

Rows = Sequence[Sequence[str | int]]


def workbook(
    tabs: Mapping[str, Rows], merged: Mapping[str, Sequence[tuple[int, int, int, int]]] | None = None
) -> bytes:
    """An .xlsx with `tabs`; `merged` ranges by tab: first row, first column, last row, last column, from 0."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_urls": False})
    for name, rows in tabs.items():
        page = book.add_worksheet(name)
        for at, row in enumerate(rows):
            page.write_row(at, 0, list(row))
        for top, left, bottom, right in (merged or {}).get(name, ()):
            page.merge_range(top, left, bottom, right, rows[top][left])
    book.close()
    return out.getvalue()
