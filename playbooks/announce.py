"""What is in force for each product: listings, offers by revision, binding changes and who knows them.

A binding change 有约束力的变更 (price, gift, limit, stock out, promotion) starts a new revision and asks those
on duty for 已知悉; looking the new revision up counts as knowing it (HOUSE, Words).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

import pydantic

from playbooks.model import Document, Model, Moment, Money, Refusal
from playbooks.promotion import Promotion, without_gift
from playbooks.runsheet import Product

Field = Literal["live_price", "gift", "limit", "stock", "sold_out", "promo"]
BINDING: frozenset[Field] = frozenset(["live_price", "gift", "limit", "sold_out", "promo"])


class Offer(Model):
    """What buyers are offered from `at` on: one revision of a listing. Prices in yuan."""

    revision: int
    at: Moment
    by: str
    live_price: Money
    promotions: tuple[Promotion, ...] = ()
    promo: str = ""
    left: tuple[str, ...] = ()
    """What the promotions' text holds that was not understood, verbatim."""
    gift: str = ""
    limit: int | None = None
    stock: int | None = None
    sold_out: bool = False


class Former(Model):
    """A link number a product had, until then."""

    link_no: int
    until: Moment


class GiftCount(Model):
    """How many gifts there are: `stock` as set at `at` by the sheet or by ops, `left` after the orders known since;
    `beyond` are the orders that were promised one more than there are."""

    stock: int
    at: Moment
    left: int
    beyond: int = 0


class Listing(Document):
    """A product of a broadcast under its link number 链接号, with the offer in force."""

    broadcast: str
    link_no: int
    product: Product
    offer: Offer
    former: tuple[Former, ...] = ()
    """The numbers it had before, oldest first."""
    withdrawn_at: Moment | None = None
    """When it was taken off the programme 撤下; it stays in the books with its history."""
    gift_count: GiftCount | None = None

    @property
    def name(self) -> str:
        """The product's name as the run sheet has it."""
        return self.product.name


class OfferVersion(Document):
    """A past or present revision, kept for good: what was in force at any minute can be answered from these."""

    listing: str
    offer: Offer
    undoes: int | None = None
    """The revision it took back 撤销."""


class Change(Model):
    """One line of a diff: the field and its value before and after, as people read it ('' = none)."""

    field: Field
    before: str
    after: str


class Notice(Document):
    """A binding change that asks for 已知悉: `asked` were on duty then, `known` pressed or looked it up."""

    broadcast: str
    listing: str
    link_no: int
    revision: int
    at: Moment
    by: str
    changes: tuple[Change, ...]
    asked: tuple[str, ...] = ()
    known: dict[str, Moment] = pydantic.Field(default_factory=dict)
    superseded: bool = False
    undoes: int | None = None
    nudged: dict[str, Moment] = pydantic.Field(default_factory=dict)
    """Who was reminded 提醒 to confirm, and when: once each."""
    lead_told: bool = False
    """The lead was told who does not know."""

    def waiting_for(self) -> tuple[str, ...]:
        """Those asked who do not know yet."""
        return tuple(p for p in self.asked if p not in self.known)


def listing_id(broadcast: str, link_no: int) -> str:
    """`a1-b1` and 3 -> `a1-b1-p3`."""
    return f"{broadcast}-p{link_no}"


def first_offer(product: Product, by: str, now: Moment) -> Offer:
    """The offer a run-sheet row makes."""
    return Offer(
        revision=1, at=now, by=by, live_price=product.live_price, promotions=product.promotions,
        promo=product.promo, left=product.left, gift=product.gift, limit=product.limit, stock=product.stock,
        sold_out=product.stock == 0,
    )  # fmt: skip


def revise(offer: Offer, by: str, now: Moment, **fields: object) -> Offer:
    """The next revision with `fields` replaced."""
    return offer.changed(revision=offer.revision + 1, at=now, by=by, **fields)


