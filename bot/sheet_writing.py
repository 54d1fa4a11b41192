"""What a pass writes into a spreadsheet, kept before it is written, and looked at with the next reading.

Everything goes in one batch. Where Google refuses it, each tab goes on its own, so that one in which somebody locked a
cell does not keep the others waiting.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.card import Card
from bot.desk import Desk
from bot.sheet_units import Units
from bot.sheet_words import headings, problem_headings
from playbooks.room import Room
from playbooks.sheets import (
    HEADER_WITHIN,
    PROBLEM,
    Copies,
    Grid,
    Meant,
    Ours,
    Put,
    SheetWrite,
    Swap,
    TabKind,
    Wrote,
    copies,
    mended,
    moved,
    veiled,
)
from storage.sheets import Book, SheetRefused, TabWrite

Call = Callable[[Callable[[], Any]], Awaitable[Any]]


@dataclass(frozen=True)
class TabDone:
    """What a pass is to write into a tab: `columns` as read, in a grid of `rows`; new rows by `appended` keys."""

    kind: TabKind
    write: TabWrite
    columns: Mapping[str, int]
    rows: int
    swaps: tuple[Swap, ...] = ()
    appended: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.write.puts or self.write.appends)


def scratch_title(room: Room) -> str:
    """The hidden tab in which rows are copied before they are written in: one a room."""
    return f"shiftbot {room.id}"


def laid_out(cells: Mapping[str, str], columns: Mapping[str, int]) -> list[str]:
    """A new row's cells by column. The word beside it is not written with it."""
    row = [""] * (max(columns.values()) + 1)
    for name, text in cells.items():
        if name in columns and name != PROBLEM:
            row[columns[name]] = text
    return row


def names_of(kind: TabKind) -> dict[str, str]:
    """Every heading by which our columns of a tab are found -> its field."""
    return dict.fromkeys(problem_headings(), PROBLEM) if kind == "runsheet" else headings(kind)


def seen_in(last: SheetWrite, scratch: Grid) -> dict[TabKind, tuple[Wrote, Copies]]:
    """What the scratch tab holds of the last write; {} where it was not made."""
    if not last.mark or not scratch or not scratch[0] or scratch[0][0] != last.mark:
        return {}
    return {wrote.kind: (wrote, copies(wrote, scratch)) for wrote in last.tabs}


def to_mend(
    seen: Mapping[TabKind, tuple[Wrote, Copies]],
    grids: Mapping[str, Grid],
    ours: Callable[[TabKind], Mapping[str, Ours]],
) -> dict[TabKind, tuple[Put, ...]]:
    """By tab in which somebody moved a column of ours the moment before we wrote: what puts everything back."""
    found = {}
    for kind, (wrote, before) in seen.items():
        if wrote.title in grids and moved(wrote, before, names_of(kind)):
            known = ours(kind) if wrote.appended else {}
            laid = {
                key: laid_out({**known[key].cells, "key": key}, wrote.columns)
                for key in wrote.appended
                if key in known
            }
            found[kind] = mended(wrote, before, names_of(kind), grids[wrote.title], laid)
    return found


async def write(
    book: Book, tabs: Sequence[TabDone], meant: tuple[Meant, ...], units: Units, call: Call
) -> tuple[TabKind, ...]:
    """Write it all; the tabs Google refused. Raises SheetFault but SheetRefused, BoundAnew, NotSaved."""
    tabs, mark, at = [one for one in tabs if one], "", 1
    writes, wrote = list[TabWrite](), list[Wrote]()
    for one in tabs:
        head = min(HEADER_WITHIN, one.rows)
        rows = tuple(sorted({put.row for put in one.write.puts}))
        writes.append(replace(one.write, copies=(*range(head), *rows), copies_at=at))
        wrote.append(
            Wrote(
                kind=one.kind, title=one.write.title, columns=dict(one.columns), at=at, head=head, rows=rows,
                puts=tuple(one.write.puts), swaps=tuple(map(_kept, one.swaps)), appended=one.appended,
            )
        )  # fmt: skip
        at += head + len(rows)
    if tabs:
        mark = secrets.token_hex(8)
    kept = SheetWrite(id=units.room.id, mark=mark, tabs=tuple(wrote), meant=meant)
    if kept != (units.books.sheet_writes.get(units.room.id) or SheetWrite(id=units.room.id)):
        await units.run(lambda desk: _keep(kept, desk))

    def out(some: Sequence[TabWrite]) -> Callable[[], None]:
        return lambda: book.write(some, scratch=scratch_title(units.room), mark=mark)

    return await _written(tabs, writes, out, call)


def _kept(swap: Swap) -> Swap:
    """Without what may not be kept: what people typed is in it."""
    cells = {name: (veiled(shown), text) for name, (shown, text) in swap.cells.items()}
    return replace(swap, cells=cells)


def _keep(kept: SheetWrite, desk: Desk) -> tuple[None, list[Card]]:
    if kept.mark or kept.meant:
        desk.books.sheet_writes.put(kept)
    else:
        desk.books.sheet_writes.drop(kept.id)
    return None, []


async def _written(
    tabs: Sequence[TabDone],
    writes: Sequence[TabWrite],
    out: Callable[[Sequence[TabWrite]], Callable[[], None]],
    call: Call,
) -> tuple[TabKind, ...]:
    if not writes:
        return ()
    try:
        await call(out(writes))
    except SheetRefused:
        refused = list[TabKind]()
        for one, alone in zip(tabs, writes, strict=True):
            try:
                await call(out([alone]))
            except SheetRefused:
                refused.append(one.kind)
        return tuple(refused)
    return ()
