"""Archives of a room: documents nobody works on any more, each archive one file that is read when asked for.

    data/a1/archive/a1-b7.json  a file like the room's snapshot: sealed by a checksum, opened by stock TinyDB

What is in an archive costs neither memory nor start-up time. A file is replaced whole or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from storage.store import Book, NotSaved, StoreDamaged
from storage.tiny_disk import Disk
from storage.tiny_snapshot import parse_snapshot, write_snapshot
from storage.tiny_state import RoomState, TableState

FOLDER = "archive"
SUFFIX = ".json"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class Archives:
    """The archives in the folder of one room; `empty` is a room with no documents, with its tables' indexes."""

    def __init__(self, room: Path, disk: Disk, empty: RoomState) -> None:
        self._folder = room / FOLDER
        self._disk = disk
        self._empty = empty

    def names(self) -> list[str]:
        """The archives there are, sorted."""
        files = self._disk.files(self._folder)
        return [file.removesuffix(SUFFIX) for file in files if file.endswith(SUFFIX)]

    def read(self, name: str) -> RoomState | None:
        """The archive; None where there is none. StoreDamaged; ValueError for what is no name."""
        path = self._file(name)
        data = self._disk.read(path)
        return None if data is None else parse_snapshot(data, path).state(self._empty)

    def put_away(self, name: str, live: RoomState, ids: Mapping[Book[Any], Iterable[str]]) -> RoomState:
        """See store.Store. Documents keep their doc_id, which a room never gives twice, and so their order."""
        before = self.read(name)
        state = before or self._empty
        tables = state.tables
        for book, some in ids.items():
            tables = tables.set(book.name, _with(tables[book.name], live.tables[book.name], some))
        after = RoomState(live.seq, tables)
        path = self._file(name)
        try:
            if before and _rows(before) == _rows(after):
                # Who wrote it may have died before its name outlived a power cut.
                self._disk.sync_folder(self._folder)
                return before
            return self._written(name, after)
        except OSError as error:
            raise NotSaved("full", f"{path}: {error.strerror or error}") from error

    def _written(self, name: str, state: RoomState) -> RoomState:
        path = self._file(name)
        self._disk.make_folder(self._folder)
        # Had that failed half-way an earlier time, the folder stands and might be gone after a power cut.
        self._disk.sync_folder(self._folder.parent)
        write_snapshot(state, self._folder, self._disk, path.name)
        back = self.read(name)
        if back is None or _rows(back) != _rows(state):
            raise StoreDamaged(
                f"{path}: what was written reads back differently. Check the disk.", file=str(path)
            )
        return back

    def _file(self, name: str) -> Path:
        # A name is also a file's name: nothing else may get through to the disk.
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of an archive: up to 40 of a-z, 0-9 and -")
        return self._folder / (name + SUFFIX)


def _with(table: TableState, live: TableState, ids: Iterable[str]) -> TableState:
    """The archive's table with the room's rows of these ids in it."""
    rows = dict(table.rows)
    for id in ids:
        doc_id = live.ids.get(id)
        if doc_id is None:
            continue
        rows.pop(table.ids.get(id, doc_id), None)
        rows[doc_id] = live.rows[doc_id]
    return table.filled(rows, max(table.next_id, live.next_id))


def _rows(state: RoomState) -> dict[str, Any]:
    return {name: table.rows for name, table in state.tables.items()}
