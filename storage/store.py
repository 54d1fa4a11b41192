"""The port every store serves: rooms of books, units of work that hold whole or not at all.

A *book* is a named kind of document; a *shelf* is one room's copy of it. `run` gives a function the room's
books to itself and commits what it wrote in one piece; `view` reads committed documents without waiting.
No TinyDB query leaves tiny.py and no SQL leaves postgres.py, so both stores pass one contract suite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol, TypeVar

from playbooks.model import Document, Moment

D = TypeVar("D", bound=Document)
T = TypeVar("T")


@dataclass(frozen=True)
class Book(Generic[D]):
    """A kind of document: its name on disk, its model, the fields it is looked up by, the field it is due by.

    An index field holds text (or None: not listed) or a tuple of texts (listed under each).
    """

    name: str
    model: type[D]
    indexes: tuple[str, ...] = ()
    due: str = ""


class Shelf(Protocol[D]):
    """One book of one room. Documents are frozen models, never the stored form."""

    def get(self, id: str) -> D | None:
        """The document, or None."""

    def put(self, document: D) -> D:
        """Keep `document` under its id in place of any former one; returns it. Refused on a view."""

    def drop(self, id: str) -> None:
        """Remove the document; nothing happens where there is none. Refused on a view."""

    def by(self, index: str, value: str, limit: int | None = None) -> list[D]:
        """The documents whose `index` field is (or contains) `value`, in the order they were first put.

        At most `limit` of them, where one is given: no more are read.
        """

    def count(self, index: str, value: str) -> int:
        """How many documents `by` finds; none is read."""

    def due(self, before: Moment, limit: int, since: Moment | None = None) -> list[D]:
        """At most `limit` documents due at or before `before`, earliest first; with `since` those after it."""

    def next_due(self) -> Moment | None:
        """The earliest due moment on this shelf, or None."""

    def scan(self, index: str = "", value: str = "") -> Iterator[D]:
        """Every document, in the order they were first put; with `index` those `by` finds. One at a time, and none is
        kept at hand: for what would be a long list. KeyError for an index the book does not declare."""

    def state(self) -> object:
        """The same object for as long as nothing on this shelf has changed: what was made of it can be kept."""

    def __len__(self) -> int: ...


class Books(Protocol):
    """The books of one room while a unit (or a view) is open."""

    room: str
    sequence: int
    """The number this unit has among the room's units; ids are built from it. A unit that fails or changes
    nothing takes none, so the next has the same. On a view: of the last unit."""

    def shelf(self, book: Book[D]) -> Shelf[D]:
        """The room's shelf of `book`."""


class ReadOnly(RuntimeError):
    """A view was written to."""


class StoreLocked(RuntimeError):
    """Another process is writing here; the message says which folder."""


class StoreDamaged(RuntimeError):
    """A file of the store cannot be trusted; the message names the file, the line and what to do.

    `what`: the same without place and cure.
    """

    def __init__(self, said: str, *, what: str = "", file: str = "", line: int = 0) -> None:
        super().__init__(said)
        self.what = what or said
        self.file = file
        self.line = line


class NotSaved(OSError):
    """未保存: nothing of the unit was kept. `full`: the disk has no room, later units may hold again; `broken`:
    the disk failed, what is on it is not known, and the room takes nothing until the process starts anew."""

    def __init__(self, reason: Literal["full", "broken"], said: str) -> None:
        super().__init__(said)
        self.reason = reason


class Store(Protocol):
    """Where rooms rest. `room` is a short key such as `a1`; `DESK` is the book above the rooms."""

    def run(self, room: str, fn: Callable[[Books], T]) -> T:
        """Run `fn` alone in the room and commit all it put and dropped, or, if it raises, nothing.

        Blocks while another unit of the same room runs; call it off the event loop. Returns what `fn` returns.
        NotSaved where the disk would not have it; RuntimeError for a unit inside a unit, of any room.
        """

    def run_all(
        self, room: str, fns: Sequence[Callable[[Books], T]], *, durable: bool = True
    ) -> list[T | Exception]:
        """Run each of `fns` as a unit of its own, in order, and wait for the disk once for all of them.

        What a unit raised stands in its place and undoes that unit alone. Not `durable`: return when it is
        written, before it outlives a power cut; the next durable unit of the room, or `flush`, makes it so.
        That is for what may be done again after a crash. NotSaved: nothing of any of them was kept. What is no
        Exception (KeyboardInterrupt) comes through, and nothing of any of them was kept either.
        """

    def flush(self) -> None:
        """Return when all that was written outlives a power cut. NotSaved where the disk failed.

        RuntimeError inside a unit, which it would wait for; so does `close`.
        """

    def troubles(self) -> dict[str, str]:
        """Rooms that take no units until the process starts anew (each raises NotSaved) -> why, in English."""

    def view(self, room: str) -> Books:
        """The room as last committed: frozen, consistent, never waiting for a unit or the disk."""

    def rooms(self) -> list[str]:
        """The short keys of all rooms but the desk, sorted."""

    def put_away(self, room: str, name: str, ids: Mapping[Book[Any], Iterable[str]]) -> Books:
        """Copy the committed documents with these ids into the room's archive `name`; the archive as it stands then.

        What the archive has already stays; a document it has is replaced. It outlives a power cut and was read
        back when this returns, so a unit may drop the documents from the room. Call it outside any unit, off
        the event loop, for one archive at a time. NotSaved, StoreDamaged: the archive is as it was.
        """

    def archived(self, room: str, name: str) -> Books | None:
        """The archive as a view; None where there is none. Reads the disk. StoreDamaged."""

    def archives(self, room: str) -> list[str]:
        """The names of the room's archives, sorted. Reads the disk."""

    def fold(self, room: str) -> None:
        """Have no file of the room say any more what was dropped or replaced in it. What cannot be done now, for
        want of disk, is done later. Call it outside any unit, off the event loop."""

    def close(self) -> None:
        """Flush and release the lock. A closed store refuses units."""


__all__ = [
    "DESK", "Book", "Books", "Document", "NotSaved", "ReadOnly", "Shelf", "Store", "StoreDamaged", "StoreLocked",
]  # fmt: skip

DESK = "desk"
"""The room above the rooms: people, private chats, bindings."""
