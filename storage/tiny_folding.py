"""Folding a room's log into its snapshot while units go on.

Under the room's lock the log is only put aside and a new one begun; the snapshot of the state as of that
moment, which never changes, is written by a thread. One folding at a time: what was put aside and is not yet
in a snapshot (a full disk, a crash) is folded before another log is.
"""

from __future__ import annotations

import logging
from pathlib import Path
from threading import Thread

from storage.tiny_disk import Disk
from storage.tiny_log import OLD, Log
from storage.tiny_snapshot import write_snapshot
from storage.tiny_state import RoomState

logger = logging.getLogger(__name__)


class Folding:
    """`waiting` is a state that has all that a log put aside earlier has; None where there is none.

    The log may grow as long as the snapshot, at least `compact_at` bytes, so that what is written twice stays
    in proportion. A folding that fails loses nothing (the logs have it all) and is tried again later.
    """

    def __init__(self, folder: Path, disk: Disk, compact_at: int, waiting: RoomState | None) -> None:
        self._folder = folder
        self._disk = disk
        self._compact_at = compact_at
        self._waiting = waiting
        self._full_at = 0 if waiting else compact_at
        self._thread: Thread | None = None

    def after_unit(self, log: Log, state: RoomState) -> Log:
        """The log to go on with; call it under the room's lock, `state` being all that `log` has."""
        if log.length < self._full_at or (self._thread and self._thread.is_alive()):
            return log
        log = self._put_aside(log, state)
        if self._waiting:
            thread = Thread(target=self._fold, args=(log,), name=f"snapshot of {self._folder.name}")
            try:
                thread.start()
                self._thread = thread
            except RuntimeError as error:
                self._later(log, error)
        return log

    def finish(self, log: Log, state: RoomState) -> Log:
        """Fold all there is, and return when it is done or has failed. Under the room's lock."""
        if self._thread:
            self._thread.join()
        if self._waiting:
            self._fold(log)
        if log.seq > log.begins and not self._waiting and not log.trouble:
            log = self._put_aside(log, state)
            self._fold(log)
        return log

    def _put_aside(self, log: Log, state: RoomState) -> Log:
        if self._waiting:
            return log
        try:
            log = log.rotate()
            self._waiting = state
        except OSError as error:
            self._later(log, error)
        return log

    def _fold(self, log: Log) -> None:
        if self._waiting is None:
            return
        try:
            written = write_snapshot(self._waiting, self._folder, self._disk)
            self._disk.remove(self._folder / OLD)
            self._disk.sync_folder(self._folder)
        except Exception as error:
            self._later(log, error)
        else:
            self._full_at = max(self._compact_at, written)
            self._waiting = None

    def _later(self, log: Log, error: Exception) -> None:
        self._full_at = 2 * max(log.length, self._compact_at)
        logger.warning("%s: no snapshot, the log goes on growing: %s", self._folder, error)
