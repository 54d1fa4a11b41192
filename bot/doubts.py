"""Orders of an export that do not agree with themselves: said with their numbers, for a person to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from bot.card import line
from playbooks.chase.rules import rules
from playbooks.orders import ReadOrder, dated
from storage.rows import Line

NAMED = 5
"""Numbers said of each kind of doubt; all are counted."""


def timely(read: ReadOrder, now: datetime) -> ReadOrder:
    """The order in doubt where it has a time later than `now`; clocks differ by some minutes."""
    order = dated(read.order, now + rules().line.ahead)
    return read if order is read.order else read.model_copy(update={"order": order})


def counted(reads: Iterable[ReadOrder]) -> Counter[str]:
    """The doubts of orders: `doubt <key>` how many, `doubtful <key> <order number>` of the first few."""
    told: Counter[str] = Counter()
    for read in reads:
        if why := read.order.doubt:
            told[f"doubt {why}"] += 1
            if told[f"doubt {why}"] <= NAMED:
                told[f"doubtful {why} {read.order.order_id}"] = 1
    return told


def doubt_lines(told: Counter[str]) -> list[Line]:
    """One line a kind of doubt: how many orders, what is wrong and what to do, the first of their numbers."""
    kinds = [key.partition(" ")[2] for key in told if key.startswith("doubt ")]
    return [_kind(why, told) for why in kinds]


def _kind(why: str, told: Counter[str]) -> Line:
    named = [key.rpartition(" ")[2] for key in told if key.startswith(f"doubtful {why} ")][:NAMED]
    count = told[f"doubt {why}"]
    numbers = [line("common.verbatim", text=one) for one in named]
    more = (line("orders.and_more"),) if count > len(named) else ()
    return line("orders.doubts", count=count, what=line(why), order_ids=(*numbers, *more))
