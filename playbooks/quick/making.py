"""Quick replies 快捷语 made from our templates and the run sheet, per product and promotion (REQUIREMENTS A06).

Made from the offer in force and named with its revision: when a price, promotion or gift moves they are made anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter

from playbooks import promotion
from playbooks.announce import Listing, Offer, whole
from playbooks.model import Model
from playbooks.promotion import BuyXGetY, Flash, Freebie, Gift, HandPrice, plain
from playbooks.quick.parts import in_parts
from playbooks.quick.ready import guarantees
from playbooks.rulebook import load


class Template(Model):
    """A reply with {values}; `words` are what it is searched by."""

    id: str
    words: tuple[str, ...]
    text: str
    sold_out: bool = False


class Hands(Model):
    """How a hand price is said for one unit, for several, and where more are sent than paid."""

    one: str
    several: str
    more: str


class Rules(Model):
    """`data/quick_replies.toml`."""

    source: str
    part: int
    most_amounts: int
    sizes: str
    terms: dict[str, dict[str, str]]
    hand: Hands
    product: tuple[Template, ...]
    room: tuple[Template, ...]


class QuickReply(Model):
    """What an agent pastes, in `parts` of at most 60 characters; `words` it is searched by.

    `link_no` and `revision` say which offer it quotes; both 0 for a reply of the whole room.
    """

    id: str
    link_no: int = 0
    revision: int = 0
    words: tuple[str, ...]
    parts: tuple[str, ...]


def rules() -> Rules:
    """`data/quick_replies.toml`."""
    known: Rules = load("quick_replies", Rules)
    return known


def for_product(listing: Listing, platform: str, stated: Mapping[str, str]) -> tuple[QuickReply, ...]:
    """The replies for a product as it is offered now; `stated` is what the room says of itself."""
    offer = listing.offer
    values = {**terms(platform), **stated, **_values(listing, platform)}
    meant = [one for one in rules().product if one.sold_out == offer.sold_out]
    head = f"{listing.link_no}号{listing.name}"
    return tuple(
        QuickReply(
            id=one.id, link_no=listing.link_no, revision=offer.revision, parts=_parts(one, values),
            words=tuple(head + word for word in one.words),
        )
        for one in meant
        if _known(one, values)
    )  # fmt: skip


def for_room(platform: str, stated: Mapping[str, str]) -> tuple[QuickReply, ...]:
    """The replies of the whole room: its ready answers as buyers are told them, and what every room has."""
    values = {**terms(platform), **stated}
    return tuple(
        QuickReply(id=one.id, words=one.words, parts=_parts(one, values))
        for one in rules().room
        if _known(one, values)
    )


def hold_on(platform: str) -> tuple[str, ...]:
    """What to say while the answer is not known (B05: never guess)."""
    return next(one.parts for one in for_room(platform, {}) if one.id == "hold_on")


def terms(platform: str) -> dict[str, str]:
    """How this platform wants things called (K04)."""
    known = rules().terms
    return {**known["default"], **known.get(platform, {})}


def _known(template: Template, values: Mapping[str, str]) -> bool:
    return all(values.get(name) for _, name, _, _ in Formatter().parse(template.text) if name)


def _parts(template: Template, values: Mapping[str, str]) -> tuple[str, ...]:
    said = template.text.format_map(values).replace("。。", "。")
    return in_parts(said, rules().part)


def _values(listing: Listing, platform: str) -> dict[str, str]:
    """Every value a product's template may hold; '' for what is not known."""
    offer, product = listing.offer, listing.product
    named = terms(platform)
    has_sizes = re.search(rules().sizes, f"{product.spec} {product.name}")
    hours = whole(product.ship_time)
    names = {g.service: g.zh for g in guarantees() if g.service}
    return {
        "number": str(listing.link_no),
        "name": listing.name,
        "gone": named["sold_out_sizes" if has_sizes else "sold_out"],
        "backup": product.backup,
        "price": plain(offer.live_price),
        "hands": _hands(offer),
        "promo": _promo(offer),
        "gift": gifts(offer),
        "gifts_counted": _gifts_counted(offer),
        "limit": str(offer.limit or ""),
        "stock": str(offer.stock or ""),
        "spec": product.spec,
        "ship": "" if hours is not None else product.ship_time,
        "ship_hours": "" if hours is None else str(hours),
        "no_ship": "、".join(product.stop_regions),
        "after_sale": product.after_sale,
        "services": "、".join(p.text if p.regions_excluded else names[p.service] for p in _freebies(offer)),
        "points": "；".join(product.points),
    }


def _hands(offer: Offer) -> str:
    """The hand prices in a sentence; a blank where the live price is all there is to say."""
    if not offer.promotions:
        return " "
    worked = promotion.advertised(offer.live_price, offer.promotions)[: rules().most_amounts]
    told = [_hand(one) for one in worked if one.pay != offer.live_price or one.shipped > 1]
    return f"{'；'.join(told)}。" if told else " "


def _hand(worked: HandPrice) -> str:
    how = rules().hand
    text = how.more if worked.shipped > worked.quantity else how.several if worked.quantity > 1 else how.one
    pay, unit = plain(worked.pay), plain(worked.unit)
    return text.format(quantity=worked.quantity, shipped=worked.shipped, pay=pay, unit=unit)


def _promo(offer: Offer) -> str:
    """The promotions in the shop's own words; gifts and services have replies of their own."""
    told = (p for p in offer.promotions if not isinstance(p, Flash) or p.running)  # planned is no offer yet
    own = (p.text for p in told if not isinstance(p, Gift | Freebie))
    return "；".join(dict.fromkeys([*own, *offer.left]))


def gifts(offer: Offer) -> str:
    """The gifts owed with the product, as the shop writes them."""
    named = [_gift_name(p) for p in offer.promotions if p.owes_gift]
    return "、".join(dict.fromkeys(name for name in named if name)) or offer.gift


def _gift_name(promised: promotion.Promotion) -> str:
    if isinstance(promised, Gift):
        return promised.name if promised.qty == 1 else f"{promised.name}{promised.qty}份"
    return promised.gift_name if isinstance(promised, BuyXGetY) else ""


def _gifts_counted(offer: Offer) -> str:
    """How many gifts there are, only where the run sheet says so: urgency comes from facts alone (L06)."""
    counted = [p for p in offer.promotions if isinstance(p, Gift) and p.gift_stock]
    return "、".join(f"{p.name}共{p.gift_stock}份" for p in counted)


def services(offer: Offer) -> frozenset[str]:
    """The guarantees the run sheet gives this very product, by their names (H41)."""
    given = {p.service for p in _freebies(offer)}
    return frozenset(g.zh for g in guarantees() if g.service in given)


def _freebies(offer: Offer) -> tuple[Freebie, ...]:
    return tuple(p for p in offer.promotions if isinstance(p, Freebie))
