"""Rows of main orders 主订单 put together, a batch of orders at a time: their lines, states, times and amounts.

An export repeats the main order on every sub-order's row, says it on the first row alone, or joins the sub-orders
子订单 in one row with `;` (what a format does is declared: `Format`). What the orders say is worked out field by
field, as it travels (`wire.Values`): model by model it takes three times as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from itertools import accumulate, chain
from typing import Any, NamedTuple

from playbooks.orders import DEAD, PAID, RANK, Order, OrderLine, Personal, Status
from storage.exports.entry import Entry
from storage.exports.formats import Format
from storage.exports.merging import Merging
from storage.exports.wire import Values

SHIPPED: frozenset[Status] = frozenset(["partially_shipped", "shipped", "received", "completed"])
GIFT_WORD = "赠"
HIDDEN = {
    (False, False): (), (True, False): ("address",), (False, True): ("phone",), (True, True): ("address", "phone"),
}  # fmt: skip
"""Whether address and phone are hidden -> the fields that are."""
ORDER, LINE, PERSONAL = (tuple(model.model_fields) for model in (Order, OrderLine, Personal))


class Lines(NamedTuple):
    """The lines of all orders of a batch, one after another, and how many each order has."""

    counts: list[int]
    says: dict[str, Sequence[Any]]

    def of_each(self, name: str) -> list[Sequence[Any]]:
        """What the lines of each order say in a field."""
        said, ends = self.says[name], accumulate(self.counts)
        if len(said) == len(self.counts):  # as in most files
            return list(zip(said, strict=True))
        return [said[end - count : end] for end, count in zip(ends, self.counts, strict=True)]


class Grouping:
    """How the rows of one file become orders. `has_paid_at`: whether the file says when an order was paid."""

    def __init__(self, form: Format, has_paid_at: bool) -> None:
        self.form = form
        self.has_paid_at = has_paid_at
        self.merging = Merging(form)

    def orders(self, groups: Sequence[Sequence[Entry]], incomplete: Sequence[bool]) -> Values:
        """The Values of one ReadOrder a group of rows. `incomplete`: whether another row could not be read."""
        groups = list(map(self.merging.said, groups))
        wholes = list(map(self.merging.merged, groups))
        whole = turned(wholes)
        lines = self.lines(groups, wholes)
        order = self.said(whole, lines, incomplete)
        counts, says = lines
        order["lines"] = (counts, [says[name] for name in LINE])
        # A personal field is called as in Personal.
        personal = [getattr(whole, name) for name in PERSONAL]
        return [[order[name] for name in ORDER], personal, whole.line]

    def said(self, whole: Any, lines: Lines, incomplete: Sequence[bool]) -> dict[str, Any]:
        """Field of Order -> its values, without the lines. `whole`: the columns of the merged rows."""
        statuses = main_statuses(lines)
        numbers, carriers = zip(*map(parcel, whole.tracking_no, whole.carrier), strict=True)
        unpaid = [
            status == "pending_payment" and at is None
            for status, at in zip(statuses, whole.paid_at, strict=True)
        ]
        return {
            **{name: getattr(whole, name) for name in ORDER if name in Entry._fields},
            "platform": [self.form.platform] * len(statuses),
            "status": statuses,
            "amount": [
                paid if due is None else due
                for due, paid in zip(whole.amount_due, whole.amount_paid, strict=True)
            ],
            # Some platforms write into this column what is to pay; of an unpaid order nothing is paid.
            "amount_paid": [
                None if none else paid for none, paid in zip(unpaid, whole.amount_paid, strict=True)
            ],
            "currency": [currency or self.form.currency for currency in whole.currency],
            # The completion time of a dead order is when it was closed, not when something was received.
            "received_at": [
                None if status in DEAD else at
                for status, at in zip(statuses, whole.received_at, strict=True)
            ],
            "buyer_key": [""] * len(statuses),
            "hidden": list(map(HIDDEN.__getitem__, zip(whole.address_hidden, whole.phone_hidden, strict=True))),
            "refund_status": [
                text if refund == "none" else refund
                for refund, text in zip(whole.refund, whole.refund_text, strict=True)
            ],
            "carrier": carriers,
            "tracking_no": numbers,
            "doubt": self.doubts(statuses, whole.paid_at, lines, incomplete),
        }  # fmt: skip

    def doubts(
        self,
        statuses: Sequence[Status],
        paid_at: Sequence[datetime | None],
        lines: Lines,
        incomplete: Sequence[bool],
    ) -> list[str]:
        """The text key of why each order should be looked at, else ""."""
        doubts = ["orders.part_unreadable" if one else "" for one in incomplete]
        if self.has_paid_at:
            some_unpaid = ["pending_payment" in said for said in lines.of_each("status")]
            for at, said in enumerate(zip(statuses, paid_at, some_unpaid, strict=True)):
                if disagrees(*said):
                    doubts[at] = "orders.status_disagrees"
        return doubts

    def lines(self, groups: Sequence[Sequence[Entry]], wholes: Sequence[Entry]) -> Lines:
        """The lines of the orders. 0.00 beside something paid, or 0.00 and called 赠…, is a gift."""
        parts = list(map(self.merging.split, groups))
        part = turned(list(chain.from_iterable(parts)))
        whole = [whole for whole, own in zip(wholes, parts, strict=True) for _ in own]
        alone = [len(own) == 1 for own in parts for _ in own]
        lines = Lines(
            list(map(len, parts)),
            {
                "row": part.line,
                "sub_order_id": part.sub_order_id,
                "product_id": part.product_id,
                "sku_code": part.sku_code,
                "title": part.title,
                "sku": part.sku,
                "quantity": [count if isinstance(count, int) else 1 for count in part.quantity],
                "amount": list(
                    map(self.line_amount, part.line_amount, part.amount_due, part.amount_paid, alone)
                ),
                "status": list(map(self.settled, chain.from_iterable(parts), whole)),
            },
        )
        lines.says["gift"] = gifts(lines, list(map(len, groups)))
        return lines

    def line_amount(
        self, own: Decimal | None, due: Decimal | None, paid: Decimal | None, alone: bool
    ) -> Decimal | None:
        """What a line costs; None where only the order's amount is known. `alone`: it is the whole order."""
        if own is not None:
            return own
        return (paid if due is None else due) if alone or "amount_due" in self.form.summed else None

    def settled(self, part: Entry, whole: Entry) -> Status:
        """The status of a line from its word, else its order's, and what else speaks (status_rules).

        `closed` says only that it is over: refunded, or died unpaid. Without a paid-time column nobody can say that it
        died unpaid: it stays `closed`. An after-sale word never moves an order that is not closed: after-sales may
        end without a refund, and a state only moves forward.
        """
        said = part if part.status_text else whole
        if whole.cancelled:
            return "cancelled"
        if said.status == "paid_unshipped" and said.fulfilment:
            return said.fulfilment
        if said.status != "closed":
            return said.status
        if said.refund == "refunded":
            return "refunded"
        return "cancelled" if self.has_paid_at and said.paid_at is None else "closed"


