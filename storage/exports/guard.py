"""Files from outside are read in a child process: a hostile one costs a message, never the bot.

The child has limits on memory, processor time and files, none of our secrets in its environment, and dies with
us; it is forked from a process that has seen no file (storage.exports.forked). What it read comes back as JSON lines:
rows stay packed until they are taken, 500 at a time.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Generic, TypedDict, TypeVar, Unpack, overload
from zoneinfo import ZoneInfo

from playbooks.model import Model, Refusal
from playbooks.orders import ReadOrder
from storage.exports.detect import Kind
from storage.exports.forked import Forked, server
from storage.exports.formats import Format
from storage.exports.grid import Grid
from storage.exports.limits import LIMITS, Limits, nobody
from storage.exports.logistics import Parcel, Parcels
from storage.exports.reader import Export
from storage.exports.wire import BATCH, codec
from storage.exports.words import ParcelField

log = logging.getLogger(__name__)
M = TypeVar("M", bound=Model)

MEMORY = 768 * 1024 * 1024
"""Address space of the child in bytes; the largest honest export takes a third of it."""
PROCESSOR_SECONDS = 120
WALL_SECONDS = 240
MOST_ANSWER = 400_000_000
"""Bytes the child may send back: what is kept of a file is smaller than the file."""
CHUNK = 1 << 20


class Fault(Exception):
    """The child failed by a fault of our own; the log has its stack."""


class Stopped(Exception):
    """The reading was stopped by `Child.kill`."""


class Packed(Sequence[M], Generic[M]):
    """Models as the child sent them, built anew each time they are taken: the whole file never stands in memory."""

    def __init__(self, model: type[M]) -> None:
        self._codec = codec(model)
        self._batches: list[bytes] = []
        self._count = 0

    def add(self, count: int, batch: bytes) -> None:
        """The next batch, of BATCH models; only the last may be smaller."""
        self._batches.append(batch)
        self._count += count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[M]:
        for number in range(len(self._batches)):
            yield from self._built(number)

    @overload
    def __getitem__(self, at: int) -> M: ...
    @overload
    def __getitem__(self, at: slice) -> list[M]: ...
    def __getitem__(self, at: int | slice) -> M | list[M]:
        if isinstance(at, int):
            number, place = divmod(range(self._count)[at], BATCH)
            return self._built(number)[place]
        wanted = range(self._count)[at]
        if not wanted:
            return []
        first, last = min(wanted) // BATCH, max(wanted) // BATCH
        built = [one for number in range(first, last + 1) for one in self._built(number)]
        return [built[i - first * BATCH] for i in wanted]

    def _built(self, number: int) -> list[M]:
        count, columns = json.loads(self._batches[number])["batch"]
        with no_collector():
            return self._codec.unpack(columns, count)


class Asked(TypedDict, total=False):
    """How a file is read. `wanted`: what it has to be; None finds out.

    `formats`: those mapped for the room beside the declared ones, `parcels`: its logistics lists; `as_platform`: as in
    `read_orders`, or whose numbers a logistics list says states in.
    `progress` hears now and then, in the reading thread, how many rows are read.
    """

    wanted: Kind | None
    formats: Sequence[Format]
    parcels: Sequence[Mapping[ParcelField, str]]
    as_platform: str
    password: str | None
    limits: Limits
    progress: Callable[[int], None]


@dataclass(frozen=True)
class Found:
    """What a file turned out to be, and what it says: an Export, Parcels, or the sheets of a run sheet.

    `kind` is None, and `said` the first rows, where the headings fit none of the three.
    """

    kind: Kind | None
    said: Export | Parcels | tuple[Grid, ...]


def read_in_child(name: str, source: bytes | Path, zone: ZoneInfo, **asked: Unpack[Asked]) -> Found:
    """`Child().read`, for who will not stop it."""
    return Child().read(name, source, zone, **asked)


@dataclass
class Child:
    """One file read in one child process."""

    _process: Forked | None = None
    _killed: bool = False
    _late: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read(
        self,
        name: str,
        source: bytes | Path,
        zone: ZoneInfo,
        **asked: Unpack[Asked],
    ) -> Found:
        """Read a file; `source`: its bytes, or where it lies. Blocks.

        Raises Refusal `files.*`, `orders.*`, `parcels.*`; Fault; Stopped after
        `kill`; OSError where the file or Python itself cannot be opened.
        """
        with _opened(source) as file:
            request = {
                "name": name, "size": _size(file), "zone": zone.key, "memory": MEMORY,
                "seconds": PROCESSOR_SECONDS, "wanted": asked.get("wanted"), "password": asked.get("password"),
                "formats": [form.model_dump(mode="json") for form in asked.get("formats", ())],
                "parcels": [dict(one) for one in asked.get("parcels", ())],
                "as_platform": asked.get("as_platform", ""), "limits": asked.get("limits", LIMITS).as_dict(),
            }  # fmt: skip
            process = self._start()
            timer = threading.Timer(WALL_SECONDS, self._too_late)
            timer.daemon = True
            timer.start()
            try:
                return self._talk(
                    name, process, json.dumps(request).encode() + b"\n", file, asked.get("progress", nobody)
                )
            finally:
                timer.cancel()
                self._end(process)

    def kill(self) -> None:
        """End the child at once; `read` raises Stopped. From any thread, at any time."""
        with self._lock:
            self._killed = True
            if self._process is not None:
                self._process.kill()

    def _too_late(self) -> None:
        self._late = True
        self.kill()

    def _start(self) -> Forked:
        with self._lock:
            if self._killed:
                raise Stopped
            self._process = server().child()
            return self._process

    def _talk(
        self,
        name: str,
        process: Forked,
        asked: bytes,
        file: IO[bytes],
        progress: Callable[[int], None],
    ) -> Found:
        with suppress(BrokenPipeError):  # it ended early; why is said below
            process.stdin.write(asked)
            while chunk := file.read(CHUNK):
                process.stdin.write(chunk)
            process.stdin.flush()
        answer = Answer(name, progress)
        for line in process.stdout:
            answer.hear(line)
        if not answer.whole:
            raise self._why(name, process.wait())
        return answer.found()

    def _why(self, name: str, status: int) -> Exception:
        """Why the child ended without an answer."""
        if self._late or status == -signal.SIGXCPU:
            return Refusal("files.too_slow", name=name)
        if self._killed:
            return Stopped()
        log.warning("the child reading a file ended with status %d", status)
        return Refusal("files.too_heavy", name=name)

    def _end(self, process: Forked) -> None:
        with self._lock:
            process.kill()
            self._process = None
        process.wait()
        process.close()


class Answer:
    """What the child has said so far."""

    def __init__(self, name: str, progress: Callable[[int], None]) -> None:
        self.name = name
        self.progress = progress
        self.whole = False
        self.kind: Kind | None = None
        self.size = 0
        self.about: dict[str, Any] = {}
        self.grids: list[Grid] = []
        self.orders: Packed[ReadOrder] = Packed(ReadOrder)
        self.parcels: Packed[Parcel] = Packed(Parcel)

    def hear(self, line: bytes) -> None:
        """One line of it. Raises Refusal, Fault."""
        self.size += len(line)
        if self.size > MOST_ANSWER:
            raise Refusal("files.too_heavy", name=self.name)
        if line.startswith(b'{"batch":[') and line.endswith(b"}\n"):
            count = int(line[10 : line.index(b",", 10)])
            (self.orders if self.kind == "orders" else self.parcels).add(count, line)
            return
        if not line.endswith(b"\n"):  # cut off: why is seen from how the child ended
            return
        (what, said), *_ = json.loads(line).items()
        self.take(what, said)

    def take(self, what: str, said: Any) -> None:
        if what == "rows":
            self.progress(said)
        elif what == "refused":
            raise Refusal(said[0], **said[1])
        elif what == "fault":
            log.error("reading a file failed in the child: %s", said)
            raise Fault(said.partition("\n")[0])
        elif what == "kind":
            self.kind = said
        elif what == "about":
            self.about = said
        elif what == "grid":
            self.grids.append(Grid(tuple(map(tuple, said[1])), said[0]))
        elif what == "end":
            self.whole = True

    def found(self) -> Found:
        """All of it."""
        if self.kind == "orders":
            export = Export.model_validate({**self.about, "orders": ()})
            return Found("orders", export.model_copy(update={"orders": self.orders}))
        if self.kind == "parcels":
            parcels = Parcels.model_validate({**self.about, "rows": ()})
            return Found("parcels", parcels.model_copy(update={"rows": self.parcels}))
        return Found(self.kind, tuple(self.grids))


@contextmanager
def no_collector() -> Iterator[None]:
    """For the few milliseconds a batch is built nothing of it is rubbish; looking for some takes a third of them."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _opened(source: bytes | Path) -> IO[bytes]:
    return BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def _size(file: IO[bytes]) -> int:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return size
