"""What is to be written into a tab so that it shows ours. What a write met: playbooks/sheets/checking.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from playbooks.sheets.merging import Cells, Ours
from playbooks.sheets.model import KEY, PROBLEM, Column, SheetRow
from playbooks.sheets.reading import TabRead


class Put(NamedTuple):
    """A cell to write (both counted from 0), as text."""

    row: int
    column: int
    text: str


@dataclass(frozen=True)
class Swap:
    """A row in which cells of the agents' are overwritten: field -> (what it said when read, what is written).

    `theirs`: fields in which it is people's own text that comes back: that is no word of ours.
    """

    key: str
    row: int
    cells: Mapping[str, tuple[str, str]]
    theirs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Plan:
    """What one write does to a tab. `tints`: rows (from 0) -> whether they are tinted. `appends`: whole new rows."""

    puts: tuple[Put, ...] = ()
    swaps: tuple[Swap, ...] = ()
    tints: Mapping[int, bool] = field(default_factory=dict)
    appends: tuple[Mapping[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.puts or self.appends)


def plan(
    bases: Mapping[str, SheetRow],
    ours: Mapping[str, Ours],
    read: TabRead,
    columns: Sequence[Column],
    *,
    meant: Cells,
    hints: Mapping[int, str],
    most: int,
    most_new: int,
) -> Plan:
    """What to write, in at most `most` rows and `most_new` new ones; the rest comes with the next write.

    `hints`: row -> what is wrong with it, said beside it. What people are about to mend stays as they wrote it."""
    puts, swaps, tints, rows = list[Put](), list[Swap](), dict[int, bool](), set[int]()
    for key, mine in ours.items():
        found = read.rows.get(key)
        if found is None or len(rows) >= most:
            continue
        base = bases.get(key)
        row = found.cells
        said = {one.field: meant.get((key, one.field), row[one.field]) for one in columns if one.agents}
        wanted = _wanted(mine, base.cells if base else {}, row, said, columns)
        puts += [Put(found.row, read.columns[name], wanted[name][1]) for name in wanted]
        rows |= {found.row} if wanted else set()
        over = {one.field: wanted[one.field] for one in columns if one.agents and one.field in wanted}
        if over:
            theirs = frozenset(name for name, (_, text) in over.items() if text != mine.cells[name])
            swaps.append(Swap(key, found.row, over, theirs))
    for at, hint in _said(read, hints)[: max(most - len(rows), 0)]:
        puts.append(Put(at, read.columns[PROBLEM], hint))
        tints[at] = bool(hint)
    absent = (key for key in ours if key not in read.rows and (key not in bases or bases[key].gone == "back"))
    appends = tuple({**ours[key].cells, KEY: key} for key, _ in zip(absent, range(most_new), strict=False))
    return Plan(tuple(puts), tuple(swaps), tints, appends)


def _wanted(
    mine: Ours,
    base: Mapping[str, str],
    shown: Mapping[str, str],
    said: Mapping[str, str],
    columns: Sequence[Column],
) -> dict[str, tuple[str, str]]:
    """field -> (shown, wanted) of the cells that are to say something else. `said`: what people mean by theirs."""
    wanted = {}
    for one in columns:
        name = one.field
        if name in (KEY, PROBLEM):
            continue
        want = mine.cells[name]
        if one.agents and said[name] not in (want, base.get(name, "")):
            want = said[name]
        if want != shown[name]:
            wanted[name] = (shown[name], want)
    return wanted


def _said(read: TabRead, hints: Mapping[int, str]) -> list[tuple[int, str]]:
    """The rows beside which something else is to be said, or nothing any more."""
    everywhere = (*read.rows.values(), *(one for _, one in read.twice), *read.rounded, *read.nameless)
    return [
        (one.row, said)
        for one in everywhere
        if (said := hints.get(one.row, "")) != one.cells[PROBLEM]
    ]  # fmt: skip
