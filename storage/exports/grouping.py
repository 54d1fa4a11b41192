"""Rows of one main order 主订单 put together: its lines, its state, its times, its amounts.

An export repeats the main order on every sub-order's row, says it on the first row alone, or joins the sub-orders
子订单 in one row with `;` (what a format does is declared: `Format`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from operator import attrgetter
from typing import Any

from playbooks.orders import DEAD, PAID, RANK, Order, OrderLine, Personal, ReadOrder, Status
from storage.exports.build import builder
from storage.exports.entry import Entry
from storage.exports.formats import Format

SHIPPED: frozenset[Status] = frozenset(["partially_shipped", "shipped", "received", "completed"])
GIFT_WORD = "赠"
FIRST_SAID = (
    "currency", "nick", "receiver_name", "phone", "phone_tail", "province", "city", "district", "town", "address",
    "buyer_message", "seller_memo", "flag_colour", "carrier", "tracking_no", "fulfilment", "cancelled",
    "refund_text", "close_reason", "talent_id", "talent_name", "traffic", "shop_name",
)  # fmt: skip
AMOUNTS = ("amount_due", "amount_paid", "refund_amount")
personal_of = attrgetter(
    "receiver_name", "phone", "town", "address", "buyer_message", "seller_memo", "nick"
)  # fmt: skip
PERSONAL = tuple(Personal.model_fields)
NOTHING_CLEAR = Personal()

# Every value is checked by `cells` already. Checking it again would double the time of a 100,000-row file,
# and each model would carry its own set of given fields (2 KB an order).
build_order = builder(Order)
build_line = builder(OrderLine)
build_read_order = builder(ReadOrder)
build_personal = builder(Personal)


class Grouping:
    """How the rows of one file become orders. `has_paid_at`: whether the file says when an order was paid."""

    def __init__(self, form: Format, has_paid_at: bool) -> None:
        self.form = form
        self.has_paid_at = has_paid_at
        self.mark = re.compile(f"[{form.joined}]") if form.joined else None

    def order(self, entries: Sequence[Entry], incomplete: bool) -> ReadOrder:
        """The main order of its rows. `incomplete`: another row of it could not be read."""
        whole = entries[0] if len(entries) == 1 else self.merged(entries)
        lines = self.lines(entries, whole)
        status = lines[0].status if len(lines) == 1 else main_status(lines)
        doubt = "orders.part_unreadable" if incomplete else ""
        if self.has_paid_at and disagrees(status, whole.paid_at is not None, lines):
            doubt = "orders.status_disagrees"
        number, carrier = whole.tracking_no, whole.carrier
        if number and not carrier:
            number, carrier = parcel(number)
        unpaid = status == "pending_payment" and whole.paid_at is None
        order = build_order(
            {
                "platform": self.form.platform,
                "order_id": whole.order_id,
                "status": status,
                "status_text": whole.status_text,
                "lines": lines,
                "amount": whole.amount_paid if whole.amount_due is None else whole.amount_due,
                # Some platforms write into this column what is to pay; of an unpaid order nothing is paid.
                "amount_paid": None if unpaid else whole.amount_paid,
                "refund_amount": whole.refund_amount,
                "currency": whole.currency or self.form.currency,
                "created_at": whole.created_at,
                "paid_at": whole.paid_at,
                "ship_by": whole.ship_by,
                "shipped_at": whole.shipped_at,
                # The completion time of a dead order is when it was closed, not when something was received.
                "received_at": None if status in DEAD else whole.received_at,
                "province": whole.province,
                "city": whole.city,
                "district": whole.district,
                "phone_tail": whole.phone_tail,
                "buyer_key": "",
                "refund_status": whole.refund_text if whole.refund == "none" else whole.refund,
                "close_reason": whole.close_reason,
                "carrier": carrier,
                "tracking_no": number,
                "talent_id": whole.talent_id,
                "talent_name": whole.talent_name,
                "traffic": whole.traffic,
                "shop_name": whole.shop_name,
                "flag_colour": whole.flag_colour,
                "doubt": doubt,
            }
        )
        return build_read_order({"order": order, "personal": personal(whole), "line": whole.line})

    def merged(self, entries: Sequence[Entry]) -> Entry:
        """The rows of one order as one: first promise, last shipment, amounts as declared, else the first said."""
        said: dict[str, Any] = {name: first(getattr(e, name) for e in entries) for name in FIRST_SAID}
        said |= {name: self.amount(name, entries) for name in AMOUNTS}
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
            **said,
        )

    def amount(self, name: str, entries: Sequence[Entry]) -> Decimal | None:
        """An amount of the order: the sum of its rows, or what it says on each of them."""
        amounts = [one for entry in entries if (one := getattr(entry, name)) is not None]
        if not amounts:
            return None
        return sum(amounts, Decimal(0)) if name in self.form.summed else amounts[0]

    def lines(self, entries: Sequence[Entry], whole: Entry) -> tuple[OrderLine, ...]:
        """The lines of an order. 0.00 beside something paid, or 0.00 and called 赠…, is a gift."""
        if len(entries) == 1 and not self.is_joined(whole):
            return (self.line(whole, whole, alone=True, paid=False),)
        parts = [part for entry in entries for part in self.split(entry)]
        if len(parts) == 1:
            return (self.line(parts[0], whole, alone=True, paid=False),)
        paid = len(entries) < len(parts) or any(self.line_amount(part, alone=False) for part in parts)
        return tuple([self.line(part, whole, alone=False, paid=paid) for part in parts])

    def line(self, part: Entry, whole: Entry, alone: bool, paid: bool) -> OrderLine:
        """One line; `alone`: it is the whole order. `paid`: something of the order costs money."""
        amount = self.line_amount(part, alone)
        speaks = part if part.status_text else whole
        return build_line(
            {
                "sub_order_id": part.sub_order_id,
                "product_id": part.product_id,
                "sku_code": part.sku_code,
                "title": part.title,
                "sku": part.sku,
                "quantity": part.quantity if isinstance(part.quantity, int) else 1,
                "amount": amount,
                "status": self.settled(speaks, whole.cancelled),
                "gift": amount == 0 and (paid or GIFT_WORD in part.title),
            }
        )

    def line_amount(self, part: Entry, alone: bool) -> Decimal | None:
        """What a line costs; None where only the order's amount is known."""
        if part.line_amount is not None:
            return part.line_amount
        due, paid = part.amount_due, part.amount_paid
        return (paid if due is None else due) if alone or "amount_due" in self.form.summed else None

    def settled(self, entry: Entry, cancelled: str) -> Status:
        """The status of a row from its word and what else speaks (status_rules).

        `closed` says only that it is over: refunded, or died unpaid. Without a paid-time column nobody can say that it
        died unpaid: it stays `closed`. An after-sale word never moves an order that is not closed: after-sales may
        end without a refund, and a state only moves forward.
        """
        if cancelled:
            return "cancelled"
        if entry.status == "paid_unshipped" and entry.fulfilment:
            return entry.fulfilment
        if entry.status != "closed":
            return entry.status
        if entry.refund == "refunded":
            return "refunded"
        return "cancelled" if self.has_paid_at and entry.paid_at is None else "closed"

    def is_joined(self, entry: Entry) -> bool:
        """Whether a row holds several sub-orders."""
        return bool(self.mark and self.mark.search(entry.sub_order_id + entry.product_id + entry.sku_code))

    def split(self, entry: Entry) -> list[Entry]:
        """One entry a sub-order, where the row joins several.

        Ids tell how many there are (a title may hold a `;` of its own). The row's amount is the order's, so a
        line's is unknown; a joined count is split, a single one is the order's and each line counts as one.
        """
        if not self.is_joined(entry):
            return [entry]
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
        return [part.strip() for part in self.mark.split(text.strip(f"{self.form.joined}\t "))]


