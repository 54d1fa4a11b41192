"""Tabs that go one way 单向页: the run sheet is read and checked, reviews are appended."""

from __future__ import annotations

import asyncio
from datetime import datetime

from bot import sheet_reviews, sheet_runsheet
from bot.card import Card
from bot.desk import Desk
from bot.sheet_runsheet import SheetSeen
from bot.sheet_units import Units
from bot.sheet_words import headings
from bot.sheet_writing import TabDone, laid_out
from playbooks.model import Refusal
from playbooks.sheets import PROBLEM, Grid, SheetBinding, SheetHealth, read_tab
from storage.sheets import TabWrite

HINTS_AT_ONCE = 500
"""Cells of ours in the run sheet written at once; the rest comes with the next write."""


class RunSheet:
    """The run sheet of one room, with what a pass leaves for the next."""

    def __init__(self) -> None:
        self._mark = ""

    async def run(self, grid: Grid, binding: SheetBinding, units: Units) -> TabDone | None:
        """What is to be said beside its rows; a change that stood for two readings is put forward.

        Raises Refusal where it cannot be read.
        """
        try:
            seen = await asyncio.to_thread(sheet_runsheet.look, grid, units.room.lang)
        except Refusal as refusal:
            if refusal.key == "sheet.empty":  # nobody has begun to fill it in
                return None
            raise
        health = units.books.sheet_health.get(units.room.id)
        stood, self._mark = self._mark == seen.mark, seen.mark
        if stood and (health is None or health.mark != seen.mark):  # nobody is in the middle of it
            await units.run(lambda desk: _proposed(seen, binding, desk))
        puts = seen.puts[:HINTS_AT_ONCE]
        tints = {put.row: seen.tints[put.row] for put in puts}
        write = TabWrite(binding.tabs["runsheet"], seen.width, puts, tints=tints)
        return TabDone("runsheet", write, {PROBLEM: seen.column}, len(grid))


def _proposed(seen: SheetSeen, binding: SheetBinding, desk: Desk) -> tuple[None, list[Card]]:
    known = desk.books.sheet_health.get(desk.room.id) or SheetHealth(id=desk.room.id)
    after, cards = sheet_runsheet.propose(seen, binding, known, desk)
    desk.books.sheet_health.put(after)
    return None, cards


def reviews(grid: Grid, binding: SheetBinding, units: Units, now: datetime) -> TabDone:
    """The reviews the tab does not have yet. Raises Refusal `sheet_tab.header`."""
    read = read_tab(grid, binding.columns("review"), headings("review"))
    new = sheet_reviews.rows(units.books, units.room, now, read.rows)
    laid = [laid_out(cells, read.columns) for cells in new]
    keys = tuple(cells["key"] for cells in new)
    return TabDone(
        "review",
        TabWrite(binding.tabs["review"], read.width, appends=laid),
        read.columns,
        len(grid),
        (),
        keys,
    )
