"""Where the products of a few pasted lines stand: their numbers, their positions, and what becomes of the run order.

Who pastes one line changes that product and moves nothing; who pastes numbers moves and changes nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from playbooks.announce import Listing
from playbooks.runsheet.model import Product


@dataclass(frozen=True)
class Reordered:
    """The run order 讲解顺序 in link numbers, as it is and as it would be, each under the numbers of that time."""

    before: tuple[int, ...]
    after: tuple[int, ...]

    def shown(self, whole: int) -> Reordered:
        """Of an order of more than `whole` products only the stretch that changes, with a neighbour on each side."""
        if len(self.before) <= whole:
            return self
        moved = [
            at for at, pair in enumerate(zip(self.before, self.after, strict=True)) if pair[0] != pair[1]
        ]
        first, last = max(0, moved[0] - 1), moved[-1] + 2
        return Reordered(self.before[first:last], self.after[first:last])


def run_order(listings: Iterable[Listing]) -> list[Listing]:
    """The products on sale in run order."""
    on_sale = (one for one in listings if one.withdrawn_at is None)
    return sorted(on_sale, key=lambda one: (one.product.seq, one.link_no))


def in_new_order(listings: Sequence[Listing], named: Sequence[Product]) -> list[Product]:
    """The `named` products first, the others behind them as they follow each other now; [] where that is how it is."""
    now, numbers = run_order(listings), [product.link_no for product in named]
    rest = [one.product.changed(link_no=one.link_no) for one in now if one.link_no not in numbers]
    after = [*named, *rest]
    if [product.link_no for product in after] == [one.link_no for one in now]:
        return []
    return [product.changed(seq=seq) for seq, product in enumerate(after, 1)]


def numbered(listings: Sequence[Listing], products: Sequence[Product]) -> list[Product]:
    """Typed products with a link number each: one typed without has the number of the product of its name, a new
    one the next free number."""
    taken = {one.link_no for one in listings if one.withdrawn_at is None}
    taken |= {product.link_no for product in products if "link_no" not in product.absent}
    by_name = {one.name: one.link_no for one in listings}
    found = []
    for product in products:
        number = product.link_no
        if "link_no" in product.absent:
            number = by_name.get(product.name) or max(taken, default=0) + 1
        taken.add(number)
        absent = tuple(field for field in product.absent if field != "link_no")
        found.append(product.changed(link_no=number, absent=absent))
    return found


def positioned(
    listings: Sequence[Listing], products: Sequence[Product], known: Mapping[int, Listing]
) -> list[Product]:
    """`products`, each at the position it has; `known` are theirs by link number, a new one comes last."""
    last = max((one.product.seq for one in listings), default=0)
    found = []
    for product in products:
        listing = known.get(product.link_no)
        last += listing is None
        found.append(product.changed(seq=listing.product.seq if listing else last))
    return found


def held_numbers(products: Sequence[Product], known: Mapping[int, Listing]) -> dict[int, int]:
    """The sheet's link number -> the one changed on air that stays, for what the sheet has as it had it before.

    Where another product of the sheet wants that number the sheet's counts: two cannot have it.
    """
    held = {
        product.link_no: one.link_no
        for product in products
        if (one := known.get(product.link_no))
        and one.withdrawn_at is None
        and product.link_no == one.product.link_no != one.link_no
    }
    while True:
        wanted = Counter(held.get(product.link_no, product.link_no) for product in products)
        given_up = [said for said, number in held.items() if wanted[number] > 1]
        if not given_up:
            return held
        held = {said: number for said, number in held.items() if said not in given_up}


def reordered(kept: Iterable[tuple[Listing, Product]]) -> Reordered | None:
    """How the products that stay follow each other anew; None where they do as before."""
    staying = [(listing, product) for listing, product in kept if listing.withdrawn_at is None]
    before = sorted(staying, key=lambda one: (one[0].product.seq, one[0].link_no))
    after = sorted(staying, key=lambda one: (one[1].seq, one[1].link_no))
    if [one.id for one, _ in before] == [one.id for one, _ in after]:
        return None
    return Reordered(tuple(one.link_no for one, _ in before), tuple(product.link_no for _, product in after))
