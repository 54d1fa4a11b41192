"""Where the headings of a run sheet stand, and which column is which field (facts/runsheet.yaml, columns)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple, TypeVar

from playbooks.runsheet.cells import clean, half_width
from playbooks.runsheet.rules import RULES, Rows

T = TypeVar("T")
BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")


class Header(NamedTuple):
    """Where the headings stand: 0-based `row` (the lower of two), {field: column index}, {field: heading as written}
    from left to right, and the headings of no field."""

    row: int
    at: dict[str, int]
    said: dict[str, str]
    unknown: tuple[str, ...]


def find_header(rows: Rows) -> Header | None:
    """Of the first `header_rows` that name product and price, the one of most known headings.

    Headings may take two rows, 价格 over 日常价 and 直播价: of such a pair the lower counts, then the upper.
    """
    head = rows[: RULES.header_rows]
    found = [_header(number, row) for number, row in enumerate(head)]
    found += [_header(number, _joined(head[number - 1], head[number])) for number in range(1, len(head))]
    usable = [h for h in found if "name" in h.at and h.at.keys() & {"live_price", "stated_hand_price"}]
    if not usable:
        return None
    best = max(usable, key=lambda h: len(h.at))  # of as many, the single row: it comes first
    return _links_are_addresses(best, rows)


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    width = max(len(upper), len(lower))
    padded = zip((*upper, *[""] * (width - len(upper))), (*lower, *[""] * (width - len(lower))), strict=True)
    return [below if clean(below) else above for above, below in padded]


def _header(number: int, row: Sequence[str]) -> Header:
    ranked: dict[str, tuple[int, int]] = {}
    for index, heading in enumerate(row):
        for field, rank in _meanings(heading):
            ranked[field] = min(ranked.get(field, (rank, index)), (rank, index))
    at = {field: index for field, (_, index) in ranked.items()}
    said = {field: clean(row[index]) for field, index in sorted(at.items(), key=lambda item: item[1])}
    others = (clean(cell) for index, cell in enumerate(row) if index not in at.values())
    return Header(number, at, said, tuple(dict.fromkeys(filter(None, others))))


def _meanings(heading: str) -> list[tuple[str, int]]:
    said = half_width(heading).strip("*").casefold()
    bare = BRACKETS.sub("", said).strip(":.")
    return list(dict.fromkeys(meaning for one in (said, bare) for meaning in _known().get(one, ())))


@cache
def _known() -> dict[str, list[tuple[str, int]]]:
    """Heading as compared -> (field, rank of the alias)."""
    known: dict[str, list[tuple[str, int]]] = {}
    for field, column in RULES.columns.items():
        for rank, alias in enumerate(column.aliases):
            known.setdefault(half_width(alias).casefold(), []).append((field, rank))
    return known


def _links_are_addresses(header: Header, rows: Rows) -> Header:
    """A column headed 链接 holds numbers in one shop and web addresses in the next: its cells tell."""
    index = header.at.get("link_no")
    cells = [row[index] for row in rows[header.row + 1 :] if index is not None and index < len(row)]
    if "url" in header.at or index is None or not any("://" in cell for cell in cells):
        return header
    return header._replace(at=_as_addresses(header.at), said=_as_addresses(header.said))


def _as_addresses(named: dict[str, T]) -> dict[str, T]:
    return {("url" if field == "link_no" else field): value for field, value in named.items()}
