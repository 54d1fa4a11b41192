"""A merged tab taken into the room's books, in a unit: edits decided, what both sides agree on kept, people told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot import sheet_cases, sheet_follow_ups, sheet_pending
from bot.card import Card, button, line, tell
from bot.desk import Desk
from bot.sheet_edits import Outcome
from bot.sheet_units import AT_ONCE
from playbooks.sheets import Edit, Merged, SheetBinding, SheetRow, TabKind, Told, row_id, veiled
from storage.rows import Line

DUTIES: dict[TabKind, Any] = {"pending": sheet_pending, "followup": sheet_follow_ups, "case": sheet_cases}
TOLD_AT_MOST = 20
NAMED_AT_MOST = 10


@dataclass
class Taken:
    """What came of a tab's edits: `hints`: key -> what is wrong with its row; `edits` counts those taken."""

    hints: dict[str, Line] = field(default_factory=dict)
    edits: int = 0


def parts(merged: Merged) -> Iterator[Merged]:
    """The merge in parts of at most 500 rows, each for a unit of its own."""
    keys = list(dict.fromkeys((*(e.key for e in merged.edits), *(t.key for t in merged.told), *merged.bases)))
    edits, told = {e.key: e for e in merged.edits}, defaultdict[str, list[Told]](list)
    for one in merged.told:
        told[one.key].append(one)
    for at in range(0, len(keys), AT_ONCE):
        some = keys[at : at + AT_ONCE]
        yield Merged(
            tuple(edits[key] for key in some if key in edits), tuple(t for key in some for t in told[key]),
            {key: merged.bases[key] for key in some if key in merged.bases}, (), (),
        )  # fmt: skip


def pieces(edit: Edit) -> Iterator[Edit]:
    """A row's edit as what is decided on its own: a note stands whatever becomes of the state beside it."""
    for fields in (edit.changed.keys() & {"note"}, edit.changed.keys() - {"note"}):
        if fields:
            changed = {name: text for name, text in edit.changed.items() if name in fields}
            yield replace(edit, changed=changed, both={n: t for n, t in edit.both.items() if n in fields})


def take_in(
    kind: TabKind, part: Merged, bases: Mapping[str, SheetRow], binding: SheetBinding, desk: Desk
) -> tuple[Taken, list[Card]]:
    """In a unit: the edits put to the duties; whoever's words gave way is told, privately, in one message each."""
    duty = DUTIES[kind]
    taken, cards = Taken(), list[Card]()
    agreed = {key: dict(cells) for key, cells in part.bases.items()}
    said = defaultdict[str, list[Line]](list)
    for edit in (piece for whole in part.edits for piece in pieces(whole)):
        who = duty.whose(edit.key, binding, desk)
        desk.me = desk.member(who)
        outcome = duty.take(edit, desk)
        cards += outcome.cards
        if outcome.kind == "held":
            assert outcome.why
            taken.hints[edit.key] = outcome.why
            continue
        if outcome.left and outcome.why:
            taken.hints[edit.key] = outcome.why
        before = bases[edit.key].cells if edit.key in bases else {}
        done = {name: text for name, text in edit.changed.items() if name not in outcome.left}
        agreed[edit.key] = {**before, **agreed.get(edit.key, {}), **done}
        taken.edits += outcome.kind == "taken"
        said[who] += _gave_way(edit, outcome)
    for one in part.told:
        said[duty.whose(one.key, binding, desk)].append(
            line(
                f"sheet_tab.told_{one.why}",
                order=one.key,
                field=_field(one.field),
                lost=veiled(one.lost) or "—",
                stays=veiled(one.stays),
            )
        )
    for key, cells in agreed.items():
        desk.books.sheet_rows.put(
            SheetRow(id=row_id(desk.room.id, kind, key), kind=kind, key=key, cells=_kept(cells))
        )
    return taken, [*cards, *(_told(who, lines) for who, lines in said.items() if lines)]


def _kept(cells: Mapping[str, str]) -> dict[str, str]:
    return {name: veiled(text) for name, text in cells.items()}


def _gave_way(edit: Edit, outcome: Outcome) -> list[Line]:
    """What was put back and why; of what was taken, our own change that it overtook."""
    lost = edit.changed.keys() if outcome.kind == "back" else outcome.dropped
    said = []
    if lost:
        cells = tuple(
            line("sheet_tab.cell", field=_field(name), text=veiled(text) or "—")
            for name, text in edit.changed.items()
            if name in lost
        )
        said.append(line("sheet_tab.put_back", order=edit.key, cells=cells, why=outcome.why))
    overtaken = {} if outcome.kind == "back" else edit.both
    return said + [
        line(
            "sheet_tab.theirs_stays", order=edit.key, field=_field(name), lost=ours or "—", stays=edit.changed[name],
        )
        for name, ours in overtaken.items()
        if name not in outcome.left | outcome.dropped
    ]  # fmt: skip


def _field(name: str) -> Line:
    return line(f"sheet_tab.col_{name}")


def _told(who: str, said: Sequence[Line]) -> Card:
    more = len(said) - TOLD_AT_MOST
    rest = [line("sheet_tab.more", count=more)] if more > 0 else []
    return tell(who, [line("sheet_tab.told", count=len(said)), *said[:TOLD_AT_MOST], *rest], rank="work")


def ask_about(kind: TabKind, gone: Sequence[str], binding: SheetBinding, desk: Desk) -> list[Card]:
    """In a unit: rows people deleted; nothing is deleted with us, somebody says whether they come back."""
    for key in gone:
        row = desk.books.sheet_rows.get(row_id(desk.room.id, kind, key))
        if row:
            desk.books.sheet_rows.put(row.changed(gone="asked"))
    named = [line("common.verbatim", text=key) for key in gone[:NAMED_AT_MOST]]
    said = line("sheet_tab.gone", tab=binding.tabs[kind], count=len(gone), keys=tuple(named))
    row_ = (button("sheet_tab.gone_back", "sheetrow back"), button("sheet_tab.gone_out", "sheetrow out"))
    return [tell(binding.by, said, buttons=(row_,), rank="work")]
