"""The lines of a log: a head, then one transaction a line, in order, each with its checksum.

    {"crc":"1badcafe","after":11}
    {"crc":"0badcafe","seq":12,"changes":{"orders":{"7":{...},"8":null}}}

The checksum comes first and covers the rest of the line, the sequence included. The head names the unit the
log goes on from, so that a snapshot or a former log that is gone is missed. Several lines may be written
before one fsync, and a power cut may keep a later one of them and lose an earlier: a line says which unit was
safe on the disk when it was written (`"held":9`; left out where it is the one before). So a broken line that
no whole one calls safe was never acknowledged, nor was what follows it; anything else that does not fit was
damaged later and is refused. Behind the lines stand empty ones, room for those to come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zlib import crc32

from pydantic_core import from_json, to_json

from storage.store import StoreDamaged

START = b'{"crc":"'
CHECKED = len(START) + 8 + len(b'",')
"""Where the part begins that the checksum covers."""

Changes = Mapping[str, Mapping[int, bytes | None]]
"""Table, doc_id, row; None where the document was dropped."""


@dataclass(frozen=True)
class Transaction:
    """What one unit changed."""

    seq: int
    changes: Changes


@dataclass(frozen=True)
class Lines:
    """What a log says: the unit it `begins` behind and those that follow; `length` is in bytes."""

    begins: int
    transactions: tuple[Transaction, ...]
    length: int

    @property
    def ends(self) -> int:
        """The last unit it knows of."""
        return self.transactions[-1].seq if self.transactions else self.begins


def head(after: int) -> bytes:
    """The first line of a log that goes on from unit `after`."""
    return _sealed(b'"after":%d}' % after)


def line(seq: int, changes: Changes, held: int) -> bytes:
    """The line that says `changes` were made by unit number `seq`, written when unit `held` was safe on disk."""
    tables = b",".join(b"%b:{%b}" % (to_json(name), _said(rows)) for name, rows in changes.items())
    since = b'"held":%d,' % held if held != seq - 1 else b""
    return _sealed(b'"seq":%d,%b"changes":{%b}}' % (seq, since, tables))


def read_log(data: bytes, path: Path, *, newest: bool = True) -> Lines:
    """The lines in `data`; of the `newest` log those torn at its end are left out.

    StoreDamaged, naming `path` and the line, for anything else that is not whole and in sequence.
    """
    after: int | None = None
    found: list[Transaction] = []
    length = 0
    for number, text in enumerate(BytesIO(data), 1):
        said = _whole(text)
        if said is None:
            torn = newest and _held(data[length:]) <= (found[-1].seq if found else after or 0)
            _refuse_unless_torn(data[length:], torn, path, number)
            break
        if number == 1 and "after" in said:
            after = said["after"]
        else:
            _refuse_gap(found[-1].seq if found else after, said.get("seq"), path, number)
            found.append(
                Transaction(said["seq"], {name: _rows(rows) for name, rows in said["changes"].items()})
            )
        length += len(text)
    if after is None and not found:
        # The head outlived a power cut before the log got its name: this one was emptied later.
        raise damaged(path, 1, "the file is empty, or its head is gone")
    # A log of the first format has no head.
    return Lines(found[0].seq - 1 if after is None else after, tuple(found), length)


def damaged(path: Path, number: int, what: str) -> StoreDamaged:
    """The refusal to go on with a file that cannot be trusted."""
    return _refusal(f"{path}, line {number}: {what}", what, path, number)


def missing(path: Path, why: str) -> StoreDamaged:
    """The refusal to go on without a file, or a folder, that once stood there."""
    return _refusal(f"{path} is missing: {why}", f"It is missing: {why}", path, 0)


def _refusal(said: str, what: str, path: Path, number: int) -> StoreDamaged:
    return StoreDamaged(
        f"{said}. Nothing was changed. Put the last backup back with `shiftbot restore … --replace`, "
        "which keeps what is there.",
        what=f"{what}.",
        file=str(path),
        line=number,
    )


def _sealed(rest: bytes) -> bytes:
    return START + b"%08x" % crc32(rest) + b'",' + rest + b"\n"


def _said(rows: Mapping[int, bytes | None]) -> bytes:
    return b",".join(b'"%d":%b' % (doc_id, row or b"null") for doc_id, row in rows.items())


def _whole(text: bytes) -> dict[str, Any] | None:
    """What a line says, None where it is not whole."""
    rest = text[CHECKED:-1]
    if not text.endswith(b"\n") or text[:CHECKED] != START + b"%08x" % crc32(rest) + b'",':
        return None
    said: dict[str, Any] = from_json(b"{" + rest)
    return said


def _held(behind: bytes) -> int:
    """The last unit that a whole line in `behind` calls safe, -1 where none does."""
    found = -1
    at = behind.find(START)
    while at >= 0:
        said = _whole(behind[at : behind.find(b"\n", at) + 1]) or {}
        if "seq" in said:
            found = max(found, said.get("held", said["seq"] - 1))
        at = behind.find(START, at + 1)
    return found


def _refuse_unless_torn(behind: bytes, torn: bool, path: Path, number: int) -> None:
    """`behind` the whole lines a crash left torn ones, or empty ones are kept ready; else StoreDamaged.

    A head was whole before the log got its name, and so was all of a log that another one follows.
    """
    was_head = number == 1 and b'"after":' in behind[: CHECKED + len(b'"after":')]
    if was_head or (not torn and behind.strip(b"\n")):
        raise damaged(path, number, "the line is not what was written")


def _refuse_gap(former: int | None, seq: int | None, path: Path, number: int) -> None:
    if seq is None or (former is not None and seq != former + 1):
        raise damaged(path, number, f"transaction {seq} follows {former}")


def _rows(rows: dict[str, Any]) -> dict[int, bytes | None]:
    return {int(doc_id): None if row is None else to_json(row) for doc_id, row in rows.items()}
