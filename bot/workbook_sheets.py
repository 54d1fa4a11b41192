"""Writing a workbook sheet by sheet: typed cells, frozen bold headings, widths; nothing is ever a formula."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any, Literal
from zoneinfo import ZoneInfo

Kind = Literal["text", "count", "yuan", "rate", "time", "seconds"]
Cell = str | int | Decimal | datetime | timedelta | None
OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
FORMATS: dict[Kind, str] = {
    "text": "@", "count": "#,##0", "yuan": "#,##0.00", "rate": "0.0%", "time": "mm-dd hh:mm:ss", "seconds": "#,##0",
}  # fmt: skip
LONGEST = 32_000
"""Characters; Excel takes 32,767 in a cell and refuses the file beyond."""


class Column:
    """A column: its heading, what stands in it, its width in characters."""

    def __init__(self, heading: str, kind: Kind = "text", width: int = 12) -> None:
        self.heading = heading
        self.kind = kind
        self.width = width


class Workbook:
    """A workbook in memory. Times are written in room time: a sheet knows no zones."""

    def __init__(self, zone: ZoneInfo, made_at: datetime | None = None) -> None:
        import xlsxwriter  # noqa: PLC0415 - 2.4 MB no bot carries before it makes its first workbook, in a thread

        self._file = BytesIO()
        self._zone = zone
        self.book = xlsxwriter.Workbook(self._file, OPTIONS)
        if made_at is not None:
            self.book.set_properties({"created": self._local(made_at)})
        shared = {"valign": "top", "text_wrap": False}
        self._formats = {
            kind: self.book.add_format({"num_format": f, **shared}) for kind, f in FORMATS.items()
        }
        self._bold = self.book.add_format(
            {"bold": True, "bg_color": "#E8EEFF", "bottom": 1, "bottom_color": "#2F6BFF", "valign": "vcenter"}
        )

    def sheet(self, name: str) -> Any:
        """A new sheet."""
        return self.book.add_worksheet(name)

    def table(
        self,
        sheet: Any,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Cell]],
        *,
        at: int = 0,
        left: int = 0,
    ) -> int:
        """A table with its headings in row `at` from column `left`; the row below it."""
        for number, column in enumerate(columns):
            sheet.set_column(left + number, left + number, column.width)
            sheet.write_string(at, left + number, column.heading, self._bold)
        for down, row in enumerate(rows, at + 1):
            for number, (cell, column) in enumerate(zip(row, columns, strict=True)):
                self.cell(sheet, down, left + number, cell, column.kind)
        return at + 1 + len(rows)

    def data_sheet(self, name: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> Any:
        """A sheet that is one table: headings frozen, every column filterable."""
        sheet = self.sheet(name)
        self.table(sheet, columns, rows)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
        return sheet

    def cell(self, sheet: Any, row: int, column: int, value: Cell, kind: Kind) -> None:
        """One cell; None stays empty."""
        if value is None:
            return
        form = self._formats[kind]
        if isinstance(value, datetime):
            sheet.write_datetime(row, column, self._local(value), form)
        elif isinstance(value, timedelta):
            sheet.write_number(row, column, int(value.total_seconds()), form)
        elif isinstance(value, str):
            sheet.write_string(row, column, value[:LONGEST], self._formats["text"])
        else:
            sheet.write_number(row, column, value, form)

    def heading(self, sheet: Any, row: int, text: str, left: int = 0) -> None:
        """A heading above a table."""
        sheet.write_string(row, left, text, self._bold)

    def bytes(self) -> bytes:
        """The finished file."""
        self.book.close()
        return self._file.getvalue()

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self._zone).replace(tzinfo=None)
