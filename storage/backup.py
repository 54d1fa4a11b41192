"""Backups of a data folder, made while the bot runs, and put back when it does not.

    DIR/20261111-213000Z/backup.json         what is in it, with a checksum of every file
    DIR/20261111-213000Z/a1/snapshot.json    the room as of one of its units; stock TinyDB opens it
    DIR/20261111-213000Z/a1/log.jsonl        nothing since, as a store expects it
    DIR/20261111-213000Z/a1/archive/…        its archives

Buyers' fields and the keys they are sealed with are left out.

Each room is taken whole. The desk comes first: an update a room has handled since is known there by its id, so
when the two are put back together nothing is done twice and nothing is left out.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic_core import from_json

from playbooks.model import Model, Moment
from storage.books import BOOKS, BUYERS, DATA_KEYS
from storage.ready import refuse_unready
from storage.store import DESK, Book
from storage.tiny import HALF, ROOM, TinyStore
from storage.tiny_archive import FOLDER, SUFFIX
from storage.tiny_disk import Disk, RealDisk
from storage.tiny_log import LOG
from storage.tiny_snapshot import SNAPSHOT, Stored, parse_snapshot, read_room, write_room
from storage.tiny_state import RoomState

MANIFEST = "backup.json"
UNFINISHED = ".unfinished"
UNINDEXED = RoomState.empty(Book(book.name, book.model) for book in BOOKS)
"""What is only copied is not looked up."""
THE_BOTS = "the bot uses (under systemd `systemctl cat shiftbot` shows it)"
STAMP = "%Y%m%d-%H%M%SZ"


class NotPossible(Exception):
    """A backup or a restore that cannot be made; the message is a sentence with the cure."""


class SavedRoom(Model):
    """A room in a backup: the number of its last unit, its documents, file (relative to the room) -> SHA-256."""

    seq: int
    documents: int
    files: dict[str, str]

    @property
    def archives(self) -> int:
        """How many archives it has."""
        return sum(name.startswith(f"{FOLDER}/") for name in self.files)


class Manifest(Model):
    """`backup.json`. `format` is that of this file and the folders beside it."""

    format: Literal[1] = 1
    version: str
    made_at: Moment
    rooms: dict[str, SavedRoom]


def back_up(data: Path, to: Path, *, now: datetime, version: str) -> tuple[Path, Manifest]:
    """Copy the data folder into a new folder under `to`; where it stands, and what is in it.

    A folder of that name is whole: it is made under another one and renamed at the end. Raises NotPossible,
    StoreDamaged (what is damaged, or lacks a room, is not taken for a backup), OSError.
    """
    rooms = room_folders(data)
    if to.resolve().is_relative_to(data.resolve()):
        raise NotPossible(f"{to} is inside the data folder: put backups beside it, best on another disk.")
    disk = RealDisk()
    disk.make_folder(to)
    _need_space([data / room for room in rooms], to)
    # What the bot would not start on is missed now, not on the day the backup is needed.
    refuse_unready(TinyStore(data, BOOKS, readonly=True), data)
    stands = to / now.strftime(STAMP)
    if stands.exists():
        raise NotPossible(f"{stands} is there already: wait a second and run it again.")
    making = stands.with_name(stands.name + UNFINISHED)
    try:
        saved = {room: _save(data / room, making / room, disk) for room in rooms}
        manifest = Manifest(version=version, made_at=now, rooms=saved)
        write_file(making / MANIFEST, manifest.model_dump_json(indent=1).encode(), disk)
        disk.rename(making, stands)
        disk.sync_folder(to)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    return stands, manifest


def room_folders(data: Path) -> list[str]:
    """The rooms of a data folder, the desk first. Raises NotPossible where it is none."""
    if not data.is_dir():
        raise NotPossible(f"There is no data folder {data}: set DATA_DIR to the one {THE_BOTS}.")
    rooms = [name for name in RealDisk().folders(data) if ROOM.fullmatch(name)]
    if not rooms and (data / HALF).exists():
        raise NotPossible(f"A restore into {data} did not come to its end: run it again, with --replace.")
    if not rooms:
        raise NotPossible(f"{data} holds no room: set DATA_DIR to the one {THE_BOTS}.")
    return sorted(rooms, key=lambda room: (room != DESK, room))


def checked(backup: Path) -> Manifest:
    """What a backup says it is, once every file is found as it was written. Raises NotPossible, StoreDamaged."""
    file = backup / MANIFEST
    if not file.is_file():
        inside = sorted(one.parent for one in backup.glob(f"*/{MANIFEST}"))
        cure = (
            f"Name one of those in it, the newest is {inside[-1]}."
            if inside
            else "Name the folder that does."
        )
        raise NotPossible(f"{backup} is no backup: it holds no {MANIFEST}. {cure}")
    try:
        manifest = Manifest.model_validate_json(file.read_bytes())
    except ValueError:
        raise NotPossible(f"{file} is damaged or of a newer version: use another backup.") from None
    if DESK not in manifest.rooms:
        raise NotPossible(f"{backup} holds no {DESK}, without which no group is bound: use another backup.")
    for room, saved in manifest.rooms.items():
        for name, digest in saved.files.items():
            _check(backup / room / name, digest)
    return manifest


def write_file(path: Path, data: bytes, disk: Disk) -> None:
    """A new file that outlives a power cut."""
    disk.make_folder(path.parent)
    handle = disk.open(path, fresh=True)
    try:
        disk.write(handle, data, 0)
        disk.sync(handle)
    finally:
        disk.close(handle)
    disk.sync_folder(path.parent)


def _save(room: Path, to: Path, disk: Disk) -> SavedRoom:
    """The room first, its archives after: what is archived in between is then in both, never in neither."""
    stored = read_room(room, disk)
    _leave_out_buyers(stored)
    state = stored.state(UNINDEXED)
    disk.make_folder(to)
    write_room(state, to, disk)
    for name in disk.files(room / FOLDER):
        data = disk.read(room / FOLDER / name)
        if data is not None and name.endswith(SUFFIX):
            parse_snapshot(data, room / FOLDER / name)
            write_file(to / FOLDER / name, data, disk)
    names = [SNAPSHOT, LOG, *(f"{FOLDER}/{name}" for name in disk.files(to / FOLDER))]
    count = sum(len(table.rows) for table in state.tables.values())
    return SavedRoom(seq=state.seq, documents=count, files={name: _digest(to / name) for name in names})


def _leave_out_buyers(stored: Stored) -> None:
    """Buyers' fields and their keys are in no backup: a key that is shredded must be gone from every copy. The next
    export brings again what there is still work for."""
    stored.rows[BUYERS.name] = {}
    keys = stored.rows.get(DATA_KEYS.name, {})
    stored.rows[DATA_KEYS.name] = {
        at: row for at, row in keys.items() if from_json(row)["kind"] != "broadcast"
    }
    for name in (BUYERS.name, DATA_KEYS.name):
        stored.next_ids.setdefault(name, 1)


def _need_space(rooms: Iterable[Path], to: Path) -> None:
    needed = sum(file.stat().st_size for room in rooms for file in room.rglob("*.json*"))
    free = shutil.disk_usage(to).free
    if free < needed:
        mega = 1_000_000
        raise NotPossible(f"{to} has {free // mega} MB free, the backup may take {needed // mega + 1} MB.")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check(path: Path, digest: str) -> None:
    if not path.is_file():
        raise NotPossible(f"{path} is missing: the backup is not whole, use another one.")
    if _digest(path) != digest:
        raise NotPossible(f"{path} is not what was written: the backup is damaged, use another one.")
