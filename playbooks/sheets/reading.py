"""A tab's grid of texts -> its rows by key: columns found by heading, wherever people moved them or their rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playbooks.model import Refusal
from playbooks.sheets.model import KEY, Column

Grid = Sequence[Sequence[str]]
HEADER_WITHIN = 5
"""Rows from the top: people put a title or a note above the headings."""
ROUNDED = re.compile(r"\d(\.\d+)?E\+\d+", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """A row as it stands in the sheet: where (from 0), and its cells by field."""

    row: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class TabRead:
    """A tab as read. `twice`: rows whose key stands further up already. `rounded`: rows whose number the sheet turned
    into 6.9E+18. `nameless`: rows with something in them and no key."""

    columns: Mapping[str, int]
    head: int
    width: int
    rows: Mapping[str, Found]
    twice: tuple[tuple[str, Found], ...] = ()
    rounded: tuple[Found, ...] = ()
    nameless: tuple[Found, ...] = ()


def plain(text: str) -> str:
    """Full-width and white space evened out, what nobody sees left out: what people mean by a cell."""
    if text.isascii():
        return " ".join(text.split())
    seen = (sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
    return " ".join("".join(seen).split())


def key_in(text: str) -> str:
    """The key a cell holds; '' for none."""
    return plain(text).replace(" ", "")


def read_tab(grid: Grid, columns: Sequence[Column], headings: Mapping[str, str]) -> TabRead:
    """The tab's rows by key. `headings`: a heading, in whichever language -> its field.

    Of a heading that stands twice the first counts; so does the first row of a key. Raises Refusal
    `sheet_tab.header` (names: fields) where a column's heading is missing: then nothing of the tab is believed.
    """
    head, at = header(grid, headings)
    missing = tuple(one.field for one in columns if one.field not in at)
    if missing:
        raise Refusal("sheet_tab.header", names=missing)
    rows: dict[str, Found] = {}
    twice, rounded, nameless = [], [], []
    for number in range(head + 1, len(grid)):
        cells = {name: cell(grid[number], column) for name, column in at.items()}
        key, one = key_in(cells[KEY]), Found(number, cells)
        if not key and any(cells.values()):
            nameless.append(one)
        elif ROUNDED.fullmatch(key):
            rounded.append(one)
        elif key in rows:
            twice.append((key, one))
        elif key:
            rows[key] = one
    width = max(map(len, grid), default=0)
    return TabRead(at, head, width, rows, tuple(twice), tuple(rounded), tuple(nameless))


def header(grid: Grid, headings: Mapping[str, str]) -> tuple[int, dict[str, int]]:
    """The row with the most headings, and where each field stands in it."""
    best, found = 0, dict[str, int]()
    for number, row in enumerate(grid[:HEADER_WITHIN]):
        at: dict[str, int] = {}
        for column, text in enumerate(row):
            name = headings.get(plain(text))
            if name is not None:
                at.setdefault(name, column)
        if len(at) > len(found):
            best, found = number, at
    return best, found


def cell(row: Sequence[str], column: int) -> str:
    """The text of a row's cell; rows are ragged."""
    return row[column].strip() if column < len(row) else ""
