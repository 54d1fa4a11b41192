"""What the crash run starts and kills: the bot of `shiftbot run`, on a disk as slow as a cheap one.

    python -m tests.support.crash.child --marks FILE --sync-ms 4 [--id-apart-ms 40]

`--id-apart-ms` is the broken variant: the id of an update is kept in a unit of its own, after the one that did
what the update asked. A crash run must find that out.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bot import logs
from bot.serve import serve
from bot.settings import Settings
from storage.books import BOOKS, HANDLED
from storage.store import Book, Books, Shelf
from storage.tiny import TinyStore
from storage.tiny_disk import RealDisk
from tests.support.crash.marks import Marks


class CheapDisk(RealDisk):
    """A disk that takes its time to make things safe, and notes when it is waited for."""

    def __init__(self, marks: Marks, sync_seconds: float) -> None:
        self._marks = marks
        self._seconds = sync_seconds

    def write(self, handle: int, data: bytes, at: int) -> None:
        """See Disk."""
        with self._marks.inside("sync"):
            super().write(handle, data, at)

    def sync(self, handle: int) -> None:
        """See Disk."""
        with self._marks.inside("sync"):
            time.sleep(self._seconds)
            super().sync(handle)


class MarkedStore(TinyStore):
    """The store, noting when a unit is open."""

    def __init__(self, folder: Path, marks: Marks, sync_seconds: float) -> None:
        super().__init__(folder, BOOKS, disk=CheapDisk(marks, sync_seconds))
        self._marks = marks

    def run_all(self, room: str, fns: Sequence[Callable[[Books], Any]], *, durable: bool = True) -> list[Any]:
        """See Store."""
        with self._marks.inside("unit"):
            return super().run_all(room, fns, durable=durable)


class IdApart(MarkedStore):
    """Broken on purpose: what was done is saved first and the id of its update later, in a unit of its own."""

    def __init__(self, folder: Path, marks: Marks, sync_seconds: float, apart_seconds: float) -> None:
        super().__init__(folder, marks, sync_seconds)
        self._apart = apart_seconds

    def run_all(self, room: str, fns: Sequence[Callable[[Books], Any]], *, durable: bool = True) -> list[Any]:
        """See Store."""
        late: list[Callable[[Books], Any]] = []
        done = super().run_all(room, [_without_ids(fn, late) for fn in fns], durable=durable)
        if late:
            with self._marks.inside("apart"):
                time.sleep(self._apart)
                super().run_all(room, late)
        return done


def _without_ids(fn: Callable[[Books], Any], late: list[Callable[[Books], Any]]) -> Callable[[Books], Any]:
    return lambda books: fn(_NoIds(books, late))


class _NoIds:
    """A room's books whose shelf of handled ids only takes note of what it is given."""

    def __init__(self, books: Books, late: list[Callable[[Books], Any]]) -> None:
        self._books = books
        self._late = late
        self.room = books.room
        self.sequence = books.sequence

    def shelf(self, book: Book[Any]) -> Any:
        shelf = self._books.shelf(book)
        return _Later(shelf, self._late) if book is HANDLED else shelf


class _Later:
    def __init__(self, shelf: Shelf[Any], late: list[Callable[[Books], Any]]) -> None:
        self._shelf = shelf
        self._late = late

    def put(self, document: Any) -> Any:
        self._late.append(lambda books: books.shelf(HANDLED).put(document))
        return document

    def __getattr__(self, name: str) -> Any:
        return getattr(self._shelf, name)

    def __len__(self) -> int:
        return len(self._shelf)


def main() -> int:
    """Serve as `shiftbot run` does, with settings from the environment."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--marks", type=Path, required=True)
    parser.add_argument("--sync-ms", type=float, default=0.0)
    parser.add_argument("--id-apart-ms", type=float, default=0.0)
    given = parser.parse_args()
    marks, seconds, apart = Marks(given.marks), given.sync_ms / 1000, given.id_apart_ms / 1000

    def opened(folder: Path) -> TinyStore:
        return IdApart(folder, marks, seconds, apart) if apart else MarkedStore(folder, marks, seconds)

    settings = Settings()
    logs.set_up(settings.log_level)
    return asyncio.run(serve(settings, opened))


if __name__ == "__main__":
    sys.exit(main())