def turned(entries: Sequence[Entry]) -> Any:
    """An Entry of columns: each of its values is that of all the entries, one after another."""
    return Entry(*zip(*entries, strict=True))  # type: ignore[arg-type]


def gifts(lines: Lines, rows: Sequence[int]) -> list[bool]:
    """Whether each line is a gift; `rows`: how many rows each order has."""
    costs = [
        len(amounts) > 1 and (count < len(amounts) or any(amounts))
        for count, amounts in zip(rows, lines.of_each("amount"), strict=True)
    ]
    costing = [one for one, count in zip(costs, lines.counts, strict=True) for _ in range(count)]
    return [
        amount is not None and not amount and (something or GIFT_WORD in title)
        for amount, something, title in zip(lines.says["amount"], costing, lines.says["title"], strict=True)
    ]


def main_statuses(lines: Lines) -> list[Status]:
    """The state of each order; nearly all have one line, which says it."""
    said = zip(lines.of_each("status"), lines.of_each("gift"), strict=True)
    return [statuses[0] if len(statuses) == 1 else main_status(statuses, gift) for statuses, gift in said]


def main_status(statuses: Sequence[Status], gifts: Sequence[bool]) -> Status:
    """The state of a main order from its lines; gifts 赠品 speak only where there is nothing else.

    Dead lines (closed, refunded) do not count beside living ones; unknown ones not beside known ones. Some
    shipped and some not is partially shipped; else the line that is furthest behind. All dead: refunded
    before closed before cancelled.
    """
    said = {status for status, gift in zip(statuses, gifts, strict=True) if not gift} or set(statuses)
    said = said - {"unknown"} or said
    alive = said - DEAD
    if not alive:
        order: tuple[Status, ...] = ("refunded", "closed", "cancelled", "deleted")
        return next(status for status in order if status in said)
    paid = alive & PAID or alive
    if paid & SHIPPED and paid - SHIPPED:
        return "partially_shipped"
    return min(paid, key=RANK.__getitem__)


def disagrees(status: Status, paid_at: datetime | None, some_unpaid: bool) -> bool:
    """Whether status and paid time contradict each other (status_rules): a person looks, nobody guesses.

    `some_unpaid`: whether any of its lines is unpaid.
    """
    if some_unpaid:
        return paid_at is not None or status != "pending_payment"
    return status in PAID and paid_at is None


def parcel(text: str, carrier: str) -> tuple[str, str]:
    """Tracking number and carrier of the first parcel; 抖店 writes <运单号>-<快递公司>, joined with `;`.

    A number may hold hyphens itself (JD…-1-1): what follows the last one is a carrier if no digit is in it.
    """
    if carrier or not text:
        return text, carrier
    first = text.replace("；", ";").strip(";\t ").split(";")[0].strip()
    number, _, carrier = first.rpartition("-")
    if number and carrier and not any(letter.isdigit() for letter in carrier):
        return number, carrier
    return first, ""