def gifts_gone(offer: Offer) -> dict[str, object]:
    """The fields of `offer` once its gifts have run out; what was not understood stays. {} where none is owed.

    Of a piece that promises more than the gift (拍1发3送面膜) only the gift is taken out.
    """
    gone = {p.text for p in offer.promotions if p.owes_gift}
    if not gone and not offer.gift:
        return {}
    kept = [p for p in offer.promotions if not p.owes_gift]
    kept = [p.changed(text=without_gift(p.text)) if p.text in gone else p for p in kept]
    fields: dict[str, object] = {"gift": "", "promotions": tuple(kept)}
    if any(text in offer.promo for text in gone):
        pieces = dict.fromkeys([p.text for p in kept] + list(offer.left))
        fields["promo"] = "，".join(piece for piece in pieces if piece in offer.promo)
    return fields


def _shown(value: object) -> str:
    if value is None or value is False:
        return ""
    return str(value)


def diff(before: Offer, after: Offer) -> tuple[Change, ...]:
    """What changed between two revisions, price first; no line for what stayed."""
    fields: tuple[Field, ...] = ("live_price", "promo", "gift", "limit", "stock", "sold_out")
    pairs = ((f, _shown(getattr(before, f)), _shown(getattr(after, f))) for f in fields)
    changes = tuple(Change(field=f, before=b, after=a) for f, b, a in pairs if b != a)
    changes += _other_promotions(before, after) if before.promo == after.promo else ()
    turned = any(c.field == "sold_out" for c in changes)  # then the stock says nothing more
    return tuple(c for c in changes if not (turned and c.field == "stock" and c.after in ("", "0")))


def _other_promotions(before: Offer, after: Offer) -> tuple[Change, ...]:
    """Promotions of another column than 优惠机制, coupons, are a change though its text stays."""
    said = [
        "，".join(dict.fromkeys(p.text for p in one.promotions if not p.owes_gift)) for one in (before, after)
    ]
    return (Change(field="promo", before=said[0], after=said[1]),) if said[0] != said[1] else ()


def is_binding(changes: Iterable[Change]) -> bool:
    """Whether one of the changes has to be known by everybody on duty."""
    return any(c.field in BINDING for c in changes)


WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0xFFE5: "¥", 0x3000: " "}
"""What a Chinese keyboard gives for plain signs."""


def whole(text: str) -> int | None:
    """A whole number as people type it, in plain digits; None for all else, also for `²` and `三`."""
    return int(text) if text.isascii() and text.isdecimal() else None


def narrow(text: str) -> str:
    """Full-width digits, letters and signs as plain ones. Nothing else: `²` is no 2, as NFKC would have it."""
    return text.translate(WIDE)


def read_price(text: str) -> Decimal:
    """A price as ops type it: `59.9`, `¥59.90`, `$59`, `５９`, `59,90 元`, `59块`; the room's money whatever the sign.

    Raises Refusal `price.unreadable` or `price.range`.
    """
    said = narrow(text).strip().lstrip("¥$")
    bare = said.removesuffix("元").removesuffix("块").replace(",", ".").strip()
    try:
        price = Decimal(bare)
    except ArithmeticError:
        raise Refusal("price.unreadable", text=text[:20]) from None
    if not price.is_finite() or not Decimal("0.01") <= price <= Decimal(999_999) or price != round(price, 2):
        raise Refusal("price.range", text=text[:20])
    return round(price, 2)


def startling(before: Decimal, after: Decimal) -> bool:
    """Whether a new price is so far from the old one that it may be a slip: below half or above twice."""
    return after * 2 < before or after > before * 2


def following(listings: Iterable[Listing], on_air: int | None) -> Listing | None:
    """The next product in run order 讲解顺序 that is not sold out; at the start the first."""
    order = sorted(listings, key=lambda one: (one.product.seq, one.link_no))
    here = next((i for i, one in enumerate(order) if one.link_no == on_air), -1)
    return next((one for one in order[here + 1 :] if not one.offer.sold_out), None)


def know(notice: Notice, person: str, now: Moment) -> Notice:
    """`person` knows this revision from `now`; knowing twice keeps the first moment."""
    return notice if person in notice.known else notice.changed(known={**notice.known, person: now})
