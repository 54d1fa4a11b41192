"""Sub-orders 子订单 of one main order 主订单 put together: its lines, its state, its times.

An export repeats the main order on every sub-order's row, or joins the sub-orders in one row with `;`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from playbooks.orders import DEAD, PAID, RANK, Order, OrderLine, Personal, ReadOrder, Status
from storage.exports.build import builder
from storage.exports.words import Refund

SHIPPED: frozenset[Status] = frozenset(["partially_shipped", "shipped", "received", "completed"])
GIFT_WORD = "赠"
REFUND_ORDER: tuple[Refund, ...] = ("refunding", "refunded")
FIRST_SAID = (
    "refund_text", "close_reason", "province", "city", "district", "phone_tail", "tracking_no", "talent_id",
    "traffic",
)  # fmt: skip

# Every value is checked by `cells` already. Checking it again would double the time of a 100,000-row file,
# and each model would carry its own set of given fields (2 KB an order).
build_order = builder(Order)
build_line = builder(OrderLine)
build_read_order = builder(ReadOrder)


@dataclass(slots=True)
class Entry:
    """One row as read; money in yuan, times aware, `personal` only what is clear."""

    line: int
    order_id: str
    sub_order_id: str
    product_id: str
    sku_code: str
    title: str
    sku: str
    quantities: str
    quantity: int
    amount: Decimal | None
    status: Status
    status_text: str
    refund: Refund
    refund_text: str
    created_at: datetime | None
    paid_at: datetime | None
    ship_by: datetime | None
    shipped_at: datetime | None
    received_at: datetime | None
    close_reason: str
    province: str
    city: str
    district: str
    phone_tail: str
    tracking_no: str
    talent_id: str
    traffic: str
    personal: Personal


def settled(word: Status, refund: Refund, paid_at: datetime | None, has_paid_column: bool) -> Status:
    """The status of a row whose word says only `closed`: refunded, or died unpaid (canonical_statuses).

    Without a paid-time column nobody can say that it died unpaid: it stays `closed`. An after-sale word never
    moves an order that is not closed: after-sales may end without a refund, and a state only moves forward.
    """
    if word != "closed":
        return word
    if refund == "refunded":
        return "refunded"
    return "cancelled" if has_paid_column and paid_at is None else "closed"


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


def disagrees(status: Status, paid: bool, lines: Iterable[OrderLine]) -> bool:
    """Whether status and paid time contradict each other (status_rules): a person looks, nobody guesses."""
    if any(line.status == "pending_payment" for line in lines):
        return paid or status != "pending_payment"
    return status in PAID and not paid


def to_lines(entries: Sequence[Entry]) -> tuple[OrderLine, ...]:
    """The lines of an order. 0.00 beside something paid, or 0.00 and called 赠…, is a gift."""
    parts = [part for entry in entries for part in split(entry)]
    paid = any(part.amount for part in parts) or len(entries) < len(parts)
    return tuple([to_line(part, part.amount == 0 and (paid or GIFT_WORD in part.title)) for part in parts])


def to_line(part: Entry, gift: bool) -> OrderLine:
    return build_line(
        {
            "sub_order_id": part.sub_order_id,
            "product_id": part.product_id,
            "sku_code": part.sku_code,
            "title": part.title,
            "sku": part.sku,
            "quantity": part.quantity,
            "amount": part.amount,
            "status": part.status,
            "gift": gift,
        }
    )


def split(entry: Entry) -> list[Entry]:
    """One entry a sub-order, where the row joins several with `;`.

    Ids tell how many there are (a title may hold a `;` of its own). The row's amount is the order's, so a
    line's is unknown; a joined count is split, a single one is the order's and each line counts as one.
    """
    ids = [joined(text) for text in (entry.sub_order_id, entry.product_id, entry.sku_code)]
    count = max(map(len, ids))
    if count == 1:
        return [entry]
    subs, products, codes = (fitted(parts, count) for parts in ids)
    titles = fitted(joined(entry.title), count, entry.title)
    specs = fitted(joined(entry.sku), count)
    numbers = fitted(joined(entry.quantities), count, "1")
    return [
        replace(
            entry,
            sub_order_id=subs[i],
            product_id=products[i],
            sku_code=codes[i],
            title=titles[i],
            sku=specs[i],
            quantity=int(numbers[i]) if numbers[i].isdecimal() else 1,
            amount=None,
        )
        for i in range(count)
    ]


def joined(text: str) -> list[str]:
    """The parts of a `;`-joined cell."""
    if ";" not in text and "；" not in text:
        return [text]
    return [part.strip() for part in text.replace("；", ";").strip(";\t ").split(";")]


def fitted(parts: list[str], count: int, otherwise: str = "") -> list[str]:
    """`parts` where there is one a line, else `otherwise` for each."""
    return parts if len(parts) == count else [otherwise] * count


def to_order(platform: str, entries: Sequence[Entry], has_paid_column: bool, incomplete: bool) -> ReadOrder:
    """The main order of its rows. `incomplete`: another row of it could not be read."""
    lines = to_lines(entries)
    whole = entries[0] if len(entries) == 1 else merged(entries)
    status = main_status(lines) if len(lines) > 1 else whole.status
    doubt = "orders.part_unreadable" if incomplete else ""
    if has_paid_column and disagrees(status, whole.paid_at is not None, lines):
        doubt = "orders.status_disagrees"
    tracking_no, carrier = parcel(whole.tracking_no) if whole.tracking_no else ("", "")
    order = build_order(
        {
            "platform": platform,
            "order_id": whole.order_id,
            "status": status,
            "status_text": whole.status_text,
            "lines": lines,
            "amount": whole.amount,
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
            "tracking_no": tracking_no,
            "talent_id": whole.talent_id,
            "traffic": whole.traffic,
            "doubt": doubt,
        }
    )
    return build_read_order({"order": order, "personal": whole.personal, "line": whole.line})


def merged(entries: Sequence[Entry]) -> Entry:
    """The rows of one order as one: amounts summed, first promise, last shipment, else the first said."""
    amounts = [entry.amount for entry in entries if entry.amount is not None]
    texts: dict[str, Any] = {name: said(getattr(entry, name) for entry in entries) for name in FIRST_SAID}
    return replace(
        entries[0],
        amount=sum(amounts, Decimal(0)) if amounts else None,
        status_text="/".join(dict.fromkeys(entry.status_text for entry in entries if entry.status_text)),
        refund=next((state for state in REFUND_ORDER if any(e.refund == state for e in entries)), "none"),
        created_at=earliest(entry.created_at for entry in entries),
        paid_at=earliest(entry.paid_at for entry in entries),
        ship_by=earliest(entry.ship_by for entry in entries),
        shipped_at=latest(entry.shipped_at for entry in entries),
        received_at=latest(entry.received_at for entry in entries),
        **texts,
    )


def parcel(text: str) -> tuple[str, str]:
    """Tracking number and carrier of the first parcel; 抖店 writes <运单号>-<快递公司>, joined with `;`.

    A number may hold hyphens itself (JD…-1-1): what follows the last one is a carrier if no digit is in it.
    """
    first = joined(text)[0]
    number, _, carrier = first.rpartition("-")
    if number and carrier and not any(letter.isdigit() for letter in carrier):
        return number, carrier
    return first, ""


def said(texts: Iterable[str]) -> str:
    """The first that says something."""
    return next((text for text in texts if text), "")


def earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)


def latest(moments: Iterable[datetime | None]) -> datetime | None:
    return max((moment for moment in moments if moment), default=None)
