"""Rows of one order as one, and one row that joins several sub-orders 子订单 as several."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from storage.exports.entry import Entry
from storage.exports.formats import Format
from storage.exports.restated import restated

FIRST_SAID = (
    "currency", "nick", "receiver_name", "phone", "phone_tail", "province", "city", "district", "town", "address",
    "flag_colour", "carrier", "tracking_no", "fulfilment", "cancelled",
    "refund_text", "close_reason", "talent_id", "talent_name", "traffic", "shop_name",
)  # fmt: skip
NOTES = ("buyer_message", "seller_memo")
"""Said of the order or of one of its sub-orders: all count, for a change of address may stand in any of them."""
AMOUNTS = ("amount_due", "amount_paid", "refund_amount")
COUNTED = ("quantity", "amount_due", "line_amount")
"""What two rows of one product agree in where they are one piece said twice."""


class Merging:
    """What a format declares of its rows: amounts to add up, signs that join sub-orders in a row."""

    def __init__(self, form: Format) -> None:
        self.summed = form.summed
        self.signs = form.joined
        self.mark = re.compile(f"[{form.joined}]") if form.joined else None

    def merged(self, entries: Sequence[Entry]) -> Entry:
        """The rows of one order as one: first promise, last shipment, amounts as declared, else the first said."""
        if len(entries) == 1:
            return entries[0]
        said: dict[str, Any] = {name: first(getattr(e, name) for e in entries) for name in FIRST_SAID}
        said |= {name: self.amount(name, entries) for name in AMOUNTS}
        said |= {name: every(getattr(e, name) for e in entries) for name in NOTES}
        words = dict.fromkeys(entry.status_text for entry in entries if entry.status_text)
        refunds = {entry.refund for entry in entries}
        return entries[0]._replace(
            status_text="/".join(words),
            refund="refunding" if "refunding" in refunds else "refunded" if "refunded" in refunds else "none",
            created_at=earliest(entry.created_at for entry in entries),
            paid_at=earliest(entry.paid_at for entry in entries),
            ship_by=earliest(entry.ship_by for entry in entries),
            shipped_at=latest(entry.shipped_at for entry in entries),
            received_at=latest(entry.received_at for entry in entries),
            address_changed=any(entry.address_changed for entry in entries),
            phone_hidden=any(entry.phone_hidden for entry in entries),
            address_hidden=any(entry.address_hidden for entry in entries),
            presale=any(entry.presale for entry in entries),
            phone_until=earliest(entry.phone_until for entry in entries),
            **said,
        )

    def amount(self, name: str, entries: Sequence[Entry]) -> Decimal | None:
        """An amount of the order: the sum of its rows, or what it says on each of them."""
        amounts = [one for entry in entries if (one := getattr(entry, name)) is not None]
        if not amounts:
            return None
        return sum(amounts, Decimal(0)) if name in self.summed else amounts[0]

    def said(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """The rows of one order, each sub-order once: as it was said last, with the notes of all its rows."""
        if len(entries) == 1:
            return entries
        return [self._again([entries[at] for at in places]) for places in restated(entries, COUNTED)]

    def _again(self, entries: Sequence[Entry]) -> Entry:
        if len(entries) == 1:
            return entries[0]
        notes: dict[str, Any] = {name: every(getattr(e, name) for e in entries) for name in NOTES}
        return entries[-1]._replace(**notes)

    def is_joined(self, entry: Entry) -> bool:
        """Whether a row holds several sub-orders."""
        return bool(self.mark and self.mark.search(entry.sub_order_id + entry.product_id + entry.sku_code))

    def split(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """The lines of an order: one a row, or one a sub-order where a row joins several."""
        if self.mark is None:
            return entries
        return [line for entry in entries for line in self.apart(entry)]

    def apart(self, entry: Entry) -> Sequence[Entry]:
        """One entry a sub-order of a row.

        Ids tell how many there are (a title may hold a `;` of its own). The row's amount is the order's, so a
        line's is unknown; a joined count is split, a single one is the order's and each line counts as one.
        """
        if not self.is_joined(entry):
            return (entry,)
        ids = [self.parts(text) for text in (entry.sub_order_id, entry.product_id, entry.sku_code)]
        count = max(map(len, ids))
        subs, products, codes = (fitted(parts, count) for parts in ids)
        titles = fitted(self.parts(entry.title), count, entry.title)
        specs = fitted(self.parts(entry.sku), count)
        counts = self.parts(entry.quantity) if isinstance(entry.quantity, str) else []
        numbers = fitted(counts, count, "1")
        return [
            entry._replace(
                sub_order_id=subs[i],
                product_id=products[i],
                sku_code=codes[i],
                title=titles[i],
                sku=specs[i],
                quantity=int(numbers[i]) if numbers[i].isdecimal() else 1,
                amount_due=None,
                amount_paid=None,
            )
            for i in range(count)
        ]

    def parts(self, text: str) -> list[str]:
        """The parts of a joined cell."""
        if self.mark is None or not self.mark.search(text):
            return [text]
        return [part.strip() for part in self.mark.split(text.strip(f"{self.signs}\t "))]


def fitted(parts: list[str], count: int, otherwise: str = "") -> list[str]:
    """`parts` where there is one a line, else `otherwise` for each."""
    return parts if len(parts) == count else [otherwise] * count


def every(texts: Iterable[str]) -> str:
    """All lines that differ, each once."""
    return "\n".join(dict.fromkeys(line for text in texts for line in text.splitlines() if line))


def first(texts: Iterable[str]) -> str:
    """The first that says something."""
    return next((text for text in texts if text), "")


def earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)


def latest(moments: Iterable[datetime | None]) -> datetime | None:
    return max((moment for moment in moments if moment), default=None)
