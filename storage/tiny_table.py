"""TinyDB over a room's state: its Table reads and writes rows one by one instead of the whole file.

The hook is `Table._read_table` / `_update_table`; TinyDB's own storages rewrite everything at each change
(a second at 50,000 documents). The query cache is off: it ignores the time and closures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
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


class Changing(MutableMapping[int, Fields]):
    """A table as TinyDB's updaters change it; they also change documents in place, see `settle`."""

    def __init__(self, overlay: Overlay, name: str) -> None:
        self._overlay = overlay
        self._name = name
        self._handed_out: dict[int, Fields] = {}

    @property
    def _table(self) -> TableState:
        return self._overlay.table(self._name)

    def __getitem__(self, doc_id: int) -> Fields:
        if doc_id not in self._handed_out:
            self._handed_out[doc_id] = from_json(self._table.rows[doc_id])
        return self._handed_out[doc_id]

    def __setitem__(self, doc_id: int, fields: Fields) -> None:
        self._handed_out.pop(doc_id, None)
        table = self._table.put(doc_id, fields)
        if table is not self._table:
            self._overlay.keep(self._name, table, doc_id)

    def __delitem__(self, doc_id: int) -> None:
        self._handed_out.pop(doc_id, None)
        self._overlay.keep(self._name, self._table.drop(doc_id), doc_id)

    def __contains__(self, doc_id: object) -> bool:
        return doc_id in self._table.rows

    def __iter__(self) -> Iterator[int]:
        return iter(sorted(self._table.rows))

    def __len__(self) -> int:
        return len(self._table.rows)

    def settle(self) -> None:
        """Keep what was changed in place."""
        for doc_id, fields in list(self._handed_out.items()):
            self[doc_id] = fields


class RoomTable(Table):
    """TinyDB's table over an Overlay; an update costs what it changes."""

    def __init__(self, storage: Storage, name: str, cache_size: int = 0, persist_empty: bool = False) -> None:
        super().__init__(storage, name, cache_size=0, persist_empty=False)

    @property
    def _overlay(self) -> Overlay:
        return cast(Overlay, self._storage)

    def _get_next_id(self) -> int:
        return self._overlay.table(self.name).next_id

    def _read_table(self) -> dict[str, Mapping[Any, Any]]:
        return cast("dict[str, Mapping[Any, Any]]", Rows(self._overlay.table(self.name)))

    def _update_table(self, updater: Callable[[dict[int, Mapping[Any, Any]]], None]) -> None:
        self._overlay.refuse_view()
        table = Changing(self._overlay, self.name)
        updater(cast("dict[int, Mapping[Any, Any]]", table))
        table.settle()


class RoomDB(TinyDB):
    """A TinyDB over an Overlay: `RoomDB(overlay)`."""

    table_class = RoomTable

    def __init__(self, overlay: Overlay) -> None:
        super().__init__(storage=lambda: overlay)
