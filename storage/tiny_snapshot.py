"""A room in one file that stock TinyDB opens: `{table: {"1": {...}}}`, a document a line.

The first table, `_room`, holds one document: the checksum of all that follows it in the file, the number of
the last unit in it, and the doc_id each table gives next. `TinyDB("snapshot.json", encoding="utf-8")` is
good for looking; changing the file by hand breaks the checksum and the store refuses it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from zlib import crc32

from pydantic_core import from_json, to_json

from storage.store import StoreDamaged
from storage.tiny_disk import Disk
from storage.tiny_log import LOG, Transaction, damaged, read_log
from storage.tiny_state import RoomState, TableState

SNAPSHOT = "snapshot.json"
START = b'{"_room":{"1":{"crc":"'
HEAD = len(START) + 8
MARK = 64
"""Bytes at the beginning that differ between any two snapshots of a room: checksum and sequence."""


@dataclass
class Stored:
    """What the files of a room say: rows and next doc_id by table; how much of the log is good."""

    seq: int = 0
    rows: dict[str, dict[int, bytes]] = field(default_factory=dict)
    next_ids: dict[str, int] = field(default_factory=dict)
    log_length: int = 0

    def apply(self, transaction: Transaction) -> None:
        """Make the changes of the next unit."""
        for name, changes in transaction.changes.items():
            rows = self.rows.setdefault(name, {})
            for doc_id, row in changes.items():
                if row is None:
                    rows.pop(doc_id, None)
                else:
                    rows[doc_id] = row
                self.next_ids[name] = max(self.next_ids.get(name, 1), doc_id + 1)
        self.seq = transaction.seq

    def state(self, empty: RoomState) -> RoomState:
        """The room these files hold; a table nobody declares any more is kept as it is."""
        tables = empty.tables
        for name, rows in self.rows.items():
            table = tables.get(name) or TableState(name)
            tables = tables.set(name, table.filled(rows, self.next_ids[name]))
        return RoomState(self.seq, tables)


def read_room(folder: Path, disk: Disk) -> Stored:
    """The room as its files have it, also while another process writes them. StoreDamaged, see read_log."""
    looked = None
    while True:
        files = _files(folder, disk)
        try:
            return _stored(folder, *files)
        except StoreDamaged:
            # What is different at the second look was a line being written at the first.
            if files == looked:
                raise
            looked = files


def _files(folder: Path, disk: Disk) -> tuple[bytes | None, bytes]:
    """Snapshot and log that belong together."""
    while True:
        snapshot = disk.read(folder / SNAPSHOT)
        log = disk.read(folder / LOG) or b""
        # A log restarted between the two reads has a newer snapshot before it: begin again.
        if disk.read(folder / SNAPSHOT, MARK) == (None if snapshot is None else snapshot[:MARK]):
            return snapshot, log


def _stored(folder: Path, snapshot: bytes | None, log: bytes) -> Stored:
    stored = Stored() if snapshot is None else _read(snapshot, folder / SNAPSHOT)
    transactions, stored.log_length = read_log(log, folder / LOG)
    if transactions and not transactions[0].seq - 1 <= stored.seq <= transactions[-1].seq:
        first, last = transactions[0].seq, transactions[-1].seq
        raise damaged(folder / LOG, 1, f"it holds units {first} to {last}, {SNAPSHOT} ends with {stored.seq}")
    for transaction in transactions:
        if transaction.seq > stored.seq:
            stored.apply(transaction)
    return stored


def write_snapshot(state: RoomState, folder: Path, disk: Disk) -> int:
    """Put `state` in the place of the snapshot, whole or not at all; its length in bytes."""
    crc = 0
    for piece in _pieces(state):
        crc = crc32(piece, crc)
    fresh = folder / "snapshot.tmp"
    handle = disk.open(fresh, fresh=True)
    try:
        disk.write(handle, START + b"%08x" % crc, 0)
        at = HEAD
        for piece in _pieces(state):
            disk.write(handle, piece, at)
            at += len(piece)
        disk.sync(handle)
    except OSError:
        # What is left of it would only fill a full disk further.
        disk.cut(handle, 0)
        raise
    finally:
        disk.close(handle)
    disk.rename(fresh, folder / SNAPSHOT)
    disk.sync_folder(folder)
    return at


def _pieces(state: RoomState) -> Iterator[bytes]:
    """The file from behind its checksum, some hundred rows at a time."""
    next_ids = {name: table.next_id for name, table in state.tables.items()}
    yield b'","seq":%d,"next":%b}}' % (state.seq, to_json(next_ids))
    for name, table in sorted(state.tables.items()):
        yield b",\n%b:{" % to_json(name)
        ids = sorted(table.rows)
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            yield b",\n" if start else b"\n"
            yield b",\n".join(b'"%d":%b' % (doc_id, table.rows[doc_id]) for doc_id in some)
        yield b"\n}"
    yield b"}\n"


def _read(data: bytes, path: Path) -> Stored:
    """The rows are cut out, not parsed: whole and in our own layout is what the checksum says they are."""
    if data[:HEAD] != START + b"%08x" % crc32(memoryview(data)[HEAD:]):
        raise _altered(data, path)
    lines = BytesIO(data)
    room = from_json(next(lines).rstrip(b",\n") + b"}")["_room"]["1"]
    stored = Stored(room["seq"], next_ids=room["next"])
    for text in lines:
        key, _, row = text.rstrip(b",\n").partition(b":")
        if row == b"{":
            rows = stored.rows[from_json(key)] = {}
        elif row:
            rows[int(key[1:-1])] = row
    return stored


def _altered(data: bytes, path: Path) -> StoreDamaged:
    """The refusal, naming the first line that is no JSON, else the first, where the checksum stands."""
    number = 1
    try:
        from_json(data)
    except ValueError as error:
        number = int(str(error).rpartition("line ")[2].partition(" ")[0] or 1)
    return damaged(path, number, "the file is not what was written")
