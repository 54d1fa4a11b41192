"""The file functions the embedded store stands on, few and plain, so that a simulated disk can stand in.

Files hold what people ordered and said: they are readable by their owner alone (0600, folders 0700).
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from storage.store import StoreLocked

KNOWN_AS: dict[int, str] = {}
"""Open file -> the name the system knew it under when it was opened. Handles count through the whole process."""


class Disk(Protocol):
    """What the store asks of a disk. A handle is a number; every error is an OSError."""

    def lock(self, path: Path) -> int:
        """A handle that keeps `path` locked until it is closed; StoreLocked where another process has it."""

    def folders(self, path: Path) -> list[str]:
        """The names of the folders in `path`, sorted. FileNotFoundError where there is no such folder."""

    def files(self, path: Path) -> list[str]:
        """The names of the files in `path`, sorted; none where there is no such folder."""

    def make_folder(self, path: Path) -> None:
        """Have the folder `path`, made now or before, so that it outlives a power cut."""

    def read(self, path: Path, most: int = -1) -> bytes | None:
        """The first `most` bytes of the file, or all; None where there is none."""

    def open(self, path: Path, *, fresh: bool = False) -> int:
        """A handle that writes to `path`, creating it; `fresh` empties it first."""

    def write(self, handle: int, data: bytes, at: int) -> None:
        """Write all of `data` from byte `at` on; after an error any part of it may have been written."""

    def sync(self, handle: int) -> None:
        """Return when everything written outlives a power cut. After an error nothing may be assumed."""

    def stands(self, handle: int, path: Path) -> bool:
        """Whether `path` still names the file the handle writes to."""

    def cut(self, handle: int, length: int) -> None:
        """Shorten the file to `length` bytes."""

    def close(self, handle: int) -> None:
        """Give the handle back."""

    def rename(self, old: Path, new: Path) -> None:
        """Put `old` in the place of `new`, at once; it outlives a power cut only after `sync_folder`."""

    def remove(self, path: Path) -> None:
        """Take the file away; nothing happens where there is none. Undone by a power cut until `sync_folder`."""

    def sync_folder(self, path: Path) -> None:
        """Return when creations, renames and removals in the folder outlive a power cut."""


class RealDisk:
    """The disk of this machine."""

    def lock(self, path: Path) -> int:
        """See Disk. The file holds the owner's process number, for the message the next one gets."""
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(handle, 20).decode(errors="replace").strip() or "unknown"
            os.close(handle)
            raise StoreLocked(
                f"{path.parent} is in use by another process (number {owner}). Only one may write: "
                "stop it first, or open the store for reading."
            ) from None
        os.ftruncate(handle, 0)
        os.write(handle, b"%d\n" % os.getpid())
        return handle

    def folders(self, path: Path) -> list[str]:
        """See Disk."""
        return sorted(entry.name for entry in os.scandir(path) if entry.is_dir())

    def files(self, path: Path) -> list[str]:
        """See Disk."""
        try:
            return sorted(entry.name for entry in os.scandir(path) if entry.is_file())
        except FileNotFoundError:
            return []

    def make_folder(self, path: Path) -> None:
        """See Disk. Missing parents are made too, each known to its own parent before the next."""
        if not path.is_dir():
            if not path.parent.is_dir():
                self.make_folder(path.parent)
            path.mkdir(mode=0o700, exist_ok=True)
        # Also where it stands: who made it may have died before this. A parent we may not read is not ours.
        with suppress(PermissionError):
            self.sync_folder(path.parent)

    def read(self, path: Path, most: int = -1) -> bytes | None:
        """See Disk."""
        try:
            with path.open("rb") as file:
                return file.read(most)
        except FileNotFoundError:
            return None

    def open(self, path: Path, *, fresh: bool = False) -> int:
        """See Disk."""
        flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if fresh else 0)
        handle = os.open(path, flags, 0o600)
        with suppress(OSError):
            KNOWN_AS[handle] = os.readlink(f"/proc/self/fd/{handle}")
        return handle

    def write(self, handle: int, data: bytes, at: int) -> None:
        """See Disk."""
        done = 0
        while done < len(data):
            done += os.pwrite(handle, memoryview(data)[done:], at + done)

    def sync(self, handle: int) -> None:
        """See Disk. The length counts as written; the time of the last change, which nobody asks for, not."""
        getattr(os, "fdatasync", os.fsync)(handle)

    def stands(self, handle: int, path: Path) -> bool:
        """See Disk. By the name the system knows the open file under, 4 µs: asking for the file's times instead has
        the next write keep new ones, and the sync after it take 50 µs more."""
        try:
            known = os.readlink(f"/proc/self/fd/{handle}")
        except OSError:  # a system without /proc
            return _is_same(handle, path)
        return known == KNOWN_AS.get(handle, known)

    def cut(self, handle: int, length: int) -> None:
        """See Disk."""
        os.ftruncate(handle, length)

    def close(self, handle: int) -> None:
        """See Disk."""
        KNOWN_AS.pop(handle, None)
        os.close(handle)

    def rename(self, old: Path, new: Path) -> None:
        """See Disk."""
        old.replace(new)

    def remove(self, path: Path) -> None:
        """See Disk."""
        path.unlink(missing_ok=True)

    def sync_folder(self, path: Path) -> None:
        """See Disk."""
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _is_same(handle: int, path: Path) -> bool:
    """Whether `path` is the open file."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except (FileNotFoundError, NotADirectoryError):
        return False
