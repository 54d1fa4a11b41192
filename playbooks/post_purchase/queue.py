"""Who is to be written to: paid, not refunded, not held, and not told before (REQUIREMENTS D03, K02)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from playbooks.aftercare import DEALT_WITH, Hold
from playbooks.contacts import Ledger
from playbooks.orders import WRITTEN_TO, OrderState, message_slot
from playbooks.post_purchase.rules import rules

MARK = "post_purchase:"


SLOT = timedelta(minutes=10)
"""How long the time is that `message_slot` names."""


def slots(now: datetime) -> Iterator[str]:
    """The times in which an order may have been paid whose buyer is to be written to, the oldest first."""
    at = now - rules().paid_within
    while at < now + SLOT:
        yield message_slot(at)
        at += SLOT


def waits(order: OrderState, hold: Hold | None, now: datetime) -> bool:
    """Whether a message is to be sent for the order, were its buyer not told yet."""
    if order.status not in WRITTEN_TO or order.paid_at is None or order.paid_at < now - rules().paid_within:
        return False
    return hold is None or hold.state in DEALT_WITH


def mark(product: str) -> str:
    """What a ledger keeps of a message about a product: none is told twice of the same one; '' where it is unknown."""
    return f"{MARK}{product}" if product else ""


def told(ledger: Ledger | None, order_id: str, product: str) -> bool:
    """Whether the buyer was written to about this order, or about the product before."""
    if ledger is None:
        return False
    of_order = any(one.purpose == "post_purchase" and one.order_id == order_id for one in ledger.touches)
    return of_order or mark(product) in ledger.texts
