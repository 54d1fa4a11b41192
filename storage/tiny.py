"""The embedded store: TinyDB over a folder a room, for one writing process.

    data/store.lock        the lock of the one process that writes
    data/a1/log.jsonl      what units changed, a transaction a line
    data/a1/snapshot.json  the room as of an earlier unit, a file stock TinyDB opens

A unit appends one line and waits for one fsync, however much is stored. Rooms run beside each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from tinydb import TinyDB

from storage.store import DESK, Book, Books, ReadOnly
from storage.tiny_disk import Disk, RealDisk
from storage.tiny_room import Room
from storage.tiny_shelf import TinyBooks
from storage.tiny_snapshot import read_room
from storage.tiny_state import RoomState
from storage.tiny_table import Overlay, RoomDB

T = TypeVar("T")
ROOM = re.compile(r"[a-z0-9]{1,8}")
NAME = re.compile(r"[a-z][a-z_]*")
# With a dot no room can be called like it.
LOCK = "store.lock"
COMPACT_AT = 1 << 20


class TinyStore:
    """The Store in `path`, keeping `books`. See store.Store for what it promises.

    `readonly` opens beside a running bot, without the lock: rooms as committed at this moment; it changes no
    file. A log is folded into its snapshot when it passes `compact_at` bytes and the size of the snapshot.
    Raises StoreLocked, StoreDamaged, FileNotFoundError (readonly, no such folder), ValueError (a book names
    a field its model has not).
    """

    def __init__(
        self,
        path: Path,
        books: Iterable[Book[Any]],
        *,
        readonly: bool = False,
        disk: Disk | None = None,
        compact_at: int = COMPACT_AT,
    ) -> None:
        self._path = path
        self._books = _checked(books)
        self._disk = disk or RealDisk()
        self._compact_at = compact_at
        self._empty = RoomState.empty(self._books.values())
        self._rooms: dict[str, Room] = {}
        self._frozen: dict[str, RoomState] = {}
        self._adding = Lock()
        self._lock: int | None = None
        if readonly:
            self._frozen = {name: self._read(name) for name in self._names()}
        else:
            self._open()

    def run(self, room: str, fn: Callable[[Books], T]) -> T:
        """See store.Store. ValueError for a room key that is none."""
        (result,) = self.run_all(room, [fn])
        if isinstance(result, Exception):
            raise result
        return result

    def run_all(
        self, room: str, fns: Sequence[Callable[[Books], T]], *, durable: bool = True
    ) -> list[T | Exception]:
        """See store.Store. ValueError for a room key that is none."""
        return self._writing(room).run_all(fns, durable=durable)

    def flush(self) -> None:
        """See store.Store."""
        for room in list(self._rooms.values()):
            room.flush()

    def troubles(self) -> dict[str, str]:
        """See store.Store."""
        return {name: room.trouble for name, room in list(self._rooms.items()) if room.trouble}

    def view(self, room: str) -> Books:
        """See store.Store. A room nobody wrote to is empty. ValueError for a room key that is none."""
        state = self._state(room)
        return TinyBooks(room, state.seq, Overlay(state.tables, writable=False), self._books)

    def tiny(self, room: str) -> TinyDB:
        """The room as committed, to query with TinyDB's `where(...)`; writing raises ReadOnly."""
        return RoomDB(Overlay(self._state(room).tables, writable=False))

    def rooms(self) -> list[str]:
        """See store.Store."""
        names = sorted({*self._rooms, *self._frozen} - {DESK})
        return [name for name in names if self._state(name).seq]

    def close(self) -> None:
        """See store.Store. Waits for units that run."""
        with self._adding:
            if self._lock is None:
                return
            try:
                for room in self._rooms.values():
                    room.close()
            finally:
                self._disk.close(self._lock)
                self._lock = None

    def _open(self) -> None:
        self._disk.make_folder(self._path)
        self._lock = self._disk.lock(self._path / LOCK)
        try:
            for name in self._names():
                self._rooms[name] = self._room(name)
        except BaseException:
            self._disk.close(self._lock)
            raise

    def _names(self) -> list[str]:
        return [name for name in self._disk.folders(self._path) if ROOM.fullmatch(name)]

    def _room(self, name: str) -> Room:
        return Room(self._path / name, self._books, self._disk, self._compact_at)

    def _read(self, name: str) -> RoomState:
        return read_room(self._path / name, self._disk).state(self._empty)

    def _state(self, name: str) -> RoomState:
        _refuse_other_than_key(name)
        room = self._rooms.get(name)
        return room.state if room else self._frozen.get(name, self._empty)

    def _writing(self, name: str) -> Room:
        _refuse_other_than_key(name)
        with self._adding:
            if self._lock is None:
                raise ReadOnly(f"{self._path} is closed or was opened for reading only")
            if name not in self._rooms:
                self._rooms[name] = self._room(name)
            return self._rooms[name]


def _refuse_other_than_key(name: str) -> None:
    """A key is also a folder's name: nothing else may get through to the disk."""
    if not ROOM.fullmatch(name):
        raise ValueError(f"{name!r} is no room key: one to eight of a-z and 0-9")


def _checked(books: Iterable[Book[Any]]) -> dict[str, Book[Any]]:
    found: dict[str, Book[Any]] = {}
    for book in books:
        missing = {*book.indexes, book.due} - {*book.model.model_fields, ""}
        if missing or book.name in found or not NAME.fullmatch(book.name):
            raise ValueError(f"book {book.name}: {missing or 'the name is taken or not of a-z and _'}")
        found[book.name] = book
    return found
