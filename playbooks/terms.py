"""Terms of an offer that ops change on air beside its price: the limit, the stock, the promotion (REQUIREMENTS A03)."""

from __future__ import annotations

from typing import Any

from playbooks.announce import Offer, whole
from playbooks.model import Refusal
from playbooks.promotion import parse
from playbooks.runsheet import RULES

NO_LIMIT = frozenset(["0", "不限", "不限购", "无", "none"])
MOST = 1_000_000


def read_limit(word: str) -> int | None:
    """Pieces a buyer may have: `2`, `2件`; None for 不限. Raises Refusal `terms.number`."""
    return None if word in NO_LIMIT else _pieces(word)


def read_stock(word: str) -> int:
    """Pieces left: `120`, `120件`. Raises Refusal `terms.number`."""
    return _pieces(word)


def _pieces(word: str) -> int:
    number = whole(word.removesuffix("件"))
    if number is None or number > MOST:
        raise Refusal("terms.number", text=word[:20])
    return number


def unclear(text: str) -> tuple[str, ...]:
    """The pieces of a promotion that nothing can be worked out from; () where all of it is understood."""
    return () if text in RULES.nothing else parse(" ".join(text.split())).left


def new_deal(offer: Offer, text: str) -> dict[str, Any]:
    """The fields of `offer` once `text` takes the place of its 优惠机制; 无 takes it away.

    Gifts and coupons of other columns stay; what is not understood stays verbatim, as on the sheet.
    """
    said = " ".join(text.split())
    said = "" if said in RULES.nothing else said
    parsed = parse(said)
    kept = [p for p in offer.promotions if p.text not in offer.promo]
    left = [piece for piece in offer.left if piece not in offer.promo]
    return {"promo": said, "promotions": (*parsed.promotions, *kept), "left": (*parsed.left, *left)}
