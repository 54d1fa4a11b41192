"""One pass over a room's bound spreadsheet: read it all, bring both sides together, write what is to be written.

The worker thread does what waits for Google; what is decided is decided in units, at most 500 rows each. Whatever
fails on the way, the next pass begins with reading again: nothing here is done twice by being done again.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

from bot import sheet_reviews, sheet_runsheet, sheet_taking
from bot.card import Card
from bot.desk import Desk
from bot.render import line_html
from bot.runner import Runner
from bot.sheet_pending import register
from bot.sheet_rows import FOLLOW_SETTLED, SETTLED, Rows
from bot.sheet_words import headings
from bot.texts import plain as bare
from playbooks import chase
from playbooks.model import Refusal
from playbooks.room import Member, Room
from playbooks.sheets import (
    COLUMNS,
    PROBLEM,
    TWO_WAY,
    Column,
    Grid,
    Met,
    Ours,
    Plan,
    SheetBinding,
    SheetHealth,
    SheetRow,
    Swap,
    TabKind,
    TabRead,
    Told,
    crossed,
    merge,
    met,
    plan,
    read_tab,
    still,
    strays,
)
from storage.books import RoomBooks
from storage.rows import Line
from storage.sheets import Book, SheetDown, TabWrite
from storage.store import Books

T = TypeVar("T")
Call = Callable[[Callable[[], T]], Awaitable[T]]
SWAPS_AT_ONCE = 250
NEW_AT_ONCE = 2000
LOOKED_AT_EVERY = 600
"""Seconds after which rows are made anew though nothing was written: a day passes, and what ended is over."""
Meant = dict[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True)
class Written:
    """A write whose scratch copies are still to be looked at: by tab the rows overwritten, and where columns stood."""

    mark: str
    swaps: tuple[tuple[TabKind, tuple[Swap, ...], Mapping[str, int]], ...]


@dataclass
class Done:
    """What a pass did: `again`: there is more to write, or something to look at."""

    edits: int = 0
    rows: int = 0
    again: bool = False


@dataclass
class _Tab:
    """A two-way tab in the middle of a pass."""

    kind: TabKind
    read: TabRead
    met: Met
    crossed: tuple[Told, ...] = ()
    hints: dict[str, Line] = field(default_factory=dict)


class BoundAnew(Exception):
    """The room's spreadsheet was unbound or changed in the middle of a pass: what was read says nothing any more."""


