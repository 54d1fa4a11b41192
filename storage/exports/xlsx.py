"""An .xlsx as rows of text, streamed through expat: bounded memory, exact ids, nothing of it is trusted.

Why not a library: one far cell or a billion shared strings abort or starve the known readers, some lose the
digits of a 19-digit id, and a wrong `<dimension>` makes others drop columns. Here rows come one after
another, nothing but the shared strings is kept, and the dimension is not read at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from itertools import chain, islice
from posixpath import join, normpath
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

from playbooks.model import Refusal
from storage.exports.xlsx_merged import filled
from storage.exports.xlsx_parts import (
    DateStyles,
    Elements,
    Hostile,
    Strings,
    parse,
)
from storage.exports.xlsx_sheet import SheetRows

MAX_PARTS = 5_000
DAMAGE = (
    BadZipFile, ZlibError, ExpatError, KeyError, ValueError, IndexError, EOFError, NotImplementedError,
    RuntimeError, OSError,
)  # fmt: skip
"""What zip and expat raise over damaged, lying or encrypted members."""


def read_xlsx(name: str, data: bytes, unpacked: int, ratio: int) -> tuple[str, Iterator[tuple[str, ...]]]:
    """Name and rows of the first visible sheet that holds a table.

    `unpacked` is the most bytes it may declare, `ratio` the most it may grow by. Raises Refusal `files.*`.
    """
    try:
        archive = ZipFile(BytesIO(data))
        check_sizes(name, archive, len(data), unpacked, ratio)
        return first_table(name, Book(archive))
    except Hostile as error:
        raise Refusal("files.hostile", name=name) from error
    except DAMAGE as error:
        raise Refusal("files.xlsx_broken", name=name) from error


def read_tabs(
    name: str, data: bytes, unpacked: int, ratio: int, most: int
) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Name and rows of every visible sheet that is not empty, merged cells filled, at most `most` rows in all.

    For tables made by hand, which are small. Refuses as `read_xlsx` does, and with `files.too_long`.
    """
    try:
        archive = ZipFile(BytesIO(data))
        check_sizes(name, archive, len(data), unpacked, ratio)
        book, left = Book(archive), most
        strings, dates, from_1904 = book.strings(), book.date_styles(), book.from_1904()
        for sheet, path in book.sheets():
            reading = SheetRows(strings, dates, from_1904)
            rows = list(islice(reading.rows(archive, path), left + 1))
            if (left := left - len(rows)) < 0:
                raise Refusal("files.too_long", name=name, limit=most)
            if rows:
                yield sheet, filled(rows, reading.merged)
    except Hostile as error:
        raise Refusal("files.hostile", name=name) from error
    except DAMAGE as error:
        raise Refusal("files.xlsx_broken", name=name) from error


def check_sizes(name: str, archive: ZipFile, sent: int, unpacked: int, ratio: int) -> None:
    """Refuse a zip bomb by what it declares, before a byte is unpacked; zipfile unpacks no more than that."""
    parts = archive.infolist()
    declared = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or declared > unpacked or declared > sent * ratio:
        raise Refusal("files.hostile", name=name)
    if not any(part.filename.lower() == "[content_types].xml" for part in parts):
        raise Refusal("files.zip", name=name)


class Book:
    """The parts of a workbook: its sheets in order, shared strings, date styles; read when needed."""

    def __init__(self, archive: ZipFile) -> None:
        self.archive = archive
        relations = self.elements("_rels/.rels", "Relationship")
        self.path = next(target_of(r, "") for r in relations if r["Type"].endswith("/officeDocument"))
        folder, _, file = self.path.rpartition("/")
        self.parts = {
            r["Id"]: (r["Type"].rpartition("/")[2], target_of(r, folder))
            for r in self.elements(f"{folder}/_rels/{file}.rels", "Relationship")
        }

    def elements(self, path: str, wanted: str) -> list[dict[str, str]]:
        """The attributes of every `wanted` element of a small part."""
        return parse(self.archive, path, Elements(wanted)).found

    def sheets(self) -> list[tuple[str, str]]:
        """(name, path) of the visible worksheets in the order of their tabs."""
        found = []
        for sheet in self.elements(self.path, "sheet"):
            key = next(value for name, value in sheet.items() if name.endswith(":id") or name == "id")
            kind, path = self.parts[key]
            if kind == "worksheet" and sheet.get("state", "visible") == "visible":
                found.append((sheet["name"], path))
        return found

    def by_kind(self, kind: str) -> str:
        """The path of the only part of a kind, "" where the workbook has none."""
        return next((path for name, path in self.parts.values() if name == kind), "")

    def strings(self) -> list[str]:
        path = self.by_kind("sharedStrings")
        return parse(self.archive, path, Strings()).found if path else []

    def date_styles(self) -> frozenset[int]:
        path = self.by_kind("styles")
        return parse(self.archive, path, DateStyles()).dates() if path else frozenset()

    def from_1904(self) -> bool:
        """Whether its days are counted from 1904 (old Mac workbooks) and not from 1900."""
        return any(e.get("date1904") in ("1", "true") for e in self.elements(self.path, "workbookPr"))


def target_of(relation: dict[str, str], folder: str) -> str:
    """A relation's target as a path in the archive; relative to `folder` unless it starts with /."""
    target = relation["Target"]
    return target[1:] if target.startswith("/") else normpath(join(folder, target))


def first_table(name: str, book: Book) -> tuple[str, Iterator[tuple[str, ...]]]:
    """The first visible sheet with two filled cells in one of its first 20 rows: covers are passed."""
    strings, dates, from_1904 = book.strings(), book.date_styles(), book.from_1904()
    for sheet, path in book.sheets():
        rows = SheetRows(strings, dates, from_1904).rows(book.archive, path)
        head = list(islice(rows, 20))
        if any(sum(1 for cell in row if cell) > 1 for row in head):
            return sheet, guarded(name, chain(head, rows))
    raise Refusal("files.empty", name=name)


def guarded(name: str, rows: Iterator[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The rows; damage met on the way becomes a Refusal."""
    try:
        yield from rows
    except Hostile as error:
        raise Refusal("files.hostile", name=name) from error
    except DAMAGE as error:
        raise Refusal("files.xlsx_broken", name=name) from error
