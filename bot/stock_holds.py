"""Orders of a product nobody can pack 断码, held at once and let go at once, without waiting for an export (D06)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, islice

from bot.auditing import as_order
from bot.desk import Desk
from bot.holding_known import Held, held_otherwise, kept
from playbooks import aftercare
from playbooks.addresses.around import Around
from playbooks.addresses.audit import gather
from playbooks.addresses.findings import Finding
from playbooks.addresses.rules_order import out_of_stock
from playbooks.aftercare import Shortage
from playbooks.orders import TO_SHIP, OrderState, Personal, sold_as

AT_ONCE = 500
"""Orders held or let go in one unit; those beyond follow with the next export."""
RULE = "out_of_stock"


def containing(one: Shortage, desk: Desk) -> list[OrderState]:
    """The orders still to ship that hold the product, as far as the books know, soonest ship-by first."""
    product, orders = sold_as(one.broadcast, one.link_no), desk.books.orders
    found = chain(orders.scan("sold_as", product), orders.scan("also_sold", product))
    each = {order.id: order for order in found if order.status in TO_SHIP}
    return sorted(each.values(), key=lambda order: (order.ship_by or order.as_of, order.order_id))


def looked_at_again(orders: Iterable[OrderState], desk: Desk) -> list[Held]:
    """The orders' holds as the room's shortages have them now; what changed, kept."""
    shortages = list(desk.books.shortages.scan())
    changed = (
        held_otherwise(order, _found(order, shortages), lambda one: one.rule == RULE, desk)
        for order in islice(orders, AT_ONCE)
    )
    return [Held(held.known, kept(held, desk)) for held in changed if held]


def _found(state: OrderState, shortages: list[Shortage]) -> tuple[Finding, ...]:
    links = [piece.link_no for piece in state.bought if piece.link_no is not None]
    names = aftercare.missing(shortages, state.broadcast, links)
    return out_of_stock(gather(as_order(state), Personal(), Around(out_of_stock=names)))
