"""An order as a line of JSON for machines: `shiftbot orders --json`.

The fields are the canonical ones of the exports (storage.exports.formats.Field), in one fixed order; amounts are
decimal strings, moments ISO times with the offset of the platform's clock, what is absent is null.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    "shop_name", "currency", "status_text", "doubt", "sub_orders",
)  # fmt: skip
"""In this order; programs may rely on it."""


def as_record(read: ReadOrder, zone: tzinfo, *, personal: bool) -> dict[str, Any]:
    """One main order. What belongs to a sub-order stands on top where there is one alone, else in `sub_orders`.

    `personal`: the buyer's fields as they are; else masked (REQUIREMENTS K08).
    """
    order, lines = read.order, read.order.lines
    only = lines[0] if len(lines) == 1 else None
    said: dict[str, Any] = {
        **dict(order),
        **_buyer(read.personal, order, personal=personal),
        **{field: getattr(only, name) if only else "" for field, name in LINE_FIELDS.items()},
        "line": read.line,
        "sub_order_id": only.sub_order_id if only else "",
        "quantity": sum(one.quantity for one in lines) if lines else None,
        "amount_due": order.amount,
        "sub_orders": [_as_values(_sub_order(one), zone) for one in lines] if len(lines) > 1 else None,
    }
    return _as_values({field: said[field] for field in FIELDS}, zone)


def _sub_order(one: OrderLine) -> dict[str, Any]:
    named = {field: getattr(one, name) for field, name in LINE_FIELDS.items()}
    first = {"sub_order_id": one.sub_order_id, "status": one.status}
    return {**first, **named, "quantity": one.quantity, "amount_due": one.amount, "gift": one.gift}


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


def _as_values(said: Mapping[str, Any], zone: tzinfo) -> dict[str, Any]:
    return {name: _as_value(value, zone) for name, value in said.items()}


def _as_value(value: object, zone: tzinfo) -> object:
    """As JSON knows it; "" is absent."""
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    return str(value) if isinstance(value, Decimal) else None if value == "" else value
