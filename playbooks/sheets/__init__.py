"""Spreadsheets people and the bot both write in 表格, one door: what a tab has, how two sides are brought together.

Pure: grids of texts come in, merges and plans of writes go out. What an edit means is the duties' to decide.
"""

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
from playbooks.sheets.reading import Found, Grid, TabRead, plain, read_tab
from playbooks.sheets.writing import Met, Plan, Put, Swap, crossed, met, plan, still, strays

__all__ = [
    "COLUMNS", "KEY", "PROBLEM", "TAB_KINDS", "TWO_WAY", "Column", "Edit", "Found", "Grid", "Merged", "Met", "Ours",
    "Plan", "Put", "SheetBinding", "SheetHealth", "SheetRow", "Swap", "TabKind", "TabRead", "Told", "crossed", "merge",
    "met", "plain", "plan", "read_tab", "row_id", "still", "strays",
]  # fmt: skip
