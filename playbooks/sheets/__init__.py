"""Spreadsheets people and the bot both write in 表格, one door: what a tab has, how two sides are brought together.

Pure: grids of texts come in, merges and plans of writes go out. What an edit means is the duties' to decide.
"""

from playbooks.sheets.checking import (
    Copies,
    Meant,
    Met,
    SheetWrite,
    Wrote,
    copies,
    crossed,
    mended,
    met,
    moved,
    still,
    strays,
)
from playbooks.sheets.merging import Edit, Merged, Ours, Told, merge
from playbooks.sheets.model import (
    COLUMNS,
    KEY,
    PROBLEM,
    TAB_KINDS,
    TWO_WAY,
    Column,
    SheetBinding,
    SheetHealth,
    SheetRow,
    TabKind,
    row_id,
)
from playbooks.sheets.reading import HEADER_WITHIN, Found, Grid, TabRead, plain, read_tab
from playbooks.sheets.veiled import unveiled, veiled
from playbooks.sheets.writing import Plan, Put, Swap, plan

__all__ = [
    "COLUMNS", "HEADER_WITHIN", "KEY", "PROBLEM", "TAB_KINDS", "TWO_WAY", "Column", "Copies", "Edit", "Found", "Grid",
    "Meant", "Merged", "Met", "Ours", "Plan", "Put", "SheetBinding", "SheetHealth", "SheetRow", "SheetWrite", "Swap",
    "TabKind", "TabRead", "Told", "Wrote", "copies", "crossed", "mended", "merge", "met", "moved", "plain", "plan",
    "read_tab", "row_id", "still", "strays", "unveiled", "veiled",
]  # fmt: skip
