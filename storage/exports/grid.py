"""A table file 表格 as rows of text: what it is by its first bytes, never by its suffix.

Pure (bytes in, rows out), so that it can run in a guarded child process. A file that is no table, or a
hostile one, ends in a Refusal that names the cure. Rows keep their place: row 1 is the first row a person
sees in a spreadsheet, blank rows included.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from itertools import chain, islice
from operator import attrgetter
from typing import IO, NamedTuple
from zipfile import ZipFile, ZipInfo

from playbooks.model import Refusal
from storage.exports.containers import ENCRYPTED_MARK, OLE_MAGIC, is_workbook, is_zip, opened, tables
from storage.exports.html_table import html_rows
from storage.exports.limits import LIMITS, TOLD_EVERY, Limits
from storage.exports.xlsx import DAMAGE, read_tabs, read_xlsx
from storage.exports.xlsx_parts import CHUNK, Hostile

__all__ = ["HEAD_ROWS", "LIMITS", "Grid", "Limits", "Row", "Table", "read_grid", "read_head", "read_sheets"]

Row = tuple[str, ...]

HEAD_ROWS = 20
"""A header stands within the first 20 rows; titles and notes may stand above it (reader_rules.header_row)."""

HAND_MADE_ROWS = 20_000
"""More than a workbook holds that a person made."""

START = 4_096
CHECKED = 1 << 20
"""Bytes decoded at once when a text is looked through."""
CONTROL = (*range(9), *range(14, 32), 127)


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of one sheet, cells as text exactly as in the file; `sheet` is "" for a text file."""

    rows: tuple[Row, ...]
    sheet: str


class Part(NamedTuple):
    """Where the rows of a file, or of an archive's part, begin: the number of the first in the whole table, and in the
    part. `text`: its rows have every cell their line has, while a workbook or web page leaves empty ones out."""

    row: int
    name: str
    own: int
    text: bool


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


