"""What the child is in the middle of, in a file that outlives it: read after a SIGKILL, it says where that fell."""

from __future__ import annotations

import mmap
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAMES = ("unit", "sync", "apart")
"""A unit of work is open; the disk is being waited for; a unit is saved and the id that belongs to it is not."""
EACH = struct.Struct("<q")


class Marks:
    """Counters shared through `path`, which both processes map: the kernel keeps what a killed one wrote."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(EACH.size * len(NAMES)))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), EACH.size * len(NAMES))
        self._lock = threading.Lock()

    def __getitem__(self, name: str) -> int:
        return int(EACH.unpack_from(self._map, NAMES.index(name) * EACH.size)[0])

    def _add(self, name: str, count: int) -> None:
        with self._lock:
            EACH.pack_into(self._map, NAMES.index(name) * EACH.size, self[name] + count)

    @contextmanager
    def inside(self, name: str) -> Iterator[None]:
        """`name` holds for as long as the block runs, in however many threads."""
        self._add(name, 1)
        try:
            yield
        finally:
            self._add(name, -1)

    def clear(self) -> None:
        """Nothing is under way: before a new child."""
        for name in NAMES:
            self._add(name, -self[name])
