"""The committed state of a room: one immutable value, followed by another at every commit.

Rows are JSON bytes: small, nothing for the garbage collector to walk, and ready to be written. A step
shares all it did not change with the state before, so a unit costs what it changes, a failed unit is
forgotten by dropping its state, and a reader keeps the one it took.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from immutables import Map
from pydantic_core import from_json

from storage.store import Book
from storage.tiny_index import Ordered

Fields = dict[str, Any]
"""A document's fields, as its JSON has them or as its model has them: texts are equal, a list is a tuple there
and the text of a moment a datetime."""

Entry = tuple[str, str, int]
"""Index, value, doc_id."""
Lookups = Ordered[Entry]
Dues = Ordered[tuple[datetime, int]]


@dataclass(frozen=True, slots=True)
class TableState:
    """One book of one room. `doc_id` counts up and is never given twice, so its order is first-put order."""

    name: str
    indexes: tuple[str, ...] = ()
    due_field: str = ""
    rows: Map[int, bytes] = field(default_factory=Map)
    ids: Map[str, int] = field(default_factory=Map)
    lookups: Lookups = field(default_factory=Ordered)
    due: Dues = field(default_factory=Ordered)
    next_id: int = 1

    def filled(self, rows: Mapping[int, bytes], next_id: int) -> TableState:
        """The table with `rows` as they came from disk, in place of any it has."""
        ids: dict[str, int] = {}
        lookups: list[Entry] = []
        due: list[tuple[datetime, int]] = []
        for doc_id, raw in rows.items():
            fields = from_json(raw)
            ids[fields["id"]] = doc_id
            lookups += self._entries(self.indexes, fields, doc_id)
            due += self._due(fields, doc_id)
        return replace(
            self, rows=Map(rows), ids=Map(ids), lookups=Ordered(lookups), due=Ordered(due), next_id=next_id
        )

    def put(self, doc_id: int, raw: bytes, before: Fields, after: Fields) -> TableState:
        """The table with `raw` under `doc_id`: the document with the fields `after`.

        `before`: those of the one that stands there; empty where none does.
        """
        ids = self.ids if before else self.ids.set(after["id"], doc_id)
        next_id = max(self.next_id, doc_id + 1)
        return self._with(self.rows.set(doc_id, raw), ids, next_id, *self._listed(before, after, doc_id))

    def drop(self, doc_id: int) -> TableState:
        """The table without the document; KeyError where there is none."""
        before: Fields = from_json(self.rows[doc_id])
        rows, ids = self.rows.delete(doc_id), self.ids.delete(before["id"])
        return self._with(rows, ids, self.next_id, *self._listed(before, {}, doc_id))

    def _with(
        self, rows: Map[int, bytes], ids: Map[str, int], next_id: int, lookups: Lookups, due: Dues
    ) -> TableState:
        # dataclasses.replace takes five times as long.
        return TableState(self.name, self.indexes, self.due_field, rows, ids, lookups, due, next_id)

    def _listed(self, before: Fields, after: Fields, doc_id: int) -> tuple[Lookups, Dues]:
        """What the document is listed under from now on: most updates touch one indexed field, or none."""
        lookups, due = self.lookups, self.due
        differ = [index for index in self.indexes if before.get(index) != after.get(index)]
        if differ:
            old, new = self._entries(differ, before, doc_id), self._entries(differ, after, doc_id)
            lookups = _moved(lookups, old, new)
        if before.get(self.due_field) != after.get(self.due_field):
            due = _moved(due, self._due(before, doc_id), self._due(after, doc_id))
        return lookups, due

    def by(self, index: str, value: str) -> Iterator[bytes]:
        """The rows listed under `value`, in first-put order. KeyError for an index the book does not have."""
        return map(self.rows.__getitem__, self._listed_under(index, value))

    def count(self, index: str, value: str) -> int:
        """How many rows are listed under `value`. KeyError for an index the book does not have."""
        return sum(1 for _ in self._listed_under(index, value))

    def _listed_under(self, index: str, value: str) -> Iterator[int]:
        if index not in self.indexes:
            raise KeyError(f"book {self.name} has no index {index}")
        for listed, text, doc_id in self.lookups.since((index, value, 0)):
            if listed != index or text != value:
                return
            yield doc_id

    def due_until(self, before: datetime, since: datetime | None = None) -> Iterator[bytes]:
        """The rows due at or before `before`, earliest first; with `since` those after it."""
        # doc_ids count from one, so a doc_id past them all stands after every row of that moment.
        for moment, doc_id in self.due if since is None else self.due.since((since, self.next_id)):
            if moment > before:
                return
            yield self.rows[doc_id]

    def _entries(self, indexes: Iterable[str], fields: Fields, doc_id: int) -> list[Entry]:
        listed = ((index, self._values(index, fields.get(index))) for index in indexes)
        return [(index, value, doc_id) for index, values in listed for value in values]

    def _values(self, index: str, value: object) -> Iterable[str]:
        if value is None:
            return ()
        values = tuple(value) if isinstance(value, list | tuple) else (value,)
        if not all(isinstance(each, str) for each in values):
            raise TypeError(f"index {index} of book {self.name} holds {value!r}: only text can be looked up")
        return values

    def _due(self, fields: Fields, doc_id: int) -> list[tuple[datetime, int]]:
        moment = fields.get(self.due_field)
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment)
        return [] if moment is None else [(moment, doc_id)]


@dataclass(frozen=True, slots=True)
class RoomState:
    """A room as committed by its unit number `seq`."""

    seq: int
    tables: Map[str, TableState]

    @classmethod
    def empty(cls, books: Iterable[Book[Any]]) -> RoomState:
        """The room before its first unit, with a table for every book."""
        return cls(0, Map({book.name: TableState(book.name, book.indexes, book.due) for book in books}))


def _moved(index: Ordered[Any], before: Iterable[Any], after: Iterable[Any]) -> Ordered[Any]:
    """The index with what a document was listed under replaced by what it is listed under now."""
    old, new = set(before), set(after)
    for entry in old - new:
        index = index.without(entry)
    for entry in new - old:
        index = index.including(entry)
    return index
