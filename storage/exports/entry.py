"""One row of an export as it speaks: every cell under its canonical name, read, or marked as unreadable."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from playbooks.orders import Status
from storage.exports.words import Refund


class Bad(NamedTuple):
    """A cell that cannot be what its column holds: the text key of why, and what stood there."""

    key: str
    text: str


class Entry(NamedTuple):
    """One row. Amounts are None where nothing stands there, moments are aware and in UTC, personal fields are what is
    clear of them. `quantity` is the text itself where sub-orders are joined in the row."""

    line: int
    order_id: str
    sub_order_id: str
    title: str
    sku: str
    sku_code: str
    product_id: str
    quantity: int | str | None
    amount_due: Decimal | None
    amount_paid: Decimal | None
    refund_amount: Decimal | None
    line_amount: Decimal | None
    currency: str
    nick: str
    receiver_name: str
    phone: str
    phone_tail: str
    province: str
    city: str
    district: str
    town: str
    address: str
    buyer_message: str
    seller_memo: str
    flag_colour: str
    created_at: datetime | None
    paid_at: datetime | None
    ship_by: datetime | None
    shipped_at: datetime | None
    received_at: datetime | None
    carrier: str
    tracking_no: str
    status: Status
    status_text: str
    fulfilment: Status | Literal[""]
    cancelled: str
    refund: Refund
    refund_text: str
    close_reason: str
    talent_id: str
    talent_name: str
    traffic: str
    shop_name: str
    address_changed: bool
    presale: bool
    phone_until: datetime | None
    phone_hidden: bool
    address_hidden: bool
