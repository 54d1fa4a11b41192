"""What the audit knows besides the row itself: the room's rules, the buyer's other orders, exceptions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from playbooks.addresses.findings import Finding
from playbooks.addresses.places import places
from playbooks.addresses.regions import RegionRule
from playbooks.addresses.spot import door
from playbooks.model import Document, Moment
from playbooks.orders import Order, Personal


class Sibling(NamedTuple):
    """Where another order still to ship goes, of the same buyer or phone (REQUIREMENTS D01).

    `address_key` and `phone_key` are keyed hashes of what `footprint` gives, '' where unknown; `codes` the
    divisions, outermost first.
    """

    order_id: str
    address_key: str
    phone_key: str
    codes: tuple[str, ...]


class Footprint(NamedTuple):
    """Where an order goes, in clear: to be hashed before it is kept. '' where the row does not say."""

    address: str
    phone: str
    codes: tuple[str, ...]


BY_REGION = frozenset(["no_ship", "remote", "field_contradiction", "unknown_division", "other_place"])
"""Rules of the place alone, which an exception may lift for a whole region. What one buyer wrote, or one row lacks,
says nothing of the next order there."""


class Excepted(Document):
    """An approved exception 误报例外: findings of `rule` in `region` are dropped.

    `until` None means open.
    """

    rule: str
    region: str
    author: str = ""
    from_at: Moment
    until: Moment | None = None

    def covers(self, finding: Finding, now: datetime) -> bool:
        return (
            (finding.rule, finding.region) == (self.rule, self.region)
            and self.rule in BY_REGION
            and self.from_at <= now
            and (self.until is None or now < self.until)
        )


class Around(NamedTuple):
    """What is known besides the row.

    `rules` in force; `link_nos` those of the order's lines, () unknown; `own` and `siblings` where this
    and the buyer's other orders still to ship go; `out_of_stock` names of the order's products the shop
    cannot deliver; `shown` the personal fields the file shows in clear at all: only where phones are shown is
    an empty one missing. `now` None: neither exceptions nor expiry are looked at.
    """

    rules: tuple[RegionRule, ...] = ()
    link_nos: tuple[int, ...] = ()
    own: Sibling | None = None
    siblings: tuple[Sibling, ...] = ()
    presale: bool = False
    out_of_stock: tuple[str, ...] = ()
    exceptions: tuple[Excepted, ...] = ()
    shown: frozenset[str] = frozenset()
    now: datetime | None = None


def footprint(order: Order, personal: Personal) -> Footprint:
    """Address and phone written one way, so that 3幢402室 and 三栋402 are one; '' where masked or unknown."""
    where = places(order.province, order.city, order.district)
    street = door(personal.address)
    known = bool(street) and "*" not in personal.address and bool(where.here)
    address = "/".join((*where.codes, street)) if known else ""
    return Footprint(address, mobile(personal.phone), where.codes)


def mobile(phone: str) -> str:
    """The digits of a buyer's own number; '' for a masked one, and for a virtual one, which is the order's."""
    digits = re.sub(r"[\s()+-]", "", phone)
    return digits.removeprefix("86") if digits.isdigit() and 10 <= len(digits) <= 13 else ""


def excused(findings: Iterable[Finding], around: Around) -> tuple[Finding, ...]:
    """The findings, those an exception covers left out."""
    now = around.now
    if now is None or not around.exceptions:
        return tuple(findings)
    return tuple(found for found in findings if not any(one.covers(found, now) for one in around.exceptions))
