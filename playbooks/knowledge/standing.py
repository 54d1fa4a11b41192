"""Whether an entry may be offered: not expired, quoting no old offer, promising no guarantee that is not given.

REQUIREMENTS A06, A07, A10, H41, K06. A text that quotes what was once offered is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Literal

from playbooks import promotion
from playbooks.announce import Offer
from playbooks.knowledge.model import KnowledgeEntry, rules
from playbooks.model import Refusal
from playbooks.promotion import BuyXGetY, Gift, plain, squeeze
from playbooks.quick import guarantee_name, promised, services
from playbooks.quick.ready import CHINESE

Standing = Literal["good", "proposed", "expired", "old_offer", "no_offer", "guarantee"]


def standing(
    entry: KnowledgeEntry, now: datetime, offer: Offer | None, earlier: Iterable[Offer], given: Iterable[str]
) -> Standing:
    """How the entry stands at `now`: `offer` is what its product is sold for (None: not on today's sheet),
    `earlier` its former revisions, `given` the guarantees the shop has enabled.
    """
    if entry.state == "proposed":
        return "proposed"
    if entry.valid_until is not None and entry.valid_until <= now:
        return "expired"
    if offer is None and entry.quotes:
        return "no_offer"
    if offer is not None and (set(entry.quotes) - facts(offer) or outdated(entry.answer, offer, earlier)):
        return "old_offer"
    return "guarantee" if not_given(entry.answer, offer, given) else "good"


def check(
    text: str, offer: Offer | None, earlier: Iterable[Offer], given: Iterable[str], lang: str = CHINESE
) -> None:
    """Refuses a text that could not be offered: `kb.old_price` {amount, price}, `kb.guarantee` {names} in `lang`."""
    if offer is not None and (old := outdated(text, offer, earlier)):
        raise Refusal("kb.old_price", amount=plain(min(old)), price=offer.live_price)
    if missing := not_given(text, offer, given):
        raise Refusal("kb.guarantee", names=tuple(guarantee_name(one, lang) for one in missing))


def quotes(text: str, offer: Offer) -> tuple[str, ...]:
    """The facts of the offer that a text tells: yuan, gifts, promotions in the shop's words."""
    said = squeeze(text)
    stated = {f"¥{plain(amount)}" for amount in amounts(text)}
    stated |= {f"¥{plain(amount)}" for amount in _prices(offer) if _bare_number(amount, said)}
    told = {fact for fact in facts(offer) if not fact.startswith("¥") and squeeze(fact) in said}
    return tuple(sorted(stated & facts(offer) | told))


def facts(offer: Offer) -> set[str]:
    """Everything of an offer a text may quote: `¥79`, a gift's name, a promotion's own words."""
    known = {f"¥{plain(amount)}" for amount in _amounts(offer)} | {p.text for p in offer.promotions}
    return known | {name for name in (*_gifts(offer), offer.gift, *offer.left) if name}


def amounts(text: str) -> set[Decimal]:
    """The yuan a text names, written `¥79`, `79.9元`, `79块`."""
    return {Decimal(a or b) for a, b in re.findall(rules().amount, text)}


def outdated(text: str, offer: Offer, earlier: Iterable[Offer]) -> set[Decimal]:
    """The yuan in a text that were part of a former revision and are not part of this one."""
    once = {amount for former in earlier for amount in _prices(former)}
    return {one for one in amounts(text) if one in once} - _amounts(offer)


def not_given(text: str, offer: Offer | None, given: Iterable[str]) -> list[str]:
    """The guarantees a text promises that neither the shop nor the product's row gives (H41)."""
    product = services(offer) if offer else frozenset()
    return sorted(promised(text) - frozenset(given) - product)


def _prices(offer: Offer) -> set[Decimal]:
    """The live price and the hand prices worked from it."""
    worked = promotion.advertised(offer.live_price, offer.promotions) if offer.promotions else ()
    return {offer.live_price, *(one.pay for one in worked), *(one.unit for one in worked)}


def _amounts(offer: Offer) -> set[Decimal]:
    """The prices and every amount its promotions name."""
    named = {value for p in offer.promotions for value in dict(p).values() if isinstance(value, Decimal)}
    return _prices(offer) | named | amounts(offer.promo)


def _gifts(offer: Offer) -> list[str]:
    return [p.name for p in offer.promotions if isinstance(p, Gift)] + [
        p.gift_name for p in offer.promotions if isinstance(p, BuyXGetY) and p.gift_name
    ]


def _bare_number(amount: Decimal, said: str) -> bool:
    """Whether the amount stands there as a number alone: `现在只要79`, but not 79件 or 79小时."""
    units = r"(?!\.?\d|小时|分钟|天|件|ml|g|号|个|年|月|%|折|码|cm)"
    return re.search(rf"(?<![\d.]){re.escape(plain(amount))}{units}", said, re.IGNORECASE) is not None
