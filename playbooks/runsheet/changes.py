"""What a sheet that comes again would change: a diff to confirm, never a reset (REQUIREMENTS A02, B04).

Three things are compared: the sheet as it was taken over, the offer in force, and the new sheet. What the new
sheet leaves as it was stays as ops have it now, whatever was changed on air since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from playbooks.announce import Change, Listing, Offer, diff, first_offer, gifts_gone
from playbooks.flash import as_it_went
from playbooks.promotion import Column, Flash, parse
from playbooks.runsheet.facts import Fact, facts
from playbooks.runsheet.model import Product
from playbooks.runsheet.placing import (
    Reordered,
    held_numbers,
    in_new_order,
    numbered,
    positioned,
    reordered,
)
from playbooks.runsheet.rules import Extent

COLUMNS: tuple[Column, ...] = ("promo", "gift", "coupon")
"""What the promotions are understood from."""
ALIKE = 0.5
"""Two names under one link number that share less than half of their characters are two products."""
FIELDS: tuple[tuple[str, ...], ...] = (
    ("live_price",),
    ("promotions", "promo", "left"),
    ("gift",),
    ("limit",),
    ("stock", "sold_out"),
)
"""What an offer takes from the sheet, in groups that change together."""


@dataclass(frozen=True)
class Difference:
    """A product that is in both: `fields` of its offer to change and how that reads; `held` is what ops changed on
    air and the new sheet does not, read as in force -> in the sheet; `facts` is what else the sheet says anew.

    `product` is as the sheet has it, `link_no` the number it has from then: one changed on air stays too.
    """

    listing: Listing
    product: Product
    fields: dict[str, Any]
    changes: tuple[Change, ...]
    held: tuple[Change, ...]
    link_no: int
    facts: tuple[Fact, ...] = ()
    held_number: bool = False
    """Its number was changed on air, and the new sheet still has the former."""

    @property
    def renumbered(self) -> bool:
        """Whether the new sheet gives it another link number."""
        return self.listing.link_no != self.link_no

    @property
    def back(self) -> bool:
        """Whether it had been withdrawn and is in the sheet again."""
        return self.listing.withdrawn_at is not None

    @property
    def told(self) -> bool:
        """Whether people have to hear of it."""
        return bool(self.changes or self.renumbered or self.back or any(one.heard for one in self.facts))

    @property
    def differs(self) -> bool:
        """Whether the sheet changes anything of it but where it stands."""
        return self.told or bool(self.facts)

    @property
    def stays(self) -> bool:
        """Whether something changed on air stays that the sheet has otherwise."""
        return bool(self.held or self.held_number)


@dataclass(frozen=True)
class Comparison:
    """The new sheet beside the broadcast's products. `replaced` gave its link number to another product, `missing`
    is in no row of a whole sheet; `same` counts those that stay as they are, `untouched` those a few lines do not
    speak of."""

    new: tuple[Product, ...]
    kept: tuple[Difference, ...]
    replaced: tuple[Listing, ...]
    missing: tuple[Listing, ...]
    untouched: int = 0
    order: Reordered | None = None

    @property
    def changed(self) -> tuple[Difference, ...]:
        """The products of which the sheet changes anything."""
        return tuple(one for one in self.kept if one.differs)

    @property
    def told(self) -> tuple[Difference, ...]:
        """Those that change for buyers or agents."""
        return tuple(one for one in self.kept if one.told)

    @property
    def same(self) -> int:
        """How many products stay as they are."""
        return len(self.kept) - len(self.changed)

    @property
    def nothing(self) -> bool:
        """Whether taking the sheet over would change nothing at all."""
        unchanged = all(one.product == one.listing.product for one in self.kept)
        return not (self.new or self.changed or self.replaced or self.missing) and unchanged


def compare(listings: Sequence[Listing], products: Sequence[Product], extent: Extent = "whole") -> Comparison:
    """`listings` are all of the broadcast, withdrawn ones too. Products are known again by product id, then code,
    then name, then by their link number where the names are alike.

    Only a `whole` sheet lacks products; what a few lines or a new order do not name stays as it is.
    """
    if extent == "order":
        products = in_new_order(listings, products)
    elif extent == "lines":
        products = numbered(listings, products)
    pairs = _pairs(listings, products)
    met = {listing.id for listing in pairs.values()}
    gone = [one for one in listings if one.id not in met and one.withdrawn_at is None]
    held = held_numbers(products, pairs) if extent == "whole" else {}
    taken = {held.get(product.link_no, product.link_no) for product in products}
    left = [one for one in gone if one.link_no not in taken]
    if extent == "lines" and left:
        products = positioned(listings, products, pairs)
    kept = tuple(
        _difference(listing, completed(product, listing.product), held.get(product.link_no), extent)
        for product in products
        if (listing := pairs.get(product.link_no))
    )
    return Comparison(
        new=tuple(product.changed(absent=()) for product in products if product.link_no not in pairs),
        kept=kept,
        replaced=tuple(one for one in gone if one.link_no in taken),
        missing=tuple(left) if extent == "whole" else (),
        untouched=0 if extent == "whole" else len(left),
        order=reordered((one.listing, one.product.changed(link_no=one.link_no)) for one in kept),
    )


def completed(product: Product, old: Product) -> Product:
    """What the new sheet has no column for stays as the old one has it."""
    whole = product.changed(**{field: getattr(old, field) for field in product.absent}, absent=())
    if not any(column in product.absent for column in COLUMNS):
        return whole
    read = [(column, parse(getattr(whole, column), column)) for column in COLUMNS]
    own = {p.text for column in COLUMNS for p in parse(getattr(product, column), column).promotions}
    pieces = [p for p in product.promotions if p.text not in own]  # 59.9/两件 says 拍1发2
    understood = [*pieces, *(p for _, found in read for p in found.promotions)]
    if product.stated_hand_price == product.live_price:  # coupons are deducted from a 到手价 already
        understood = [p for p in understood if p.kind != "coupon"]
    left = (piece for column, found in read if column != "gift" for piece in found.left)
    return whole.changed(
        promotions=tuple(p for at, p in enumerate(understood) if p not in understood[:at]),
        left=tuple(dict.fromkeys(left)),
    )


def _pairs(listings: Sequence[Listing], products: Sequence[Product]) -> dict[int, Listing]:
    """The new sheet's link number -> the listing that product is."""
    ways: tuple[Callable[[Product, Product], bool], ...] = (
        lambda old, new: bool(new.product_id) and old.product_id == new.product_id,
        lambda old, new: bool(new.sku_code) and old.sku_code == new.sku_code and not _other_id(old, new),
        lambda old, new: old.name == new.name and not _other_id(old, new),
    )
    found: dict[int, Listing] = {}
    free = {one.id: one for one in listings}
    for same in (*ways, None):
        for product in (p for p in products if p.link_no not in found):
            meant = (
                _same_number(free.values(), product) if same is None else _first(free.values(), product, same)
            )
            if meant is not None:
                found[product.link_no] = free.pop(meant.id)
    return found


