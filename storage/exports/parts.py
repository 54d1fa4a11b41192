"""The parts of one export in an archive 压缩包: they follow one another as one table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import IO, NamedTuple
from zipfile import ZipFile, ZipInfo

from playbooks.model import Refusal
from storage.exports.containers import is_workbook, is_zip, opened
from storage.exports.limits import HEAD_ROWS, Limits, Row
from storage.exports.plain import read_plain
from storage.exports.xlsx import read_xlsx

START = 4_096
"""Bytes that show what a file is."""


class Part(NamedTuple):
    """Where the rows of a file, or of an archive's part, begin: the number of the first in the whole table, and in the
    part. `text`: its rows have every cell their line has, while a workbook or web page leaves empty ones out."""

    row: int
    name: str
    own: int
    text: bool


def joined(
    name: str, archive: ZipFile, members: Sequence[tuple[str, ZipInfo]], limits: Limits, parts: list[Part]
) -> Iterator[Row]:
    """The rows of the parts of one export; each further part repeats the head of the first, which is passed.

    Raises Refusal `files.parts_differ` where it does not: those are different tables. An empty part is none.
    """
    head: list[Row] = []
    given = 0
    for part, member in members:
        text, rows = part_rows(part, archive, member, limits)
        start = list(islice(rows, HEAD_ROWS))
        if not any(map(any, start)):
            continue
        same = alike(head, start) if head else 0
        if head and same <= header_of(head):
            raise Refusal("files.parts_differ", name=name, part=part)
        head = head or start
        parts.append(Part(given + 1, part, same + 1, text))
        for row in chain(start[same:], rows):
            given += 1
            yield row
    if not head:
        raise Refusal("files.empty", name=name)


def part_rows(part: str, archive: ZipFile, member: ZipInfo, limits: Limits) -> tuple[bool, Iterator[Row]]:
    """Whether one member of an archive is text, and its rows."""
    with archive.open(member) as file:
        start = file.read(START)
    if not start.strip():
        return True, iter(())
    if not is_zip(start):
        return read_plain(part, start, lambda: archive.open(member))
    inner = opened(part, whole_part(part, archive.open(member), limits), limits)
    if not is_workbook(inner):
        raise Refusal("files.zip_nested", name=part)
    return False, read_xlsx(part, inner)[1]


def whole_part(part: str, file: IO[bytes], limits: Limits) -> bytes:
    """A member of an archive that has to be in memory as a whole; no larger than a file that is sent."""
    with file:
        data = file.read(limits.sent + 1)
    refuse_size(part, data, limits)
    return data


def alike(head: Sequence[Row], start: Sequence[Row]) -> int:
    """How many rows two tables begin with in common."""
    return next(
        (at for at, (one, other) in enumerate(zip(head, start, strict=False)) if one != other), len(head)
    )


def header_of(head: Sequence[Row]) -> int:
    """The row a header most likely is: the first that is at least half as full as the fullest; notes are not."""
    full = [sum(map(bool, row)) for row in head]
    return next((at for at, count in enumerate(full) if count * 2 >= max(full)), 0)


def refuse_size(name: str, data: bytes, limits: Limits) -> None:
    if len(data) > limits.sent:
        raise Refusal("files.too_big", name=name, limit=limits.sent // 1_000_000)
