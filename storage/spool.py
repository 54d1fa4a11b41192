"""The spool: order exports the command line has read, on their way to the running bot.

    DATA_DIR/spool.orders/3f0c….orders    a header in clear, what the file says without its rows, rows 500 a line

A file that is handed over never rests as it was. With master keys each line is sealed under a data key of its own,
wrapped in the header. Without any the buyers' fields are left out before it is written: the bot would keep none of
them either. It is readable by its owner alone and is removed once it was taken in.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from playbooks.model import Model, Moment
from playbooks.orders import Personal, ReadOrder
from playbooks.privacy import has_phone
from storage.exports.guard import Packed
from storage.exports.reader import Export
from storage.exports.wire import BATCH, codec
from storage.exports.words import can_be_state
from storage.tiny_disk import Disk, RealDisk
from storage.vault import KeyAt, Place, Sealed, Vault

# With a dot no room can be called like it.
FOLDER = "spool.orders"
WHOLE, HALF = ".orders", ".part"
HEADER_BYTES = 4096
"""More than a header has: it is looked at without the orders behind it."""
WRITTEN_WITHIN = timedelta(minutes=15)
"""Longer than the largest file takes to be written."""
NOBODY = Personal()


class Header(Model):
    """Whose file it is: the room, who hears of it, what it was called, when. `key`: its wrapped data key, or ''."""

    room: str
    by: str
    name: str
    at: Moment
    key: str = ""


class Gone(Exception):
    """A spooled file that is not there, or cannot be opened."""


class Spool:
    """The spool of the data folder `data`."""

    def __init__(self, data: Path, vault: Vault, disk: Disk | None = None) -> None:
        self._folder = data / FOLDER
        self._vault = vault
        self._disk = disk or RealDisk()

    # -- in ------------------------------------------------------------------------------------------

    def put(self, header: Header, export: Export) -> str:
        """Keep what an export says until the bot takes it; its id. It outlives a power cut. OSError."""
        id = secrets.token_hex(6)
        if self._vault:
            header = header.changed(key=self._vault.new_key(_place(id, "key")))
        self._disk.make_folder(self._folder)
        half = self._folder / f"{id}{HALF}"
        try:
            self._write(half, self._lines(id, header, export))
            self._disk.rename(half, self._folder / f"{id}{WHOLE}")
        except BaseException:
            with suppress(OSError):
                self._disk.remove(half)
            raise
        self._disk.sync_folder(self._folder)
        return id

    def _write(self, path: Path, lines: Iterator[str]) -> None:
        handle, at = self._disk.open(path, fresh=True), 0
        try:
            for line in lines:
                data = line.encode() + b"\n"
                self._disk.write(handle, data, at)
                at += len(data)
            self._disk.sync(handle)
        finally:
            self._disk.close(handle)

    def _lines(self, id: str, header: Header, export: Export) -> Iterator[str]:
        yield header.model_dump_json()
        about = export if self._vault else export.model_copy(update=_safe(export))
        yield self._sealed(about.model_dump_json(exclude={"orders"}), id, 1, header)
        for number, at in enumerate(range(0, len(export.orders), BATCH), 2):
            some: Sequence[ReadOrder] = export.orders[at : at + BATCH]
            if not self._vault:
                some = [_without_buyer(one) for one in some]
            batch = json.dumps({"batch": [len(some), codec(ReadOrder).pack(some)]}, separators=(",", ":"))
            yield self._sealed(batch, id, number, header)

    def _sealed(self, text: str, id: str, number: int, header: Header) -> str:
        if not header.key:
            return text
        return self._vault.seal(text, _place(id, str(number)), key=KeyAt(header.key, _place(id, "key")))

    # -- out -----------------------------------------------------------------------------------------

    def waiting(self) -> list[str]:
        """The ids of what is there, whole."""
        return [name.removesuffix(WHOLE) for name in self._disk.files(self._folder) if name.endswith(WHOLE)]

    def header(self, id: str) -> Header:
        """Whose it is. Raises Gone."""
        return _header(self._read(id, HEADER_BYTES)[0])

    def export(self, id: str) -> Export:
        """What it says; its orders are built as they are taken. Raises Gone."""
        first, *rest = self._read(id)
        header = _header(first)
        try:
            about, *batches = (self._opened(line, id, number, header) for number, line in enumerate(rest, 1))
            export = Export.model_validate({**json.loads(about), "orders": ()})
        except (Sealed, ValueError) as error:
            raise Gone(f"{id}: {type(error).__name__}") from error
        orders: Packed[ReadOrder] = Packed(ReadOrder)
        for batch in batches:
            orders.add(json.loads(batch)["batch"][0], batch.encode())
        return export.model_copy(update={"orders": orders})

    def remove(self, id: str) -> None:
        """It was taken, or never will be."""
        self._disk.remove(self._folder / f"{id}{WHOLE}")

    def sweep(self, now: datetime) -> None:
        """Take away what a process that was killed left half written; what one may still be writing stays. OSError."""
        for name in self._disk.files(self._folder):
            if name.endswith(HALF) and self._is_left(self._folder / name, now):
                self._disk.remove(self._folder / name)

    def _is_left(self, half: Path, now: datetime) -> bool:
        """Whether nobody writes it any more: its header tells since when it is there, one without was cut off in it."""
        data = self._disk.read(half, HEADER_BYTES)
        try:
            return data is not None and _header(_lines(data)[0]).at < now - WRITTEN_WITHIN
        except Gone:
            return True

    def _read(self, id: str, most: int = -1) -> list[str]:
        data = self._disk.read(self._folder / f"{id}{WHOLE}", most)
        if data is None:
            raise Gone(f"{id} is not there")
        return _lines(data)

    def _opened(self, line: str, id: str, number: int, header: Header) -> str:
        if not header.key:
            return line
        return self._vault.open(line, _place(id, str(number)), key=KeyAt(header.key, _place(id, "key")))


def _lines(data: bytes) -> list[str]:
    return data.decode(errors="replace").removesuffix("\n").split("\n")


def _without_buyer(read: ReadOrder) -> ReadOrder:
    """What may rest in clear. Where cells have shifted, what stands for a state may be somebody's name and street."""
    order = read.order.model_copy(update={"status_text": ""})
    return read.model_copy(update={"order": order, "personal": NOBODY})


def _safe(export: Export) -> dict[str, tuple[str, ...]]:
    """The unknown states that can be states; the names of files without anybody's phone in them."""
    return {
        "unknown_statuses": tuple(filter(can_be_state, export.unknown_statuses)),
        "passed": tuple(name for name in export.passed if not has_phone(name)),
    }


def _header(line: str) -> Header:
    try:
        return Header.model_validate_json(line)
    except ValidationError as error:
        raise Gone("its header cannot be read") from error


def _place(id: str, field: str) -> Place:
    return Place("spool", id, field)
