"""A tab both sides write in 双向页: what people changed is taken in, then what it is to show is worked out.

Decided in units of at most 500 rows; the comparing is done in threads, never on the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot import sheet_taking
from bot.card import Card
from bot.desk import Desk
from bot.render import line_html
from bot.runner import Runner
from bot.sheet_pending import register
from bot.sheet_rows import SETTLED, Rows
from bot.sheet_units import AT_ONCE, Units
from bot.sheet_words import headings
from bot.sheet_writing import TabDone, laid_out
from bot.texts import plain as bare
from playbooks import chase
from playbooks.room import Room
from playbooks.sheets import (
    COLUMNS,
    Column,
    Grid,
    Meant,
    Met,
    Ours,
    Plan,
    SheetBinding,
    SheetRow,
    TabKind,
    TabRead,
    Told,
    Wrote,
    crossed,
    merge,
    plan,
    read_tab,
    still,
    strays,
    unveiled,
    veiled,
)
from storage.rows import Line
from storage.sheets import TabWrite

ROWS_AT_ONCE = 500
NEW_AT_ONCE = 2000
LOOKED_AT_EVERY = 600
"""Seconds after which rows are made anew though nothing was written: a day passes, and what ended is over."""


@dataclass
class _Tab:
    """The tab in the middle of a pass."""

    read: TabRead
    met: Met
    crossed: tuple[Told, ...] = ()
    hints: dict[str, Line] = field(default_factory=dict)
    edits: int = 0


class TwoWay:
    """One tab of one room, with what a pass leaves for the next."""

    def __init__(self, kind: TabKind, runner: Runner, room: str) -> None:
        self.kind = kind
        self._runner = runner
        self._key = room
        self._meant: dict[tuple[str, str], tuple[str, str]] = {}
        self._fresh: set[str] = set()
        self._nameless: set[tuple[str, ...]] = set()
        self._made: tuple[tuple[object, ...], dict[str, Ours]] = ((), {})

    def remember(self, meant: Collection[Meant]) -> None:
        """What was kept over a restart."""
        self._meant = {(m.key, m.field): (m.stands, m.said) for m in meant if m.kind == self.kind}

    def meant(self) -> tuple[Meant, ...]:
        """What is to be kept: what people meant in cells that do not say it yet."""
        return tuple(
            Meant(kind=self.kind, key=key, field=name, stands=stands, said=said)
            for (key, name), (stands, said) in self._meant.items()
            if veiled(said) == said  # what is refused anyway is not kept
        )

    async def run(
        self, grid: Grid, binding: SheetBinding, units: Units, met: Met, last: Wrote | None
    ) -> tuple[TabDone, int]:
        """What is to be written, and how many edits were taken. Raises Refusal `sheet_tab.header`, BoundAnew."""
        tab = await asyncio.to_thread(self._look, grid, binding, met)
        planned = await self._bring_together(tab, binding, units)
        done = await asyncio.to_thread(self._done, tab, planned, binding, last, len(grid))
        return done, tab.edits

    def ours(self, units: Units, binding: SheetBinding) -> dict[str, Ours]:
        """Made anew where something of it has changed since: ten thousand rows take a second."""
        books, now = units.books, self._runner.clock.now()
        shelves = (books.chases, books.follow_ups, books.cases, books.broadcasts, books.members)
        state = (*(one.state() for one in shelves), int(now.timestamp() // LOOKED_AT_EVERY))
        if self._made[0] != state:
            rows = Rows(books, units.room, now, binding.off.get(self.kind, ()))
            self._made = state, rows.of(self.kind)
        return self._made[1]

    def _look(self, grid: Grid, binding: SheetBinding, was: Met) -> _Tab:
        read = read_tab(grid, binding.columns(self.kind), headings(self.kind))
        meant = {**self._meant, **was.meant}
        self._meant = {at: meant[at] for at in still(meant, read)}
        return _Tab(read, was, crossed(meant, read))

    # -- taking in -------------------------------------------------------------------------------------

    async def _bring_together(self, tab: _Tab, binding: SheetBinding, units: Units) -> Plan:
        kind, read = self.kind, tab.read
        ours, bases = await asyncio.to_thread(self._sides, units, binding, read)
        fields = [one.field for one in COLUMNS[kind] if one.agents]
        merged = await asyncio.to_thread(
            merge, bases, ours, read, fields, written=tab.met.written, meant=still(self._meant, read),
            settled=SETTLED[kind],
        )  # fmt: skip
        merged = replace(merged, told=(*merged.told, *tab.crossed))
        for part in sheet_taking.parts(merged):
            taken = await units.run(lambda desk, p=part: sheet_taking.take_in(kind, p, bases, binding, desk))  # type: ignore[misc]
            tab.hints |= taken.hints
            tab.edits += taken.edits
        if merged.gone:
            await units.run(lambda desk: (None, sheet_taking.ask_about(kind, merged.gone, binding, desk)))
        if over := [row for key, row in bases.items() if key not in ours and key not in read.rows]:
            await units.run(lambda desk: _forgotten(over, desk))
        for key, old in merged.renamed.items():
            tab.hints[key] = Line(key="sheet_tab.renamed", values={"order": old})
        await self._new_rows(tab, merged.fresh, binding, units)
        return await asyncio.to_thread(self._planned, tab, binding, units)

    def _sides(
        self, units: Units, binding: SheetBinding, read: TabRead
    ) -> tuple[dict[str, Ours], dict[str, SheetRow]]:
        bases = {row.key: row for row in units.books.sheet_rows.scan("kind", self.kind)}
        return self.ours(units, binding), unveiled(bases, read, still(self._meant, read))

    async def _new_rows(self, tab: _Tab, fresh: Sequence[str], binding: SheetBinding, units: Units) -> None:
        """Rows people added: registered once they have stood for two readings, so that nobody is cut off typing."""
        stood, self._fresh = self._fresh, set(fresh)
        for key in fresh:
            if self.kind != "pending":
                tab.hints[key] = Line(key="sheet_tab.key_unknown")
            elif key in stood and units.books.chases.get(chase.chase_id(self._key, key)) is None:
                product = tab.read.rows[key].cells["product"]
                if why := await units.run(lambda desk, k=key, p=product: _registered(k, p, binding, desk)):  # type: ignore[misc]
                    tab.hints[key] = why

    # -- what it is to show ------------------------------------------------------------------------------

    def _planned(self, tab: _Tab, binding: SheetBinding, units: Units) -> Plan:
        ours, bases = self._sides(units, binding, tab.read)
        self._settle_meant(ours, bases)
        off = (
            Column(name, personal=True) for name in binding.off.get(self.kind, ()) if name in tab.read.columns
        )
        return plan(
            bases, ours, tab.read, (*binding.columns(self.kind), *off), meant=still(self._meant, tab.read),
            hints=self._row_hints(tab, units.room), most=ROWS_AT_ONCE, most_new=NEW_AT_ONCE,
        )  # fmt: skip

    def _settle_meant(self, ours: Mapping[str, Ours], bases: Mapping[str, SheetRow]) -> None:
        """What people meant and we took, where the cell says ours already: nothing is left to write there."""
        self._meant = {
            (key, name): (stands, said)
            for (key, name), (stands, said) in self._meant.items()
            if key in ours
            and not (ours[key].cells[name] == stands and key in bases and bases[key].cells.get(name) == said)
        }

    def _row_hints(self, tab: _Tab, room: Room) -> dict[int, str]:
        said = {tab.read.rows[key].row: why for key, why in tab.hints.items()}
        for key, one in tab.read.twice:
            said[one.row] = Line(key="sheet_tab.twice", values={"row": tab.read.rows[key].row + 1})
        for one in tab.read.rounded:
            said[one.row] = Line(key="sheet_tab.rounded")
        stood, self._nameless = self._nameless, set()
        for one in tab.read.nameless:
            texts = tuple(text for name, text in sorted(one.cells.items()) if name != "problem")
            self._nameless |= {texts} if any(texts) else set()
            if texts in stood:
                said[one.row] = Line(key="sheet_tab.nameless")
        return {row: bare(line_html(room.lang, why)).strip() for row, why in said.items()}

    def _done(
        self, tab: _Tab, planned: Plan, binding: SheetBinding, last: Wrote | None, rows: int
    ) -> TabDone:
        read = tab.read
        write = TabWrite(
            binding.tabs[self.kind], max(read.width, *(at + 1 for at in read.columns.values())),
            (*planned.puts, *strays(last, read)), tints=planned.tints,
            appends=[laid_out(cells, read.columns) for cells in planned.appends],
        )  # fmt: skip
        keys = tuple(cells["key"] for cells in planned.appends)
        return TabDone(self.kind, write, read.columns, rows, planned.swaps, keys)


def _forgotten(rows: Sequence[SheetRow], desk: Desk) -> tuple[None, list[Card]]:
    """Rows that are over with us and gone from the sheet: nothing is to be agreed on any more."""
    for row in rows[:AT_ONCE]:
        desk.books.sheet_rows.drop(row.id)
    return None, []


def _registered(key: str, product: str, binding: SheetBinding, desk: Desk) -> tuple[Line | None, list[Card]]:
    desk.me = desk.member(binding.by)
    return register(key, product, desk), []
