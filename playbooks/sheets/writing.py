"""What is to be written into a tab so that it shows ours, and what a write that met people's edits did to them.

A spreadsheet cannot be told "only if it still says so". So a cell of the agents' is never simply overwritten: in
the same indivisible batch its row is copied to a scratch tab first, and looked at afterwards. There stands whose row
it was by then, if somebody had sorted, and what somebody had typed the moment before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from playbooks.sheets.merging import Cells, Ours, Told
from playbooks.sheets.model import KEY, PROBLEM, Column, SheetRow
from playbooks.sheets.reading import Grid, TabRead, plain


@dataclass(frozen=True)
class Put:
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
    """What to write, at most `most` rows overwritten and `most_new` added; the rest comes with the next write.

    `hints`: row -> what is wrong with it, said beside it. What people are about to mend stays as they wrote it."""
    puts, swaps, tints = list[Put](), list[Swap](), dict[int, bool]()
    for key, mine in ours.items():
        found = read.rows.get(key)
        if found is None or len(swaps) >= most or len(puts) >= most_new * len(columns):
            continue
        base = bases.get(key)
        row = found.cells
        said = {one.field: meant.get((key, one.field), row[one.field]) for one in columns if one.agents}
        wanted = _wanted(mine, base.cells if base else {}, row, said, columns)
        puts += [Put(found.row, read.columns[name], wanted[name][1]) for name in wanted]
        over = {one.field: wanted[one.field] for one in columns if one.agents and one.field in wanted}
        if over:
            theirs = frozenset(name for name, (_, text) in over.items() if text != mine.cells[name])
            swaps.append(Swap(key, found.row, over, theirs))
    for at, hint in _said(read, hints):
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


# -- what a write met --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Met:
    """`written`: cells that say what we wrote, as far as we know. `meant`: cells in which we overwrote what a person
    had just put there: (key, field) -> (what stands there since, what they meant)."""

    written: Cells
    meant: Mapping[tuple[str, str], tuple[str, str]]


def met(swaps: Sequence[Swap], columns: Mapping[str, int], scratch: Grid) -> Met:
    """What the scratch tab tells of a write: row i of it is the row `swaps[i]` overwrote, right before."""
    written: dict[tuple[str, str], str] = {}
    meant: dict[tuple[str, str], tuple[str, str]] = {}
    for swap, row in zip(swaps, scratch, strict=False):
        key = plain(_at(row, columns[KEY])).replace(" ", "")
        for name, (shown, wrote) in swap.cells.items():
            stood = _at(row, columns[name])
            if key == swap.key and stood == shown:
                if name not in swap.theirs:
                    written[key, name] = wrote
            elif key and stood != wrote:
                meant[key, name] = (wrote, stood)
    return Met(written, meant)


def _at(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def still(meant: Mapping[tuple[str, str], tuple[str, str]], read: TabRead) -> dict[tuple[str, str], str]:
    """What people meant in cells nobody has changed since: where somebody has, that is what they mean now."""
    return {
        (key, name): said
        for (key, name), (stands, said) in meant.items()
        if key in read.rows and read.rows[key].cells[name] == stands
    }


def crossed(meant: Mapping[tuple[str, str], tuple[str, str]], read: TabRead) -> tuple[Told, ...]:
    """What people meant in cells that say something else again by now: nobody has seen it but who wrote it."""
    return tuple(
        Told(key, name, said, shown, "crossed")
        for (key, name), (stands, said) in meant.items()
        if key in read.rows and (shown := read.rows[key].cells[name]) not in (stands, said)
    )


def strays(wrote: Mapping[str, set[str]], read: TabRead) -> tuple[Put, ...]:
    """Cells to empty: rows without a key in which nothing stands but what we wrote, `wrote`: field -> texts. There
    was another row when we read."""
    return tuple(
        Put(one.row, read.columns[name], "")
        for one in read.nameless
        if all(text in wrote.get(name, ()) for name, text in one.cells.items() if text and name != PROBLEM)
        for name, text in one.cells.items()
        if text
    )
