"""What an audit found, for people on a terminal: counts by verdict, rule and province, then each order with reasons."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from bot.card import line
from bot.intake import bad_line
from playbooks.addresses.findings import WORST_LAST, Finding, Verdict, excerpt, verdict
from playbooks.orders import ReadOrder
from storage.exports import BadRow
from storage.rows import Line

SHOWN = 10
"""Orders of a rule, and bad rows, unless everything is asked for."""
PROVINCES = 5
WIDTH = 24
"""Columns of a terminal a rule's name takes."""

Kind = tuple[Verdict, str]
"""A verdict and a rule that gave it."""


class Report:
    """What one file's audit found. Of each rule only the first orders are kept, unless `everything` is asked for."""

    def __init__(self, name: str, form: Line, rules: Line, *, everything: bool) -> None:
        self.name, self.form, self.rules = name, form, rules
        self.most = None if everything else SHOWN
        self.passed = 0
        """Orders not looked at, for they do not ship."""
        self.verdicts: Counter[Verdict] = Counter()
        self.rule_counts: Counter[Kind] = Counter()
        self.provinces: dict[Kind, Counter[str]] = defaultdict(Counter)
        self.shown: dict[Kind, list[Line]] = defaultdict(list)
        self.bad: list[BadRow] = []
        self.bad_count = 0

    def bad_row(self, row: BadRow) -> None:
        """A row that could not be read."""
        self.bad_count += 1
        if self.most is None or len(self.bad) < self.most:
            self.bad.append(row)

    def order(self, read: ReadOrder, findings: Sequence[Finding]) -> None:
        """One order that was looked at, with what was found of it."""
        self.verdicts[verdict(findings)] += 1
        for kind, found in {(one.verdict, one.rule): one for one in findings}.items():
            self.rule_counts[kind] += 1
            self.provinces[kind][read.order.province] += 1
            if self.most is None or len(self.shown[kind]) < self.most:
                self.shown[kind].append(order_line(read, found))

    def add(self, later: Report) -> None:
        """What the next part of the file came to."""
        self.passed += later.passed
        self.verdicts.update(later.verdicts)
        self.rule_counts.update(later.rule_counts)
        for kind, places in later.provinces.items():
            self.provinces[kind].update(places)
        for kind, shown in later.shown.items():
            self.shown[kind] = (self.shown[kind] + shown)[: self.most]
        self.bad = (self.bad + later.bad)[: self.most]
        self.bad_count += later.bad_count

    def lines(self) -> Iterator[Line]:
        """All of it, what must not ship first."""
        yield line("addresses.head", name=self.name, form=self.form, orders=self.verdicts.total())
        if self.passed:
            yield line("addresses.passed", count=self.passed)
        yield self.rules
        counts = {one.lower(): self.verdicts[one] for one in WORST_LAST}
        yield line("addresses.verdicts", **counts)
        kinds = sorted(
            self.rule_counts, key=lambda kind: (-WORST_LAST.index(kind[0]), -self.rule_counts[kind])
        )
        yield from map(self._row, kinds)
        for kind in kinds:
            yield line("addresses.rule", verdict=_verdict(kind[0]), rule=_rule(kind[1]))
            yield from self.shown[kind]
            yield from self._more(self.rule_counts[kind] - len(self.shown[kind]))
        if self.bad_count:
            yield line("orders.bad_rows", count=self.bad_count)
            yield from (line("addresses.indented", said=_bad(row)) for row in self.bad)
            yield from self._more(self.bad_count - len(self.bad))

    def _row(self, kind: Kind) -> Line:
        """A row of the table."""
        most = self.provinces[kind].most_common()
        places = [_place(province, count) for province, count in most[:PROVINCES]]
        if rest := sum(count for _, count in most[PROVINCES:]):
            places.append(line("addresses.elsewhere", count=rest))
        return line(
            "addresses.row", verdict=_verdict(kind[0]), count=f"{self.rule_counts[kind]:>7}",
            rule=padded(kind[1], WIDTH), name=_rule(kind[1]), places=tuple(places),
        )  # fmt: skip

    def _more(self, count: int) -> Iterable[Line]:
        return [line("addresses.more", count=count)] if count else []


def order_line(read: ReadOrder, found: Finding) -> Line:
    """An order, where it stands in the file, the reason and the text that triggered it."""
    order = read.order
    quoted = " ".join(excerpt(found, order, read.personal).split())
    return line(
        "addresses.order" if quoted else "addresses.order_bare", order_id=order.order_id or "—", row=read.line,
        reason=line(found.text_key, **found.values), text=quoted,
    )  # fmt: skip


def padded(text: str, width: int) -> str:
    """`text` filled with blanks to `width` columns of a terminal, where a Chinese character takes two."""
    taken = sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
    return text + " " * (width - taken)


def _bad(row: BadRow) -> Line:
    """Where it stands and what is wrong; a line of JSON may be wrong as a whole."""
    return (
        bad_line(row)
        if row.column
        else line("addresses.bad_line", row=row.line, what=line(row.key, **row.values))
    )


def _place(province: str, count: int) -> Line:
    where = line("common.verbatim", text=province) if province else line("addresses.nowhere")
    return line("addresses.place", province=where, count=count)


def _verdict(one: Verdict) -> Line:
    return line(f"addresses.verdict_{one.lower()}")


def _rule(rule: str) -> Line:
    return line(f"audit.name_{rule}")
