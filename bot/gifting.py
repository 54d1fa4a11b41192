"""Gifts counted in a room's books: what each order is owed, how many are left, and the card once they are gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.card import Card, button, line, tell
from bot.changing import change
from bot.desk import Desk
from bot.offer import name_of
from playbooks import announce, gifts
from playbooks.announce import Listing
from playbooks.broadcast import Broadcast
from playbooks.gifts import GiftOwed
from playbooks.orders import OrderState
from storage.rows import Line


def promising(here: Broadcast, desk: Desk) -> list[Listing]:
    """The broadcast's products that promise a gift, or did by their sheet."""
    found = desk.books.listings.by("broadcast", here.id)
    return [
        one for one in found if any(p.owes_gift for p in (*one.offer.promotions, *one.product.promotions))
    ]


def owed(listing: Listing, orders: Sequence[OrderState], desk: Desk) -> list[GiftOwed]:
    """The orders of a product that are owed a gift."""
    return gifts.owed(listing, desk.books.offers.by("listing", listing.id), orders)


def named(one: GiftOwed) -> tuple[Line, ...]:
    """The gifts of an order with their count."""
    return tuple(line("gift.named", name=g.name, qty=g.qty) for g in one.gifts)


def counted(desk: Desk) -> list[Card]:
    """Count every gift down by the orders known now; one that is gone leaves the card, and ops are told."""
    here = desk.broadcast()
    counting = [one for one in promising(here, desk) if one.gift_count] if here else []
    if here is None or not counting:
        return []
    orders = desk.books.orders.by("broadcast", here.id)
    placed = {o.order_id: o.created_at for o in orders}
    cards: list[Card] = []
    for listing in counting:
        count = gifts.count_down(listing, owed(listing, orders, desk), placed)
        if count and listing.gift_count and count != listing.gift_count:
            kept = desk.books.listings.put(listing.changed(gift_count=count))
            cards += _gone(kept, here, desk) if not count.left else []
            cards += _beyond(kept, desk) if count.beyond > listing.gift_count.beyond else []
    return cards


def _gone(listing: Listing, here: Broadcast, desk: Desk) -> list[Card]:
    fields: dict[str, Any] = announce.gifts_gone(listing.offer)
    count = listing.gift_count
    if count is None or not fields or here.stage not in ("live", "closing") or listing.withdrawn_at:
        return []
    desk.note("gift_count", listing.id, left="0", number=str(listing.link_no))
    said = line("gift.gone_by_orders", product=name_of(listing), stock=count.stock)
    more = button("gift.still", f"gift {listing.link_no} ?")
    people = {m.id for m in desk.on_duty("ops") or desk.with_role("ops")}
    told = [tell(id, said, buttons=((more,),), rank="air") for id in sorted(people)]
    return [*change(listing, desk, **fields), *told]


def _beyond(listing: Listing, desk: Desk) -> list[Card]:
    """More orders were promised a gift than there are gifts: a manager decides what those buyers get."""
    count = listing.gift_count
    assert count is not None
    said = line("gift.beyond", product=name_of(listing), stock=count.stock, count=count.beyond)
    rows = ((button("gift.beyond_list", "gifts"),), (button("gift.still", f"gift {listing.link_no} ?"),))
    key = f"gift-beyond:{listing.id}"
    return [tell(m.id, said, buttons=rows, key=f"{key}:{m.id}") for m in desk.with_role("manager")]
