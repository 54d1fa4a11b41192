"""An order as lines of JSON for machines: `shiftbot orders --json`.

The fields are the canonical ones of the exports (storage.exports.formats.Field), in one fixed order; amounts are
decimal strings, moments ISO times with the offset of the platform's clock, what is absent is null.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from playbooks.orders import Order, OrderLine, Personal, ReadOrder

HIDDEN = "***"
LINE_FIELDS = {"product_title": "title", "sku": "sku", "sku_code": "sku_code", "product_id": "product_id"}
"""Canonical field -> where a sub-order has it."""
FIELDS = (
    "platform", "line", "order_id", "sub_order_id", "status",
    "product_title", "sku", "sku_code", "product_id", "quantity", "amount_due", "amount_paid", "buyer_nick",
    "receiver_name", "receiver_phone", "province", "city", "district", "town", "address", "buyer_message",
    "seller_memo", "flag_colour", "created_at", "paid_at", "ship_by", "shipped_at", "carrier", "tracking_no",
    "received_at", "refund_status", "refund_amount", "close_reason", "talent_id", "talent_name", "traffic",
    "shop_name", "currency", "status_text", "doubt", "gift", "address_changed", "phone_until", "presale",
)  # fmt: skip
"""In this order; programs may rely on it."""


def as_records(read: ReadOrder, zone: tzinfo, *, personal: bool) -> Iterator[dict[str, Any]]:
    """One main order: an object for each of its sub-orders, as the exports have rows. What is the order's is repeated.

    But not its amounts: a column can be added up. Where no line's own is known, they stand on the first line.
    `personal`: the buyer's fields as they are; else masked (REQUIREMENTS K08).
    """
    order, lines = read.order, read.order.lines or (OrderLine(row=read.line),)
    shared = {**dict(order), **_buyer(read.personal, order, personal=personal)}
    priced = len(lines) > 1 and any(one.amount is not None for one in lines)
    for number, one in enumerate(lines):
        amounts = {name: None if number else shared[name] for name in ("amount_paid", "refund_amount")}
        due = one.amount if priced else None if number else order.amount
        said = {
            **shared,
            **amounts,
            **_sub_order(one, order),
            "line": one.row or read.line,
            "amount_due": due,
        }
        yield {field: _as_value(said[field], zone) for field in FIELDS}


def _sub_order(one: OrderLine, order: Order) -> dict[str, Any]:
    """What is the sub-order's own; the state of one whose row has none is the order's."""
    named = {field: getattr(one, name) for field, name in LINE_FIELDS.items()}
    status = order.status if one.status == "unknown" else one.status
    own = {"sub_order_id": one.sub_order_id, "status": status, "quantity": one.quantity, "gift": one.gift}
    return {**named, **own}


def _buyer(who: Personal, order: Order, *, personal: bool) -> dict[str, str]:
    """The buyer's fields under their canonical names. A phone shows its last four digits where they are clear."""
    tail = f"*******{order.phone_tail}" if order.phone_tail else ""
    if personal:
        return {
            "buyer_nick": who.nick, "receiver_name": who.receiver_name, "receiver_phone": who.phone or tail,
            "town": who.town, "address": who.address, "buyer_message": who.buyer_message,
            "seller_memo": who.seller_memo,
        }  # fmt: skip
    return {
        "buyer_nick": _initial(who.nick), "receiver_name": _initial(who.receiver_name),
        "receiver_phone": tail or _hidden(who.phone), "town": _hidden(who.town), "address": _hidden(who.address),
        "buyer_message": _hidden(who.buyer_message), "seller_memo": _hidden(who.seller_memo),
    }  # fmt: skip


def _initial(text: str) -> str:
    return f"{text[0]}**" if text else ""


def _hidden(text: str) -> str:
    return HIDDEN if text else ""


def _as_value(value: object, zone: tzinfo) -> object:
    """As JSON knows it; "" is absent."""
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    return str(value) if isinstance(value, Decimal) else None if value == "" else value
