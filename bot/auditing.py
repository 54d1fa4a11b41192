"""The audit at the room's books: what is known around an order, and what the rules make of it (D01)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from bot.desk import Desk
from playbooks import aftercare
from playbooks.addresses import divisions
from playbooks.addresses.around import Around, Excepted, Sibling, footprint
from playbooks.addresses.audit import audit
from playbooks.addresses.findings import Finding, weighty
from playbooks.addresses.regions import in_force
from playbooks.announce import Listing
from playbooks.broadcast import Broadcast
from playbooks.orders import TO_SHIP, Order, OrderState, Personal, ReadOrder
from playbooks.privacy.buyers import known

SIBLINGS = 20
"""A buyer's other orders looked at; who has more is a reseller, and all of theirs go to one place or to many."""
SHOWN = ("phone", "address", "receiver_name")
NEARLY_ALL = 0.9


def shown(rows: Sequence[ReadOrder]) -> frozenset[str]:
    """The personal fields a file shows at all: in a row without one it is missing, elsewhere it is only unknown.

    What a platform ciphers or masks is empty once it is read, and files are mixed: so a field counts as shown where
    nearly every order still to ship has it.
    """
    to_ship = [read.personal for read in rows if read.order.status in TO_SHIP]
    least = len(to_ship) * NEARLY_ALL
    return frozenset(
        field for field in SHOWN if to_ship and sum(bool(getattr(one, field)) for one in to_ship) >= least
    )


def get_ready() -> None:
    """Read the divisions and words the audit works with, half a second once a process: not within a room's unit."""
    audit(
        Order(platform="", order_id="", status="unknown", province="浙江省", city="杭州市"),
        Personal(address="浙江省杭州市西湖区文三路", buyer_message="改地址到苏州市", seller_memo="改地址"),
    )


class Auditing:
    """What the room knows, read once for a batch of rows."""

    def __init__(self, rows: Sequence[ReadOrder], desk: Desk) -> None:
        self._desk = desk
        self._rules = in_force(list(desk.books.region_rules.scan()), desk.now)
        self._exceptions: tuple[Excepted, ...] = tuple(desk.books.exceptions.scan())
        self._shortages = list(desk.books.shortages.scan())
        self._shown = shown(rows)

    def own(self, order: Order, personal: Personal) -> Sibling | None:
        """Where an order still to ship goes and to whom, as keyed hashes; None where nothing of it is known."""
        clear = Personal(**{str(field): text for field, text in known(personal).items()})
        found, buyers = footprint(order, clear), self._desk.buyers
        address = buyers.mark("address", found.address)
        phone = buyers.mark("phone", found.phone)
        return Sibling(order.order_id, address, phone, found.codes) if address or phone else None

    def findings(
        self,
        order: Order,
        personal: Personal,
        own: Sibling | None,
        *,
        links: Sequence[int],
        listings: Sequence[Listing],
        broadcast: Broadcast | None,
    ) -> tuple[Finding, ...]:
        """What somebody has to act on; notes on orders that may ship are left out."""
        ours = [one for one in listings if one.link_no in links]
        around = Around(
            rules=self._rules, link_nos=tuple(links), own=own, siblings=self._siblings(order, own),
            presale=any(p.kind == "presale" for one in ours for p in one.offer.promotions),
            out_of_stock=aftercare.missing(self._shortages, broadcast.id if broadcast else "", links),
            exceptions=self._exceptions, shown=self._shown, now=self._desk.now,
        )  # fmt: skip
        return weighty(audit(order, personal, around))

    def _siblings(self, order: Order, own: Sibling | None) -> tuple[Sibling, ...]:
        """The buyer's other orders still to ship, by who they are and by the phone they gave."""
        orders = self._desk.books.orders
        theirs = orders.by("buyer_key", order.buyer_key, SIBLINGS) if order.buyer_key else []
        called = orders.by("phone_key", own.phone_key, SIBLINGS) if own and own.phone_key else []
        found = {one.order_id: _sibling(one) for one in chain(theirs, called) if one.status in TO_SHIP}
        found.pop(order.order_id, None)
        return tuple(found.values())


def _sibling(one: OrderState) -> Sibling:
    return Sibling(one.order_id, one.address_key, one.phone_key, one.codes)


def province_of(order: Order) -> str:
    """The province it goes to as the divisions call it; as the export wrote it where they do not know it."""
    found = divisions.province(order.province)
    return found.name if found else order.province.strip()
