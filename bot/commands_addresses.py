"""`shiftbot addresses FILE…`: which orders of a file cannot or should not ship as they stand 审单, and why.

Nothing is kept: the files are read, judged order by order, and what was found is printed. What triggered a rule is
quoted from the row, so the output holds what buyers wrote.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bot.address_files import PART, Source
from bot.address_judging import Judging
from bot.address_parts import processes, spread
from bot.address_report import Report
from bot.card import line
from bot.export_files import password_option
from bot.handing_over import given_room
from bot.settings import Settings
from bot.terminal import Progress
from bot.texts import LANGUAGES
from playbooks.addresses.audit import Finding, excerpt, verdict
from playbooks.orders import ReadOrder
from storage.exports import FORMATS, BadRow
from storage.exports.guard import no_collector

if TYPE_CHECKING:
    Subcommands = argparse._SubParsersAction[argparse.ArgumentParser]

T = TypeVar("T")

CLEAN, FOUND, BAD_INPUT = 0, 1, 2


def add(commands: Subcommands) -> None:
    """Its options."""
    addresses = commands.add_parser(
        "addresses", help="audit order exports: which orders cannot ship as they stand, and why"
    )
    addresses.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        type=Path,
        help="an order export, or .jsonl of the canonical fields",
    )
    addresses.add_argument("--json", action="store_true", help="one JSON object per order")
    addresses.add_argument(
        "--all",
        action="store_true",
        help="look at every order, also those not to be shipped; tell every finding, not the first ten",
    )
    addresses.add_argument(
        "--as", dest="as_platform", metavar="PLATFORM", default="",
        help=f"read as {', '.join(f.id for f in FORMATS)}",
    )  # fmt: skip
    addresses.add_argument("--room", metavar="ROOM", help="by the rules of this room (its key or shop)")
    password_option(addresses)
    addresses.add_argument(
        "--lang", choices=list(LANGUAGES), default="zh-CN", help="language (default: zh-CN)"
    )


class Addresses(Judging):
    """One run of the command: what was found is printed."""

    def records(self, source: Source) -> Iterator[str]:
        """For programs: one object an order, and one a row that could not be read; of several files each its own."""
        if parts := self._by_parts(source, lambda part: list(self._records(part))):
            return chain.from_iterable(parts)
        return self._records(source)

    def _records(self, source: Source) -> Iterator[str]:
        which = {"file": str(source.file)} if len(self.given.files) > 1 else {}
        for one in self.judged(source):
            if isinstance(one, BadRow):
                why = self.text(line(one.key, **one.values))
                yield _as_json({"line": one.line, "column": one.column or None, "error": why} | which)
            elif one:
                yield _as_json(as_record(*one) | which)

    def report(self, source: Source) -> Iterator[str]:
        """For people: counts by verdict, rule and province, then what was found with the reasons."""
        told = self._report(source) if not (parts := self._by_parts(source, self._report)) else next(parts)
        for part in parts or ():
            told.add(part)
        yield from map(self.text, told.lines())

    def _report(self, source: Source) -> Report:
        told = Report(source.file.name, source.form, self.whose, everything=self.given.all)
        for one in self.judged(source):
            if one is None:
                told.passed += 1
            elif isinstance(one, BadRow):
                told.bad_row(one)
            else:
                told.order(*one)
        return told

    def _by_parts(self, source: Source, made: Callable[[Source], T]) -> Iterator[T] | None:
        """What is made of each part of a long file, by several processes; None where one does it."""
        parts, count = source.parts(), processes()
        if not parts or count == 1:
            return None
        return self._gathered(source, spread([partial(self._of_part, made, part) for part in parts], count))

    def _of_part(self, made: Callable[[Source], T], part: Source) -> tuple[T, bool]:
        """In a process of its own: what is made of a part, and whether anything was found in it."""
        self.found = False
        return made(part), self.found

    def _gathered(self, source: Source, done: Iterator[tuple[T, bool]]) -> Iterator[T]:
        progress = Progress(source.file.name, self.given.lang, "addresses.checking")
        for number, (made, found) in enumerate(done, 1):
            self.found = self.found or found
            progress(number * PART)
            yield made
        progress.clear()


def as_record(read: ReadOrder, findings: Sequence[Finding]) -> dict[str, Any]:
    """One order: programs may rely on the fields and their order. What is absent is null."""
    order = read.order
    return {
        "platform": order.platform or None, "line": read.line, "order_id": order.order_id or None,
        "status": order.status, "verdict": verdict(findings),
        "findings": [
            {
                "rule": one.rule, "verdict": one.verdict, "field": one.field,
                "span": list(one.span) if one.span else None, "text": excerpt(one, order, read.personal),
            }
            for one in findings
        ],
    }  # fmt: skip


def run(given: argparse.Namespace, read_settings: Callable[[], Settings | None]) -> int:
    """Audit the files; 0 nothing was found, 1 something was or a row could not be read, 2 a file is none or not there.

    `read_settings` is asked only where there is a room. OSError, StoreDamaged.
    """
    room = given_room(given, read_settings)
    if room is None:
        return BAD_INPUT
    addresses = Addresses(given, room.books)
    try:
        if given.json:
            print(addresses.text(addresses.whose), file=sys.stderr)
        with (
            no_collector()
        ):  # nothing here refers to itself, and looking for what does takes a tenth of the time
            for source in addresses.sources():
                for said in addresses.records(source) if given.json else addresses.report(source):
                    print(said)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads it has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return BAD_INPUT if addresses.refused else FOUND if addresses.found else CLEAN


def _as_json(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False)
