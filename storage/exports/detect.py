"""What a file sent to the bot is, by its headings: nobody has to say it with a command."""

from __future__ import annotations

from typing import Literal

from playbooks.model import Refusal
from playbooks.runsheet import find_header
from storage.exports.case_rows import header_of
from storage.exports.containers import ZIP_MAGIC
from storage.exports.formats import detect
from storage.exports.grid import LIMITS, Grid, Limits, Table, read_sheets
from storage.exports.logistics import header_at
from storage.exports.mapping import looks_like_orders
from storage.exports.service_rows import log_head, report_head

Kind = Literal["orders", "parcels", "runsheet", "cases", "service"]


def kind_of(name: str, data: bytes, limits: Limits = LIMITS) -> Kind | None:
    """`kind_of_table`, for who will not read on."""
    return kind_of_table(Table(name, data, limits))


def kind_of_table(table: Table) -> Kind | None:
    """Which of them a file is. A run sheet may stand on any tab of its workbook, also behind a cover or below
    headings of two rows. A table of orders nobody declared is one of orders: a person can map it (mapping.guess).
    Raises Refusal `files.*` for what is no table."""
    head = table.head()
    found = kind(Grid(head, ""))
    if found == "runsheet" and looks_like_orders(head):  # no run sheet has order numbers and their states
        return "orders"
    book = found is None and table.data.startswith(ZIP_MAGIC)
    if book and any(find_header(sheet.rows) for sheet in _by_hand(table)):
        return "runsheet"
    return found or ("orders" if looks_like_orders(head) else None)


def kind(grid: Grid) -> Kind | None:
    """Which of them a file is; None where its headings fit none. The first rows of it suffice.

    Orders come first: their exports may hold the headings of the others. A list of after-sales may have parcels.
    """
    if is_orders(grid):
        return "orders"
    if header_of(grid.rows) is not None:
        return "cases"
    if header_at(grid.rows) is not None:
        return "parcels"
    if log_head(grid.rows) is not None or report_head(grid.rows) is not None:
        return "service"
    return "runsheet" if find_header(grid.rows) else None


def _by_hand(table: Table) -> tuple[Grid, ...]:
    """The sheets of a workbook a person made; none of one so long that no person did."""
    try:
        return read_sheets(table.name, table.data, table.limits)
    except Refusal as refusal:
        if refusal.key == "files.too_long":
            return ()
        raise


def is_orders(grid: Grid) -> bool:
    try:
        detect(grid.rows)
    except Refusal as refusal:
        return refusal.key == "orders.which_format"
    return True
