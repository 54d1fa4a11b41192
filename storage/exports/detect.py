"""What a file sent to the bot is, by its headings: nobody has to say it with a command."""

from __future__ import annotations

from typing import Literal

from playbooks.model import Refusal
from playbooks.runsheet import find_header
from storage.exports.formats import detect
from storage.exports.grid import ZIP_MAGIC, Grid, read_head, read_sheets
from storage.exports.logistics import header_at

Kind = Literal["orders", "parcels", "runsheet"]


def kind_of(name: str, data: bytes) -> Kind | None:
    """Which of the three a file is. A run sheet may stand on any tab of its workbook, also behind a cover or below
    headings of two rows. Raises Refusal `files.*` for what is no table."""
    found = kind(read_head(name, data))
    if found is None and data.startswith(ZIP_MAGIC):
        return "runsheet" if any(find_header(sheet.rows) for sheet in _by_hand(name, data)) else None
    return found


def kind(grid: Grid) -> Kind | None:
    """Which of the three a file is; None where its headings fit none. The first rows of it suffice.

    Orders come first: their exports may hold the headings of the other two.
    """
    if is_orders(grid):
        return "orders"
    if header_at(grid.rows) is not None:
        return "parcels"
    return "runsheet" if find_header(grid.rows) else None


def _by_hand(name: str, data: bytes) -> tuple[Grid, ...]:
    """The sheets of a workbook a person made; none of one so long that no person did."""
    try:
        return read_sheets(name, data)
    except Refusal as refusal:
        if refusal.key == "files.too_long":
            return ()
        raise


def is_orders(grid: Grid) -> bool:
    try:
        detect(grid.rows)
    except Refusal:
        return False
    return True
