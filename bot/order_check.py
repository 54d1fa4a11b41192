"""A file of orders looked at and not taken in 只查不收: what the audit would hold, told to who asked and kept nowhere.

`/check` is a question: no order, chase or hold comes of it; the file can be taken in afterwards with one press.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bot.audit_counts import MERGE, Merges, by_note, by_province, by_rule, notes_told
from bot.auditing import Auditing, province_of
from bot.card import Card, button, line, lines, tell
from bot.desk import Desk
from bot.intake import BAD_ROWS_SHOWN, bad_line, counted, record_of
from bot.order_intake import OrderBatch
from bot.placing import Placing
from bot.reading_card import progress
from playbooks import aftercare
from playbooks.addresses.findings import Finding, Verdict, verdict, weighty
from playbooks.orders import TO_SHIP, ReadOrder
from storage.rows import Line

LISTED = 15
"""Orders named; of the others the counts tell."""
STOPS: tuple[Verdict, ...] = ("HOLD", "CHECK")


def checked(batch: OrderBatch, desk: Desk) -> list[Card]:
    """One batch looked at; with the last one what was found in the whole file."""
    known = record_of(batch, "check", desk)
    if known is None:
        return []
    look = _Look(batch, desk, known.found.get(MERGE, ()))
    for read in batch.rows:
        look.at(read)
    told = Counter(known.counts) + look.told
    found = {name: (*known.found.get(name, ()), *lines)[:LISTED] for name, lines in look.found.items()}
    found[MERGE] = tuple(look.merges.lines)
    counted(known.changed(found={} if batch.last else found), batch, told, desk)
    if not batch.last:
        return progress(batch)
    named = tuple(one for verdict in STOPS for one in found[verdict])[:LISTED]
    return [_card(batch, told, named, found[MERGE], desk)]


class _Look:
    """The audit of one batch, with what the room knows around it."""

    def __init__(self, batch: OrderBatch, desk: Desk, merges: Iterable[Line]) -> None:
        self._desk = desk
        self._placing = Placing(desk.books, desk.zone)
        self._auditing = Auditing(batch.rows, desk)
        self.told: Counter[str] = Counter()
        self.merges = Merges(merges)
        self.found: dict[str, list[Line]] = {name: [] for name in STOPS}

    def at(self, read: ReadOrder) -> None:
        """Look at one order; what was dealt with in this room before is only counted."""
        self.told["orders"] += 1
        if read.order.status not in TO_SHIP:
            return
        self.told["to_ship"] += 1
        found = self._findings(read)
        self.told.update(notes_told(found))
        self.merges.add(read.order.order_id, found)
        findings = weighty(found)
        if not findings:
            return
        hold = self._desk.books.holds.get(f"{self._desk.room.id}-h{read.order.order_id}")
        if hold is not None and hold.state in aftercare.DEALT_WITH:
            self.told["known"] += 1
        else:
            self._count(read, findings)

    def _findings(self, read: ReadOrder) -> tuple[Finding, ...]:
        key = self._desk.buyers.buyer_key(read.personal)
        order = read.order.model_copy(update={"buyer_key": key})
        broadcast = self._placing.broadcast(order)
        return self._auditing.findings(
            order, read.personal, self._auditing.own(order, read.personal),
            links=self._placing.links(order, broadcast), listings=self._placing.listings(broadcast),
            broadcast=broadcast,
        )  # fmt: skip

    def _count(self, read: ReadOrder, findings: tuple[Finding, ...]) -> None:
        worst = verdict(findings)
        self.told[f"hold_{worst}"] += 1
        self.told[f"province_{province_of(read.order)}"] += 1
        self.told.update(f"rule_{rule}" for rule in {found.rule for found in findings})
        first = next(found for found in findings if found.verdict == worst)
        what = line(first.text_key, **first.values)
        self.found[worst].append(line("check.line", order_id=read.order.order_id, what=what))


def _card(
    batch: OrderBatch, told: Counter[str], found: tuple[Line, ...], merges: tuple[Line, ...], desk: Desk
) -> Card:
    job, bad = batch.job, batch.about.bad
    stopped = told["hold_HOLD"] + told["hold_CHECK"]
    said = lines(
        line("check.head", name=job.file_name, orders=told["orders"], to_ship=told["to_ship"]),
        line("check.found", hold=told["hold_HOLD"], check=told["hold_CHECK"])
        if stopped
        else line("check.clean"),
        by_rule(told),
        by_province(told),
        found,
        line("check.more", count=stopped - len(found)) if stopped > len(found) else None,
        by_note(told),
        merges,
        line("check.known", count=told["known"]) if told["known"] else None,
        line("audit.no_rules") if not list(desk.books.region_rules.scan()) else None,
        line("orders.bad_rows", count=len(bad)) if bad else None,
        (bad_line(row) for row in bad[:BAD_ROWS_SHOWN]),
    )
    take = ((button("check.take", f"checked {job.id}"),),) if job.kind == "file" else ()
    return tell(desk.me.id, said, buttons=take)
