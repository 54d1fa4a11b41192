"""Rooms of the embedded store as files: left by a process that died, read by another one, on a faulty disk."""

from __future__ import annotations

import os
from pathlib import Path

from storage.tiny import TinyStore
from storage.tiny_disk import RealDisk
from tests.storage.store_contract import BOOKS, CHASES, Chase, ids, put

SNAPSHOT, LOG, OLD, FRESH = "snapshot.json", "log.jsonl", "log.old.jsonl", "log.tmp"


def lines(log: bytes) -> list[bytes]:
    """The lines of a log without the empty ones kept ready behind them."""
    return log.rstrip(b"\n").splitlines(keepends=False)


def files(data: Path, room: str = "a1") -> dict[str, bytes]:
    """Name -> content of the room's files."""
    return {path.name: path.read_bytes() for path in (data / room).iterdir()}


def leave(data: Path, *, room: str = "a1", **content: bytes | None) -> None:
    """Put `content` in the place of the room's files; `snapshot`, `log`, `old` and `fresh` by name, None: no file."""
    names = {"snapshot": SNAPSHOT, "log": LOG, "old": OLD, "fresh": FRESH}
    for name, whole in content.items():
        path = data / room / names[name]
        path.unlink(missing_ok=True)
        if whole is not None:
            path.write_bytes(whole)


def crashed(data: Path, *, units: int) -> bytes:
    """A room whose process died after `units` units, each putting one chase; its log."""
    store = TinyStore(data, BOOKS)
    for number in range(1, units + 1):
        store.run("a1", put(Chase(id=f"a1-{number}", claimant="小美")))
    log = (data / "a1" / LOG).read_bytes().rstrip(b"\n") + b"\n"
    store.close()
    leave(data, snapshot=None, log=log)
    return log


def crashed_while_folding(data: Path) -> dict[str, bytes]:
    """A room whose process died with three units in the log put aside and two in the next; its files."""

    class NoSnapshot(RealDisk):
        """No snapshot gets its name."""

        def rename(self, old: Path, new: Path) -> None:
            if new.name == SNAPSHOT and new.parent.name == "a1":
                raise OSError("not now")
            super().rename(old, new)

    three = len(crashed(data.parent / "three", units=3))
    store = TinyStore(data, BOOKS, disk=NoSnapshot(), compact_at=three)
    for number in range(1, 6):
        store.run("a1", put(Chase(id=f"a1-{number}", claimant="小美")))
    store.close()
    found = files(data)
    assert [len(lines(found[name])) for name in (OLD, LOG)] == [4, 3]
    return found


def found(data: Path) -> list[str]:
    """The ids another process reads there."""
    store = TinyStore(data, BOOKS, readonly=True)
    return ids(list(store.view("a1").shelf(CHASES).scan()))


class FaultyDisk(RealDisk):
    """A disk that fails once with `fault` at the operation named; a write then gets half through."""

    def __init__(self) -> None:
        self.fault = 0
        self.at = ""

    def _fail(self, operation: str) -> None:
        if self.fault and self.at == operation:
            fault, self.fault = self.fault, 0
            raise OSError(fault, os.strerror(fault))

    def make_folder(self, path: Path) -> None:
        """See Disk."""
        self._fail("make_folder")
        super().make_folder(path)

    def open(self, path: Path, *, fresh: bool = False) -> int:
        """See Disk."""
        self._fail("open")
        return super().open(path, fresh=fresh)

    def write(self, handle: int, data: bytes, at: int) -> None:
        """See Disk."""
        if self.fault and self.at in {"write", "cut"}:
            super().write(handle, data[: len(data) // 2], at)
            if self.at == "cut":
                raise OSError(self.fault, os.strerror(self.fault))
        self._fail("write")
        super().write(handle, data, at)

    def cut(self, handle: int, length: int) -> None:
        """See Disk."""
        self._fail("cut")
        super().cut(handle, length)

    def sync(self, handle: int) -> None:
        """See Disk."""
        self._fail("sync")
        super().sync(handle)

    def rename(self, old: Path, new: Path) -> None:
        """See Disk."""
        self._fail("rename")
        super().rename(old, new)
