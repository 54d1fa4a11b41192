"""A backup put in the place of the data folder; whatever stood there is moved aside, never deleted."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path

from storage.backup import STAMP, Manifest, NotPossible, checked, write_file
from storage.books import BOOKS, RoomBooks
from storage.store import DESK, Books
from storage.tiny import LOCK, TinyStore
from storage.tiny_disk import Disk, RealDisk

HALF = "restore.tmp"
"""The folder a restore works in; one left in a data folder says that the restore did not come to its end."""


def restore(backup: Path, data: Path, *, now: datetime, replace: bool) -> tuple[Manifest, Path | None]:
    """Make `data` what `backup` holds; what that is, and where the former data stands now.

    Cards that waited when the backup was made may have been sent since: they go out marked as said again.
    Raises NotPossible (a damaged backup; a data folder that is not empty, unless `replace`), StoreLocked while
    the bot runs, OSError.
    """
    manifest = checked(backup)
    disk = RealDisk()
    aside = _aside(data, now, disk, replace=replace) if data.is_dir() else None
    disk.make_folder(data)
    lock = disk.lock(data / LOCK)
    try:
        _fill(data, backup, manifest, disk)
    finally:
        disk.close(lock)
    return manifest, aside


def _aside(data: Path, now: datetime, disk: Disk, *, replace: bool) -> Path | None:
    """Where the former data stands now; None where there was none to move."""
    aside = data.with_name(f"{data.name}.before-{now.strftime(STAMP)}")
    lock = disk.lock(data / LOCK)
    try:
        if {*os.listdir(data)} == {LOCK}:
            return None
        if not replace:
            raise NotPossible(f"{data} is not empty: with --replace it is moved to {aside} and kept.")
        if aside.exists():
            raise NotPossible(f"{aside} is there already: wait a second and run it again.")
        disk.rename(data, aside)
        disk.sync_folder(data.parent)
    finally:
        disk.close(lock)
    return aside


def _fill(data: Path, backup: Path, manifest: Manifest, disk: Disk) -> None:
    """The desk comes last: without it no group is bound, so half a restore is never taken for a whole one."""
    half = data / HALF
    for room, saved in manifest.rooms.items():
        for name in saved.files:
            write_file(half / room / name, (backup / room / name).read_bytes(), disk)
    store = TinyStore(half, BOOKS)
    try:
        for room in store.rooms():
            store.run(room, _said_again)
    finally:
        store.close()
    for room in sorted(manifest.rooms, key=lambda room: room == DESK):
        disk.rename(half / room, data / room)
    disk.sync_folder(data)
    shutil.rmtree(half)
    disk.sync_folder(data)


def _said_again(raw: Books) -> None:
    shelf = RoomBooks(raw).outbox
    for row in shelf.by("state", "waiting"):
        if (
            row.does == "say" and not row.card.edit
        ):  # to edit twice does no harm and shows nobody anything twice
            shelf.put(row.changed(again=True, leaving=False))
