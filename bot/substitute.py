"""What to offer instead of a product that is sold out 替补品 (REQUIREMENTS L04): said before anything else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.card import line
from bot.desk import Desk
from bot.offer import name_of, promo_lines
from playbooks import products
from playbooks.announce import Listing
from playbooks.model import Refusal
from storage.rows import Line

SOLD_OUT = ("air.sold_out", "air.sold_out_for", "change.sold_out")


def instead(listing: Listing, desk: Desk) -> list[Line]:
    """The substitute with price and promotions, where the sheet names one of its own products that is on sale."""
    other = _substitute(listing, desk)
    if other is None:
        return []
    return [
        line("air.instead", product=name_of(other), price=other.offer.live_price),
        *promo_lines(other.offer),
    ]


def said_once(said: Iterable[Line], first: Sequence[Line]) -> list[Line]:
    """`said` without 售罄 where the substitute, told `first`, says it already; a price behind the substitute's says
    whose it is."""
    if not first:
        return list(said)
    own = (one.changed(key="air.price_sold_out") if one.key == "air.price" else one for one in said)
    return [one for one in own if one.key not in SOLD_OUT]


def _substitute(listing: Listing, desk: Desk) -> Listing | None:
    named = listing.product.backup
    if not listing.offer.sold_out or not named:
        return None
    others = [one for one in desk.asked_about() if one.id != listing.id]
    for word in dict.fromkeys((named, named.split()[0])):
        try:
            found = products.find(others, word)
        except Refusal:
            continue
        return None if found.offer.sold_out else found
    return None
