"""Looks a data folder over, also beside a running bot: every file, every document, what hangs in the air.

It changes nothing. Findings name what is wrong and the cure, and never what people wrote.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from playbooks.model import Model
from storage.backup import room_folders
from storage.books import (
    BINDINGS,
    BOOKS,
    BROADCASTS,
    BUYERS,
    DATA_KEYS,
    DUE,
    INBOX,
    SHEET_BINDINGS,
    SHEET_HEALTH,
)
from storage.doctor_sheets import out_of_step
from storage.ready import missing_rooms
from storage.store import DESK, Book, D, StoreDamaged
from storage.tiny import HALF
from storage.tiny_archive import FOLDER, SUFFIX
from storage.tiny_disk import RealDisk
from storage.tiny_snapshot import Stored, parse_snapshot, read_room
from storage.vault import Vault
from storage.vault_check import shut

LOW_SPACE = 200_000_000
"""Bytes."""
FROM_BACKUP = (
    "Stop the bot and put the last backup back (`shiftbot restore … --replace`), which keeps what is there."
)
KEYS_BACK = "Put its master key back into PII_KEYS; if it is lost: `shiftbot rotate-keys --drop-lost`."
SHREDDED_WITHIN = timedelta(days=2)
"""Rooms are tidied daily, but not while they are on air."""
ALLOWED = {True: 0o700, False: 0o600}
"""The widest permissions of a folder, of a file."""
KNOWN: dict[str, Book[Any]] = {book.name: book for book in BOOKS}


class Finding(Model):
    """One thing that is wrong: where, as far as it has a place, what, and what to do."""

    room: str = ""
    file: str = ""
    line: int = 0
    book: str = ""
    id: str = ""
    field: str = ""
    what: str
    cure: str

    def __str__(self) -> str:
        line = f"line {self.line}" if self.line else ""
        where = ", ".join(one for one in (self.room, self.file, line, self.book, self.id, self.field) if one)
        return f"{where}: {self.what} {self.cure}"


@dataclass
class Report:
    """What was looked at and what was found."""

    rooms: int = 0
    documents: int = 0
    sheets: int = 0
    """Spreadsheets that are bound."""
    findings: list[Finding] = field(default_factory=list)


def examine(
    data: Path, kinds: Collection[str], vault: Vault, now: datetime, low_space: int = LOW_SPACE
) -> Report:
    """Look everything over. `kinds`: the kinds of due rows somebody handles; `vault`: what should open all that is
    sealed; `low_space` in bytes.

    Raises NotPossible where there is no data folder.
    """
    rooms = room_folders(data)
    report = Report(rooms=len(rooms))
    report.findings += _folder(data, low_space)
    read: dict[str, Stored] = {}
    for (
        room
    ) in rooms:  # the desk first: a room bound from now on is there by the time its folder is looked for
        try:
            read[room] = read_room(data / room, RealDisk())
        except StoreDamaged as error:
            report.findings.append(_damaged(room, error))
            continue
        report.documents += sum(map(len, read[room].rows.values()))
        report.findings += [*_rows(room, read[room]), *_due(room, read[room], kinds)]
        report.findings += _archives(room, data / room, read[room])
        report.findings += _sealed(room, read[room], vault, now)
        report.sheets += len(_good(read[room], SHEET_BINDINGS))
        report.findings += _sheets(room, read[room])
    there = {*room_folders(data)} - {room for room, stored in read.items() if stored.log is None}
    if DESK in read or DESK not in rooms:
        report.findings += _desk(read.get(DESK, Stored()), there)
    return report


def _folder(data: Path, low_space: int) -> Iterator[Finding]:
    free = shutil.disk_usage(data).free
    if free < low_space:
        what = f"Only {free // 1_000_000} MB are free on this disk."
        yield Finding(file=str(data), what=what, cure="Make room: what finds no room is not saved.")
    if (data / HALF).exists():
        what = "A restore did not come to its end here."
        yield Finding(file=str(data / HALF), what=what, cure="Run `shiftbot restore` again, with --replace.")
    for path in (data, *sorted(data.rglob("*"))):
        try:
            mode = path.stat().st_mode & 0o777
        except FileNotFoundError:  # a running bot replaces files
            continue
        allowed = ALLOWED[path.is_dir()]
        if mode & ~allowed:
            what = f"Others on this machine may use it (its permissions are {mode:o})."
            yield Finding(file=str(path), what=what, cure=f"chmod {allowed:o} {path}")


def _rows(room: str, stored: Stored, file: str = "") -> Iterator[Finding]:
    """Documents that are not of their book's model, and ids that are there twice."""
    for name, rows in stored.rows.items():
        book = KNOWN.get(name)
        if book is None:  # of another version: kept as it is
            continue
        ids: Counter[str] = Counter()
        for raw in rows.values():
            id = str(from_json(raw).get("id", ""))
            ids[id] += 1
            try:
                book.model.model_validate_json(raw)
            except ValidationError as error:
                yield from _unfit(Finding(room=room, file=file, book=name, id=id, what="", cure=""), error)
        for id, count in ids.items():
            if count > 1:
                what = f"It is there {count} times; an id stands for one document."
                yield Finding(room=room, file=file, book=name, id=id, what=what, cure=FROM_BACKUP)


