"""What became of each order, joined from its chase and its state: the rows every chase figure counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from playbooks.chase.state import Chase
from playbooks.model import Moment, Money
from playbooks.orders import OrderState


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """One order: since when unpaid, how it ended, and who (a person's id) contacted the buyer first.

    No model: it is made of checked ones, thousands at a time, and never stored.
    """

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
    ended_at: Moment | None = None
    """When it ended unpaid; None while it has not, or where nobody knows."""
    expires_at: Moment | None = None
    amount: Money | None = None
    link_no: int | None = None
    title: str = ""
    chased: bool = False
    contacted_at: Moment | None = None
    agent: str = ""
    channels: tuple[str, ...] = ()
    """By which channels the buyer was contacted before paying, in order; each once."""
    offered: bool = False
    """Whether the buyer was offered something out of the ladder before paying (REQUIREMENTS B11)."""
    offer_cost: Money | None = None
    """What that offer took off, yuan; None for none, or a gift."""
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
        """Whether it was still unpaid and alive `delay` after it began (a payment of unknown time: not known to be)."""
        if self.began_at is None or (self.paid and self.paid_at is None):
            return False
        return min(self.paid_at or self.ended_at or now, now) - self.began_at > delay

    def recovered(self, window: timedelta) -> bool:
        """Whether it was paid within `window` of its first contact, before expiry, and not refunded."""
        if self.contacted_at is None or self.paid_at is None or self.refunded:
            return False
        until = self.contacted_at + window
        until = min(until, self.expires_at) if self.expires_at else until
        return self.contacted_at <= self.paid_at <= until


def fates(chases: Iterable[Chase], orders: Iterable[OrderState], now: Moment) -> Iterator[Fate]:
    """One fate an order, chased or not; where both know it the order state's paid amount and time count."""
    chased = {chase.order_id: chase for chase in chases}
    known: dict[str, OrderState] = {}
    others: list[Fate] = []
    for order in orders:  # one at a time: a big evening has tens of thousands, and few of them were chased
        if order.order_id in chased:
            known[order.order_id] = order
        else:
            others.append(_unchased(order))
    for chase in chased.values():
        yield _chased(chase, known.get(chase.order_id), now)
    yield from others


def _chased(chase: Chase, order: OrderState | None, now: Moment) -> Fate:
    paid_at = (order.paid_at if order else None) or chase.paid_at
    began_at = (order.created_at if order else None) or chase.created_at or chase.seen_at
    amount = order.amount if order and order.amount is not None else chase.amount
    paid = paid_at is not None or chase.state == "paid" or _paid(order)
    expired = chase.expires_at if chase.expired(now) else None
    ended = _dead(order) or expired is not None or (chase.state == "lost" and chase.closed_why != "refused")
    offered = bool(chase.offer) and (
        paid_at is None or chase.offered_at is None or chase.offered_at <= paid_at
    )
    return Fate(
        order_id=chase.order_id, began_at=began_at, amount=amount,
        ordered_here=order is not None or chase.source == "file", paid=paid, paid_at=paid_at,
        refunded=paid and (_dead(order) or chase.closed_why == "refunded"), dead=ended and not paid,
        ended_at=((order.closed_at if order else None) or expired) if ended and not paid else None,
        expires_at=chase.expires_at, link_no=chase.link_no, title=chase.title, chased=True,
        contacted_at=chase.first_contact_at,
        agent=chase.touches[0].who if chase.touches else "", reason=chase.reason or "",
        channels=tuple(dict.fromkeys(t.step for t in chase.touches if paid_at is None or t.at <= paid_at)),
        offered=offered, offer_cost=chase.offer_cost if offered else None,
        excluded=chase.answer in ("wrong", "malicious") or chase.closed_why == "buyer" or _cancelled(order),
    )  # fmt: skip


def _unchased(order: OrderState) -> Fate:
    dead = order.dead and not order.paid
    return Fate(
        order_id=order.order_id, began_at=order.created_at, ordered_here=True, paid=order.paid,
        paid_at=order.paid_at, refunded=order.paid and order.dead, dead=dead,
        ended_at=order.closed_at if dead else None, amount=order.amount, link_no=order.link_no,
        title=order.title, excluded=_cancelled(order),
    )  # fmt: skip


def _paid(order: OrderState | None) -> bool:
    return order is not None and order.paid


def _dead(order: OrderState | None) -> bool:
    return order is not None and order.dead


def _cancelled(order: OrderState | None) -> bool:
    """Whether the buyer ended it unpaid, also where its chase ran out by the clock before a file said so."""
    return order is not None and order.dead and not order.paid and order.closed_why == "buyer"
