"""Rows that say the same sub-order 子订单 again: of files put together, the furthest of what they say counts.

Somebody who joins the export of eight o'clock with that of ten has an order in it as to ship and as closed.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Protocol, TypeVar

from playbooks.orders import RANK, Status

SAID_AGAIN = ("product_id", "sku_code", "title", "sku")
"""Two products may stand under one sub-order's id (a gift beside what it came with): these must agree too."""


class Row(Protocol):
    """What is compared of a row."""

    @property
    def sub_order_id(self) -> str:
        """'' where the file has none."""

    @property
    def status(self) -> Status:
        """As the row says it."""


R = TypeVar("R", bound=Row)


def restated(rows: Sequence[R], amounts: Sequence[str]) -> list[tuple[int, ...]]:
    """The places in `rows` of each sub-order, the one that counts last; most have one.

    A state only moves forward, so what is furthest along counts, among equals the later row. Without ids of sub-orders
    two equal rows may be two pieces: there only another state makes them one, at the same `amounts` (names of fields).
    """
    known: dict[Hashable, list[tuple[int, ...]]] = {}
    for at, row in enumerate(rows):
        same = known.setdefault(_key(row, amounts), [])
        if same and (row.sub_order_id or rows[same[-1][-1]].status != row.status):
            same[-1] = _in_order(same[-1], at, rows)
        else:
            same.append((at,))
    return sorted((places for same in known.values() for places in same), key=min)


def _key(row: R, amounts: Sequence[str]) -> Hashable:
    what = tuple(getattr(row, name) for name in SAID_AGAIN)
    return (
        (row.sub_order_id, *what) if row.sub_order_id else (*what, *(getattr(row, name) for name in amounts))
    )


def _in_order(places: tuple[int, ...], at: int, rows: Sequence[R]) -> tuple[int, ...]:
    further = RANK[rows[at].status] >= RANK[rows[places[-1]].status]
    return (*places, at) if further else (*places[:-1], at, places[-1])