def _unfit(found: Finding, error: ValidationError) -> Iterator[Finding]:
    for one in error.errors(include_input=False, include_url=False, include_context=False):
        place = ".".join(str(part) for part in one["loc"])
        what, cure = (
            f"It cannot be read ({one['type']}).",
            "Run the version that wrote it, or: " + FROM_BACKUP,
        )
        yield found.changed(field=place, what=what, cure=cure)


def _due(room: str, stored: Stored, kinds: Collection[str]) -> Iterator[Finding]:
    for row in _good(stored, DUE):
        if row.kind not in kinds:
            what = f"Nobody handles what is due there, a {row.kind}."
            cure = "Run the version that wrote it, or a newer one."
            yield Finding(room=room, book=DUE.name, id=row.id, field="kind", what=what, cure=cure)


def _sealed(room: str, stored: Stored, vault: Vault, now: datetime) -> Iterator[Finding]:
    """Keys, buyers' fields and updates that cannot be opened; keys that should have been shredded."""
    keys = _good(stored, DATA_KEYS)
    for place, why in shut(keys, _good(stored, BUYERS), _good(stored, INBOX), vault):
        what = f"It is sealed and cannot be opened: {why}."
        yield Finding(room=room, book=place.table, id=place.id, field=place.field, what=what, cure=KEYS_BACK)
    for row in keys:
        late = row.day + timedelta(days=vault.days) + SHREDDED_WITHIN
        if row.kind == "broadcast" and late < now.date():
            what, cure = (
                f"The key of buyers' fields of {row.day} is past its time.",
                "Let the bot run through a night.",
            )
            yield Finding(room=room, book=DATA_KEYS.name, id=row.id, what=what, cure=cure)


def _sheets(room: str, stored: Stored) -> Iterator[Finding]:
    """Bound spreadsheets that are not in step."""
    for health, what, cure in out_of_step(_good(stored, SHEET_BINDINGS), _good(stored, SHEET_HEALTH)):
        yield Finding(room=room, book=SHEET_HEALTH.name, id=health.id, what=what, cure=cure)


def _archives(room: str, folder: Path, stored: Stored) -> Iterator[Finding]:
    there = {path.stem: path for path in (folder / FOLDER).glob(f"*{SUFFIX}")}
    for path in there.values():
        try:
            archived = parse_snapshot(path.read_bytes(), path)
        except StoreDamaged as error:
            yield _damaged(room, error)
        else:
            yield from _rows(room, archived, str(path))
    for broadcast in _good(stored, BROADCASTS):
        if broadcast.stage == "archived" and broadcast.id not in there:
            file = str(folder / FOLDER / (broadcast.id + SUFFIX))
            what, cure = "The archive of this broadcast is missing.", "Put the file back from a backup."
            yield Finding(room=room, file=file, book=BROADCASTS.name, id=broadcast.id, what=what, cure=cure)


def _desk(desk: Stored, folders: Collection[str]) -> Iterator[Finding]:
    if DESK not in folders:
        what = "The folder of the desk is missing: who works in which room and which group it has."
        yield Finding(room=DESK, what=what, cure=FROM_BACKUP)
        return
    bindings, inbox = _good(desk, BINDINGS), _good(desk, INBOX)
    for room in missing_rooms(bindings, folders):
        what = "A group is bound to this room, and its folder is missing."
        yield Finding(room=room, what=what, cure="Put the folder back from the last backup.")
    for room in sorted({*folders} - {one.room for one in bindings} - {DESK}):
        what = "No group is bound to this room, so nobody can reach it."
        yield Finding(
            room=room, what=what, cure=f"Put the folder {DESK} back from the backup that has the room."
        )
    for update in inbox:
        if update.state == "aside":
            what = f"Received {update.at:%Y-%m-%d %H:%M} UTC and given up after {update.tries} tries"
            what += f" ({update.error[:200]})."
            cure = "Ask the person to say it again; report the error with the version you run."
            yield Finding(room=DESK, book=INBOX.name, id=update.id, what=what, cure=cure)


def _good(stored: Stored, book: Book[D]) -> list[D]:
    """The documents of a book that can be read."""
    found = []
    for raw in stored.rows.get(book.name, {}).values():
        try:
            found.append(book.model.model_validate_json(raw))
        except ValidationError:
            continue
    return found


def _damaged(room: str, error: StoreDamaged) -> Finding:
    return Finding(room=room, file=error.file, line=error.line, what=error.what, cure=FROM_BACKUP)
