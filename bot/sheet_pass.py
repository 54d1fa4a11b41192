"""One pass over a room's bound spreadsheet: read it all, bring both sides together, write what is to be written.

The worker thread does what waits for Google; what is decided is decided in units. Whatever fails on the way, the next
pass begins with reading again: nothing here is done twice by being done again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from bot import sheet_one_way
from bot.runner import Runner
from bot.sheet_one_way import RunSheet
from bot.sheet_two_way import TwoWay
from bot.sheet_units import Units
from bot.sheet_writing import Call, TabDone, names_of, scratch_title, seen_in, to_mend, write
from playbooks.model import Refusal
from playbooks.room import Room
from playbooks.sheets import (
    TWO_WAY,
    Copies,
    Grid,
    Met,
    Ours,
    Put,
    SheetBinding,
    SheetWrite,
    TabKind,
    Wrote,
    met,
    moved,
)
from storage.books import RoomBooks
from storage.sheets import Book, TabWrite

MENDED_AT_MOST = 3
"""Tries to put back what was written into a column that was moved: somebody may be writing the very same there."""
REFUSED_TWICE = 2
"""A batch may be refused because somebody deleted rows meanwhile: told when it is again."""
SeenTabs = Mapping[TabKind, tuple[Wrote, Copies]]


@dataclass
class Done:
    """What a pass did: `again`: there is more to write, or something to look at."""

    edits: int = 0
    rows: int = 0
    again: bool = False


@dataclass
class _Here:
    """A pass under way: what it goes by, what the last write met, what it did."""

    binding: SheetBinding
    units: Units
    last: SheetWrite
    seen: SeenTabs = field(default_factory=dict)
    done: Done = field(default_factory=Done)


class RoomPass:
    """A room's passes, with what one leaves for the next."""

    def __init__(self, runner: Runner, room: str, call: Call) -> None:
        self._runner = runner
        self._key = room
        self._call = call
        self._tabs = {kind: TwoWay(kind, runner, room) for kind in TWO_WAY}
        self._run_sheet = RunSheet()
        self._mended = 0
        self._refused: dict[TabKind, int] = {}
        last = runner.view(room).sheet_writes.get(room)
        for tab in self._tabs.values():
            tab.remember(last.meant if last else ())
        self.wrong: dict[TabKind, str] = {}
        self.lacks: dict[TabKind, str] = {}

    async def run(self, book: Book, whole: SheetBinding, room: Room, tabs: dict[TabKind, str]) -> Done:
        """One pass over `tabs`; another room has the others. Raises SheetFault, NotSaved, BoundAnew."""
        self.wrong = {kind: "sheet_tab.taken" for kind in whole.tabs if kind not in tabs}
        self.lacks = {}
        units = Units(self._runner, room, whole)
        last = units.books.sheet_writes.get(self._key) or SheetWrite(id=self._key)
        here = _Here(whole.changed(tabs=tabs), units, last)
        grids = await self._read(book, here.binding, [scratch_title(room)] if last.mark else [])
        here.seen = await asyncio.to_thread(seen_in, last, grids.pop(scratch_title(room), []))
        if await self._mend(book, here, grids):
            return Done(again=True)
        writes = list[TabDone]()
        for kind in (one for one in tabs if tabs[one] in grids):
            try:
                found = await self._tab(kind, grids[tabs[kind]], here)
            except Refusal as refusal:
                self.wrong[kind], self.lacks[kind] = refusal.key, _lacks(refusal)
                continue
            writes += [found] if found else []
        meant = tuple(one for tab in self._tabs.values() for one in tab.meant())
        self._tell_refused(await write(book, writes, meant, units, self._call))
        if last.mark and not writes and any(whole.off.values()):
            await self._tidied(book, scratch_title(room))
        here.done.again = any(one.kind not in self._refused for one in writes)
        here.done.rows = sum(len(one.appended) + len({put.row for put in one.write.puts}) for one in writes)
        return here.done

    # -- reading ---------------------------------------------------------------------------------------

    async def _read(self, book: Book, binding: SheetBinding, scratch: list[str]) -> dict[str, Grid]:
        """The tabs there are; of those that are gone it is said which."""
        known = await self._call(book.tabs)
        if any(title not in known for title in (*binding.tabs.values(), *scratch)):
            known = await self._call(lambda: book.tabs(again=True))
        titles = [title for title in (*binding.tabs.values(), *scratch) if title in known]
        for kind, title in binding.tabs.items():
            if title not in known:
                self.wrong[kind], self.lacks[kind] = "sheet_tab.tab_gone", title
        if not titles:
            return {}
        return cast("dict[str, Grid]", await self._call(lambda: book.read(titles)))

    async def _mend(self, book: Book, here: _Here, grids: Mapping[str, Grid]) -> bool:
        """Whether something had to be put back that was written into a column somebody had just moved."""

        def ours(kind: TabKind) -> Mapping[str, Ours]:
            return self._tabs[kind].ours(here.units, here.binding) if kind in TWO_WAY else {}

        def found() -> dict[TabKind, tuple[Put, ...]]:
            return to_mend(here.seen, grids, ours)

        puts = {kind: some for kind, some in (await asyncio.to_thread(found)).items() if some}
        if not puts or self._mended >= MENDED_AT_MOST:
            self._mended = 0
            return False
        self._mended += 1
        writes = [TabWrite(here.seen[kind][0].title, 1, some) for kind, some in puts.items()]
        await self._call(lambda: book.write(writes))
        return True

    async def _tidied(self, book: Book, scratch: str) -> None:
        """The copies go as well, once looked at: a buyer's fields that were switched off stand in them (K08)."""
        if scratch in await self._call(book.tabs):
            await self._call(lambda: book.remove(scratch))

    # -- each tab ----------------------------------------------------------------------------------------

    async def _tab(self, kind: TabKind, grid: Grid, here: _Here) -> TabDone | None:
        """What is to be written into it. Raises Refusal where it cannot be read."""
        if kind == "runsheet":
            return await self._run_sheet.run(grid, here.binding, here.units)
        if kind == "review":
            now = self._runner.clock.now()
            return await asyncio.to_thread(sheet_one_way.reviews, grid, here.binding, here.units, now)
        wrote = next((one for one in here.last.tabs if one.kind == kind), None)
        met_ = _met(kind, here.seen)
        found, edits = await self._tabs[kind].run(grid, here.binding, here.units, met_, wrote)
        here.done.edits += edits
        return found

    def _tell_refused(self, refused: tuple[TabKind, ...]) -> None:
        self._refused = {kind: self._refused.get(kind, 0) + 1 for kind in refused}
        for kind, times in self._refused.items():
            if times >= REFUSED_TWICE:
                self.wrong[kind] = "sheet_tab.refused"


def _met(kind: TabKind, seen: SeenTabs) -> Met:
    if kind not in seen or moved(*seen[kind], names_of(kind)):  # what was moved is put back as it was
        return Met({}, {})
    return met(*seen[kind])


def _lacks(refusal: Refusal) -> str:
    return ",".join(cast("tuple[str, ...]", refusal.values.get("names", ("problem",))))


def shown_state(books: RoomBooks) -> tuple[object, ...]:
    """The same for as long as nothing has changed that a spreadsheet shows, or is to."""
    shelves = (
        books.chases, books.follow_ups, books.cases, books.broadcasts, books.sheet_bindings, books.sheet_rows,
        books.members,
    )  # fmt: skip
    return tuple(shelf.state() for shelf in shelves)