def _other_id(old: Product, new: Product) -> bool:
    return bool(old.product_id and new.product_id and old.product_id != new.product_id)


def _first(
    free: Iterable[Listing], product: Product, same: Callable[[Product, Product], bool]
) -> Listing | None:
    """The listing that is the product: of several, an encore has two, the one of its number, on sale first."""
    found = [one for one in free if same(one.product, product)]
    return min(
        found, key=lambda one: (one.withdrawn_at is not None, one.link_no != product.link_no), default=None
    )


def _same_number(free: Iterable[Listing], product: Product) -> Listing | None:
    return next(
        (
            one
            for one in free
            if one.link_no == product.link_no
            and one.withdrawn_at is None
            and not _other_id(one.product, product)
            and SequenceMatcher(None, one.name, product.name).ratio() >= ALIKE
        ),
        None,
    )


def _difference(listing: Listing, product: Product, held_number: int | None, extent: Extent) -> Difference:
    """`held_number`: the one it keeps although the sheet has another. A new order alone says nothing of the rest."""
    fields, held = _of_offer(listing, product)
    number = product.link_no if held_number is None else held_number
    if extent != "whole" and number == listing.link_no:  # the lines name it as it is called now
        product = product.changed(link_no=listing.product.link_no)
    only_order = extent == "order"
    return Difference(
        listing=listing,
        product=product,
        fields=fields,
        changes=diff(listing.offer, listing.offer.changed(**fields)),
        held=() if only_order else diff(listing.offer, listing.offer.changed(**held)),
        link_no=number,
        facts=() if only_order else facts(listing.product, product),
        held_number=held_number is not None,
    )


def _of_offer(listing: Listing, product: Product) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields of the offer the sheet changes, and those it has otherwise than ops set them on air."""
    offer = listing.offer
    before, after = (first_offer(one, offer.by, offer.at) for one in (listing.product, product))
    fields: dict[str, Any] = {}
    held: dict[str, Any] = {}
    for group in FIELDS:
        wanted, planned, stands = (
            {name: getattr(one, name) for name in group} for one in (after, before, offer)
        )
        if wanted == planned:
            held |= wanted if stands != planned else {}
        elif running(offer) and group[0] in ("live_price", "promotions"):
            held |= wanted  # its price comes back when ops end the flash sale
        elif group[0] == "stock" and offer.sold_out and not before.sold_out:
            held |= wanted  # ops saw it run out; they say when it is back
        else:
            fields |= wanted
    if "promotions" in fields:
        fields["promotions"] = as_it_went(offer, fields["promotions"])
    return _without_gifts(offer, before, fields), held


def running(offer: Offer) -> Flash | None:
    """The flash sale that is on, if any."""
    return next((p for p in offer.promotions if isinstance(p, Flash) and p.running), None)


def _without_gifts(offer: Offer, planned: Offer, fields: dict[str, Any]) -> dict[str, Any]:
    """A gift that ran out on air does not come back because the sheet's promotions are written anew."""
    ran_out = bool(gifts_gone(planned)) and not gifts_gone(offer)
    if not ran_out or "promotions" not in fields or "gift" in fields:
        return fields
    return {**fields, **gifts_gone(offer.changed(**fields))}
