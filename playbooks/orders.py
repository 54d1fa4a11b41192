"""Orders 订单 as an export tells them, and the compact state kept of each.

Field names are the canonical ones of facts/order_formats.yaml.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import model_validator

from playbooks.model import Document, Model, Moment, Money

Status = Literal[
    "pending_payment", "paid_unshipped", "partially_shipped", "shipped", "received", "completed",
    "cancelled", "closed", "refunding", "refunded", "deleted", "unknown",
]  # fmt: skip

# How far along its life an order is; a state only moves forward (PRODUCT, the chase).
RANK: dict[Status, int] = {
    "unknown": 0, "pending_payment": 1, "paid_unshipped": 2, "partially_shipped": 3, "shipped": 4,
    "received": 5, "completed": 6, "refunding": 7, "cancelled": 8, "closed": 8, "refunded": 8, "deleted": 8,
}  # fmt: skip
PAID: frozenset[Status] = frozenset(
    ["paid_unshipped", "partially_shipped", "shipped", "received", "completed", "refunding", "refunded"]
)
WRITTEN_TO: tuple[Status, ...] = ("paid_unshipped", "partially_shipped", "shipped")
"""Whose buyers may be written to after the purchase: any other order is unpaid, over, or its buyer asks for the money
back."""
TO_SHIP: frozenset[Status] = frozenset(["paid_unshipped", "partially_shipped"])
DEAD: frozenset[Status] = frozenset(["cancelled", "closed", "refunded", "deleted"])

SLOT = len("2026-11-11T12:3")


class OrderLine(Model):
    """One sub-order 子订单: what was bought. `amount` in yuan, None where the export has no column for it.

    `row`: the row of the file it stands in, 1 the first; several may be joined in one.
    """

    row: int = 0
    sub_order_id: str = ""
    product_id: str = ""
    sku_code: str = ""
    title: str = ""
    sku: str = ""
    quantity: int = 1
    amount: Money | None = None
    status: Status = "unknown"
    gift: bool = False


class Order(Model):
    """One main order 主订单 of an export, free of personal fields but the last four digits and the city."""

    platform: str
    order_id: str
    status: Status
    status_text: str = ""
    lines: tuple[OrderLine, ...] = ()
    amount: Money | None = None
    """What is or was to pay 应付; where the export does not say, what was paid."""
    amount_paid: Money | None = None
    refund_amount: Money | None = None
    currency: str = "CNY"
    """Of every amount, as an ISO code; "" where the export does not say."""
    created_at: Moment | None = None
    paid_at: Moment | None = None
    ship_by: Moment | None = None
    shipped_at: Moment | None = None
    received_at: Moment | None = None
    province: str = ""
    city: str = ""
    district: str = ""
    phone_tail: str = ""
    buyer_key: str = ""
    refund_status: str = ""
    close_reason: str = ""
    carrier: str = ""
    tracking_no: str = ""
    talent_id: str = ""
    talent_name: str = ""
    traffic: str = ""
    shop_name: str = ""
    flag_colour: str = ""
    address_changed: bool = False
    """The platform says that the address was changed after the order was placed (抖店 是否修改过地址)."""
    presale: bool = False
    """The platform says that it was sold ahead 预售: it ships on a day of its own."""
    hidden: tuple[str, ...] = ()
    """Which of `phone` and `address` the file shows masked or ciphered: unknown, neither right nor wrong."""
    phone_until: Moment | None = None
    """Until when the virtual number 虚拟号 reaches the buyer, where the file says."""
    doubt: str = ""
    """Text key of why the row should be looked at (status and paid time disagree …), else empty."""


class Personal(Model):
    """Personal fields of one order as they stood in the file: used while a file is read, never stored."""

    receiver_name: str = ""
    phone: str = ""
    town: str = ""
    address: str = ""
    buyer_message: str = ""
    seller_memo: str = ""
    nick: str = ""


class ReadOrder(Model):
    """An order, its personal fields, and the line of the file it began on (1 = the first line)."""

    order: Order
    personal: Personal
    line: int


def dated(order: Order, latest: Moment) -> Order:
    """`order` in doubt where something of it happened after `latest`, and then without an order time that did.

    Nobody ordered in the future: how long it has been unpaid is unknown. A paid time stays whatever it says, for
    nobody is chased after paying.
    """
    happened = (order.created_at, order.paid_at, order.shipped_at, order.received_at)
    if not any(at > latest for at in happened if at):
        return order
    created_at = order.created_at if order.created_at and order.created_at <= latest else None
    return order.model_copy(update={"created_at": created_at, "doubt": order.doubt or "orders.time_future"})


def sold_as(broadcast: str, link_no: int | None) -> str:
    """`a1-b1/3`; '' where the product is unknown."""
    return f"{broadcast}/{link_no}" if broadcast and link_no is not None else ""


def message_slot(paid_at: Moment | str) -> str:
    """`2026-11-11T12:3`: the ten minutes (UTC) in which an order was paid, by which it is found."""
    at = datetime.fromisoformat(paid_at) if isinstance(paid_at, str) else paid_at
    return at.astimezone(UTC).isoformat()[:SLOT]


class AlsoBought(Model):
    """A product of an order beside its first one."""

    link_no: int | None = None
    title: str = ""


class OrderState(Document):
    """What is kept of an order without open work: enough to never go back and to count."""

    order_id: str
    platform: str
    status: Status
    as_of: Moment
    link_no: int | None = None
    sold_as: str = ""
    """Broadcast and link number, as `sold_as` puts them: the orders of a product are found by it."""
    title: str = ""
    also: tuple[AlsoBought, ...] = ()
    """What else was bought in it, gifts aside."""
    also_sold: tuple[str, ...] = ()
    """The same as `sold_as` puts it."""
    messaged: bool = False
    """Its buyer was told what there is to tell of it after a purchase 售后留言."""
    message_slot: str | None = None
    """When it was paid, while its buyer may still be written to after the purchase; None otherwise."""
    quantity: int = 1
    gifts: tuple[str, ...] = ()
    """The gift lines the export shows in it, by title."""
    amount: Money | None = None
    created_at: Moment | None = None
    paid_at: Moment | None = None
    ship_by: Moment | None = None
    broadcast: str = ""
    city: str = ""
    province: str = ""
    buyer_key: str = ""
    ship_due: Moment | None = None
    """`ship_by` while it is still to ship, None otherwise: the orders that will be late are found by it (H19)."""
    address_key: str = ""
    phone_key: str = ""
    """Keyed hashes of where and to whom it goes, '' unknown: a buyer's other orders are compared by them."""
    codes: tuple[str, ...] = ()
    """The divisions it goes to, outermost first."""
    closed_why: str = ""
    """Who or what ended a dead order: `expired`, `buyer`, `refunded`, or its status; '' while it lives."""
    closed_at: Moment | None = None
    """When a dead order died, at the latest: as first seen dead, or when its time was over."""

    @model_validator(mode="before")
    @classmethod
    def _derived(cls, said: dict[str, Any]) -> dict[str, Any]:
        ship_due = said.get("ship_by") if said.get("status") in TO_SHIP else None
        return {
            **said,
            "sold_as": sold_as(said.get("broadcast", ""), said.get("link_no")),
            "ship_due": ship_due,
            "also_sold": _also_sold(said) if said.get("also") else (),
            "message_slot": message_slot(said["paid_at"]) if _may_be_written_to(said) else None,
        }

    @property
    def bought(self) -> tuple[AlsoBought, ...]:
        """Every product of it, the first one first."""
        return (AlsoBought(link_no=self.link_no, title=self.title), *self.also)

    @property
    def dead(self) -> bool:
        """Whether it is over for good: cancelled, closed, refunded."""
        return self.status in DEAD

    @property
    def paid(self) -> bool:
        """Whether it was paid at any time, also where refunded since."""
        return self.status in PAID or self.paid_at is not None

    @property
    def unpaid(self) -> bool:
        """Whether nothing known says that it was paid or is over."""
        return not self.paid and not self.dead


