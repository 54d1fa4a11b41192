"""A backup put in the place of what a data folder holds, which is moved aside and never deleted.

    data/restore.tmp/         while it stands no store opens: a restore did not come to its end
    data/restore.tmp/new/     the rooms of the backup, until they take their places
    data/restore.tmp/aside/   what stood there, while it is moved away
    data/restore.tmp/former/  the same once it is whole; from then on the new rooms take their places
    data/before-20261111-213000Z/  and when they have

All of it stays inside the data folder, which may be a mount point, or stand where the bot may not write. One that was
cut off is begun anew and sees by these names how far the other had come.
"""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from itertools import count
from pathlib import Path

from storage.backup import STAMP, Manifest, NotPossible, checked, write_file
from storage.books import BOOKS, RoomBooks
from storage.store import DESK, Books
from storage.tiny import HALF, LOCK, TinyStore
from storage.tiny_disk import Disk, RealDisk

BEFORE = "before-"
"""What a restore moved aside; with the sign in it no room can be called like it."""
STAYS = {LOCK, HALF, "lost+found"}


def restore(
    backup: Path, data: Path, *, now: datetime, replace: bool, disk: Disk | None = None
) -> tuple[Manifest, Path | None]:
    """Make `data` what `backup` holds; what that is, and where the former data stands now.

    Cards that waited when the backup was made may have been sent since: they go out marked as said again.
    Run by root, the owner of `data` owns what is put there. Raises NotPossible (a damaged backup; a data folder
    that is not empty, unless `replace`), StoreLocked while the bot runs, OSError.
    """
    manifest = checked(backup)
    disk = disk or RealDisk()
    disk.make_folder(data)
    lock = disk.lock(data / LOCK)
    try:
        if _standing(data) and not replace:
            raise NotPossible(f"{data} is not empty: with --replace all in it is moved aside and kept.")
        _prepare(data, backup, manifest, disk)
        return manifest, _swap(data, now, disk)
    finally:
        disk.close(lock)


def _standing(data: Path) -> list[str]:
    """What a restore replaces."""
    return sorted(name for name in os.listdir(data) if name not in STAYS and not name.startswith(BEFORE))


def _prepare(data: Path, backup: Path, manifest: Manifest, disk: Disk) -> None:
    """Fill HALF/new. Where that fails before anything was moved, the folder is as it was."""
    half = data / HALF
    began_here = not half.exists()
    try:
        disk.make_folder(half)
        shutil.rmtree(half / "new", ignore_errors=True)
        _fill(half / "new", backup, manifest, disk)
        _own(data)
    except BaseException:
        if began_here:
            shutil.rmtree(half, ignore_errors=True)
        raise


def _fill(new: Path, backup: Path, manifest: Manifest, disk: Disk) -> None:
    for room, saved in manifest.rooms.items():
        for name in saved.files:
            write_file(new / room / name, (backup / room / name).read_bytes(), disk)
    store = TinyStore(new, BOOKS, disk=disk)
    try:
        for room in store.rooms():
            store.run(room, _said_again)
    finally:
        store.close()


def _own(data: Path) -> None:
    """What root made here belongs to the owner of the folder, or the bot could not open it."""
    if os.geteuid() == 0:
        owner = data.stat()
        for path in (data / LOCK, data / HALF, *(data / HALF).rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def _swap(data: Path, now: datetime, disk: Disk) -> Path | None:
    """Where what stood in the folder is now; None where nothing did."""
    half = data / HALF
    before = _set_down(data, now, disk)
    for name in _standing(data):
        _move(data / name, half / "aside" / name, disk)
    if (half / "aside").exists():
        _move(half / "aside", half / "former", disk)
    # The desk comes last, as a room without it is refused.
    rooms = (path.name for path in (half / "new").iterdir() if path.is_dir())
    for room in sorted(rooms, key=lambda room: room == DESK):
        _move(half / "new" / room, data / room, disk)
    # Of two, the one moved away first is what stood there before anything was restored.
    before = before or _set_down(data, now, disk)
    _set_down(data, now, disk)
    shutil.rmtree(half)
    disk.sync_folder(data)
    return before


def _set_down(data: Path, now: datetime, disk: Disk) -> Path | None:
    """Give what was moved away whole its name; None where there is nothing."""
    former = data / HALF / "former"
    if not former.exists():
        return None
    _own(data)
    name = f"{BEFORE}{now.strftime(STAMP)}"
    names = (data / (f"{name}-{number}" if number > 1 else name) for number in count(1))
    before = next(path for path in names if not path.exists())
    _move(former, before, disk)
    return before


def _move(old: Path, new: Path, disk: Disk) -> None:
    """So that it outlives a power cut before anything else is moved."""
    disk.make_folder(new.parent)
    disk.rename(old, new)
    disk.sync_folder(new.parent)
    disk.sync_folder(old.parent)


def _said_again(raw: Books) -> None:
    shelf = RoomBooks(raw).outbox
    for row in shelf.by("state", "waiting"):
        if (
            row.does == "say" and not row.card.edit
        ):  # to edit twice does no harm and shows nobody anything twice
            shelf.put(row.changed(again=True, leaving=False))
