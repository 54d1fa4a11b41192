"""A table file 表格 as rows of text: what it is by its first bytes, never by its suffix.

Pure (bytes in, rows out), so that it can run in a guarded child process. A file that is no table, or a
hostile one, ends in a Refusal that names the cure. Rows keep their place: row 1 is the first row a person
sees in a spreadsheet, blank rows included.
"""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from itertools import islice

from playbooks.model import Refusal
from storage.exports.xlsx import read_tabs, read_xlsx

Row = tuple[str, ...]

HEAD_ROWS = 20
"""A header stands within the first 20 rows; titles and notes may stand above it (reader_rules.header_row)."""

HAND_MADE_ROWS = 20_000
"""More than a workbook holds that a person made."""

OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP_MAGIC = b"PK\x03\x04"
ENCRYPTED_MARK = "EncryptedPackage".encode("utf-16-le")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest file that is read: bytes as sent and unpacked, unpacked/sent, rows, columns, cells.

    20 MB is what Telegram gives a bot; the rest is several times the largest honest export that fits into it.
    """

    sent: int = 20_000_000
    unpacked: int = 400_000_000
    ratio: int = 200
    rows: int = 200_000
    columns: int = 300
    cells: int = 12_000_000


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of one sheet, cells as text exactly as in the file; `sheet` is "" for a text file."""

    rows: tuple[Row, ...]
    sheet: str


def read_grid(name: str, data: bytes, limits: Limits = LIMITS) -> Grid:
    """The whole file as a Grid. Raises Refusal `files.*` when it is no table, too large, or damaged."""
    sheet, rows = stream(name, data, limits)
    grid = Grid(tuple(rows), sheet)
    if not any(any(row) for row in grid.rows):
        raise Refusal("files.empty", name=name)
    return grid


def read_head(name: str, data: bytes, limits: Limits = LIMITS) -> Grid:
    """The first 20 rows only: enough to know what kind of file it is."""
    sheet, rows = stream(name, data, limits)
    return Grid(tuple(islice(rows, HEAD_ROWS)), sheet)


def read_sheets(name: str, data: bytes, limits: Limits = LIMITS) -> tuple[Grid, ...]:
    """Every sheet of a workbook made by hand, or the one table of a text file; merged cells are filled.

    Raises Refusal `files.*`.
    """
    if not data.startswith(ZIP_MAGIC):
        return (read_grid(name, data, limits),)
    if len(data) > limits.sent:
        raise Refusal("files.too_big", name=name, limit=limits.sent // 1_000_000)
    tabs = read_tabs(name, data, limits.unpacked, limits.ratio, HAND_MADE_ROWS)
    grids = tuple(Grid(tuple(within(name, rows, limits)), sheet) for sheet, rows in tabs)
    if not any(any(row) for grid in grids for row in grid.rows):
        raise Refusal("files.empty", name=name)
    return grids


def stream(name: str, data: bytes, limits: Limits = LIMITS) -> tuple[str, Iterator[Row]]:
    """Sheet name and rows, one at a time. Raises Refusal `files.*`, also while the rows are being taken."""
    if not data.strip():
        raise Refusal("files.empty", name=name)
    if len(data) > limits.sent:
        raise Refusal("files.too_big", name=name, limit=limits.sent // 1_000_000)
    refuse_container(name, data)
    if data.startswith(ZIP_MAGIC):
        sheet, rows = read_xlsx(name, data, limits.unpacked, limits.ratio)
    else:
        sheet, rows = "", read_text(name, data)
    return sheet, within(name, rows, limits)


def refuse_container(name: str, data: bytes) -> None:
    """Refuse what looks like a spreadsheet to a person and is none: old .xls, encrypted, HTML under .xls."""
    if data.startswith(OLE_MAGIC):
        raise Refusal("files.encrypted" if ENCRYPTED_MARK in data else "files.old_xls", name=name)
    start = data[:200].removeprefix(BOM_UTF8).lstrip().lower()
    if start.startswith((b"<html", b"<table", b"<!doctype", b"<?xml", b"<meta", b"<head")):
        raise Refusal("files.html", name=name)


def within(name: str, rows: Iterable[Row], limits: Limits) -> Iterator[Row]:
    """The rows, as long as they stay within the limits; a row is looked at before the next is parsed."""
    cells = 0
    for number, row in enumerate(rows, start=1):
        cells += len(row)
        if number > limits.rows or cells > limits.cells:
            raise Refusal("files.too_long", name=name, limit=limits.rows)
        if len(row) > limits.columns:
            raise Refusal("files.too_wide", name=name, limit=limits.columns, row=number)
        yield row


def read_text(name: str, data: bytes) -> Iterator[Row]:
    """Rows of a csv or tsv. Quotes are strict: an unclosed one would swallow the rest of the file."""
    encoding, start = encoding_of(name, data)
    lines = TextIOWrapper(BytesIO(data), encoding=encoding, newline="")
    reader = csv.reader(lines, delimiter=delimiter_of(start), strict=True)
    try:
        for row in reader:
            yield tuple(row)
    except csv.Error as error:
        raise Refusal("files.csv_broken", name=name, line=reader.line_num) from error


def encoding_of(name: str, data: bytes) -> tuple[str, str]:
    """The encoding and the text's start: BOM, strict UTF-8, strict GB18030 (GBK lacks emoji), no guessing."""
    utf_16 = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    candidates = ("utf-16",) if utf_16 else ("utf-8-sig", "gb18030")
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if CONTROL.search(text):
            break
        return encoding, text[:200_000]
    raise Refusal("files.not_table", name=name)


def delimiter_of(start: str) -> str:
    """Comma, else tab: whichever a line of the first 20 holds most of (抖店 puts single tabs before ids)."""
    lines = start.split("\n", HEAD_ROWS)[:HEAD_ROWS]
    commas, tabs = (max(line.count(mark) for line in lines) for mark in ",\t")
    return "\t" if tabs > commas else ","
