"""A room in one file that stock TinyDB opens: `{table: {"1": {...}}}`, a document a line.

The first table, `_room`, holds one document: the checksum of all that follows it in the file, the number of
the last unit in it, and the doc_id each table gives next. `TinyDB("snapshot.json", encoding="utf-8")` is
good for looking; changing the file by hand breaks the checksum and the store refuses it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from pydantic_core import from_json, to_json

from storage.store import StoreDamaged
from storage.tiny_disk import Disk
from storage.tiny_lines import Lines, Transaction, damaged, missing, read_log
from storage.tiny_log import FRESH, LOG, OLD, Log
from storage.tiny_state import RoomState, TableState

SNAPSHOT = "snapshot.json"
START = b'{"_room":{"1":{"crc":"'
HEAD = len(START) + 8
MARK = 64
"""Bytes at the beginning that differ between any two snapshots of a room: checksum and sequence."""


@dataclass
class Stored:
    """What the files of a room say: rows and next doc_id by table, and which logs stand.

    `log` is the newest, None where the room was never written to; `old`: the one before stands too; `unnamed`:
    the newest had not got its name when the process died.
    """

    seq: int = 0
    rows: dict[str, dict[int, bytes]] = field(default_factory=dict)
    next_ids: dict[str, int] = field(default_factory=dict)
    log: Lines | None = None
    old: bool = False
    unnamed: bool = False

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
            return _stored(folder, files)
        except StoreDamaged:
            # What is different at the second look was a line being written at the first.
            if files == looked:
                raise
            looked = files


class _Files(NamedTuple):
    snapshot: bytes | None
    old: bytes | None
    log: bytes | None
    fresh: bytes | None


def _files(folder: Path, disk: Disk) -> _Files:
    """Snapshot and logs that belong together."""
    while True:
        snapshot, old, log = (disk.read(folder / name) for name in (SNAPSHOT, OLD, LOG))
        # Without a newest log the process died just before that got its name, or we look at that moment.
        fresh = disk.read(folder / FRESH) if log is None else None
        # Folded or followed by another between two reads, one of them begins differently now: look again.
        marks = [disk.read(folder / name, MARK) for name in (SNAPSHOT, OLD, LOG)]
        if marks == [data and data[:MARK] for data in (snapshot, old, log)]:
            return _Files(snapshot, old, log, fresh)


def _stored(folder: Path, files: _Files) -> Stored:
    stored = Stored() if files.snapshot is None else parse_snapshot(files.snapshot, folder / SNAPSHOT)
    logs = _logs(folder, files)
    if logs:
        _refuse_gap(folder, files, stored.seq, logs)
        stored.log = logs[-1]
    stored.old = files.old is not None
    stored.unnamed = stored.old and files.log is None
    for log in logs:
        for transaction in log.transactions:
            if transaction.seq > stored.seq:
                stored.apply(transaction)
    return stored


def _logs(folder: Path, files: _Files) -> list[Lines]:
    """The logs, oldest first; StoreDamaged where one is gone or does not go on from the other."""
    if files.old is None:
        if files.log is not None:
            return [read_log(files.log, folder / LOG)]
        if files.snapshot is not None:
            raise missing(folder / LOG, f"there is always one beside {SNAPSHOT}")
        return []
    old = read_log(files.old, folder / OLD, newest=False)
    newest = files.fresh if files.log is None else files.log
    log = None if newest is None else read_log(newest, folder / LOG)
    if log is None or (files.log is None and (log.begins != old.ends or log.transactions)):
        raise missing(folder / LOG, f"it went on where {OLD} ends, with unit {old.ends}")
    if log.begins != old.ends:
        raise damaged(folder / LOG, 1, f"it goes on from unit {log.begins}, {OLD} ends with {old.ends}")
    return [old, log]


def _refuse_gap(folder: Path, files: _Files, seq: int, logs: list[Lines]) -> None:
    """StoreDamaged unless the snapshot's last unit is one these logs know."""
    begins, ends = logs[0].begins, logs[-1].ends
    if files.snapshot is None and begins:
        raise missing(folder / SNAPSHOT, f"it, or {OLD}, had the units up to {begins}, where {LOG} goes on")
    if not begins <= seq <= ends:
        what = f"{SNAPSHOT} ends with unit {seq}, the log has those after {begins} up to {ends}"
        raise damaged(folder / LOG, 1, f"{what}; is {OLD} missing, or {SNAPSHOT} another one?")


def write_room(state: RoomState, folder: Path, disk: Disk) -> None:
    """A folder a store opens as this room: snapshot and an empty log; `folder` stands and has neither. OSError."""
    write_snapshot(state, folder, disk)
    Log.begin(folder, disk, state.seq).close()


def write_snapshot(state: RoomState, folder: Path, disk: Disk, name: str = SNAPSHOT) -> int:
    """Put `state` in the place of the snapshot (or file `name`), whole or not at all; its length in bytes."""
    fresh = (folder / name).with_suffix(".tmp")
    try:
        written = _write_whole(state, fresh, disk)
        disk.rename(fresh, folder / name)
    except OSError:
        with suppress(OSError):
            disk.remove(fresh)  # it would only fill a full disk further
        raise
    disk.sync_folder(folder)
    return written


def _write_whole(state: RoomState, path: Path, disk: Disk) -> int:
    handle = disk.open(path, fresh=True)
    try:
        crc, at = 0, HEAD
        for piece in _pieces(state):
            disk.write(handle, piece, at)
            crc = crc32(piece, crc)
            at += len(piece)
        disk.write(handle, START + b"%08x" % crc, 0)
        disk.sync(handle)
    finally:
        disk.close(handle)
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


def parse_snapshot(data: bytes, path: Path) -> Stored:
    """What the file at `path` says; StoreDamaged where it is not what was written.

    The rows are cut out, not parsed: whole and in our own layout is what the checksum says they are.
    """
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
