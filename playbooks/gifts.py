"""Gifts 赠品 counted and owed (REQUIREMENTS A03, facts/runsheet.yaml gift): the stock ops set, less the orders since.

An order counts once, whether the platform's export shows the gift in it or the offer in force promised one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from playbooks.announce import GiftCount, Listing, Offer, OfferVersion, first_offer, gifts_gone
from playbooks.in_force import offer_at
from playbooks.model import Model, Moment
from playbooks.orders import OrderState
from playbooks.promotion import Gift, GiftDue, work_out
from playbooks.runsheet import Product


class GiftOwed(Model):
    """What one order is owed. `along`: the platform's export shows a gift in the order, so it ships with it."""

    order_id: str
    link_no: int
    gifts: tuple[GiftDue, ...]
    along: bool


def planned_count(product: Product, now: Moment) -> GiftCount | None:
    """The stock the sheet names: 限200份 or 前100名; None where it names none. The fewest of several gifts counts."""
    named = [p.gift_stock or p.first_n_orders for p in product.promotions if isinstance(p, Gift)]
    stock = min((count for count in named if count), default=None)
    return None if stock is None else GiftCount(stock=stock, at=now, left=stock)


def owed(listing: Listing, versions: Iterable[OfferVersion], orders: Iterable[OrderState]) -> list[GiftOwed]:
    """The paid, living orders of `listing` that are owed a gift, the earliest placed first."""
    known = list(versions)
    mine = (o for o in orders if o.link_no == listing.link_no and o.paid and not o.dead and o.created_at)
    found: list[GiftOwed] = []
    promised = 0
    for order in sorted(mine, key=lambda o: (o.created_at, o.order_id)):
        assert order.created_at is not None
        gifts = _promised(offer_at(known, order.created_at), order, promised)
        promised += bool(gifts)
        along = tuple(GiftDue(name=name, qty=1) for name in order.gifts)
        if gifts or along:
            due = GiftOwed(
                order_id=order.order_id, link_no=listing.link_no, gifts=along or gifts, along=bool(along)
            )
            found.append(due)
    return found


def _promised(offer: Offer | None, order: OrderState, before: int) -> tuple[GiftDue, ...]:
    """What the offer in force promised an order that `before` others with a gift came ahead of."""
    if offer is None:
        return ()
    open_ = [
        p
        for p in offer.promotions
        if not isinstance(p, Gift) or p.first_n_orders is None or before < p.first_n_orders
    ]
    return work_out(offer.live_price, open_, order.quantity).gifts


def count_down(
    listing: Listing, due: Iterable[GiftOwed], placed: Mapping[str, Moment | None]
) -> GiftCount | None:
    """The count after the orders `due` placed since it was set; None where nobody counts."""
    count = listing.gift_count
    if count is None:
        return None
    since = len(_since(count, due, placed))
    return count.changed(left=max(0, count.stock - since), beyond=max(0, since - count.stock))


def beyond_stock(
    listing: Listing, due: Iterable[GiftOwed], placed: Mapping[str, Moment | None]
) -> frozenset[str]:
    """The numbers of the orders for which no gift is left, the latest placed; `due` in the order placed."""
    count = listing.gift_count
    late = _since(count, due, placed)[count.stock :] if count else []
    return frozenset(one.order_id for one in late)


def _since(count: GiftCount, due: Iterable[GiftOwed], placed: Mapping[str, Moment | None]) -> list[GiftOwed]:
    return [one for one in due if (at := placed.get(one.order_id)) and at >= count.at]


def as_counted(listing: Listing) -> Offer:
    """The offer as it is told: a gift of a limited number says how many ops counted, not what the sheet once said."""
    offer, count = listing.offer, listing.gift_count
    limited = [p for p in offer.promotions if isinstance(p, Gift) and p.gift_stock]
    if count is None or not count.stock or len(limited) != 1 or limited[0].gift_stock == count.stock:
        return offer
    told = limited[0].changed(gift_stock=count.stock)
    kept = tuple(told if p == limited[0] else p for p in offer.promotions)
    return offer.changed(promotions=kept, gift="" if offer.gift == told.text else offer.gift)


def gifts_back(offer: Offer, product: Product) -> dict[str, Any]:
    """The fields of `offer` with the gift the sheet promises in it again; {} where it is promised already."""
    planned = first_offer(product, offer.by, offer.at)
    if gifts_gone(offer) or not gifts_gone(planned):
        return {}
    without = planned.changed(**gifts_gone(planned))
    if (offer.promotions, offer.promo) == (without.promotions, without.promo):
        return {"promotions": planned.promotions, "promo": planned.promo, "gift": planned.gift}
    gifts = tuple(p for p in planned.promotions if p.owes_gift)  # ops changed the rest since
    return {
        "promotions": (*offer.promotions, *gifts),
        "gift": planned.gift or "，".join(p.text for p in gifts),
    }
