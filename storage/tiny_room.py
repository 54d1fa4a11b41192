"""One room open for writing: its committed state, the one unit that may run, its log and its snapshot."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock, get_ident
from typing import Any, TypeVar

from storage.store import Book, Books
from storage.tiny_disk import Disk
from storage.tiny_log import LOG, Log
from storage.tiny_shelf import TinyBooks
from storage.tiny_snapshot import read_room, write_snapshot
from storage.tiny_state import RoomState
from storage.tiny_table import Overlay

T = TypeVar("T")
logger = logging.getLogger(__name__)


class Room:
    """`state` is swapped by one reference after the fsync: reading it needs no lock and waits for nobody."""

    def __init__(self, folder: Path, books: Mapping[str, Book[Any]], disk: Disk, compact_at: int) -> None:
        stored = read_room(folder, disk)
        self.state = stored.state(RoomState.empty(books.values()))
        self._folder = folder
        self._books = books
        self._disk = disk
        self._compact_at = self._full_at = compact_at
        self._lock = Lock()
        self._owner = 0
        self._closed = False
        # A room nobody has written to leaves no trace: its folder comes with its first commit.
        self._log = Log(folder / LOG, disk, stored.log_length, stored.seq) if stored.seq else None

    def run_all(self, fns: Sequence[Callable[[Books], T]], *, durable: bool) -> list[T | Exception]:
        """See store.Store. RuntimeError for a unit inside a unit, or when closed."""
        if self._owner == get_ident():
            raise RuntimeError(f"a unit of room {self._folder.name} cannot run inside another one")
        with self._lock:
            if self._closed:
                raise RuntimeError("the store is closed")
            self._owner = get_ident()
            try:
                return self._units(fns, durable=durable)
            finally:
                self._owner = 0

    def flush(self) -> None:
        """Wait until what was written without waiting outlives a power cut."""
        with self._lock:
            if self._log:
                self._log.sync()

    @property
    def trouble(self) -> str:
        """Why the room takes nothing any more; '' where it does."""
        return "" if self._log is None or self._log.sound else "the disk failed while saving"

    def close(self) -> None:
        """Wait for the unit that runs, put everything into the snapshot and let go of the files."""
        with self._lock:
            log, self._log, self._closed = self._log, None, True
            if log and log.length and log.sound:
                self._compact(log)
            if log:
                log.close()

    def _units(self, fns: Sequence[Callable[[Books], T]], *, durable: bool) -> list[T | Exception]:
        results: list[T | Exception] = []
        state, said = self.state, []
        for fn in fns:
            overlay = Overlay(state.tables, writable=True)
            try:
                results.append(fn(TinyBooks(self._folder.name, state.seq + 1, overlay, self._books)))
            except Exception as error:
                results.append(error)
                continue
            finally:
                overlay.writable = False
            changes = overlay.changes()
            if changes:
                state = RoomState(state.seq + 1, overlay.tables)
                said.append((state.seq, changes))
        if said:
            log = self._open_log()
            log.append(said, durable=durable)
            self.state = state
            if log.length >= self._full_at:
                self._compact(log)
        return results

    def _open_log(self) -> Log:
        if self._log is None:
            self._disk.make_folder(self._folder)
            self._log = Log(self._folder / LOG, self._disk, 0, 0)
        return self._log

    def _compact(self, log: Log) -> None:
        """Snapshot, then an empty log; a crash in between leaves lines the snapshot already has, by its seq.

        The log may grow as long as the snapshot, so that what is written twice stays in proportion. Failing
        here loses nothing (the log has it all), so the unit before it is not told; it is tried again later.
        """
        try:
            written = write_snapshot(self.state, self._folder, self._disk)
            log.restart()
        except OSError as error:
            self._full_at = 2 * max(log.length, self._compact_at)
            logger.warning("%s: no snapshot, the log goes on growing: %s", self._folder, error)
        else:
            self._full_at = max(self._compact_at, written)
