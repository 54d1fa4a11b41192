"""An .xlsx as rows of text, streamed through expat: bounded memory, exact ids, nothing of it is trusted.

Why not a library: one far cell or a billion shared strings abort or starve the known readers, some lose the
digits of a 19-digit id, and a wrong `<dimension>` makes others drop columns. Here rows come one after
another, nothing but the shared strings is kept, and the dimension is not read at all.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    Feed,
    Strings,
    parse,
    unescaped,
)
from storage.exports.xlsx_plain import pieces, plain_strings
from storage.exports.xlsx_sheet import SheetRows

STRING_END = b"</si>"
DAMAGE = (
    BadZipFile, ZlibError, ExpatError, KeyError, ValueError, IndexError, EOFError, NotImplementedError,
    RuntimeError, OSError,
)  # fmt: skip
"""What zip and expat raise over damaged, lying or encrypted members."""


def read_xlsx(name: str, archive: ZipFile) -> tuple[str, Iterator[tuple[str, ...]]]:
    """Name and rows of the first visible sheet that holds a table: two filled cells in one of its first 20 rows.

    Raises Refusal `files.empty`, Hostile and whatever is in DAMAGE, also while the rows are being taken.
    """
    book = Book(archive)
    strings, dates, from_1904 = book.strings(), book.date_styles(), book.from_1904()
    for sheet, path in book.sheets():
        rows = SheetRows(strings, dates, from_1904).rows(archive, path)
        head = list(islice(rows, 20))
        if any(sum(1 for cell in row if cell) > 1 for row in head):
            return sheet, chain(head, rows)
    raise Refusal("files.empty", name=name)


def read_tabs(name: str, archive: ZipFile, most: int) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Name and rows of every visible sheet that is not empty, merged cells filled, at most `most` rows in all.

    For tables made by hand, which are small. Raises as `read_xlsx` does, and Refusal `files.too_long`.
    """
    book, left = Book(archive), most
    strings, dates, from_1904 = book.strings(), book.date_styles(), book.from_1904()
    for sheet, path in book.sheets():
        reading = SheetRows(strings, dates, from_1904)
        rows = list(islice(reading.rows(archive, path), left + 1))
        if (left := left - len(rows)) < 0:
            raise Refusal("files.too_long", name=name, limit=most)
        if rows:
            yield sheet, filled(rows, reading.merged)


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
        return read_strings(self.archive, path) if path else []

    def date_styles(self) -> frozenset[int]:
        path = self.by_kind("styles")
        return parse(self.archive, path, DateStyles()).dates() if path else frozenset()

    def from_1904(self) -> bool:
        """Whether its days are counted from 1904 (old Mac workbooks) and not from 1900."""
        return any(e.get("date1904") in ("1", "true") for e in self.elements(self.path, "workbookPr"))


def read_strings(archive: ZipFile, path: str) -> list[str]:
    """The shared strings: plain ones by pattern, pieces that hold any other by expat."""
    strings = Strings()
    feed = Feed(path, strings)
    with archive.open(path) as part:
        for piece, plain in pieces(part, STRING_END):
            found = plain_strings(piece) if plain else None
            if found is None:
                feed.give(piece)
            else:
                strings.add([unescaped(text) for text in found])
    feed.end()
    return strings.found


def target_of(relation: dict[str, str], folder: str) -> str:
    """A relation's target as a path in the archive; relative to `folder` unless it starts with /."""
    target = relation["Target"]
    return target[1:] if target.startswith("/") else normpath(join(folder, target))
