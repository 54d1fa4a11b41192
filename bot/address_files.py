"""Files of orders to audit: every order export, and .jsonl of the canonical fields; looked through more than once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.card import line
from bot.export_files import Files
from playbooks.model import Refusal
from playbooks.orders import ReadOrder
from storage.canonical import SUFFIX, read_lines
from storage.exports import BadRow, Export
from storage.exports.wire import BATCH
from storage.rows import Line

LONG = 10_000
"""Orders of which a file is worth several processes."""
PART = 10 * BATCH
"""Orders of a part: whole batches, for each is unpacked as one."""


class Source(Protocol):
    """One file; each turn reads it anew, so that it never stands in memory as a whole."""

    @property
    def file(self) -> Path:
        """Where it lies."""

    @property
    def form(self) -> Line:
        """What kind of file it is."""

    def __iter__(self) -> Iterator[ReadOrder | BadRow]:
        """Its orders and the rows that could not be read."""

    def parts(self) -> Sequence[Source]:
        """The same in parts, to be looked at by several processes; () where it is short, or read line by line."""


@dataclass(frozen=True)
class ExportSource:
    """An order export; its rows stay packed."""

    file: Path
    export: Export

    @property
    def form(self) -> Line:
        """As the export is called."""
        return line("common.verbatim", text=self.export.format)

    def __iter__(self) -> Iterator[ReadOrder | BadRow]:
        return chain(self.export.orders, self.export.bad)

    def parts(self) -> Sequence[Source]:
        """PART orders each; the rows that could not be read come last, as they do in the whole."""
        count = len(self.export.orders)
        if count < LONG:
            return ()
        starts = range(0, count, PART)
        return [
            PartSource(self, range(at, min(at + PART, count)), with_bad=at == starts[-1]) for at in starts
        ]


@dataclass(frozen=True)
class PartSource:
    """Some orders of a long export."""

    whole: ExportSource
    places: range
    with_bad: bool

    @property
    def file(self) -> Path:
        """The whole file."""
        return self.whole.file

    @property
    def form(self) -> Line:
        """As the export is called."""
        return self.whole.form

    def __iter__(self) -> Iterator[ReadOrder | BadRow]:
        export = self.whole.export
        some = export.orders[self.places.start : self.places.stop]
        return chain(some, export.bad if self.with_bad else ())

    def parts(self) -> Sequence[Source]:
        """It is one."""
        return ()


@dataclass(frozen=True)
class LineSource:
    """A .jsonl of the canonical fields."""

    file: Path
    zone: ZoneInfo

    @property
    def form(self) -> Line:
        """JSON lines."""
        return line("addresses.canonical")

    def __iter__(self) -> Iterator[ReadOrder | BadRow]:
        return read_lines(self.file, self.zone)

    def parts(self) -> Sequence[Source]:
        """None: where a line begins is only known by reading what stands before."""
        return ()


def source_of(file: Path, files: Files) -> Source:
    """A file to audit. Raises Refusal `addresses.no_orders` where no line of a .jsonl is an order, and as `export`."""
    if file.suffix.lower() != SUFFIX:
        return ExportSource(file, files.export(file))
    found = LineSource(file, files.zone)
    if not any(isinstance(one, ReadOrder) for one in found):
        raise Refusal("addresses.no_orders", name=file.name)
    return found
