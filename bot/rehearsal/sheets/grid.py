"""A spreadsheet as people see and use it: cells typed in as Google reads them, rows sorted, inserted and deleted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

NUMBER = re.compile(r"-?\d+(\.\d+)?")
TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
MINUTES_A_DAY = 1440
DIGITS = 15
"""More, and a number loses digits and is shown as 6.91793E+18."""


@dataclass(frozen=True)
class Cell:
    """What a cell shows; `formula` where one was typed, `number` where the sheet made a number of it; `behind`: that
    number, where its format shows something else."""

    text: str = ""
    formula: str = ""
    number: bool = False
    behind: str = ""
    tinted: bool = False

    def with_text(self, text: str) -> Cell:
        """Exactly this text, as the API's `stringValue`."""
        return replace(self, text=text, formula="", number=False, behind="")


EMPTY = Cell()


def typed(text: str, *, as_text: bool) -> Cell:
    """What becomes of words typed into a cell; `as_text`: its column is formatted as text."""
    if as_text or not text:
        return Cell(text)
    if text.startswith("="):
        return Cell("#ERROR!", formula=text)
    if NUMBER.fullmatch(text):
        value = float(text)
        long = len(text.lstrip("-").split(".")[0]) > DIGITS
        return Cell(f"{value:.5E}" if long else f"{value:g}" if "." in text else str(int(text)), number=True)
    if time := TIME.fullmatch(text):
        share = (int(time[1]) * 60 + int(time[2])) / MINUTES_A_DAY
        return Cell(text, number=True, behind=f"{share:.9g}")
    return Cell(text)


@dataclass
class Tab:
    """One tab: a grid of `rows` × `columns`, of which only what has something in it is kept."""

    id: int
    title: str
    rows: int = 1000
    columns: int = 26
    hidden: bool = False
    frozen: int = 0
    grid: list[list[Cell]] = field(default_factory=list)
    text_columns: set[int] = field(default_factory=set)
    choices: dict[int, tuple[str, ...]] = field(default_factory=dict)
    protected: dict[int, dict[str, Any]] = field(default_factory=dict)

    def copy(self) -> Tab:
        """To go back to."""
        return replace(
            self, grid=[list(row) for row in self.grid], text_columns=set(self.text_columns),
            choices=dict(self.choices), protected=dict(self.protected),
        )  # fmt: skip

    def cell(self, row: int, column: int) -> Cell:
        """A cell, empty where nothing was ever put."""
        if row < len(self.grid) and column < len(self.grid[row]):
            return self.grid[row][column]
        return EMPTY

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Have `cell` there, within the grid's size."""
        while len(self.grid) <= row:
            self.grid.append([])
        line = self.grid[row]
        line.extend([EMPTY] * (column + 1 - len(line)))
        line[column] = cell

    def texts(self) -> list[list[str]]:
        """The rows as shown, without what is empty at their ends."""
        return trimmed([[cell.text for cell in row] for row in self.grid])

    # -- what people do ------------------------------------------------------------------------------

    def type(self, row: int, column: int, text: str) -> None:
        """Somebody types into a cell."""
        self.put(row, column, typed(text, as_text=column in self.text_columns))
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)

    def paste(self, rows: Iterable[Iterable[str]], at: int = 0) -> None:
        """Somebody pastes rows from row `at` on."""
        for row, texts in enumerate(rows, at):
            for column, text in enumerate(texts):
                self.type(row, column, text)

    def sort(self, column: int, *, after: int = 0, reverse: bool = False) -> None:
        """Somebody sorts the rows below row `after` by a column; empty cells come last."""
        head, rest = self.grid[: after + 1], self.grid[after + 1 :]

        def text(row: list[Cell]) -> str:
            return row[column].text if column < len(row) else ""

        filled = sorted((row for row in rest if text(row)), key=text, reverse=reverse)
        self.grid = [*head, *filled, *(row for row in rest if not text(row))]

    def insert(self, row: int) -> None:
        """Somebody inserts an empty row."""
        self.rows += 1
        if row <= len(self.grid):
            self.grid.insert(row, [])

    def delete(self, row: int) -> None:
        """Somebody deletes a row."""
        self.rows -= 1
        if row < len(self.grid):
            del self.grid[row]

    def move_column(self, first: int, to: int) -> None:
        """Somebody drags a column to another place."""
        for row in self.grid:
            row.extend([EMPTY] * (max(first, to) + 1 - len(row)))
            row.insert(to, row.pop(first))

    def lock(self, row: int, column: int) -> None:
        """The owner keeps a cell from everybody else."""
        area = {
            "startRowIndex": row, "endRowIndex": row + 1, "startColumnIndex": column, "endColumnIndex": column + 1,
        }  # fmt: skip
        self.protected[max(self.protected, default=0) + 1] = {"range": area}

    def find(self, text: str, column: int = 0) -> int:
        """The first row with `text` in a column. Raises StopIteration."""
        return next(row for row in range(len(self.grid)) if self.cell(row, column).text == text)

    def tinted(self) -> list[int]:
        """The rows in which some cell is tinted."""
        return [at for at, row in enumerate(self.grid) if any(cell.tinted for cell in row)]

    def change(self, rows: range, columns: range, how: Callable[[Cell], Cell]) -> None:
        """Every cell of an area, changed."""
        for row in rows:
            for column in columns:
                before = self.cell(row, column)
                if (after := how(before)) != before:
                    self.put(row, column, after)


def trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Without empty cells and rows at the ends, as Google answers."""
    for row in rows:
        while row and not row[-1]:
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows
