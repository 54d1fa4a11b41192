"""The audit at the room's books: what is known around an order, and what the rules make of it (D01)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from bot.desk import Desk
from playbooks import aftercare
from playbooks.addresses import divisions
from playbooks.addresses.around import Around, Excepted, Sibling, footprint
from playbooks.addresses.audit import audit, gather
from playbooks.addresses.findings import Finding
from playbooks.addresses.places import places
from playbooks.addresses.regions import in_force
from playbooks.addresses.rules_order import other_orders
from playbooks.aftercare import Shortage
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


def of_products(
    around: Around,
    shortages: Iterable[Shortage],
    *,
    links: Sequence[int],
    listings: Sequence[Listing],
    broadcast: Broadcast | None,
) -> Around:
    """`around` with what the room knows of the order's products: their numbers, sold ahead, not to be delivered."""
    ours = [one for one in listings if one.link_no in links]
    return around._replace(
        link_nos=tuple(links),
        presale=any(p.kind == "presale" for one in ours for p in one.offer.promotions),
        out_of_stock=aftercare.missing(shortages, broadcast.id if broadcast else "", links),
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
        """Everything found of the order: what somebody has to act on (`weighty`), and notes that it may ship."""
        around = Around(
            rules=self._rules, own=own, siblings=self._siblings(order, own), exceptions=self._exceptions,
            shown=self._shown, now=self._desk.now,
        )  # fmt: skip
        around = of_products(around, self._shortages, links=links, listings=listings, broadcast=broadcast)
        return audit(order, personal, around)

    def beside(self, state: OrderState) -> tuple[Finding, ...]:
        """What is found of an order as it is kept beside its buyer's other orders as the books have them now: who
        ordered first has two addresses as soon as the second is known, and one again when that has left (D01)."""
        order, own = as_order(state), _sibling(state)
        return other_orders(gather(order, Personal(), Around(own=own, siblings=self._siblings(order, own))))

    def _siblings(self, order: Order, own: Sibling | None) -> tuple[Sibling, ...]:
        return tuple(map(_sibling, self.others(order, own)))

    def others(self, order: Order, own: Sibling | None) -> tuple[OrderState, ...]:
        """The buyer's other orders still to ship, by who they are and by the phone they gave."""
        orders = self._desk.books.orders
        theirs = orders.by("buyer_key", order.buyer_key, SIBLINGS) if order.buyer_key else []
        called = orders.by("phone_key", own.phone_key, SIBLINGS) if own and own.phone_key else []
        found = {one.order_id: one for one in chain(theirs, called) if one.status in TO_SHIP}
        found.pop(order.order_id, None)
        return tuple(found.values())


def _sibling(one: OrderState) -> Sibling:
    return Sibling(one.order_id, one.address_key, one.phone_key, one.codes)


def goes_to(order: Order) -> str:
    """Province and city it goes to as the divisions call them; as the export wrote them where they do not know one."""
    found = places(order.province, order.city, order.district)
    if found.province and found.city:
        return found.said
    return " ".join(dict.fromkeys(filter(None, (order.province.strip(), order.city.strip()))))


def as_order(state: OrderState) -> Order:
    """What of an order the books keep, as the audit takes it; nothing personal."""
    return Order(
        platform=state.platform, order_id=state.order_id, status=state.status, province=state.province,
        city=state.city, ship_by=state.ship_by, amount=state.amount, buyer_key=state.buyer_key,
    )  # fmt: skip


def province_of(order: Order) -> str:
    """The province it goes to as the divisions call it; as the export wrote it where they do not know it."""
    found = divisions.province(order.province)
    return found.name if found else order.province.strip()
