"""Two sides of a table brought together: a three-way merge per cell, found by key (the conflict table).

For a cell people write in there are three texts: the base both sides last agreed on, ours, and the sheet's.

| changed since the base | what holds                                                          |
|------------------------|---------------------------------------------------------------------|
| neither, or both alike | the cell; it is the new base                                        |
| ours alone             | ours, written into the sheet                                        |
| the sheet alone        | the sheet's, put to the duty that decides (`Edit`)                  |
| both                   | the sheet's, and the chat is told; of an order paid or closed ours  |
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from playbooks.sheets.model import KEY, PROBLEM, STATE, SheetRow
from playbooks.sheets.reading import TabRead


@dataclass(frozen=True)
class Ours:
    """A row as the bot has it: every cell by field. `over`: paid or closed, so that ours holds (`settled` fields)."""

    cells: Mapping[str, str]
    over: bool = False


@dataclass(frozen=True)
class Edit:
    """What people changed in a row: field -> the cell's text now. `both`: fields we changed as well -> our text,
    which gave way. `cells`: every cell of the row, for what belongs together (a state and its reason)."""

    key: str
    changed: Mapping[str, str]
    cells: Mapping[str, str]
    both: Mapping[str, str]


@dataclass(frozen=True)
class Told:
    """A cell whose text gives way, and whoever wrote it is told: `lost` is what stood there, `stays` what holds."""

    key: str
    field: str
    lost: str
    stays: str
    why: Literal["over", "crossed"]
    """`over`: the order is paid or closed. `crossed`: we wrote over it in the same moment, and somebody over that."""


@dataclass(frozen=True)
class Merged:
    """What a reading of a tab comes to. `bases`: what both sides agree on from now on, where that is new.

    `edits` are put to the duties; `fresh` are keys only the sheet has; `gone` are keys whose row was deleted;
    `renamed`: a number that was written over another's -> that other one.
    """

    edits: tuple[Edit, ...]
    told: tuple[Told, ...]
    bases: Mapping[str, Mapping[str, str]]
    fresh: tuple[str, ...]
    gone: tuple[str, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)


Cells = Mapping[tuple[str, str], str]
"""(key, field) -> text."""


def merge(
    bases: Mapping[str, SheetRow],
    ours: Mapping[str, Ours],
    read: TabRead,
    fields: Collection[str],
    *,
    written: Cells,
    meant: Cells,
    settled: Collection[str],
) -> Merged:
    """Bring a tab as read together with what we have. `fields`: those people write in; `settled`: those of them in
    which ours holds once an order is over. `written`: what we wrote since the base; `meant`: what a person had put
    into a cell the moment before we overwrote it."""
    edits, told = [], list[Told]()
    agreed: dict[str, Mapping[str, str]] = {}
    for key, mine in ours.items():
        found = read.rows.get(key)
        if found is None:
            continue
        base = bases.get(key)
        before = base.cells if base else {}
        row = _Row(key, mine, before, {f: meant.get((key, f), found.cells[f]) for f in fields})
        for name in fields:
            row.cell(name, written.get((key, name)), keeps=mine.over and name in settled)
        told += row.told
        if row.changed:
            edits.append(Edit(key, row.changed, row.theirs, row.both))
        after = {**before, **row.agreed}
        if base is None or base.gone or after != before:
            agreed[key] = after
    renamed = _renamed(bases, ours, read, fields)
    gone = [key for key, row in bases.items() if not row.gone and key in ours and key not in read.rows]
    fresh = [key for key in read.rows if key not in ours and key not in bases]
    return Merged(
        tuple(edits), tuple(told), agreed, tuple(key for key in fresh if key not in renamed),
        tuple(key for key in gone if key not in renamed.values()), renamed,
    )  # fmt: skip


def _renamed(
    bases: Mapping[str, SheetRow], ours: Mapping[str, Ours], read: TabRead, fields: Collection[str]
) -> dict[str, str]:
    """Rows whose number was written over: the number there now -> whose row it is, by what we had written in it."""
    names = sorted(read.columns.keys() - {KEY, PROBLEM, *fields})
    left: dict[tuple[str, ...], str] = {}
    for key, mine in ours.items():
        if key not in read.rows and key in bases and bases[key].gone not in ("out", "back"):
            shown = tuple(mine.cells.get(name, "") for name in names)
            left[shown] = "" if shown in left or not any(shown) else key
    if not left:
        return {}
    new = (key for key in read.rows if key not in ours and key not in bases)
    found = {key: left.get(tuple(read.rows[key].cells[name] for name in names), "") for key in new}
    return {key: old for key, old in found.items() if old}


class _Row:
    """One row's cells, gone through one by one."""

    def __init__(self, key: str, ours: Ours, base: Mapping[str, str], theirs: Mapping[str, str]) -> None:
        self.key = key
        self.ours = ours
        self.base = base
        self.theirs = theirs
        self.changed: dict[str, str] = {}
        self.both: dict[str, str] = {}
        self.agreed: dict[str, str] = {}
        self.told: list[Told] = []

    def cell(self, name: str, written: str | None, *, keeps: bool) -> None:
        """The table of this module, for one cell. What we are known to have written since is the newer base; in a
        row without any base an empty cell is ours to fill, and any other a person's own."""
        ours, theirs, stored = self.ours.cells[name], self.theirs[name], self.base.get(name)
        base = written if written is not None else stored
        # Without a base nobody knows which side is newer: what gives way on ours is told like any other.
        unknown = base is None and ours != "" and name != STATE
        if base is None:
            base = ours if theirs else ""
        if base != stored:
            self.agreed[name] = base
        if theirs in (ours, base):
            self.agreed[name] = theirs
        elif keeps:
            self.told.append(Told(self.key, name, theirs, ours, "over"))
            self.agreed[name] = theirs
        else:
            self.changed[name] = theirs
            if ours != base or unknown:
                self.both[name] = ours
