"""Quick replies 快捷语 made from our templates and the run sheet, per product and promotion (REQUIREMENTS A06).

Made from the offer in force and named with its revision: when a price, promotion or gift moves they are made anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter

from playbooks import promotion
from playbooks.announce import Listing, Offer, whole
from playbooks.gifts import as_counted
from playbooks.model import Model
from playbooks.promotion import BuyXGetY, Flash, Freebie, Gift, HandPrice, plain
from playbooks.quick.parts import in_parts
from playbooks.quick.ready import CHINESE, enabled, guarantee_name, guarantees
from playbooks.rulebook import load


class Template(Model):
    """A reply with {values}; `words` are what it is searched by. `platforms`: those it is for; () for all."""

    id: str
    words: tuple[str, ...]
    text: str
    sold_out: bool = False
    platforms: tuple[str, ...] = ()


class Hands(Model):
    """How a hand price is said for one unit, for several, and where more are sent than paid."""

    one: str
    several: str
    more: str


class Joins(Model):
    """What a language puts between things, and how it says several of a gift: {name}, {qty}."""

    head: str
    several: str
    clauses: str
    end: str
    gift: str
    gift_counted: str


class Rules(Model):
    """`data/quick_replies.toml`, and `quick_replies_en.toml` for rooms whose buyers read English."""

    source: str
    part: int
    calm: tuple[str, ...] = ()
    joins: Joins
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


def rules(lang: str = CHINESE) -> Rules:
    """The templates in the language of the room, which its buyers read."""
    known: Rules = load("quick_replies" if lang == CHINESE else f"quick_replies_{lang}", Rules)
    return known


def for_product(
    listing: Listing, platform: str, stated: Mapping[str, str], lang: str = CHINESE
) -> tuple[QuickReply, ...]:
    """The replies for a product as it is offered now; `stated` is what the room says of itself."""
    offer, known = listing.offer, rules(lang)
    values = {**terms(platform, lang), **_stated(stated, lang), **_values(listing, platform, lang)}
    meant = [one for one in known.product if one.sold_out == offer.sold_out]
    head = known.joins.head.format(number=listing.link_no, name=listing.name)
    return tuple(
        QuickReply(
            id=one.id, link_no=listing.link_no, revision=offer.revision, parts=_parts(one, values, known),
            words=tuple(head + word for word in one.words),
        )
        for one in meant
        if _known(one, values)
    )  # fmt: skip


def for_room(platform: str, stated: Mapping[str, str], lang: str = CHINESE) -> tuple[QuickReply, ...]:
    """The replies of the whole room: its ready answers as buyers are told them, and what every room has."""
    values, known = {**terms(platform, lang), **_stated(stated, lang)}, rules(lang)
    return tuple(
        QuickReply(id=one.id, words=one.words, parts=_parts(one, values, known))
        for one in known.room
        if platform in (one.platforms or (platform,)) and _known(one, values)
    )


def hold_on(platform: str, lang: str = CHINESE) -> tuple[str, ...]:
    """What to say while the answer is not known (B05: never guess)."""
    return next(one.parts for one in for_room(platform, {}, lang) if one.id == "hold_on")


def terms(platform: str, lang: str = CHINESE) -> dict[str, str]:
    """How this platform wants things called (K04)."""
    known = rules(lang).terms
    return {**known["default"], **known.get(platform, {})}


def _stated(stated: Mapping[str, str], lang: str) -> dict[str, str]:
    """What the room says of itself, with the names of guarantees in the language of the room."""
    said = dict(stated)
    if names := enabled(stated):
        said["guarantees"] = rules(lang).joins.several.join(guarantee_name(name, lang) for name in names)
    return said


def _known(template: Template, values: Mapping[str, str]) -> bool:
    return all(values.get(name) for _, name, _, _ in Formatter().parse(template.text) if name)


def _parts(template: Template, values: Mapping[str, str], known: Rules) -> tuple[str, ...]:
    said = template.text.format_map(values).replace(known.joins.end * 2, known.joins.end)
    return in_parts(said, known.part)


def _values(listing: Listing, platform: str, lang: str) -> dict[str, str]:
    """Every value a product's template may hold; '' for what is not known."""
    offer, product = as_counted(listing), listing.product
    named, joins = terms(platform, lang), rules(lang).joins
    has_sizes = re.search(rules(lang).sizes, f"{product.spec} {product.name}")
    hours = whole(product.ship_time)
    names = {g.service: guarantee_name(g.zh, lang) for g in guarantees() if g.service}
    return {
        "number": str(listing.link_no),
        "name": listing.name,
        "gone": named["sold_out_sizes" if has_sizes else "sold_out"],
        "backup": product.backup,
        "price": plain(offer.live_price),
        "hands": _hands(offer, lang),
        "promo": _promo(offer, lang),
        "gift": gifts(offer, lang),
        "gifts_counted": _gifts_counted(offer, lang),
        "limit": str(offer.limit or ""),
        "stock": str(offer.stock or ""),
        "spec": product.spec,
        "ship": "" if hours is not None else product.ship_time,
        "ship_hours": "" if hours is None else str(hours),
        "no_ship": joins.several.join(product.stop_regions),
        "after_sale": product.after_sale,
        "services": joins.several.join(
            p.text if p.regions_excluded else names[p.service] for p in _freebies(offer)
        ),
        "points": joins.clauses.join(product.points),
    }