def refuse_size(name: str, data: bytes, limits: Limits) -> None:
    if len(data) > limits.sent:
        raise Refusal("files.too_big", name=name, limit=limits.sent // 1_000_000)


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


def joined(
    name: str, archive: ZipFile, members: Sequence[tuple[str, ZipInfo]], limits: Limits, parts: list[Part]
) -> Iterator[Row]:
    """The rows of the parts of one export; each further part repeats the head of the first, which is passed.

    Raises Refusal `files.parts_differ` where it does not: those are different tables. An empty part is none.
    """
    head: list[Row] = []
    given = 0
    for part, member in members:
        text, rows = part_rows(part, archive, member, limits)
        start = list(islice(rows, HEAD_ROWS))
        if not any(map(any, start)):
            continue
        same = alike(head, start) if head else 0
        if head and same <= header_of(head):
            raise Refusal("files.parts_differ", name=name, part=part)
        head = head or start
        parts.append(Part(given + 1, part, same + 1, text))
        for row in chain(start[same:], rows):
            given += 1
            yield row
    if not head:
        raise Refusal("files.empty", name=name)


def part_rows(part: str, archive: ZipFile, member: ZipInfo, limits: Limits) -> tuple[bool, Iterator[Row]]:
    """Whether one member of an archive is text, and its rows."""
    with archive.open(member) as file:
        start = file.read(START)
    if not start.strip():
        return True, iter(())
    if not is_zip(start):
        return read_plain(part, start, lambda: archive.open(member))
    inner = opened(part, whole_part(part, archive.open(member), limits), limits)
    if not is_workbook(inner):
        raise Refusal("files.zip_nested", name=part)
    return False, read_xlsx(part, inner)[1]


def whole_part(part: str, file: IO[bytes], limits: Limits) -> bytes:
    """A member of an archive that has to be in memory as a whole; no larger than a file that is sent."""
    with file:
        data = file.read(limits.sent + 1)
    refuse_size(part, data, limits)
    return data


def alike(head: Sequence[Row], start: Sequence[Row]) -> int:
    """How many rows two tables begin with in common."""
    return next(
        (at for at, (one, other) in enumerate(zip(head, start, strict=False)) if one != other), len(head)
    )


def header_of(head: Sequence[Row]) -> int:
    """The row a header most likely is: the first that is at least half as full as the fullest; notes are not."""
    full = [sum(map(bool, row)) for row in head]
    return next((at for at, count in enumerate(full) if count * 2 >= max(full)), 0)


def read_plain(name: str, start: bytes, opened: Callable[[], IO[bytes]]) -> tuple[bool, Iterator[Row]]:
    """Whether it is text, and the rows of what is no archive: text, or a web page under a table's name.

    Raises Refusal for an old .xls and for a workbook with a password; `opened` gives the bytes from the start.
    """
    if start.startswith(OLE_MAGIC):
        locked = ENCRYPTED_MARK in opened().read()
        raise Refusal("files.password_needed" if locked else "files.old_xls", name=name)
    if start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        start = start.decode("utf-16", "ignore").encode()
    begins = start.removeprefix(BOM_UTF8).lstrip().lower()
    if begins.startswith(b"<?xml") and b"<table" not in begins.replace(b"<table ss:", b""):
        raise Refusal("files.html", name=name)
    if begins.startswith((b"<html", b"<table", b"<!doctype", b"<meta", b"<head", b"<?xml")):
        return False, read_page(name, opened)
    return True, read_text(name, opened)


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


def read_text(name: str, opened: Callable[[], IO[bytes]]) -> Iterator[Row]:
    """Rows of a csv or tsv. Quotes are strict: an unclosed one would swallow the rest of the file."""
    encoding, start = encoding_of(name, opened)
    with opened() as file:
        lines = TextIOWrapper(file, encoding=encoding, newline="")
        reader = csv.reader(lines, delimiter=delimiter_of(start), strict=True)
        try:
            for row in reader:
                yield tuple(row)
        except csv.Error as error:
            raise Refusal("files.csv_broken", name=name, line=reader.line_num) from error


def read_page(name: str, opened: Callable[[], IO[bytes]]) -> Iterator[Row]:
    """Rows of the tables of an HTML page."""
    encoding, _ = encoding_of(name, opened)
    with opened() as file:
        lines = TextIOWrapper(file, encoding=encoding)
        yield from html_rows(iter(lambda: lines.read(CHUNK), ""))


def encoding_of(name: str, opened: Callable[[], IO[bytes]]) -> tuple[str, str]:
    """The encoding and the text's start: BOM, strict UTF-8, strict GB18030 (GBK lacks emoji), no guessing."""
    with opened() as file:
        utf_16 = file.read(2) in (BOM_UTF16_LE, BOM_UTF16_BE)
    for encoding in ("utf-16",) if utf_16 else ("utf-8-sig", "gb18030"):
        try:
            return encoding, checked_text(name, opened, encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal("files.not_table", name=name)


def checked_text(name: str, opened: Callable[[], IO[bytes]], encoding: str) -> str:
    """The text's start, after all of it was decoded and holds no control characters: no table has any.

    Raises UnicodeDecodeError, Refusal `files.not_table`.
    """
    start, decoder = "", getincrementaldecoder(encoding)()
    with opened() as file:
        while True:
            data = file.read(CHECKED)
            text = decoder.decode(data, final=not data)
            seen = text.encode() if encoding == "utf-16" else data  # elsewhere they are bytes of their own
            if any(sign in seen for sign in CONTROL):
                raise Refusal("files.not_table", name=name)
            start = start or text
            if not data:
                return start[:200_000]


def delimiter_of(start: str) -> str:
    """Comma, else tab, whichever a line of the first 20 holds most of (抖店 puts single tabs before ids); a semicolon,
    as Excel writes in some countries, where the first line of several cells has more of them than of either.

    Below that line semicolons tell nothing: an order-dimension report joins sub-orders with them.
    """
    lines = start.split("\n", HEAD_ROWS)[:HEAD_ROWS]
    first = next((line for line in lines if max(map(line.count, ",\t;")) > 1), "")
    if first.count(";") > max(first.count(","), first.count("\t")):
        return ";"
    commas, tabs = (max(line.count(mark) for line in lines) for mark in ",\t")
    return "\t" if tabs > commas else ","
