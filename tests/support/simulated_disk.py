"""A disk in memory for the embedded store. It keeps every operation in order and fails when told to.

What a power cut may leave of it is said in power.py.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from storage.store import StoreLocked

ROOT = Path("disk")
"""The folder that is always there."""


@dataclass(frozen=True)
class Write:
    file: int
    at: int
    data: bytes

    def __repr__(self) -> str:
        return f"Write(file={self.file}, at={self.at}, {len(self.data)} bytes: {self.data[:80]!r})"


@dataclass(frozen=True)
class Cut:
    file: int
    length: int


@dataclass(frozen=True)
class Name:
    """A change of a folder: `old` is gone (if named) and `new` (if named) is the file, a folder where None."""

    file: int | None
    old: Path | None = None
    new: Path | None = None

    @property
    def names(self) -> set[Path]:
        return {path for path in (self.old, self.new) if path}

    @property
    def folder(self) -> Path:
        return (self.old or self.new or ROOT).parent


@dataclass(frozen=True)
class Sync:
    """What was written to the file until now outlives a power cut, unless the sync `failed`."""

    file: int
    failed: bool = False


@dataclass(frozen=True)
class SyncFolder:
    """The names in the folder as they stand now outlive a power cut, unless the sync `failed`."""

    folder: Path
    failed: bool = False


@dataclass(frozen=True)
class Start:
    """A new process uses the disk."""


@dataclass(frozen=True)
class Mark:
    """Something the user of the disk wanted to have noted between two operations."""

    what: Any


Operation = Write | Cut | Name | Sync | SyncFolder | Start | Mark


@dataclass(frozen=True)
class Names:
    """What stands in the folders."""

    files: dict[Path, int] = field(default_factory=dict)
    folders: frozenset[Path] = frozenset({ROOT})

    def after(self, change: Name) -> Names:
        """What stands there once `change` is made."""
        if change.file is None and change.new:
            return Names(self.files, self.folders | {change.new})
        files = {path: file for path, file in self.files.items() if path not in change.names}
        if change.file is not None and change.new:
            files[change.new] = change.file
        return Names(files, self.folders)


def make(content: bytearray, change: Write | Cut) -> None:
    """Change a file's `content`. What a write skips becomes zeros; one of no bytes only sets the length."""
    if isinstance(change, Cut):
        del content[change.length :]
    else:
        content.extend(bytes(max(0, change.at - len(content))))
        content[change.at : change.at + len(change.data)] = change.data


Fault = Callable[[str, Path], int]
"""Asked before each operation with its name (`create` to open a new file) and path; an errno makes it fail."""


def no_fault(operation: str, path: Path) -> int:
    """A disk that works."""
    return 0


class SimulatedDisk:
    """See storage.tiny_disk.Disk. Threads may use it at the same time; `log` is the one order of them all.

    It begins with `files` and `folders`, all of which outlive a power cut. A write that fails gets half through.
    """

    def __init__(
        self, files: dict[Path, bytes] | None = None, folders: frozenset[Path] = frozenset()
    ) -> None:
        files = files or {}
        self.names = Names(dict(zip(files, range(len(files)), strict=True)), folders | {ROOT})
        self.content = {file: bytearray(files[path]) for path, file in self.names.files.items()}
        self.start = self.names, dict(enumerate(files.values()))
        self.log: list[Operation] = []
        self.fault: Fault = no_fault
        self._turn = Lock()
        self._open: dict[int, tuple[Path, int]] = {}
        self._locked: dict[int, Path] = {}
        self._handles = 0

    def begin(self) -> None:
        """A new process begins to use the disk."""
        with self._turn:
            self.log.append(Start())

    def mark(self, what: Any) -> None:
        """Note `what` between two operations."""
        with self._turn:
            self.log.append(Mark(what))

    def lock(self, path: Path) -> int:
        with self._turn:
            if path in self._locked.values():
                raise StoreLocked(f"{path.parent} is in use")
            self._handles += 1
            self._locked[self._handles] = path
            return self._handles

    def folders(self, path: Path) -> list[str]:
        with self._turn:
            if path not in self.names.folders:
                raise FileNotFoundError(path)
            return sorted(folder.name for folder in self.names.folders if folder.parent == path)

    def files(self, path: Path) -> list[str]:
        with self._turn:
            return sorted(file.name for file in self.names.files if file.parent == path)

    def make_folder(self, path: Path) -> None:
        if path not in self.names.folders:
            if path.parent not in self.names.folders:
                self.make_folder(path.parent)
            with self._turn:
                self._fail("make_folder", path)
                self._change(Name(None, new=path))
        self.sync_folder(path.parent)

    def read(self, path: Path, most: int = -1) -> bytes | None:
        with self._turn:
            self._fail("read", path)
            file = self.names.files.get(path)
            return None if file is None else bytes(self.content[file][: most if most >= 0 else None])

    def open(self, path: Path, *, fresh: bool = False) -> int:
        with self._turn:
            self._fail("open" if path in self.names.files else "create", path)
            if path.parent not in self.names.folders:
                raise FileNotFoundError(path)
            if path not in self.names.files:
                file = len(self.content)
                self.content[file] = bytearray()
                self._change(Name(file, new=path))
            file = self.names.files[path]
            if fresh and self.content[file]:
                self._change(Cut(file, 0))
            self._handles += 1
            self._open[self._handles] = path, file
            return self._handles

    def write(self, handle: int, data: bytes, at: int) -> None:
        with self._turn:
            path, file = self._open[handle]
            try:
                self._fail("write", path)
            except OSError:
                self._change(Write(file, at, bytes(data[: len(data) // 2])))
                raise
            self._change(Write(file, at, bytes(data)))

    def sync(self, handle: int) -> None:
        with self._turn:
            path, file = self._open[handle]
            try:
                self._fail("sync", path)
            except OSError:
                self.log.append(Sync(file, failed=True))
                raise
            self.log.append(Sync(file))

    def stands(self, handle: int, path: Path) -> bool:
        with self._turn:
            self._fail("stat", path)
            return self._open[handle][1] == self.names.files.get(path)

    def cut(self, handle: int, length: int) -> None:
        with self._turn:
            path, file = self._open[handle]
            self._fail("cut", path)
            if length < len(self.content[file]):
                self._change(Cut(file, length))

    def close(self, handle: int) -> None:
        with self._turn:
            if not self._locked.pop(handle, None):
                del self._open[handle]

    def rename(self, old: Path, new: Path) -> None:
        with self._turn:
            self._fail("rename", old)
            if old not in self.names.files:
                raise FileNotFoundError(old)
            self._change(Name(self.names.files[old], old, new))
            self._open = {
                handle: (new if path == old else path, f) for handle, (path, f) in self._open.items()
            }

    def remove(self, path: Path) -> None:
        with self._turn:
            self._fail("remove", path)
            if path in self.names.files:
                self._change(Name(None, old=path))

    def sync_folder(self, path: Path) -> None:
        with self._turn:
            try:
                self._fail("sync_folder", path)
            except OSError:
                self.log.append(SyncFolder(path, failed=True))
                raise
            self.log.append(SyncFolder(path))

    def _fail(self, operation: str, path: Path) -> None:
        fault = self.fault(operation, path)
        if fault:
            raise OSError(fault, os.strerror(fault), str(path))

    def _change(self, change: Write | Cut | Name) -> None:
        self.log.append(change)
        if isinstance(change, Name):
            self.names = self.names.after(change)
        else:
            make(self.content[change.file], change)
