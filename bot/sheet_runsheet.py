"""The run sheet people keep in a bound spreadsheet 排品表: read like a file, what is wrong said beside each row (A02).

Nothing comes into force by itself: a change is a preview with the button that takes it over, for whoever bound the
sheet, and on air for ops. A newer change takes the place of a preview nobody pressed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.card import Card, line
from bot.desk import Desk
from bot.render import line_html
from bot.sheet_preview import compared, preview
from bot.sheet_words import problem_headings
from bot.texts import plain as bare
from playbooks import runsheet
from playbooks.model import Refusal
from playbooks.runsheet import Sheet
from playbooks.sheets import Grid, Put, SheetBinding, SheetHealth, plain
from storage.rows import Draft

HINT_LONGEST = 400


@dataclass(frozen=True)
class SheetSeen:
    """The tab as read: `sheet` with a `mark` that changes when it does; where our column is and what it is to say."""

    sheet: Sheet
    mark: str
    column: int
    puts: tuple[Put, ...]
    tints: dict[int, bool]
    width: int


def look(grid: Grid, lang: str) -> SheetSeen:
    """The products, and what is to be written beside their rows. Raises Refusal `sheet.*`, `sheet_tab.header`."""
    header = next(
        (
            (at, column)
            for at, row in enumerate(grid)
            for column, text in enumerate(row)
            if plain(text) in problem_headings()
        ),
        None,
    )
    if header is None:
        raise Refusal("sheet_tab.header", names=("problem",))
    at, ours = header
    theirs = [[*row[:ours], *(["", *row[ours + 1 :]] if len(row) > ours else [])] for row in grid]
    sheet = runsheet.read(tuple(tuple(row) for row in theirs))
    hints = _hints(sheet, lang)
    puts, tints = [], {}
    for row in range(at + 1, len(grid)):
        shown = grid[row][ours].strip() if len(grid[row]) > ours else ""
        if shown != hints.get(row, ""):
            puts.append(Put(row, ours, hints.get(row, "")))
            tints[row] = row in hints
    mark = hashlib.sha256(sheet.model_dump_json().encode()).hexdigest()[:16]
    return SheetSeen(sheet, mark, ours, tuple(puts), tints, max(map(len, grid), default=0))


def _hints(sheet: Sheet, lang: str) -> dict[int, str]:
    """Row (from 0) -> what is wrong with it; a warning is said like an error, after them."""
    said = defaultdict[int, list[str]](list)
    for one in sorted(sheet.findings, key=lambda found: found.severity == "warn"):
        column = bare(line_html(lang, line(f"template.column_{one.field}"))) if one.field else one.column
        said[one.row - 1].append(f"{column}: {bare(line_html(lang, line(one.key, **one.values)))}")
    return {row: "\n".join(each)[:HINT_LONGEST] for row, each in said.items()}


def propose(
    seen: SheetSeen, binding: SheetBinding, health: SheetHealth, desk: Desk
) -> tuple[SheetHealth, list[Card]]:
    """In a unit: the sheet as a draft with its preview where it would change something; what stood before is void."""
    if health.draft:
        desk.books.drafts.drop(health.draft)
    draft = Draft(
        id=desk.books.new_id("s"), by=binding.by, at=desk.now, file_name=binding.title or binding.tabs["runsheet"],
        sheet=seen.sheet,
    )  # fmt: skip
    found = compared(draft, desk)
    known = health.changed(mark=seen.mark, draft="")
    if not seen.sheet.products or (found is not None and found.nothing):
        return known, []
    desk.books.drafts.put(draft)
    cards: list[Card] = []
    for who in _readers(binding, desk):
        desk.me = desk.member(who)
        cards += preview(draft, desk)
    return known.changed(draft=draft.id), cards


def _readers(binding: SheetBinding, desk: Desk) -> Sequence[str]:
    """On air ops decide, before it who bound the sheet does."""
    here = desk.broadcast()
    ops = [m.id for m in desk.on_duty("ops")] if here and here.stage in ("live", "closing") else []
    return ops or [binding.by]
