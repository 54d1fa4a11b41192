"""Products the shop cannot deliver 断码: their orders are held until they are there again (D06, H35)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from playbooks.model import Document, Moment


class Shortage(Document):
    """One product of a broadcast nobody can pack, said by `by`; dropped when it is there again. `id` from `listing`."""

    listing: str
    broadcast: str
    link_no: int
    name: str
    by: str
    at: Moment


def missing(shortages: Iterable[Shortage], broadcast: str, link_nos: Collection[int]) -> tuple[str, ...]:
    """The names of an order's products that cannot be delivered."""
    return tuple(one.name for one in shortages if one.broadcast == broadcast and one.link_no in link_nos)
