"""The embedded store: TinyDB over a folder a room, for one writing process.

    data/store.lock        the lock of the one process that writes
    data/a1/log.jsonl      what units changed, a transaction a line
    data/a1/log.old.jsonl  the log before it, while it is folded into the snapshot
    data/a1/snapshot.json  the room as of an earlier unit, a file stock TinyDB opens
    data/desk/             the desk above the rooms, which is there before any of them
    data/a1/archive/       what nobody works on any more, see tiny_archive

A unit appends one line and waits for one fsync, however much is stored. Rooms run beside each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import Lock, local
from typing import Any, TypeVar

from tinydb import TinyDB

from storage.store import DESK, Book, Books, NotSaved, ReadOnly, StoreDamaged
from storage.tiny_archive import Archives
from storage.tiny_disk import Disk, RealDisk
from storage.tiny_lines import missing
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
HALF = "restore.tmp"
"""The folder a restore works in; one left in a data folder says that the restore did not come to its end."""
COMPACT_AT = 1 << 20


class TinyStore:
    """The Store in `path`, keeping `books`. See store.Store for what it promises.

    `readonly` opens beside a running bot, without the lock: rooms as committed at this moment; it changes no
    file. A log is folded into its snapshot, beside the units, when it passes `compact_at` bytes and the size
    of the snapshot. Raises StoreLocked, StoreDamaged, FileNotFoundError (readonly, no such folder), ValueError
    (a book names a field its model has not), NotSaved (a disk that is full or fails at the very start).
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
        self._here = local()
        self._lock: int | None = None
        if readonly:
            self._look()
        else:
            self._open()

    def run(self, room: str, fn: Callable[[Books], T]) -> T:
        """See store.Store. ValueError for a room key that is none."""
        (result,) = self.run_all(room, (fn,))
        if isinstance(result, Exception):
            raise result
        return result

    def run_all(
        self, room: str, fns: Sequence[Callable[[Books], T]], *, durable: bool = True
    ) -> list[T | Exception]:
        """See store.Store. ValueError for a room key that is none."""
        self._refuse_inside(f"a unit of room {room}")
        writing = self._rooms.get(room) or self._writing(room)
        self._here.unit = room
        try:
            return writing.run_all(fns, durable=durable)
        finally:
            self._here.unit = ""

    def flush(self) -> None:
        """See store.Store."""
        self._refuse_inside("saving what was written")
        for room in list(self._rooms.values()):
            room.flush()

    def troubles(self) -> dict[str, str]:
        """See store.Store."""
        return {name: why for name, room in list(self._rooms.items()) if (why := room.look())}

    def view(self, room: str) -> Books:
        """See store.Store. A room nobody wrote to is empty. ValueError for a room key that is none."""
        return self._viewed(room, self._state(room))

    def tiny(self, room: str) -> TinyDB:
        """The room as committed, to query with TinyDB's `where(...)`; writing raises ReadOnly."""
        return RoomDB(Overlay(self._state(room).tables, writable=False))

    def rooms(self) -> list[str]:
        """See store.Store."""
        names = sorted({*self._rooms, *self._frozen} - {DESK})
        return [name for name in names if self._state(name).seq]

    def put_away(self, room: str, name: str, ids: Mapping[Book[Any], Iterable[str]]) -> Books:
        """See store.Store. ValueError for a room key or an archive name that is none."""
        live = self._writing(room).state
        return self._viewed(room, self._archives(room).put_away(name, live, ids))

    def fold(self, room: str) -> None:
        """See store.Store. ValueError for a room key that is none."""
        self._refuse_inside(f"folding room {room}")
        self._writing(room).fold()

    def archived(self, room: str, name: str) -> Books | None:
        """See store.Store. ValueError for a room key or an archive name that is none."""
        state = self._archives(room).read(name)
        return self._viewed(room, state) if state else None

    def archives(self, room: str) -> list[str]:
        """See store.Store. ValueError for a room key that is none."""
        return self._archives(room).names()

    def close(self) -> None:
        """See store.Store. Waits for units that run."""
        self._refuse_inside("closing the store")
        with self._adding:
            if self._lock is None:
                return
            lock, self._lock = self._lock, None
            with ExitStack() as closing:
                # Each is done, whatever the others raise.
                closing.callback(self._disk.close, lock)
                for room in self._rooms.values():
                    closing.callback(room.close)

    def _open(self) -> None:
        self._disk.make_folder(self._path)
        self._lock = self._disk.lock(self._path / LOCK)
        try:
            names = self._names()
            self._rooms[DESK] = desk = self._room(DESK)
            if not desk.begun:
                self._refuse_without_desk(names)
                # It comes before the first room, so that rooms without it tell that it is gone.
                desk.begin()
            for name in sorted({*names} - {DESK}):
                self._rooms[name] = self._room(name)
        except BaseException:
            self._disk.close(self._lock)
            raise

    def _look(self) -> None:
        stored = {name: read_room(self._path / name, self._disk) for name in self._names()}
        if DESK not in stored or stored[DESK].log is None:
            self._refuse_without_desk(stored)
        self._frozen = {name: room.state(self._empty) for name, room in stored.items()}

    def _refuse_without_desk(self, names: Iterable[str]) -> None:
        others = sorted({*names} - {DESK})
        if others:
            raise missing(
                self._path / DESK, f"who works in {', '.join(others)} and in which group stands there"
            )

    def _refuse_inside(self, what: str) -> None:
        """RuntimeError in a unit of this thread: A waiting for B beside B waiting for A would wait for ever."""
        unit = getattr(self._here, "unit", "")
        if unit:
            raise RuntimeError(f"{what} cannot run inside a unit of room {unit}")

    def _names(self) -> list[str]:
        names = self._disk.folders(self._path)
        if HALF in names:
            raise StoreDamaged(
                f"A restore into {self._path} did not come to its end: "
                "run `shiftbot restore` again, with --replace."
            )
        return [name for name in names if ROOM.fullmatch(name)]

    def _room(self, name: str) -> Room:
        return Room(self._path / name, self._books, self._disk, self._compact_at)

    def _state(self, name: str) -> RoomState:
        room = self._rooms.get(name)
        if room:
            return room.state
        _refuse_other_than_key(name)
        return self._frozen.get(name, self._empty)

    def _archives(self, room: str) -> Archives:
        _refuse_other_than_key(room)
        return Archives(self._path / room, self._disk, self._empty)

    def _viewed(self, room: str, state: RoomState) -> Books:
        return TinyBooks(room, state.seq, Overlay(state.tables, writable=False), self._books)

    def _writing(self, name: str) -> Room:
        _refuse_other_than_key(name)
        with self._adding:
            if self._lock is None:
                raise ReadOnly(f"{self._path} is closed or was opened for reading only")
            if name not in self._rooms:
                try:
                    self._rooms[name] = self._room(name)
                except OSError as error:
                    raise NotSaved("broken", f"{self._path / name}: {error.strerror or error}") from error
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