class RoomPass:
    """A room's passes, with what one leaves for the next."""

    def __init__(
        self, runner: Runner, room: str, call: Callable[[Callable[[], Any]], Awaitable[Any]]
    ) -> None:
        self._runner = runner
        self._key = room
        self._call = call
        self._bound: SheetBinding | None = None
        self._written: Written | None = None
        self._meant: dict[TabKind, Meant] = {kind: {} for kind in TWO_WAY}
        self._wrote: dict[TabKind, dict[str, set[str]]] = {kind: {} for kind in TWO_WAY}
        self._fresh: dict[TabKind, set[str]] = {kind: set() for kind in TWO_WAY}
        self._made: dict[TabKind, tuple[tuple[object, ...], dict[str, Ours]]] = {}
        self._sheet_mark = ""
        self.wrong: dict[TabKind, str] = {}
        self.lacks: dict[TabKind, str] = {}

    async def run(self, book: Book, whole: SheetBinding, room: Room, tabs: dict[TabKind, str]) -> Done:
        """One pass over `tabs`; another room has the others. Raises SheetFault, NotSaved, BoundAnew."""
        self._bound, binding = whole, whole.changed(tabs=tabs)
        self.wrong = {kind: "sheet_tab.taken" for kind in whole.tabs if kind not in tabs}
        self.lacks = {}
        done = Done()
        grids = await self._read(book, binding)
        found = self._met(grids.get(scratch_title(room)))
        writes: list[tuple[TabKind, TabWrite, tuple[Swap, ...], Mapping[str, int]]] = []
        for kind in (one for one in TWO_WAY if binding.tabs.get(one) in grids):
            grid = grids[binding.tabs[kind]]
            tab = await asyncio.to_thread(self._look, kind, grid, binding, found.get(kind, Met({}, {})))
            if tab is None:
                continue
            planned = await self._bring_together(tab, binding, room, done)
            writes.append((kind, self._tab_write(tab, planned, binding), planned.swaps, tab.read.columns))
            done.rows += len(planned.appends) + len({put.row for put in planned.puts})
            done.again = done.again or bool(planned)
        self._written = None
        one_way = [
            await self._run_sheet(grids, binding, room),
            await asyncio.to_thread(self._reviews, grids, binding, room),
        ]
        await self._write(book, writes, [one for one in one_way if one], room)
        return done

    # -- reading ---------------------------------------------------------------------------------------

    async def _read(self, book: Book, binding: SheetBinding) -> dict[str, list[list[str]]]:
        """The tabs there are; of those that are gone it is said which."""
        room = self._runner.room(self._key)
        assert room is not None
        known = await self._call(book.tabs)
        scratch = [scratch_title(room)] if self._written else []
        if any(title not in known for title in (*binding.tabs.values(), *scratch)):
            known = await self._call(lambda: book.tabs(again=True))
        titles = [title for title in binding.tabs.values() if title in known]
        for kind, title in binding.tabs.items():
            if title not in known:
                self.wrong[kind], self.lacks[kind] = "sheet_tab.tab_gone", title
        titles += [title for title in scratch if title in known]
        return (
            cast("dict[str, list[list[str]]]", await self._call(lambda: book.read(titles))) if titles else {}
        )

    def _met(self, scratch: Grid | None) -> dict[TabKind, Met]:
        """What the last write met, where the scratch tab says that it happened."""
        last = self._written
        if last is None or not scratch or not scratch[0] or scratch[0][0] != last.mark:
            return {}
        found, at = {}, 1
        for kind, swaps, columns in last.swaps:
            found[kind] = met(swaps, columns, scratch[at : at + len(swaps)])
            at += len(swaps)
        return found

    def _look(self, kind: TabKind, grid: Grid, binding: SheetBinding, was: Met) -> _Tab | None:
        try:
            read = read_tab(grid, binding.columns(kind), headings(kind))
        except Refusal as refusal:
            self.wrong[kind] = refusal.key
            self.lacks[kind] = ",".join(cast("Sequence[str]", refusal.values["names"]))
            return None
        meant = {**self._meant[kind], **was.meant}
        standing = still(meant, read)
        self._meant[kind] = {at: meant[at] for at in standing}
        return _Tab(kind, read, was, crossed(meant, read))

    # -- bringing together -----------------------------------------------------------------------------

    async def _bring_together(self, tab: _Tab, binding: SheetBinding, room: Room, done: Done) -> Plan:
        kind, read = tab.kind, tab.read
        ours, bases = await asyncio.to_thread(self._ours, kind, room)
        fields = [one.field for one in COLUMNS[kind] if one.agents]
        meant = still(self._meant[kind], read)
        merged = await asyncio.to_thread(
            merge, bases, ours, read, fields, written=tab.met.written, meant=meant,
            settled=SETTLED if kind == "pending" else FOLLOW_SETTLED,
        )  # fmt: skip
        merged = replace(merged, told=(*merged.told, *tab.crossed))
        for part in sheet_taking.parts(merged):
            taken = await self._unit(lambda desk, p=part: sheet_taking.take_in(kind, p, bases, binding, desk))  # type: ignore[misc]
            tab.hints |= taken.hints
            done.edits += taken.edits
        if merged.gone:
            await self._unit(lambda desk: (None, sheet_taking.ask_about(kind, merged.gone, binding, desk)))
        if over := [row for key, row in bases.items() if key not in ours and key not in read.rows]:
            await self._unit(lambda desk: _forgotten(over, desk))
        await self._new_rows(tab, merged.fresh, binding)
        ours, bases = await asyncio.to_thread(self._ours, kind, room)
        self._settle_meant(kind, ours, bases)
        off = tuple(Column(name, personal=True) for name in binding.off.get(kind, ()) if name in read.columns)
        return await asyncio.to_thread(
            plan, bases, ours, read, (*binding.columns(kind), *off), meant=still(self._meant[kind], read),
            hints=self._row_hints(tab, room), most=SWAPS_AT_ONCE, most_new=NEW_AT_ONCE,
        )  # fmt: skip

    def _ours(self, kind: TabKind, room: Room) -> tuple[dict[str, Ours], dict[str, SheetRow]]:
        """Made anew where something of it has changed since: ten thousand rows take a second."""
        books, now = self._runner.view(self._key), self._runner.clock.now()
        assert self._bound
        shelves = (books.chases, books.follow_ups, books.broadcasts, books.members)
        state = (*(one.state() for one in shelves), int(now.timestamp() // LOOKED_AT_EVERY))
        if kind not in self._made or self._made[kind][0] != state:
            self._made[kind] = state, Rows(books, room, now, self._bound.off.get(kind, ())).of(kind)
        return self._made[kind][1], {row.key: row for row in books.sheet_rows.scan("kind", kind)}

    def _settle_meant(self, kind: TabKind, ours: Mapping[str, Ours], bases: Mapping[str, SheetRow]) -> None:
        """What people meant and we took, where the cell says ours already: nothing is left to write there."""
        self._meant[kind] = {
            (key, name): (stands, said)
            for (key, name), (stands, said) in self._meant[kind].items()
            if key in ours
            and not (ours[key].cells[name] == stands and key in bases and bases[key].cells.get(name) == said)
        }

    async def _new_rows(self, tab: _Tab, fresh: Sequence[str], binding: SheetBinding) -> None:
        """Rows people added: registered once they have stood for two readings, so that nobody is cut off typing."""
        kind, stood = tab.kind, self._fresh[tab.kind]
        self._fresh[kind] = set(fresh)
        known = self._runner.view(self._key).chases
        for key in fresh:
            if kind == "followup":
                tab.hints[key] = Line(key="sheet_tab.key_unknown")
            elif key in stood and known.get(chase.chase_id(self._key, key)) is None:
                product = tab.read.rows[key].cells["product"]
                if why := await self._unit(lambda desk, k=key, p=product: _registered(k, p, binding, desk)):  # type: ignore[misc]
                    tab.hints[key] = why

    def _row_hints(self, tab: _Tab, room: Room) -> dict[int, str]:
        said = {tab.read.rows[key].row: why for key, why in tab.hints.items()}
        for key, one in tab.read.twice:
            said[one.row] = Line(key="sheet_tab.twice", values={"row": tab.read.rows[key].row + 1})
        for one in tab.read.rounded:
            said[one.row] = Line(key="sheet_tab.rounded")
        return {row: bare(line_html(room.lang, why)).strip() for row, why in said.items()}

    async def _unit(self, decide: Callable[[Desk], tuple[T, list[Card]]]) -> T:
        """A unit of the room's in which nobody in particular acts; its cards leave once it holds."""

        def unit(raw: Books) -> T:
            books, now = RoomBooks(raw), self._runner.clock.now()
            room = books.room.get(self._key)
            assert room is not None
            if books.sheet_bindings.get(self._key) != self._bound:
                raise BoundAnew
            nobody, runner = Member(id="", name=""), self._runner
            desk = Desk(
                books, runner.front(), room, nobody, None, now=now, vault=runner.vault, owners=runner.owners
            )
            result, cards = decide(desk)
            runner.post(books, cards, now)
            return result

        return await self._runner.unit(self._key, unit)

    # -- the tabs that go one way ------------------------------------------------------------------------

    async def _run_sheet(
        self, grids: Mapping[str, Grid], binding: SheetBinding, room: Room
    ) -> TabWrite | None:
        title = binding.tabs.get("runsheet", "")
        if title not in grids:
            return None
        try:
            seen = await asyncio.to_thread(sheet_runsheet.look, grids[title], room.lang)
        except Refusal as refusal:
            if refusal.key != "sheet.empty":  # nobody has begun to fill it in
                self.wrong["runsheet"], self.lacks["runsheet"] = refusal.key, "problem"
            return None
        health = self._runner.view(self._key).sheet_health.get(self._key) or SheetHealth(id=self._key)
        stood, self._sheet_mark = self._sheet_mark == seen.mark, seen.mark
        if stood and health.mark != seen.mark:  # as it was at the last reading: nobody is in the middle of it
            await self._unit(lambda desk: self._proposed(seen, binding, desk))
        return TabWrite(title, seen.width, seen.puts, tints=seen.tints)

    def _proposed(
        self, seen: sheet_runsheet.SheetSeen, binding: SheetBinding, desk: Desk
    ) -> tuple[None, list[Card]]:
        known = desk.books.sheet_health.get(self._key) or SheetHealth(id=self._key)
        after, cards = sheet_runsheet.propose(seen, binding, known, desk)
        desk.books.sheet_health.put(after)
        return None, cards

    def _reviews(self, grids: Mapping[str, Grid], binding: SheetBinding, room: Room) -> TabWrite | None:
        title = binding.tabs.get("review", "")
        if title not in grids:
            return None
        try:
            read = read_tab(grids[title], binding.columns("review"), headings("review"))
        except Refusal as refusal:
            self.wrong["review"] = refusal.key
            self.lacks["review"] = ",".join(cast("Sequence[str]", refusal.values["names"]))
            return None
        new = sheet_reviews.rows(self._runner.view(self._key), room, self._runner.clock.now(), read.rows)
        return TabWrite(title, read.width, appends=[_laid_out(cells, read.columns) for cells in new])

    # -- writing -----------------------------------------------------------------------------------------

    def _tab_write(self, tab: _Tab, planned: Plan, binding: SheetBinding) -> TabWrite:
        read = tab.read
        cleared = strays(self._wrote[tab.kind], read)
        wrote = defaultdict[str, set[str]](set)
        fields = {column: name for name, column in read.columns.items()}
        for put in planned.puts:
            wrote[fields[put.column]].add(put.text)
        self._wrote[tab.kind] = wrote
        return TabWrite(
            binding.tabs[tab.kind], max(read.width, *(at + 1 for at in read.columns.values())),
            (*planned.puts, *cleared), [swap.row for swap in planned.swaps], planned.tints,
            [_laid_out(cells, read.columns) for cells in planned.appends],
        )  # fmt: skip

    async def _write(
        self,
        book: Book,
        two_way: Sequence[tuple[TabKind, TabWrite, tuple[Swap, ...], Mapping[str, int]]],
        one_way: Sequence[TabWrite],
        room: Room,
    ) -> None:
        tabs = [write for _, write, _, _ in two_way] + list(one_way)
        tabs = [one for one in tabs if one.puts or one.appends]
        if not tabs:
            return
        mark = secrets.token_hex(8)
        swaps = tuple((kind, some, columns) for kind, _, some, columns in two_way if some)
        self._written = Written(mark, swaps) if swaps else None
        try:
            await self._call(lambda: book.write(tabs, scratch=scratch_title(room), mark=mark))
        except SheetDown:
            raise  # it may have been done all the same: the scratch tab will tell
        except BaseException:
            self._written = None
            raise


def _forgotten(rows: Sequence[SheetRow], desk: Desk) -> tuple[None, list[Card]]:
    """Rows that are over with us and gone from the sheet: nothing is to be agreed on any more."""
    for row in rows[: sheet_taking.AT_ONCE]:
        desk.books.sheet_rows.drop(row.id)
    return None, []


def shown_state(books: RoomBooks) -> tuple[object, ...]:
    """The same for as long as nothing has changed that a spreadsheet shows, or is to."""
    shelves = (
        books.chases,
        books.follow_ups,
        books.broadcasts,
        books.sheet_bindings,
        books.sheet_rows,
        books.members,
    )
    return tuple(shelf.state() for shelf in shelves)


def scratch_title(room: Room) -> str:
    """The hidden tab in which rows are copied before they are overwritten: one a room."""
    return f"shiftbot {room.id}"


def _laid_out(cells: Mapping[str, str], columns: Mapping[str, int]) -> list[str]:
    row = [""] * (max(columns.values()) + 1)
    for name, text in cells.items():
        if name in columns and name != PROBLEM:
            row[columns[name]] = text
    return row


def _registered(key: str, product: str, binding: SheetBinding, desk: Desk) -> tuple[Line | None, list[Card]]:
    desk.me = desk.member(binding.by)
    return register(key, product, desk), []
