"""A room's state under one unit or a view, and TinyDB over it for queries.

The hook is `Table._read_table`: TinyDB reads rows one by one, in the state that is in memory. It does not write
them: its own way copies a document five times and merges it in place, a third of all an update cost. The query
cache is off: it ignores the time and closures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from immutables import Map
from pydantic_core import from_json
from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table

from storage.store import ReadOnly
from storage.tiny_state import Fields, TableState


class Overlay(Storage):
    """A room's tables under one unit (or a view): what is written stays here until the room commits it."""

    def __init__(self, tables: Map[str, TableState], writable: bool) -> None:
        self.base = tables
        self.tables = tables
        self.writable = writable
        self._touched: dict[tuple[str, int], None] = {}

    def table(self, name: str) -> TableState:
        """The table as this unit has left it so far; empty where nobody declared it."""
        return self.tables.get(name) or TableState(name)

    def keep(self, name: str, table: TableState, doc_id: int) -> None:
        """Go on with `table`, which differs in `doc_id`. ReadOnly on a view and after the unit."""
        self.refuse_view()
        self.tables = self.tables.set(name, table)
        self._touched[name, doc_id] = None

    def refuse_view(self) -> None:
        """ReadOnly unless a unit is open on this."""
        if not self.writable:
            raise ReadOnly("a view, or a unit that is over, cannot be written to")

    def changes(self) -> dict[str, dict[int, bytes | None]]:
        """What differs from the state the unit began with: table, doc_id, row (None: dropped)."""
        found: dict[str, dict[int, bytes | None]] = {}
        for name, doc_id in self._touched:
            row = self.tables[name].rows.get(doc_id)
            if row != self.base[name].rows.get(doc_id):
                found.setdefault(name, {})[doc_id] = row
        return found

    def read(self) -> dict[str, dict[str, Any]]:
        """TinyDB asks this for the names of its tables."""
        return {name: cast("dict[str, Any]", Rows(table)) for name, table in self.tables.items()}

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        """Writing everything at once is what this store is there to avoid: ReadOnly."""
        raise ReadOnly("tables cannot be replaced or dropped as a whole")


class Rows(Mapping[str, Fields]):
    """A table as TinyDB reads it: text doc_id to fields, decoded when asked for, in first-put order."""

    def __init__(self, table: TableState) -> None:
        self._rows = table.rows

    def __getitem__(self, key: str) -> Fields:
        return cast(Fields, from_json(self._rows[int(key)]))

    def __iter__(self) -> Iterator[str]:
        return map(str, sorted(self._rows))

    def __len__(self) -> int:
        return len(self._rows)


class RoomTable(Table):
    """TinyDB's table over an Overlay, to query."""

    def __init__(self, storage: Storage, name: str, cache_size: int = 0, persist_empty: bool = False) -> None:
        super().__init__(storage, name, cache_size=0, persist_empty=False)

    def _read_table(self) -> dict[str, Mapping[Any, Any]]:
        overlay = cast(Overlay, self._storage)
        return cast("dict[str, Mapping[Any, Any]]", Rows(overlay.table(self.name)))

    def _update_table(self, updater: Callable[[dict[int, Mapping[Any, Any]]], None]) -> None:
        raise ReadOnly("documents are written through a shelf, in a unit")


class RoomDB(TinyDB):
    """A TinyDB over an Overlay, to query: `RoomDB(overlay)`."""

    table_class = RoomTable

    def __init__(self, overlay: Overlay) -> None:
        super().__init__(storage=lambda: overlay)
