"""What people type into a spreadsheet is kept without phone numbers: what is refused leaves no trace with us (K08)."""

from __future__ import annotations

from collections.abc import Mapping

from playbooks.privacy import MASK, has_phone, without_phones
from playbooks.sheets.merging import Cells
from playbooks.sheets.model import SheetRow
from playbooks.sheets.reading import TabRead


def veiled(text: str) -> str:
    """The text as it may be kept and said."""
    return without_phones(text) if has_phone(text) else text


def unveiled(bases: Mapping[str, SheetRow], read: TabRead, meant: Cells) -> dict[str, SheetRow]:
    """The rows both sides agreed on, with cells that were kept veiled as people still have them, or `meant` them."""
    return {key: _unveiled(row, read, meant) for key, row in bases.items()}


def _unveiled(row: SheetRow, read: TabRead, meant: Cells) -> SheetRow:
    found = read.rows.get(row.key)
    if found is None or not any(MASK in text for text in row.cells.values()):
        return row
    veils = (name for name, text in row.cells.items() if MASK in text)
    shown = {name: meant.get((row.key, name), found.cells.get(name, "")) for name in veils}
    same = {name: text for name, text in shown.items() if veiled(text) == row.cells[name]}
    return row.changed(cells={**row.cells, **same}) if same else row
