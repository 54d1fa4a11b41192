"""Orders as JSON lines of the canonical fields 规范字段, as `shiftbot orders --json --with-personal` prints them.

One object a sub-order 子订单, those of an order one below the other. Read a line at a time: a file of any length takes
no more memory than its largest order.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

from playbooks.orders import Order, OrderLine, Personal, ReadOrder, Status
from storage.canonical_fields import FIELDS, misspelt
from storage.exports.cells import Damaged, clear, is_hidden, money, note, phone_tail, pieces
from storage.exports.grouping import main_status
from storage.exports.merging import NOTES, every
from storage.exports.places import brief, division, place, title
from storage.exports.reader import BadRow
from storage.exports.restated import restated
from storage.exports.times import Dates

SUFFIX = ".jsonl"
LONGEST_LINE = 1_000_000
"""Bytes; an order has a few thousand."""
LONGEST_ID = 64
STATUSES = frozenset(get_args(Status))
TEXTS = ("platform", "status_text", "currency", "flag_colour", "close_reason", "refund_status", "tracking_no")
BRIEF = ("carrier", "talent_id", "talent_name", "traffic", "shop_name")
AMOUNTS = {"amount": "amount_due", "amount_paid": "amount_paid", "refund_amount": "refund_amount"}
MOMENTS = ("created_at", "paid_at", "ship_by", "shipped_at", "received_at", "phone_until")


@dataclass(eq=False)
class _Wrong(Exception):
    """A line that says no order: the field it is about, the text key of why, the id where that is wrong, and the field
    that was meant where it is misspelt."""

    field: str
    key: str
    text: str = ""
    meant: str = ""


def read_lines(path: Path, zone: tzinfo) -> Iterator[ReadOrder | BadRow]:
    """Every order, and every line that could not be read, in the order of the file; blank lines are passed.

    Times without an offset are wall clocks of `zone`. Whatever is no canonical field is passed over, but one that is
    plainly a misspelt one refuses its line: an address nobody looked at would pass for a good one. OSError.
    """
    whole: ReadOrder | None = None
    for one in _each_line(path, zone):
        if whole and isinstance(one, ReadOrder) and _same_order(whole, one):
            whole = _joined(whole, one)
            continue
        if whole:
            yield whole
        whole = one if isinstance(one, ReadOrder) else None
        if isinstance(one, BadRow):
            yield one
    if whole:
        yield whole


def _same_order(one: ReadOrder, next_one: ReadOrder) -> bool:
    known, new = one.order, next_one.order
    return (known.platform, known.order_id) == (new.platform, new.order_id) and known.order_id != ""


def _joined(whole: ReadOrder, part: ReadOrder) -> ReadOrder:
    """An order with one more of its sub-orders; what is the order's was said by the first line, but a note may stand
    at any of them."""
    both = (*whole.order.lines, *part.order.lines)
    lines = tuple(both[places[-1]] for places in restated(both, ("quantity", "amount")))
    due = [one.amount for one in lines if one.amount is not None]
    status = main_status([one.status for one in lines], [one.gift for one in lines])
    order = whole.order.model_copy(
        update={"lines": lines, "status": status, "amount": sum(due, Decimal(0)) if due else None}
    )
    notes = {name: every(getattr(one.personal, name) for one in (whole, part)) for name in NOTES}
    return whole.model_copy(update={"order": order, "personal": whole.personal.model_copy(update=notes)})


def _each_line(path: Path, zone: tzinfo) -> Iterator[ReadOrder | BadRow]:
    dates = Dates(zone)
    with path.open("rb") as file:
        number = 0
        while data := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(data) > LONGEST_LINE:
                yield _bad(number, _Wrong("", "addresses.line_too_long"))
                while data and not data.endswith(b"\n"):
                    data = file.readline(LONGEST_LINE)
            elif text := data.removeprefix(b"\xef\xbb\xbf").strip():
                yield _read(text, number, dates)


def _read(text: bytes, number: int, dates: Dates) -> ReadOrder | BadRow:
    try:
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            raise _Wrong("", "addresses.not_json") from None
        if not isinstance(said, dict):
            raise _Wrong("", "addresses.not_json")
        if slip := misspelt(said):
            raise _Wrong(slip[0], "addresses.misspelt", meant=slip[1])
        if said.keys().isdisjoint(FIELDS):
            raise _Wrong("", "addresses.no_fields")
        return order_of(said, number, dates)
    except _Wrong as wrong:
        return _bad(number, wrong)


def _bad(number: int, wrong: _Wrong) -> BadRow:
    values = {"order_id": wrong.text} | ({"meant": wrong.meant} if wrong.meant else {})
    return BadRow(line=number, column=wrong.field, key=wrong.key, values=values)


def order_of(said: Mapping[str, Any], number: int, dates: Dates) -> ReadOrder:
    """The order an object says. Raises _Wrong where a value cannot be what its field holds."""
    phone = _text(said, "receiver_phone") or _text(said, "phone")  # as `shiftbot parse --json` calls it
    address = _text(said, "address")
    places = tuple(place(_text(said, name)) for name in ("province", "city", "district"))
    province, city, district = places if any(places) else division(address)
    order = Order(
        order_id=_id(said, "order_id"),
        status=_status(said),
        lines=(_line(said, number),),
        province=province,
        city=city,
        district=district,
        phone_tail=phone_tail(phone),
        address_changed=said.get("address_changed") is True,
        presale=said.get("presale") is True,
        hidden=tuple(name for name, text in (("address", address), ("phone", phone)) if is_hidden(text)),
        **{field: _money(said, name) for field, name in AMOUNTS.items()},
        **{name: _text(said, name) for name in TEXTS},
        **{name: brief(_text(said, name)) for name in BRIEF},
        **{name: _moment(said, name, dates) for name in MOMENTS},
    )
    personal = Personal(
        receiver_name=clear(_text(said, "receiver_name")), phone=clear(phone), town=clear(_text(said, "town")),
        address=clear(address), buyer_message=note(_text(said, "buyer_message")),
        seller_memo=note(_text(said, "seller_memo")), nick=clear(_text(said, "buyer_nick")),
    )  # fmt: skip
    return ReadOrder(order=order, personal=personal, line=number)


def _line(said: Mapping[str, Any], number: int) -> OrderLine:
    """The sub-order."""
    return OrderLine(
        sub_order_id=_id(said, "sub_order_id"),
        product_id=_text(said, "product_id"),
        sku_code=_text(said, "sku_code"),
        title=title(_text(said, "product_title")),
        sku=_text(said, "sku"),
        quantity=_count(said),
        amount=_money(said, "amount_due"),
        status=_status(said),
        gift=said.get("gift") is True,
        row=number,
    )


def _text(said: Mapping[str, Any], name: str) -> str:
    """A field as text; null and what is not there say nothing."""
    value = said.get(name)
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise _Wrong(name, "addresses.value")


def _id(said: Mapping[str, Any], name: str) -> str:
    """An id; as a number with a fraction or an exponent it has lost its digits."""
    if isinstance(said.get(name), float):
        raise _Wrong(name, "orders.id_damaged", str(said[name]))
    text = _text(said, name)
    if len(text) > LONGEST_ID:
        raise _Wrong(name, "orders.id_unreadable")
    return text


def _status(said: Mapping[str, Any]) -> Status:
    text = _text(said, "status") or "unknown"
    if text not in STATUSES:
        raise _Wrong("status", "addresses.status")
    return text  # type: ignore[return-value] # one of its own words


def _money(said: Mapping[str, Any], name: str) -> Decimal | None:
    try:
        return money(_text(said, name))
    except Damaged as damaged:
        raise _Wrong(name, str(damaged)) from None


def _count(said: Mapping[str, Any]) -> int:
    try:
        return pieces(_text(said, "quantity")) or 1
    except Damaged as damaged:
        raise _Wrong("quantity", str(damaged)) from None


def _moment(said: Mapping[str, Any], name: str, dates: Dates) -> datetime | None:
    try:
        return dates.moment(_text(said, name))
    except Damaged as damaged:
        raise _Wrong(name, str(damaged)) from None
