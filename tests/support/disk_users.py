"""Who uses a simulated disk: a process that is killed, a thread that is slow."""

from __future__ import annotations

from collections.abc import Callable
from errno import EIO
from functools import partial
from threading import Condition, Lock, current_thread, main_thread
from typing import Any

from tests.support.simulated_disk import SimulatedDisk

PATIENCE = 120
"""Seconds a thread waits for its turn before it goes on all the same; when all works none waits that long."""


class Process:
    """A process that uses `disk` and is killed in the middle of its operation number `until`.

    The machine goes on: what was written stands, synced or not, and `bury` frees the locks. Whatever of it
    still runs, in threads, is refused everything.
    """

    def __init__(self, disk: SimulatedDisk, until: int) -> None:
        self.asked = 0
        """Operations it has begun."""
        self._disk = disk
        self._left = until
        self._locks: list[int] = []
        self._turn = Lock()

    def bury(self) -> None:
        """Kill it now, if it lives."""
        with self._turn:
            self._left = 0
            while self._locks:
                self._disk.close(self._locks.pop())

    def mark(self, what: Any) -> None:
        """Note `what`; the dead note nothing."""
        with self._turn:
            if self._left > 0:
                self._disk.mark(what)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return partial(self._asked, name)

    def _asked(self, name: str, *args: Any, **options: Any) -> Any:
        with self._turn:
            self.asked += 1
            self._left -= 1
            if self._left == 0 and name == "write":
                handle, data, at = args
                self._disk.write(handle, data[: len(data) // 2], at)
            if self._left <= 0:
                raise OSError(EIO, "this process was killed")
            result = getattr(self._disk, name)(*args, **options)
            if name == "lock":
                self._locks.append(result)
            elif name == "close" and args[0] in self._locks:
                self._locks.remove(args[0])
            return result


class Slow:
    """`disk`, on which other threads wait until the main one has done `lag` operations before each of theirs.

    Left alone a thread is done before the main one does anything. `hurry` lets them go on until the disk is
    locked anew, as whoever waits for them to end must.
    """

    def __init__(self, disk: Any, lag: int) -> None:
        self._disk = disk
        self._lag = lag
        self._hurry = False
        self._done = 0
        self._changed = Condition()

    def hurry(self) -> None:
        """Let the threads go on without waiting."""
        with self._changed:
            self._hurry = True
            self._changed.notify_all()

    def mark(self, what: Any) -> None:
        """Note `what`."""
        self._disk.mark(what)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return partial(self._asked, name)

    def _asked(self, name: str, *args: Any, **options: Any) -> Any:
        with self._changed:
            if current_thread() is main_thread():
                self._done += 1
                self._hurry = self._hurry and name != "lock"
                self._changed.notify_all()
            else:
                since = self._done
                self._changed.wait_for(lambda: self._hurry or self._done - since >= self._lag, PATIENCE)
        return getattr(self._disk, name)(*args, **options)
