"""The log of a room: one transaction a line, in order, each with its checksum.

    {"crc":"0badcafe","seq":12,"changes":{"orders":{"7":{...},"8":null}}}

The checksum comes first and covers the rest of the line, the sequence included. A line is acknowledged
only after its fsync, so a last line that is broken was never acknowledged and is cut off; anything else
that does not fit was damaged later and is refused. Behind the lines stand empty ones: where the file need
not grow, the file system has no new length to write at each fsync (132 -> 101 µs measured on ext4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zlib import crc32

from pydantic_core import from_json, to_json

from storage.store import NotSaved, StoreDamaged
from storage.tiny_disk import Disk

LOG = "log.jsonl"
START = b'{"crc":"'
HEAD = len(START) + 8 + len(b'",')
STEP = 1 << 16
"""Bytes the file grows by."""

Changes = Mapping[str, Mapping[int, bytes | None]]
"""Table, doc_id, row; None where the document was dropped."""


@dataclass(frozen=True)
class Transaction:
    """One line of a log."""

    seq: int
    changes: Changes


def line(seq: int, changes: Changes) -> bytes:
    """The line that says `changes` were made by the room's unit number `seq`."""
    tables = b",".join(b"%b:{%b}" % (to_json(name), _said(rows)) for name, rows in changes.items())
    rest = b'"seq":%d,"changes":{%b}}' % (seq, tables)
    return START + b"%08x" % crc32(rest) + b'",' + rest + b"\n"


def read_log(data: bytes, path: Path) -> tuple[list[Transaction], int]:
    """The transactions in `data` and the length they fill; a torn last line is left out.

    StoreDamaged, naming `path` and the line, for anything else that is not whole and in sequence.
    """
    found: list[Transaction] = []
    length = 0
    for number, text in enumerate(BytesIO(data), 1):
        transaction = _whole(text)
        if transaction is None:
            # Only one line can be torn, the last: a line that begins behind it means this one was whole once.
            if START in data[length + 1 :]:
                raise damaged(path, number, "the line is not what was written")
            break
        if found and transaction.seq != found[-1].seq + 1:
            raise damaged(path, number, f"transaction {transaction.seq} follows {found[-1].seq}")
        found.append(transaction)
        length += len(text)
    return found, length


def damaged(path: Path, number: int, what: str) -> StoreDamaged:
    """The refusal to go on with a file that cannot be trusted."""
    return StoreDamaged(
        f"{path}, line {number}: {what}. Nothing was changed. "
        "Keep a copy of this folder and put the last backup of it in its place."
    )


class Log:
    """The log of one room, open for appending. Where it is not `sound` it takes nothing until reopened."""

    def __init__(self, path: Path, disk: Disk, length: int, seq: int) -> None:
        self.length = length
        self.seq = seq
        self.sound = self.synced = True
        self._full_at = length
        self._path = path
        self._disk = disk
        self._handle = disk.open(path)
        # A line found whole may never have been synced; it must not be built upon before it is.
        disk.cut(self._handle, length)
        disk.sync(self._handle)
        disk.sync_folder(path.parent)

    def append(self, units: Sequence[tuple[int, Changes]], *, durable: bool = True) -> None:
        """Write a line for each unit; return when they outlive a power cut, or, not `durable`, when written.

        A write that fails (disk full) is cut off and the log stays usable. A sync that fails leaves it
        unknown what is on disk and is never tried again: the log is closed to writing. NotSaved either way.
        """
        if not self.sound or units[0][0] != self.seq + 1:
            raise NotSaved("broken", f"{self._path}: an earlier save failed; restart to go on")
        data = b"".join(line(seq, changes) for seq, changes in units)
        end = self.length + len(data)
        growth = STEP if end > self._full_at else 0
        self.sound = False
        try:
            self._disk.write(self._handle, data + b"\n" * growth, self.length)
        except OSError as error:
            self._disk.cut(self._handle, self.length)
            self._full_at, self.sound = self.length, True
            raise NotSaved("full", f"{self._path}: {error.strerror or error}") from error
        self.synced = False
        if durable:
            self._sync()
        self._full_at = end + growth if growth else self._full_at
        self.length, self.seq, self.sound = end, units[-1][0], True

    def sync(self) -> None:
        """Return when every line outlives a power cut. NotSaved where the disk failed, now or before."""
        if not self.sound:
            raise NotSaved("broken", f"{self._path}: an earlier save failed; restart to go on")
        self.sound = False
        self._sync()
        self.sound = True

    def _sync(self) -> None:
        if self.synced:
            return
        try:
            self._disk.sync(self._handle)
        except OSError as error:
            raise NotSaved("broken", f"{self._path}: {error.strerror or error}") from error
        self.synced = True

    def restart(self) -> None:
        """Begin an empty log; everything in this one must be in a snapshot that outlives a power cut."""
        fresh = self._path.with_suffix(".tmp")
        handle = self._disk.open(fresh, fresh=True)
        try:
            self._disk.sync(handle)
            self._disk.rename(fresh, self._path)
        except OSError:
            self._disk.close(handle)
            raise
        self._disk.close(self._handle)
        # Until the folder is synced a power cut may bring the old log back, and new lines would be lost.
        self._handle, self.length, self._full_at, self.sound = handle, 0, 0, False
        self._disk.sync_folder(self._path.parent)
        self.sound = self.synced = True

    def close(self) -> None:
        """Give the file back."""
        self._disk.close(self._handle)


def _said(rows: Mapping[int, bytes | None]) -> bytes:
    return b",".join(b'"%d":%b' % (doc_id, row or b"null") for doc_id, row in rows.items())


def _whole(text: bytes) -> Transaction | None:
    """The transaction a line holds, None where it is not whole."""
    rest = text[HEAD:-1]
    if not text.endswith(b"\n") or text[:HEAD] != START + b"%08x" % crc32(rest) + b'",':
        return None
    said: dict[str, Any] = from_json(b"{" + rest)
    return Transaction(said["seq"], {name: _rows(rows) for name, rows in said["changes"].items()})


def _rows(rows: dict[str, Any]) -> dict[int, bytes | None]:
    return {int(doc_id): None if row is None else to_json(row) for doc_id, row in rows.items()}
