"""What a write met: the copies of the rows it wrote in, made right before, looked at with the next reading.

A spreadsheet cannot be told "only if it still says so". So in the same indivisible batch the first rows of a tab and
every row that is written in are copied to a scratch tab first. There stands whose row it was by then, if somebody had
sorted; where the columns stood, if somebody had moved one; and what somebody had typed the moment before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playbooks.model import Document, Model
from playbooks.sheets.merging import Cells, Told
from playbooks.sheets.model import KEY, PROBLEM, TabKind
from playbooks.sheets.reading import Grid, TabRead, cell, header, key_in
from playbooks.sheets.veiled import veiled
from playbooks.sheets.writing import Put, Swap


class Wrote(Model):
    """What was written into a tab. `columns`: where its fields stood when it was read; `at`: the row of the scratch tab
    at which its copies begin: its first `head` rows, then `rows`. `appended`: the keys of new rows."""

    kind: TabKind
    title: str
    columns: dict[str, int]
    at: int
    head: int
    rows: tuple[int, ...]
    puts: tuple[Put, ...]
    swaps: tuple[Swap, ...] = ()
    appended: tuple[str, ...] = ()


class Meant(Model):
    """A cell that says `stands`, where a person had put `said` the moment before."""

    kind: TabKind
    key: str
    field: str
    stands: str
    said: str


class SheetWrite(Document):
    """A room's last write (`id`: the room), kept before it is made: whatever happens then, what it met is looked at.

    `mark` stands in the scratch tab once it is done; '' where nothing is left to be looked at.
    """

    mark: str = ""
    tabs: tuple[Wrote, ...] = ()
    meant: tuple[Meant, ...] = ()


@dataclass(frozen=True)
class Copies:
    """The copies of one tab: its first rows, and the rows written in, as they were right before."""

    head: Grid
    rows: Mapping[int, Sequence[str]]


def copies(wrote: Wrote, scratch: Grid) -> Copies:
    """What the scratch tab holds of a tab; rows that were empty, and all after the last, are not in its answer."""
    some = [*scratch[wrote.at :], *([[]] * (wrote.head + len(wrote.rows)))]
    return Copies(some[: wrote.head], dict(zip(wrote.rows, some[wrote.head :], strict=False)))


@dataclass(frozen=True)
class Met:
    """`written`: cells that say what we wrote, as far as we know. `meant`: cells in which we overwrote what a person
    had just put there: (key, field) -> (what stands there since, what they meant)."""

    written: Cells
    meant: Mapping[tuple[str, str], tuple[str, str]]


def met(wrote: Wrote, before: Copies) -> Met:
    """What the copies tell of a write."""
    written: dict[tuple[str, str], str] = {}
    meant: dict[tuple[str, str], tuple[str, str]] = {}
    for swap in wrote.swaps:
        row = before.rows.get(swap.row, ())
        key = key_in(cell(row, wrote.columns[KEY]))
        for name, (shown, text) in swap.cells.items():
            stood = cell(row, wrote.columns[name])
            if key == swap.key and veiled(stood) == shown:
                if name not in swap.theirs:
                    written[key, name] = text
            elif key and stood != text:
                meant[key, name] = (text, stood)
    return Met(written, meant)


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


def strays(wrote: Wrote | None, read: TabRead) -> tuple[Put, ...]:
    """Cells to empty: rows without a key in which nothing stands but what we wrote. There was another row when we
    read."""
    if wrote is None:
        return ()
    texts: dict[str, set[str]] = {}
    fields = {column: name for name, column in wrote.columns.items()}
    for put in wrote.puts:
        texts.setdefault(fields.get(put.column, ""), set()).add(put.text)
    return tuple(
        Put(one.row, read.columns[name], "")
        for one in read.nameless
        if all(text in texts.get(name, ()) for name, text in one.cells.items() if text and name != PROBLEM)
        for name, text in one.cells.items()
        if text
    )


# -- columns that were moved ---------------------------------------------------------------------------


def moved(wrote: Wrote, before: Copies, headings: Mapping[str, str]) -> bool:
    """Whether a column of ours stood elsewhere by the time it was written in."""
    _, then = header(before.head, headings)
    return any(then.get(name) != column for name, column in wrote.columns.items())


def mended(
    wrote: Wrote, before: Copies, headings: Mapping[str, str], grid: Grid, laid: Mapping[str, Sequence[str]]
) -> tuple[Put, ...]:
    """What puts back everything a write put into columns that were other ones by then.

    Only what still says what we wrote is touched. `laid`: a new row's key -> its cells as they were written.
    """
    was, now = (_names(one, headings) for one in (before.head, grid))
    puts = list[Put]()
    for put in wrote.puts:
        row = before.rows.get(put.row, ())
        stood, name = cell(row, put.column), cell(was, put.column)
        column = now.index(name) if name and name in now else put.column
        at = _where(put, column, _after(row, wrote, put.row), grid)
        if at is not None and stood != put.text:
            puts.append(Put(at, column, stood))
    keyed = {cell(row, wrote.columns[KEY]): at for at, row in enumerate(grid)} if wrote.appended else {}
    for key in wrote.appended:
        if key in keyed and key in laid:
            row = grid[keyed[key]]
            puts += [
                Put(keyed[key], at, "") for at, text in enumerate(laid[key]) if text and cell(row, at) == text
            ]
    return tuple(puts)


def _names(grid: Grid, headings: Mapping[str, str]) -> list[str]:
    head, _ = header(grid, headings)
    return [text.strip() for text in grid[head]] if grid else []


def _after(row: Sequence[str], wrote: Wrote, at: int) -> list[str]:
    """Everything the row said after the write, in whatever order."""
    cells = dict(enumerate(row)) | {put.column: put.text for put in wrote.puts if put.row == at}
    return sorted(text.strip() for text in cells.values() if text.strip())


def _where(put: Put, column: int, after: Sequence[str], grid: Grid) -> int | None:
    """The row that holds what was written: where it was, or wherever the same row stands by now."""
    if put.row < len(grid) and cell(grid[put.row], column) == put.text:
        return put.row
    same = (at for at, row in enumerate(grid) if sorted(t.strip() for t in row if t.strip()) == after)
    return next(same, None)
