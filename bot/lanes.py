"""What waits in one room's outbox, by where it goes: sorted once for each change of the books, then picked from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from bot import collapse
from storage.rows import RANKS, Outgoing, Rank

Destination = tuple[str, int]
"""The person ('' for the group) and the chat it was asked for in (0: none). Many cards, few destinations."""

ON_AIR = "air:"
"""Keys of what is on air now: a newer card says all the older one said. A change (`notice:`) says only itself."""


@dataclass(frozen=True, eq=False)
class Pick:
    """A row to send. With `merged`, it stands for all of them; `superseded` rows are dropped when it leaves."""

    row: Outgoing
    merged: tuple[Outgoing, ...] = ()
    superseded: tuple[str, ...] = ()


class Lanes:
    """The waiting rows of a room, oldest first in each lane."""

    def __init__(self, rows: Iterable[Outgoing]) -> None:
        self.count = 0
        self.deletions: dict[int, list[Outgoing]] = {}
        self._lanes: dict[Destination, dict[Rank, list[Outgoing]]] = {}
        self._timed: list[datetime] = []
        self._unsent: set[str] = set()
        self._edited: set[str] = set()
        self._on_air: dict[str, list[str]] = {}
        self._superseded: set[str] = set()
        for row in rows:
            self._add(row)
        for some in self._on_air.values():
            self._superseded.update(some[:-1])

    def _add(self, row: Outgoing) -> None:
        self.count += 1
        if row.not_before:
            self._timed.append(row.not_before)
        if row.does == "delete":
            self.deletions.setdefault(row.chat_id, []).append(row)
            return
        card = row.card
        lanes = self._lanes.setdefault((card.person, row.chat_id), {})
        lanes.setdefault(card.rank, []).append(row)
        if card.key:
            (self._edited if card.edit else self._unsent).add(card.key)
        if card.rank == "air" and card.key.startswith(ON_AIR) and not card.edit:
            self._on_air.setdefault(card.key, []).append(row.id)

    def destinations(self) -> Iterator[Destination]:
        """Where anything goes, deletions aside."""
        return iter(self._lanes)

    def first(self, to: Destination, now: datetime, leaving: AbstractSet[str]) -> Outgoing | None:
        """The most urgent that is due, by rank, then by age; rows `leaving` already are left alone."""
        lanes = self._lanes[to]
        rows = (row for rank in RANKS for row in lanes.get(rank, ()))
        return next((row for row in rows if self.may(row, now, leaving)), None)

    def may(self, row: Outgoing, now: datetime, leaving: AbstractSet[str]) -> bool:
        """Whether the row is due. An edit waits for the message it edits."""
        waits = row.not_before is not None and row.not_before > now
        early = row.card.edit and row.card.key in self._unsent
        return not (waits or early or row.id in leaving or row.id in self._superseded)

    def due(self, to: Destination, now: datetime) -> Iterator[Outgoing]:
        """All that is due for a destination."""
        rows = (row for some in self._lanes[to].values() for row in some)
        return (row for row in rows if self.may(row, now, frozenset()))

    def next_timed(self, now: datetime) -> datetime | None:
        """When the next row that waits for its time is due."""
        return min((at for at in self._timed if at > now), default=None)

    def pick(self, to: Destination, row: Outgoing, now: datetime, leaving: AbstractSet[str]) -> Pick:
        """The row, which is about to leave, with those it makes needless."""
        if row.card.key in self._on_air:
            older = (id for id in self._on_air[row.card.key][:-1] if id not in leaving)
            return Pick(row, superseded=tuple(older))
        if not self._folds(row):
            return Pick(row)
        ranks = collapse.LOW if row.card.rank in collapse.LOW else (row.card.rank,)
        some = (one for rank in ranks for one in self._lanes[to].get(rank, ()) if self._folds(one))
        return Pick(row, merged=collapse.together((one for one in some if self.may(one, now, leaving)), now))

    def _folds(self, row: Outgoing) -> bool:
        """A card that is about to be edited keeps its own message."""
        return collapse.foldable(row) and row.card.key not in self._edited
