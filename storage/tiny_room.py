"""One room open for writing: its committed state, the one unit that may run, its log and its snapshot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from storage.store import Book, Books, NotSaved
from storage.tiny_disk import Disk
from storage.tiny_folding import Folding
from storage.tiny_lines import Changes
from storage.tiny_log import FRESH, LOG, Log
from storage.tiny_shelf import TinyBooks
from storage.tiny_snapshot import Stored, read_room
from storage.tiny_state import RoomState
from storage.tiny_table import Overlay

T = TypeVar("T")


class Room:
    """`state` is swapped by one reference after the fsync: reading it needs no lock and waits for nobody.

    Units must not run inside each other, and `flush` and `close` not inside a unit: they would wait for ever.
    """

    def __init__(self, folder: Path, books: Mapping[str, Book[Any]], disk: Disk, compact_at: int) -> None:
        stored = read_room(folder, disk)
        self.state = stored.state(RoomState.empty(books.values()))
        self._folder = folder
        self._books = books
        self._disk = disk
        self._lock = Lock()
        self._closed = False
        self._failed = ""
        # A room nobody has written to leaves no trace: its folder comes with its first commit.
        self._log = _log(folder, disk, stored)
        self._folding = Folding(folder, disk, compact_at, self.state if stored.old else None)

    @property
    def begun(self) -> bool:
        """Whether it has files."""
        return self._log is not None

    @property
    def trouble(self) -> str:
        """Why the room takes nothing any more; '' where it does."""
        return self._log.trouble if self._log else self._failed

    def look(self) -> str:
        """`trouble`, once it was looked whether the files still stand. Waits for nobody: a unit looks by itself."""
        if self._lock.acquire(blocking=False):
            try:
                if self._log:
                    self._log.look()
            finally:
                self._lock.release()
        return self.trouble

    def run_all(self, fns: Sequence[Callable[[Books], T]], *, durable: bool) -> list[T | Exception]:
        """See store.Store. RuntimeError when closed."""
        with self._lock:
            self._refuse_if_it_takes_nothing()
            results, state, said = self._units(fns)
            if said:
                log = self._begun()
                log.append(said, durable=durable)
                self.state = state
                self._log = self._folding.after_unit(log, state)
            return results

    def flush(self) -> None:
        """Wait until what was written without waiting outlives a power cut. NotSaved."""
        with self._lock:
            if self._log:
                self._log.sync()

    def fold(self) -> None:
        """Put everything into the snapshot: the logs, which also say what was before, are gone."""
        with self._lock:
            if self._log and not self._log.trouble:
                self._log.sync()
                self._log = self._folding.finish(self._log, self.state)

    def begin(self) -> None:
        """Have files, though nothing was written yet. NotSaved."""
        with self._lock:
            self._begun()

    def close(self) -> None:
        """Wait for the unit that runs, put everything into the snapshot and let go of the files."""
        with self._lock:
            log, self._log, self._closed = self._log, None, True
            if log:
                try:
                    # Folding may fail unheard, as the logs have it all; but it must be on the disk.
                    if not log.trouble:
                        log.sync()
                finally:
                    self._folding.finish(log, self.state).close()

    def _units(
        self, fns: Sequence[Callable[[Books], T]]
    ) -> tuple[list[T | Exception], RoomState, list[tuple[int, Changes]]]:
        """What each returned or raised, the state they make, and what is to be written."""
        results: list[T | Exception] = []
        said: list[tuple[int, Changes]] = []
        state = self.state
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
        return results, state, said

    def _refuse_if_it_takes_nothing(self) -> None:
        if self._closed:
            raise RuntimeError("the store is closed")
        if self.trouble:
            raise NotSaved("broken", f"{self.trouble}; restart to go on")

    def _begun(self) -> Log:
        """The log to write to. NotSaved where a new room finds no place."""
        if self._log is None:
            try:
                self._make_folder()
                self._log = Log.begin(self._folder, self._disk, 0)
            except NotSaved as error:
                self._failed = str(error)
                raise
            except OSError as error:
                raise NotSaved("full", f"{self._folder}: {error.strerror or error}") from error
        return self._log

    def _make_folder(self) -> None:
        try:
            self._disk.make_folder(self._folder)
        except OSError as error:
            if self._folder.name not in self._disk.folders(self._folder.parent):
                raise
            # It may be gone after a power cut, and syncing it again would not change that.
            raise NotSaved("broken", f"{self._folder}: {error.strerror or error}") from error


def _log(folder: Path, disk: Disk, stored: Stored) -> Log | None:
    """The log to go on with, None for a room without files."""
    if stored.log is None:
        return None
    if stored.unnamed:
        disk.sync_folder(folder)
        disk.rename(folder / FRESH, folder / LOG)
    return Log(folder, disk, stored.log.length, stored.seq, stored.log.begins)
