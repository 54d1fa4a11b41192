"""What is said about a product's offer, by everybody who says it."""

from __future__ import annotations

from decimal import Decimal

from bot.card import line
from playbooks import announce, gifts, promotion
from playbooks.announce import Change, Listing, Offer
from playbooks.runsheet import Product
from storage.rows import Line


def name_of(listing: Listing) -> Line:
    """`3号 玫瑰精华水 150ml`."""
    return line("air.product", number=listing.link_no, name=listing.name)


def bought(link_no: int | None, title: str) -> Line:
    """What an order is for, as far as it is known: `3号 玫瑰精华水`, the title alone, or that it is unknown."""
    if link_no is not None:
        return line("air.product", number=link_no, name=title)
    return line("common.verbatim", text=title) if title else line("common.product_unknown")


def price_of(what: Offer | Product) -> Decimal | Line:
    """The live price as a list shows it: 59.90, or 59.9/2件 where one order at it is of several units."""
    pieces = promotion.pieces_of_price(what.promotions, what.promo)
    if pieces == 1:
        return what.live_price
    return line("air.price_for", price=promotion.plain(what.live_price), pieces=pieces)


def offer_lines(listing: Listing) -> list[Line]:
    """Everything in force for a product, the price first: buyers' questions are answered from this."""
    offer, product = gifts.as_counted(listing), listing.product
    price = line("air.price", price=price_of(offer))
    if offer.sold_out:
        return [
            line("air.sold_out_for", backup=product.backup) if product.backup else line("air.sold_out"),
            price,
        ]
    ship = "ship_hours" if announce.whole(product.ship_time) is not None else "ship"
    facts = (("gift", offer.gift), ("limit", offer.limit), ("stock", offer.stock), (ship, product.ship_time))
    left = listing.gift_count.left if listing.gift_count and announce.gifts_gone(offer) else None
    return [
        price,
        *promo_lines(offer),
        *(line(f"air.{name}", value=v) for name, v in facts if v not in ("", None)),
        *([] if left is None else [line("air.gifts_left", value=left)]),
    ]


def promo_lines(offer: Offer) -> list[Line]:
    """The promotions, what was not understood verbatim, and the worked 到手价 for one and for the bundle."""
    told = [_told(*promotion.line(p)) for p in offer.promotions]
    told += [line("common.verbatim", text=piece) for piece in offer.left]
    if not told:
        return [line("air.promo", text=offer.promo)] if offer.promo else []
    hands = promotion.advertised(offer.live_price, offer.promotions) if offer.promotions else ()
    others = promotion.extras(offer.live_price, offer.promotions)
    return [
        line("air.promo", text=tuple(told)),
        *(_told(*promotion.hand_line(hand)) for hand in hands),
        *(line(f"promo.hand_{extra}", pay=price.pay) for extra, price in others),
    ]


def internal_lines(listing: Listing) -> list[Line]:
    """Commission and forecast: for ops and managers only (facts/runsheet.yaml, visibility)."""
    product = listing.product
    percent = promotion.plain(product.commission) if product.commission is not None else None
    forecast = promotion.plain(product.forecast) if product.forecast is not None else None
    return [
        *([line("air.commission", percent=percent)] if percent else []),
        *([line("air.forecast", value=forecast)] if forecast else []),
    ]


def _told(key: str, values: dict[str, str]) -> Line:
    return line(key, **values)


def change_line(change: Change) -> Line:
    """`直播价 79.00 → 75.00`."""
    if change.field == "sold_out":
        return line("change.sold_out" if change.after else "change.back")
    none = line("change.none")
    return line(f"change.{change.field}", before=change.before or none, after=change.after or none)
