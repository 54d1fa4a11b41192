"""Rows of an HTML page saved as .xls: what older back offices and ERPs call an Excel export.

The rows of every table are taken in order. A cell that spans columns is followed by empty ones; one that spans
rows stands in the first of them, as a merged cell of a workbook does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from storage.exports.xlsx_parts import MAX_TEXT, Hostile

MOST_SPAN = 300
SILENT = frozenset(["script", "style", "title"])


class _Rows(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.done: list[tuple[str, ...]] = []
        self.row: list[str] | None = None
        self.cell: list[str] | None = None
        self.length = 0
        self.span = 1
        self.spanning: dict[int, int] = {}
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.end_row()
            self.row = []
        elif tag in ("td", "th") and self.row is not None:
            self.end_cell()
            self.start_cell(self.row, dict(attrs))
        elif tag == "br" and self.cell is not None:
            self.cell.append("\n")
        elif tag in SILENT:
            self.silent += 1

    def start_cell(self, row: list[str], given: dict[str, str | None]) -> None:
        while self.spanning.get(len(row), 0):  # a cell from above stands here
            self.spanning[len(row)] -= 1
            row.append("")
        self.cell, self.length = [], 0
        self.span = span(given.get("colspan"))
        if (rows := span(given.get("rowspan"))) > 1:
            self.spanning.update(dict.fromkeys(range(len(row), len(row) + self.span), rows - 1))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.end_cell()
        elif tag in ("tr", "table"):
            self.end_row()
        elif tag in SILENT and self.silent:
            self.silent -= 1

    def handle_data(self, data: str) -> None:
        if self.cell is not None and not self.silent:
            self.length += len(data)
            if self.length > MAX_TEXT:
                raise Hostile("text")
            self.cell.append(data)

    def end_cell(self) -> None:
        if self.cell is not None and self.row is not None:
            self.row += ["".join(self.cell).replace("\xa0", " ").strip(" \r\n"), *[""] * (self.span - 1)]
        self.cell = None

    def end_row(self) -> None:
        self.end_cell()
        if self.row is not None:
            self.done.append(tuple(self.row))
        self.row = None


def span(text: str | None) -> int:
    """How many columns or rows a cell takes."""
    if not (text and text.isascii() and text.isdecimal()):
        return 1
    return min(max(int(text[:6]), 1), MOST_SPAN)


def html_rows(chunks: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The rows of a page's tables, one after another. Raises Hostile for a cell of more than MAX_TEXT."""
    reading = _Rows()
    for chunk in chunks:
        reading.feed(chunk)
        if len(reading.rawdata) > MAX_TEXT:  # an unfinished tag that never ends
            raise Hostile("tag")
        yield from reading.done
        reading.done = []
    reading.close()
    reading.end_row()
    yield from reading.done
