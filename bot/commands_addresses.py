"""`shiftbot addresses FILE…`: which orders of a file cannot or should not ship as they stand 审单, and why.

Nothing is kept: the files are read, judged order by order, and what was found is printed. What triggered a rule is
quoted from the row, so the output holds what buyers wrote.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bot.address_files import PART, PartSource, Source, source_of
from bot.address_parts import processes, spread
from bot.address_report import Report
from bot.address_siblings import Siblings
from bot.auditing import NEARLY_ALL, SHOWN, of_products
from bot.card import line
from bot.export_files import Files, password_option
from bot.handing_over import books_of
from bot.placing import Placing
from bot.render import line_html
from bot.settings import Settings
from bot.terminal import Progress
from bot.texts import LANGUAGES, plain
from playbooks.addresses.around import Around
from playbooks.addresses.audit import Finding, audit, excerpt, verdict
from playbooks.addresses.regions import RegionRule, default_rules, in_force
from playbooks.aftercare import SHIPPED
from playbooks.model import Refusal
from playbooks.orders import DEAD, TO_SHIP, Order, ReadOrder, Status
from storage.books import RoomBooks
from storage.exports import FORMATS, BadRow
from storage.exports.guard import no_collector
from storage.rows import Line

if TYPE_CHECKING:
    Subcommands = argparse._SubParsersAction[argparse.ArgumentParser]

T = TypeVar("T")

CLEAN, FOUND, BAD_INPUT = 0, 1, 2
LOOKED_AT: frozenset[Status] = TO_SHIP | {"unknown"}
"""What is audited unless all is asked for: of an order whose state nobody can tell it is assumed that it ships."""
OVER: frozenset[Status] = DEAD | SHIPPED
Number = tuple[str, str]
"""Platform and order number."""
Judged = tuple[ReadOrder, tuple[Finding, ...]]
NOT_LOOKED_AT = frozenset(["masked", "no_rule_set"])
"""Notes that say that something could not be looked at: nothing was found."""
EVERY = 500
"""Orders between two signs of progress."""


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


class Addresses(Files):
    """One run of the command, by the rules of a room or the defaults."""

    def __init__(self, given: argparse.Namespace, books: RoomBooks | None) -> None:
        super().__init__(given, books)
        own = in_force(list(books.region_rules.scan()), self.now) if books else ()
        self.rules: tuple[RegionRule, ...] = own or default_rules(self.now)
        self.whose = line("addresses.rules_room", count=len(own)) if own else self._defaults()
        self.exceptions = tuple(books.exceptions.scan()) if books else ()
        self.placing = Placing(books, self.zone) if books else None
        self.shortages = tuple(books.shortages.scan()) if books else ()
        self.siblings = Siblings()
        self.over: set[Number] = set()
        """Orders some row says are shipped or over: whatever an earlier row says, nothing of them is to be done."""
        self.shown: dict[Path, frozenset[str]] = {}
        """The personal fields each file shows at all: where it hides them, none is missing."""
        self.found = False

    def _defaults(self) -> Line:
        return line(
            "addresses.rules_none" if self.books else "addresses.rules_default", count=len(self.rules)
        )

    def sources(self) -> list[Source]:
        """The files that can be read, their buyers known to each other; of the others it is said why."""
        known = [source for _, source in self.opened(lambda file: source_of(file, self))]
        for source in known:
            self.shown[source.file] = self._compared(source)
        if self.siblings.any_again:
            for read in chain.from_iterable(self._counted(one, "addresses.comparing") for one in known):
                if isinstance(read, ReadOrder) and self.ships(read):
                    self.siblings.add(read)
        return known

    def _compared(self, source: Source) -> frozenset[str]:
        """Hear of its buyers, and of orders that are over; the personal fields nearly every order to ship has (as
        bot.auditing.shown says)."""
        orders, having = 0, Counter[str]()
        for read in self._counted(source, "addresses.comparing"):
            if not isinstance(read, ReadOrder):
                continue
            if self.ships(read):
                orders += 1
                having.update(name for name in SHOWN if getattr(read.personal, name))
                self.siblings.meet(read)
            elif read.order.status in OVER and read.order.order_id:
                self.over.add(_number(read))
        return frozenset(name for name, count in having.items() if count >= orders * NEARLY_ALL)

    def ships(self, read: ReadOrder) -> bool:
        """Whether the order is, or may be, still to ship."""
        return read.order.status in LOOKED_AT and _number(read) not in self.over

    def judged(self, source: Source) -> Iterator[Judged | BadRow | None]:
        """Each order with what was found of it, None for one not looked at; each row that could not be read."""
        for read in self._counted(source, "addresses.checking"):
            if isinstance(read, BadRow):
                self.found = True
                yield read
            elif not self.given.all and not self.ships(read):
                yield None
            else:
                findings = self._audit(read, self.shown[source.file])
                self.found = self.found or any(one.rule not in NOT_LOOKED_AT for one in findings)
                yield read, findings

    def _audit(self, read: ReadOrder, shown: frozenset[str]) -> tuple[Finding, ...]:
        siblings = self.siblings.others(read)
        around = Around(
            rules=self.rules, siblings=siblings, own=self.siblings.own(read) if siblings else None,
            exceptions=self.exceptions, shown=shown, now=self.now,
        )  # fmt: skip
        return audit(read.order, read.personal, self._in_room(read.order, around))

    def _in_room(self, order: Order, around: Around) -> Around:
        """With what the room knows of the order's products."""
        if self.placing is None:
            return around
        broadcast = self.placing.broadcast(order)
        return of_products(
            around, self.shortages, links=self.placing.links(order, broadcast),
            listings=self.placing.listings(broadcast), broadcast=broadcast,
        )  # fmt: skip

    def _counted(self, source: Source, key: str) -> Iterator[ReadOrder | BadRow]:
        if isinstance(source, PartSource):  # in a process of its own, which has no place on the terminal
            yield from source
            return
        progress = Progress(source.file.name, self.given.lang, key)
        for number, read in enumerate(source, 1):
            if number % EVERY == 0:
                progress(number)
            yield read
        progress.clear()

    # -- what is printed -----------------------------------------------------------------------------

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


def _number(read: ReadOrder) -> Number:
    return read.order.platform, read.order.order_id


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
    settings = read_settings() if given.room else None
    if given.room and settings is None:
        return BAD_INPUT
    try:
        books = books_of(settings, given.room) if settings else None
    except Refusal as refusal:
        print(plain(line_html(given.lang, line(refusal.key, **refusal.values))), file=sys.stderr)
        return BAD_INPUT
    addresses = Addresses(given, books)
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
