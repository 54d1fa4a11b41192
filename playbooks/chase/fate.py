"""What became of each order, joined from its chase and its state: the rows every chase figure counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from playbooks.chase.state import Chase
from playbooks.model import Model, Moment, Money
from playbooks.orders import DEAD, PAID, OrderState


class Fate(Model):
    """One order: since when unpaid, how it ended, and who (a person's id) contacted the buyer first."""

    order_id: str
    began_at: Moment | None
    """When the buyer ordered, else when the bot first knew of it; None where neither is known."""
    ordered_here: bool
    """Whether an export knows the order."""
    paid: bool = False
    """Paid at any time, also where refunded since."""
    paid_at: Moment | None = None
    refunded: bool = False
    dead: bool = False
    """Ended unpaid: closed by the platform or the buyer, or expired."""
    expires_at: Moment | None = None
    amount: Money | None = None
    link_no: int | None = None
    title: str = ""
    chased: bool = False
    contacted_at: Moment | None = None
    agent: str = ""
    excluded: bool = False
    """Registered in error, malicious, or cancelled by the buyer (facts/metrics.yaml chase)."""
    reason: str = ""

    @property
    def decided(self) -> bool:
        """Whether it can no longer change between paid and lost."""
        return self.paid or self.dead

    @property
    def lingered(self) -> bool:
        """Whether it was seen unpaid; an order paid before anybody looked was not."""
        return self.chased or not self.paid

    def pending_past(self, delay: timedelta, now: Moment) -> bool:
        """Whether it was still unpaid `delay` after it began (a payment of unknown time: not known to be)."""
        if self.began_at is None or (self.paid and self.paid_at is None):
            return False
        return min(self.paid_at or now, now) - self.began_at > delay

    def recovered(self, window: timedelta) -> bool:
        """Whether it was paid within `window` of its first contact, before expiry, and not refunded."""
        if self.contacted_at is None or self.paid_at is None or self.refunded:
            return False
        until = self.contacted_at + window
        until = min(until, self.expires_at) if self.expires_at else until
        return self.contacted_at <= self.paid_at <= until


def fates(chases: Iterable[Chase], orders: Iterable[OrderState], now: Moment) -> Iterator[Fate]:
    """One fate an order, chased or not; where both know it the order state's paid amount and time count."""
    known = {order.order_id: order for order in orders}
    for chase in chases:
        yield _chased(chase, known.pop(chase.order_id, None), now)
    for order in known.values():
        yield _unchased(order)


def _chased(chase: Chase, order: OrderState | None, now: Moment) -> Fate:
    paid_at = (order.paid_at if order else None) or chase.paid_at
    began_at = (order.created_at if order else None) or chase.created_at or chase.seen_at
    amount = order.amount if order and order.amount is not None else chase.amount
    paid = paid_at is not None or chase.state == "paid" or _paid(order)
    ended = _dead(order) or chase.expired(now) or (chase.state == "lost" and chase.closed_why != "refused")
    return Fate(
        order_id=chase.order_id, began_at=began_at, amount=amount,
        ordered_here=order is not None or chase.source == "file", paid=paid, paid_at=paid_at,
        refunded=paid and (_dead(order) or chase.closed_why == "refunded"), dead=ended and not paid,
        expires_at=chase.expires_at, link_no=chase.link_no, title=chase.title, chased=True,
        contacted_at=chase.first_contact_at,
        agent=chase.touches[0].who if chase.touches else "", reason=chase.reason or "",
        excluded=chase.answer in ("wrong", "malicious") or chase.closed_why == "buyer",
    )  # fmt: skip


def _unchased(order: OrderState) -> Fate:
    paid = _paid(order)
    return Fate(
        order_id=order.order_id, began_at=order.created_at, ordered_here=True, paid=paid,
        paid_at=order.paid_at, refunded=paid and _dead(order), dead=_dead(order) and not paid,
        amount=order.amount, link_no=order.link_no, title=order.title,
    )  # fmt: skip


def _paid(order: OrderState | None) -> bool:
    return order is not None and (order.status in PAID or order.paid_at is not None)


def _dead(order: OrderState | None) -> bool:
    return order is not None and order.status in DEAD
