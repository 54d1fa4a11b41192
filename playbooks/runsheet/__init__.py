"""The run sheet 排品表: rows of cells understood as products, and what to mend (REQUIREMENTS A02, A03, K25).

Columns, aliases, import checks: facts/runsheet.yaml; words and numbers: `data/runsheet.toml`. One door to its parts;
what a sheet changes of a broadcast's products is `runsheet.changes`, which knows offers as well.
"""

from playbooks.runsheet.cells import Span, clock
from playbooks.runsheet.choosing import Tab, choose
from playbooks.runsheet.headings import Header, find_header
from playbooks.runsheet.model import Finding, Product, Sheet
from playbooks.runsheet.pasted import is_pasted, read_pasted
from playbooks.runsheet.reading import read
from playbooks.runsheet.rules import RULES, Extent, Role, Rows

__all__ = [
    "RULES", "Extent", "Finding", "Header", "Product", "Role", "Rows", "Sheet", "Span", "Tab", "choose", "clock",
    "find_header", "is_pasted", "read", "read_pasted",
]  # fmt: skip