def _also_sold(said: dict[str, Any]) -> tuple[str, ...]:
    pieces = (one.link_no if isinstance(one, AlsoBought) else one.get("link_no") for one in said["also"])
    return tuple(
        dict.fromkeys(filter(None, (sold_as(said.get("broadcast", ""), number) for number in pieces)))
    )


def _may_be_written_to(said: dict[str, Any]) -> bool:
    return said.get("status") in WRITTEN_TO and bool(said.get("paid_at")) and not said.get("messaged")


def advances(known: OrderState | None, order: Order, as_of: Moment) -> bool:
    """Whether `order`, true at `as_of`, says something newer than what is known.

    An older export never overwrites a newer state, and a state only moves forward. That an unpaid order was paid, or is
    over, is news however old the file: neither is ever taken back, and of a file without a moment of its own (an ERP's,
    one of the paid orders alone) only the newest time in it is known. Nobody is chased after paying.
    """
    if known is None or (known.unpaid and ended_unpaid(order)):
        return True
    return as_of >= known.as_of and RANK[order.status] >= RANK[known.status]


def ended_unpaid(order: Order) -> bool:
    """Whether it says that the order waits for no payment any more: paid, whatever its status, or over."""
    return order.paid_at is not None or order.status in PAID or order.status in DEAD