def _hands(offer: Offer, lang: str) -> str:
    """The hand prices in a sentence; a blank where the live price is all there is to say."""
    if not offer.promotions:
        return " "
    worked = promotion.advertised(offer.live_price, offer.promotions)[: rules(lang).most_amounts]
    told = [_hand(one, lang) for one in worked if one.pay != offer.live_price or one.shipped > 1]
    joins = rules(lang).joins
    return f"{joins.clauses.join(told)}{joins.end}" if told else " "


def _hand(worked: HandPrice, lang: str) -> str:
    how = rules(lang).hand
    text = how.more if worked.shipped > worked.quantity else how.several if worked.quantity > 1 else how.one
    pay, unit = plain(worked.pay), plain(worked.unit)
    return text.format(quantity=worked.quantity, shipped=worked.shipped, pay=pay, unit=unit)


def _promo(offer: Offer, lang: str) -> str:
    """The promotions in the shop's own words; gifts and services have replies of their own."""
    told = (p for p in offer.promotions if not isinstance(p, Flash) or p.running)  # planned is no offer yet
    own = (p.text for p in told if not isinstance(p, Gift | Freebie))
    return rules(lang).joins.clauses.join(dict.fromkeys([*own, *offer.left]))


def gifts(offer: Offer, lang: str = CHINESE) -> str:
    """The gifts owed with the product, as the shop writes them."""
    named = [_gift_name(p, lang) for p in offer.promotions if p.owes_gift]
    return rules(lang).joins.several.join(dict.fromkeys(name for name in named if name)) or offer.gift


def _gift_name(promised: promotion.Promotion, lang: str) -> str:
    if isinstance(promised, Gift):
        several = rules(lang).joins.gift.format(name=promised.name, qty=promised.qty)
        return promised.name if promised.qty == 1 else several
    return promised.gift_name if isinstance(promised, BuyXGetY) else ""


def _gifts_counted(offer: Offer, lang: str) -> str:
    """How many gifts there are, only where the run sheet says so: urgency comes from facts alone (L06)."""
    counted = [p for p in offer.promotions if isinstance(p, Gift) and p.gift_stock]
    joins = rules(lang).joins
    return joins.several.join(joins.gift_counted.format(name=p.name, qty=p.gift_stock) for p in counted)


def services(offer: Offer) -> frozenset[str]:
    """The guarantees the run sheet gives this very product, by their names (H41)."""
    given = {p.service for p in _freebies(offer)}
    return frozenset(g.zh for g in guarantees() if g.service in given)


def _freebies(offer: Offer) -> tuple[Freebie, ...]:
    return tuple(p for p in offer.promotions if isinstance(p, Freebie))