def personal(entry: Entry) -> Personal:
    """The clear personal fields; one and the same model where nothing is clear, as in most files."""
    values = personal_of(entry)
    if not any(values):
        return NOTHING_CLEAR
    return build_personal(dict(zip(PERSONAL, values, strict=True)))


def main_status(lines: Iterable[OrderLine]) -> Status:
    """The state of a main order from its lines; gifts 赠品 speak only where there is nothing else.

    Dead lines (closed, refunded) do not count beside living ones; unknown ones not beside known ones. Some
    shipped and some not is partially shipped; else the line that is furthest behind. All dead: refunded
    before closed before cancelled.
    """
    said = {line.status for line in lines if not line.gift} or {line.status for line in lines}
    said = said - {"unknown"} or said
    alive = said - DEAD
    if not alive:
        order: tuple[Status, ...] = ("refunded", "closed", "cancelled", "deleted")
        return next(status for status in order if status in said)
    paid = alive & PAID or alive
    if paid & SHIPPED and paid - SHIPPED:
        return "partially_shipped"
    return min(paid, key=RANK.__getitem__)


def disagrees(status: Status, paid: bool, lines: Sequence[OrderLine]) -> bool:
    """Whether status and paid time contradict each other (status_rules): a person looks, nobody guesses."""
    if status == "pending_payment" or (
        len(lines) > 1 and any(one.status == "pending_payment" for one in lines)
    ):
        return paid or status != "pending_payment"
    return status in PAID and not paid


def fitted(parts: list[str], count: int, otherwise: str = "") -> list[str]:
    """`parts` where there is one a line, else `otherwise` for each."""
    return parts if len(parts) == count else [otherwise] * count


def parcel(text: str) -> tuple[str, str]:
    """Tracking number and carrier of the first parcel; 抖店 writes <运单号>-<快递公司>, joined with `;`.

    A number may hold hyphens itself (JD…-1-1): what follows the last one is a carrier if no digit is in it.
    """
    first = text.replace("；", ";").strip(";\t ").split(";")[0].strip()
    number, _, carrier = first.rpartition("-")
    if number and carrier and not any(letter.isdigit() for letter in carrier):
        return number, carrier
    return first, ""


def first(texts: Iterable[str]) -> str:
    """The first that says something."""
    return next((text for text in texts if text), "")


def earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)


def latest(moments: Iterable[datetime | None]) -> datetime | None:
    return max((moment for moment in moments if moment), default=None)
