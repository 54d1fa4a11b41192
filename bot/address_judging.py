"""Orders of files judged one by one 审单: by whose rules, which of them still ship, who bought more than one.

What is known of all the files is gathered in a first turn, each order is judged in a second: no file stands in memory
as a whole.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from bot.address_files import PartSource, Source, source_of
from bot.address_siblings import Siblings
from bot.auditing import NEARLY_ALL, SHOWN, of_products
from bot.card import line
from bot.export_files import Files
from bot.placing import Placing
from bot.terminal import Progress
from playbooks.addresses.around import Around
from playbooks.addresses.audit import Finding, audit
from playbooks.addresses.regions import RegionRule, default_rules, in_force
from playbooks.aftercare import SHIPPED
from playbooks.orders import DEAD, TO_SHIP, Order, ReadOrder, Status
from storage.books import RoomBooks
from storage.exports import BadRow
from storage.rows import Line

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


class Judging(Files):
    """The files of one run, judged by the rules of a room or the defaults."""

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
            for read in chain.from_iterable(self.counted(one, "addresses.comparing") for one in known):
                if isinstance(read, ReadOrder) and self.ships(read):
                    self.siblings.add(read)
        return known

    def _compared(self, source: Source) -> frozenset[str]:
        """Hear of its buyers, and of orders that are over; the personal fields nearly every order to ship has (as
        bot.auditing.shown says)."""
        orders, having = 0, Counter[str]()
        for read in self.counted(source, "addresses.comparing"):
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
        for read in self.counted(source, "addresses.checking"):
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

    def counted(self, source: Source, key: str) -> Iterator[ReadOrder | BadRow]:
        """What a file holds, with the text `key` on a terminal saying how far it is."""
        if isinstance(source, PartSource):  # in a process of its own, which has no place on the terminal
            yield from source
            return
        progress = Progress(source.file.name, self.given.lang, key)
        for number, read in enumerate(source, 1):
            if number % EVERY == 0:
                progress(number)
            yield read
        progress.clear()


def _number(read: ReadOrder) -> Number:
    return read.order.platform, read.order.order_id
