"""A table file 表格 as rows of text: what it is by its first bytes, never by its suffix.

Pure (bytes in, rows out), so that it can run in a guarded child process. A file that is no table, or a
hostile one, ends in a Refusal that names the cure. Rows keep their place: row 1 is the first row a person
sees in a spreadsheet, blank rows included.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import chain, islice
from operator import attrgetter

from playbooks.model import Refusal
from storage.exports.containers import is_workbook, is_zip, opened, tables
from storage.exports.limits import HEAD_ROWS, LIMITS, TOLD_EVERY, Limits, Row
from storage.exports.parts import START, Part, joined, refuse_size, whole_part
from storage.exports.plain import read_plain
from storage.exports.xlsx import DAMAGE, read_tabs, read_xlsx
from storage.exports.xlsx_parts import Hostile

__all__ = ["HEAD_ROWS", "LIMITS", "Grid", "Limits", "Row", "Table", "read_grid", "read_head", "read_sheets"]

HAND_MADE_ROWS = 20_000
"""More than a workbook holds that a person made."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of one sheet, cells as text exactly as in the file; `sheet` is "" for a text file."""

    rows: tuple[Row, ...]
    sheet: str


class Table:
    """One file, opened once: its first rows may be looked at before all of it is read.

    Raises Refusal `files.*` from each of its methods where it is no table, too large, or damaged.
    """

    def __init__(self, name: str, data: bytes, limits: Limits = LIMITS) -> None:
        self.name = name
        self.data = data
        self.limits = limits
        self.passed: tuple[str, ...] = ()
        """The files of an archive that are no tables and were not read; known once its head was taken."""
        self._parts: list[Part] = []
        self._opened: Iterator[Row] | None = None
        self._head: tuple[Row, ...] | None = None
        self.sheet = ""

    def head(self) -> tuple[Row, ...]:
        """The first 20 rows: enough to know what kind of file it is."""
        if self._head is None:
            self._parts = []
            self.sheet, self._opened, self.passed = stream(self.name, self.data, self.limits, self._parts)
            self._head = tuple(islice(self._opened, HEAD_ROWS))
        return self._head

    def rows(self) -> Iterator[Row]:
        """All rows; taken a second time, the file is read a second time."""
        head = self.head()
        assert self._opened is not None
        rows, self._opened, self._head = chain(head, self._opened), None, None
        return rows

    def place(self, row: int) -> tuple[str, int]:
        """Which part the row with this number in the whole table stands in, and its number there.

        Rows count from 1. The part is "" where there is but one. Of rows that were taken.
        """
        if len(self._parts) < 2:
            return "", row
        part = self._part(row)
        return part.name, row - part.row + part.own

    def is_text(self, row: int) -> bool:
        """Whether that row, which was taken, is a line of a text table: then it is as long as its header."""
        return self._part(row).text

    def _part(self, row: int) -> Part:
        return self._parts[bisect_right(self._parts, row, key=attrgetter("row")) - 1]


def read_grid(name: str, data: bytes, limits: Limits = LIMITS) -> Grid:
    """The whole file as a Grid. Raises Refusal `files.*` when it is no table, too large, or damaged."""
    table = Table(name, data, limits)
    rows = tuple(table.rows())
    if not any(any(row) for row in rows):
        raise Refusal("files.empty", name=name)
    return Grid(rows, table.sheet)


def read_head(name: str, data: bytes, limits: Limits = LIMITS) -> Grid:
    """The first 20 rows only."""
    table = Table(name, data, limits)
    return Grid(table.head(), table.sheet)


def read_sheets(name: str, data: bytes, limits: Limits = LIMITS) -> tuple[Grid, ...]:
    """Every sheet of a workbook made by hand, or the one table of a text file; merged cells are filled.

    Of an archive, the sheets of all its tables. Raises Refusal `files.*`.
    """
    if not is_zip(data):
        return (read_grid(name, data, limits),)
    refuse_size(name, data, limits)
    with damage_refused(name):
        archive = opened(name, data, limits)
        if is_workbook(archive):
            tabs = read_tabs(name, archive, HAND_MADE_ROWS)
            grids = tuple(Grid(tuple(within(name, rows, limits)), sheet) for sheet, rows in tabs)
        else:
            grids = tuple(
                grid
                for part, member in tables(name, archive)[0]
                for grid in read_sheets(part, whole_part(part, archive.open(member), limits), limits)
            )
    if not any(any(row) for grid in grids for row in grid.rows):
        raise Refusal("files.empty", name=name)
    return grids


def stream(
    name: str, data: bytes, limits: Limits, parts: list[Part]
) -> tuple[str, Iterator[Row], tuple[str, ...]]:
    """Sheet name, rows one at a time, and what of an archive is no table; its parts follow one another as one table.

    `parts` is told of each as it begins. Raises Refusal `files.*`, also while the rows are being taken.
    """
    if not data.strip():
        raise Refusal("files.empty", name=name)
    refuse_size(name, data, limits)
    sheet = ""
    passed: tuple[str, ...] = ()
    if is_zip(data):
        with damage_refused(name):
            archive = opened(name, data, limits)
            if is_workbook(archive):
                sheet, rows = read_xlsx(name, archive)
                parts.append(Part(1, "", 1, text=False))
            else:
                members, passed = tables(name, archive)
                rows = joined(name, archive, members, limits, parts)
    else:
        text, rows = read_plain(name, data[:START], lambda: BytesIO(data))
        parts.append(Part(1, "", 1, text))
    return sheet, within(name, refused(name, rows), limits), passed


@contextmanager
def damage_refused(name: str) -> Iterator[None]:
    """What damaged, lying or hostile files make the libraries raise becomes a Refusal."""
    try:
        yield
    except Hostile as error:
        raise Refusal("files.hostile", name=name) from error
    except DAMAGE as error:
        raise Refusal("files.xlsx_broken", name=name) from error


def refused(name: str, rows: Iterator[Row]) -> Iterator[Row]:
    """The rows; damage met on the way becomes a Refusal."""
    with damage_refused(name):
        yield from rows


def within(name: str, rows: Iterable[Row], limits: Limits) -> Iterator[Row]:
    """The rows, as long as they stay within the limits; a row is looked at before the next is parsed."""
    cells = 0
    for number, row in enumerate(rows, start=1):
        cells += len(row)
        if not number % TOLD_EVERY:
            limits.told(number)
        if number > limits.rows or cells > limits.cells:
            raise Refusal("files.too_long", name=name, limit=limits.rows)
        if len(row) > limits.columns:
            raise Refusal("files.too_wide", name=name, limit=limits.columns, row=number)
        yield row
