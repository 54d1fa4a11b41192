"""Merged cells of a table made by hand: what stands in the first of them is meant for all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
MOST_FILLED = 100_000
"""Cells: a merge down to the last row of the sheet is formatting, not a table."""

Row = tuple[str, ...]


def filled(rows: Sequence[Row], merged: Iterable[str]) -> list[Row]:
    """The rows with every merged range ("A1:D1") filled from its first cell, within the rows there are."""
    table = [list(row) for row in rows]
    left = MOST_FILLED
    for area in merged:
        top, bottom, first, last = _corners(area, len(table))
        left -= max(0, bottom - top) * (last - first + 1)
        if left < 0:
            break
        for row in table[top:bottom]:
            row.extend([""] * (last + 1 - len(row)))
        for at, column in _inner(top, bottom, first, last):
            table[at][column] = table[top][first]
    return [tuple(row) for row in table]


def _corners(area: str, rows: int) -> tuple[int, int, int, int]:
    """First row, row after the last, first and last column, from 0; nothing at all for what is no range."""
    found = RANGE.fullmatch(area)
    if found is None:
        return 0, 0, 0, 0
    return int(found[2]) - 1, min(int(found[4]), rows), _column(found[1]), _column(found[3])


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _inner(top: int, bottom: int, first: int, last: int) -> Iterator[tuple[int, int]]:
    return ((row, column) for row in range(top, bottom) for column in range(first, last + 1))
