"""The canonical fields 规范字段 of an order in a line of JSON, and which of them a misspelt one was meant to be."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from storage.exports.mapping import ALIASES

FIELDS = frozenset([
    "platform", "order_id", "sub_order_id", "status", "status_text", "product_title", "sku", "sku_code", "product_id",
    "quantity", "amount_due", "amount_paid", "refund_amount", "currency", "gift", "buyer_nick", "receiver_name",
    "receiver_phone", "province", "city", "district", "town", "address", "address_changed", "buyer_message",
    "seller_memo", "flag_colour", "created_at", "paid_at", "ship_by", "shipped_at", "received_at", "phone_until",
    "carrier", "tracking_no", "refund_status", "close_reason", "talent_id", "talent_name", "traffic", "shop_name",
    "presale",
])  # fmt: skip
"""Those that are read."""
PASSED = frozenset(["line", "doubt", "file", "part", "row", "id"])
"""Written beside them, by us or by whoever keeps such files, and not read."""
SHORTEST = 4
"""Letters of a field of which a single wrong one is a slip: of `sku` nearly any word is one letter away."""
TWO_SLIPS = 8
"""Letters of a field in which two may be wrong."""


def misspelt(names: Collection[str]) -> tuple[str, str] | None:
    """The first of `names` that is no field but plainly meant to be one, and that field; None where each is right.

    `adress`, `receiver-phone`, `orderId`, `收件人`. Not where the field itself is there too: then it is something else.
    """
    for name in names:
        if name in FIELDS or name in PASSED:
            continue
        meant = meant_by(name)
        if meant and meant not in names:
            return name, meant
    return None


@cache
def meant_by(name: str) -> str:
    """The field a name was meant to be, '' where it is like none."""
    if field := headings().get(name.strip().lower()):
        return field
    if field := next((field for field in FIELDS if letters(field) == letters(name)), ""):
        return field
    said = name.lower()
    slips = {field: apart(said, field) for field in FIELDS if field[0] == said[:1]}
    near = [field for field, count in slips.items() if count <= allowed(field)]
    return min(near, key=lambda field: (slips[field], field), default="")


@cache
def headings() -> dict[str, str]:
    """What platforms call a field -> the field."""
    return {name.lower(): field for field, names in ALIASES.items() if field in FIELDS for name in names}


def letters(name: str) -> str:
    """Its letters and digits, small: order_id, orderId and order-id are one."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def allowed(field: str) -> int:
    """How many letters of a field may be wrong."""
    return 2 if len(field) >= TWO_SLIPS else 1 if len(field) >= SHORTEST else 0


def apart(one: str, other: str) -> int:
    """How many letters must be put in, left out, changed or swapped with the next to make `other` of `one`."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b)))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                row[j] = min(row[j], before[j - 2] + 1)
        before, last = last, row
    return last[-1]
