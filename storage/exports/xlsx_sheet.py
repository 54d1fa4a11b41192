"""One worksheet of an .xlsx as rows of text.

Only cells with a value count, so formatting down to the last row of the sheet costs nothing. Numbers come as
they were written where that is exact; a number with lost digits comes in exponent form, so that it is seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zipfile import ZipFile

from storage.exports.xlsx_parts import MAX_TEXT, Hostile, feed, unescaped

EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - the wall clock of the sheet, made a moment by its reader
EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001 - as above
LAST_DAY = 2_958_465  # 9999-12-31
SHEET_ROWS, SHEET_COLUMNS = 1_048_576, 16_384
MAX_ROW_GAP = 200_000
"""Blank rows are handed out one by one; a gap longer than any file that is read is no table."""
MERGES_KEPT = 5_000
"""More merged ranges than any table made by hand has."""
EXACT_DIGITS = 15
"""What Excel keeps of a number; the rest of a longer one is 0."""


class SheetRows:
    """Handler of a sheet's elements: collects finished rows until they are taken."""

    def __init__(self, strings: list[str], dates: frozenset[int], from_1904: bool) -> None:
        self.strings = strings
        self.dates = dates
        self.epoch = EPOCH_1904 if from_1904 else EPOCH_1900
        self.done: list[tuple[int, tuple[str, ...]]] = []
        self.columns: dict[str, int] = {}
        self.row = 0
        self.column = -1
        self.cells: dict[int, str] = {}
        self.kind = ""
        self.style = ""
        self.pieces: list[str] | None = None
        self.value = ""
        self.length = 0
        self.phonetic = False
        self.merged: list[str] = []
        """Ranges of merged cells, "A1:D1": a sheet names them after its last row."""

    def rows(self, archive: ZipFile, path: str) -> Iterator[tuple[str, ...]]:
        """The rows in order, blank ones where the sheet skips them, none after the last value."""
        given = 0
        for _ in feed(archive, path, self):
            for number, row in self.done:
                if number <= given or number - given > MAX_ROW_GAP:
                    raise Hostile(path)
                for _blank in range(number - given - 1):
                    yield ()
                yield row
                given = number
            self.done.clear()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self.start_cell(attributes)
        elif name in ("v", "t"):
            if not self.phonetic:
                self.pieces = []
        elif name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column, self.cells = -1, {}
            if not 0 < self.row <= SHEET_ROWS:
                raise Hostile("row")
        elif name == "rPh":
            self.phonetic = True
        elif name == "mergeCell" and len(self.merged) < MERGES_KEPT:
            self.merged.append(attributes.get("ref", ""))

    def start_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        self.column = self.column + 1 if place is None else self.column_of(place)
        self.kind = attributes.get("t", "n")
        self.style = attributes.get("s", "")
        self.value, self.length = "", 0

    def column_of(self, place: str) -> int:
        """AB12 -> 27, counted from 0."""
        letters = place.rstrip("0123456789")
        found = self.columns.get(letters)
        if found is None:
            found = 0
            for letter in letters[:4].upper():
                found = found * 26 + ord(letter) - 64
            if not 0 < found <= SHEET_COLUMNS:
                raise Hostile(place[:20])
            self.columns[letters] = found = found - 1
        return found

    def text(self, text: str) -> None:
        if self.pieces is not None:
            self.length += len(text)
            if self.length > MAX_TEXT:
                raise Hostile("text")
            self.pieces.append(text)

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            if self.pieces is not None:
                self.value += "".join(self.pieces)
                self.pieces = None
        elif name == "c":
            if self.value and (shown := self.shown()):
                self.cells[self.column] = shown
        elif name == "row":
            self.end_row()
        elif name == "rPh":
            self.phonetic = False

    def end_row(self) -> None:
        if self.cells:
            cells, width = self.cells, max(self.cells) + 1
            self.done.append((self.row, tuple([cells.get(i, "") for i in range(width)])))

    def shown(self) -> str:
        """The cell's value as text."""
        if self.kind == "s":
            return self.strings[int(self.value)]
        if self.kind == "n":
            if self.style and int(self.style) in self.dates:
                return self.date(self.value)
            return number(self.value)
        if self.kind == "b":
            return "TRUE" if self.value == "1" else "FALSE"
        return unescaped(self.value)

    def date(self, serial: str) -> str:
        """Days since the epoch as YYYY-MM-DD HH:MM:SS; a time of day alone as HH:MM."""
        days = float(serial)
        if not 0 <= days < LAST_DAY:
            return number(serial)
        seconds = timedelta(seconds=round(days * 86_400))
        return f"{self.epoch + seconds:%H:%M}" if days < 1 else str(self.epoch + seconds)


def number(text: str) -> str:
    """A number as a person would write it: digits as they stand, 59.899999999999999 as 59.9.

    A whole number beyond Excel's 15 digits that ends in 0000 has lost its digits, and shows it: 6.9e+18.
    """
    if text.isdecimal():
        return repr(float(text)) if len(text) > EXACT_DIGITS and text.endswith("0000") else text
    value = float(text)
    if value.is_integer() and abs(value) < 10**EXACT_DIGITS:
        return str(int(value))
    return repr(value)
