"""Ranges: `'待付款'!1:5` and GridRanges as rows and columns; and field masks of what is asked for."""

from __future__ import annotations

import re
from typing import Any

from bot.rehearsal.sheets.grid import Tab

A1 = re.compile(r"(?P<title>'(?:[^']|'')+'|[^'!]+)(?:!(?P<area>.+))?")
CORNER = re.compile(r"([A-Z]*)(\d*)")


class NoRange(ValueError):
    """Google cannot read the range."""


def split(said: str) -> tuple[str, str]:
    """The tab's title and the area within it, '' for all of it. Raises NoRange."""
    found = A1.fullmatch(said)
    if found is None:
        raise NoRange(said)
    title = found["title"]
    return title[1:-1].replace("''", "'") if title.startswith("'") else title, found["area"] or ""


def area(said: str, tab: Tab) -> tuple[range, range]:
    """Rows and columns of `B2:D5`, `1:5` or ''. Raises NoRange."""
    first, _, last = said.partition(":")
    top, left = _corner(first)
    bottom, right = _corner(last or first)
    rows = range(top or 0, min(tab.rows, tab.rows if bottom is None else bottom + 1))
    return rows, range(left or 0, min(tab.columns, tab.columns if right is None else right + 1))


def _corner(said: str) -> tuple[int | None, int | None]:
    found = CORNER.fullmatch(said.upper())
    if found is None:
        raise NoRange(said)
    letters, digits = found.groups()
    column = None
    for letter in letters:
        column = (column + 1 if column is not None else 0) * 26 + ord(letter) - ord("A")
    return int(digits) - 1 if digits else None, column


def of_grid(said: dict[str, Any], tab: Tab) -> tuple[range, range]:
    """Rows and columns of a GridRange."""
    rows = range(said.get("startRowIndex", 0), said.get("endRowIndex", tab.rows))
    return rows, range(said.get("startColumnIndex", 0), said.get("endColumnIndex", tab.columns))


def masked(said: Any, mask: str) -> Any:
    """What of an answer a field mask such as `a.b,c(d,e)` lets through."""
    return _through(said, _tree(mask)) if mask and mask != "*" else said


def _tree(mask: str) -> dict[str, Any]:
    parts, depth, start = [], 0, 0
    for at, sign in enumerate(mask):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            parts.append(mask[start:at])
            start = at + 1
    tree: dict[str, Any] = {}
    for part in (*parts, mask[start:]):
        name, inner = _named(part)
        tree.setdefault(name, {}).update(_tree(inner) if inner else {})
    return tree


def _named(part: str) -> tuple[str, str]:
    if "(" in part and ("." not in part or part.index("(") < part.index(".")):
        name, _, inner = part.partition("(")
        return name, inner[:-1]
    name, _, inner = part.partition(".")
    return name, inner


def _through(said: Any, tree: dict[str, Any]) -> Any:
    if not tree:
        return said
    if isinstance(said, list):
        return [_through(one, tree) for one in said]
    return {name: _through(said[name], inner) for name, inner in tree.items() if name in said}
