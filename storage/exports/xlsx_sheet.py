"""One worksheet of an .xlsx as rows of text.

Only cells with a value count, so formatting down to the last row of the sheet costs nothing. Numbers come as
they were written where that is exact; a number with lost digits comes in exponent form, so that it is seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zipfile import ZipFile

from storage.exports.xlsx_parts import MAX_TEXT, Feed, Hostile, unescaped
from storage.exports.xlsx_plain import pieces, plain_row

EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - the wall clock of the sheet, made a moment by its reader
EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001 - as above
LAST_DAY = 2_958_465  # 9999-12-31
ROW_END = b"</row>"
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
        self.letters: list[str] = []
        self.at: list[int] = []
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
        for number, row in self.numbered(archive, path):
            if number <= given or number - given > MAX_ROW_GAP:
                raise Hostile(path)
            for _blank in range(number - given - 1):
                yield ()
            yield row
            given = number

    def numbered(self, archive: ZipFile, path: str) -> Iterator[tuple[int, tuple[str, ...]]]:
        """The rows with a value and their numbers: plain ones by pattern, the others by expat."""
        feed = Feed(path, self)
        with archive.open(path) as part:
            for piece, plain in pieces(part, ROW_END):
                for row in piece.split(ROW_END)[:-1] if plain else ():
                    if not self.take_plain(row):
                        feed.give(row + ROW_END)
                    yield from self.finished()
                if not plain:
                    feed.give(piece)
                    yield from self.finished()
        feed.end()
        yield from self.finished()

    def finished(self) -> list[tuple[int, tuple[str, ...]]]:
        """The rows finished since it was last asked."""
        done, self.done = self.done, []
        return done

    def take_plain(self, piece: bytes) -> bool:
        """Take a row that has the plain form; False where it has not."""
        try:
            row = plain_row(piece.decode())
        except UnicodeDecodeError:
            return False
        if row is None:
            return False
        self.row = self.row + 1 if row.number is None else row.number
        if not 0 < self.row <= SHEET_ROWS:
            raise Hostile("row")
        shown = [
            self.shown(kind or "n", style or "", value) if value else ""
            for style, kind, value in zip(row.styles, row.kinds, row.values, strict=True)
        ]
        self.end_plain(row.letters, shown)
        return True

    def end_plain(self, letters: list[str], shown: list[str]) -> None:
        if letters != self.letters:
            self.letters, self.at = letters, [self.column_of(each) for each in letters]
        while shown and not shown[-1]:
            shown.pop()
        if not shown:
            return
        if self.at[len(shown) - 1] == len(shown) - 1 and self.at == sorted(set(self.at)):
            self.done.append((self.row, tuple(shown)))
        else:
            self.cells = {at: text for at, text in zip(self.at, shown, strict=False) if text}
            self.end_row()

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
            if self.value and (shown := self.shown(self.kind, self.style, self.value)):
                self.cells[self.column] = shown
        elif name == "row":
            self.end_row()
        elif name == "rPh":
            self.phonetic = False

    def end_row(self) -> None:
        if self.cells:
            cells, width = self.cells, max(self.cells) + 1
            self.done.append((self.row, tuple([cells.get(i, "") for i in range(width)])))

    def shown(self, kind: str, style: str, value: str) -> str:
        """A cell's value as text."""
        if kind == "s":
            return self.strings[int(value)]
        if kind == "n":
            if style and int(style) in self.dates:
                return self.date(value)
            return number(value)
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        return unescaped(value)

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
