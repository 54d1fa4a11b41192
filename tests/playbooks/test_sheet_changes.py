"""A sheet that comes again changes what it changes, and nothing else; numbers move and the history stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbooks.announce import Listing, diff, first_offer, gifts_gone, listing_id, revise
from playbooks.flash import begin, end
from playbooks.model import Refusal
from playbooks.runsheet import Product, read
from playbooks.runsheet.changes import Difference, compare
from playbooks.runsheet.numbers import as_numbered, number_at, renumber

EIGHT = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
HEADINGS = ["链接号", "商品名", "直播价", "库存", "优惠机制", "赠品", "优惠券", "商品ID"]


@cache
def product(
    link: int, name: str = "", price: str = "79", stock: str = "", promo: str = "", **more: str
) -> Product:
    row = [
        str(link),
        name or f"商品{link}",
        price,
        stock,
        promo,
        more.get("gift", ""),
        more.get("coupon", ""),
    ]
    (found,) = read([HEADINGS, [*row, more.get("id", "")]]).products
    return found


def listed(*products: Product) -> list[Listing]:
    return [
        Listing(
            id=listing_id("a1-b1", p.link_no), broadcast="a1-b1", link_no=p.link_no, product=p,
            offer=first_offer(p, "102", EIGHT),
        )
        for p in products
    ]  # fmt: skip


def on_air(listing: Listing, **fields: object) -> Listing:
    return listing.changed(offer=revise(listing.offer, "102", EIGHT, **fields))


def told(listings: list[Listing], *products: Product) -> dict[int, list[tuple[str, str, str]]]:
    found = compare(listings, products).kept
    return {one.product.link_no: [(c.field, c.before, c.after) for c in one.changes] for one in found}


def test_what_the_sheet_changes_is_told_old_to_new() -> None:
    before = listed(product(1, price="79", promo="拍一发二", stock="100"))
    after = product(1, price="75", promo="拍一发三", stock="90")
    assert told(before, after) == {
        1: [("live_price", "79.00", "75.00"), ("promo", "拍一发二", "拍一发三"), ("stock", "100", "90")]
    }


def test_what_ops_changed_on_air_stays_where_the_sheet_does_not_change_it() -> None:
    (listing,) = listed(product(1, price="79", stock="100"))
    (one,) = compare([on_air(listing, live_price=Decimal(69))], [product(1, price="79", stock="90")]).kept
    assert [c.field for c in one.changes] == ["stock"]
    assert [(c.field, c.before, c.after) for c in one.held] == [("live_price", "69.00", "79.00")]


def test_a_coupon_in_its_own_column_is_a_change_of_the_promotion() -> None:
    before = listed(product(1, price="100", coupon="10元券"))
    assert told(before, product(1, price="100", coupon="20元券"))[1] == [("promo", "10元券", "20元券")]


def test_a_column_the_new_sheet_lacks_stays_and_the_promotions_are_read_of_all_there_is() -> None:
    before = listed(product(1, price="79", promo="拍一发二", stock="100", gift="小样", coupon="10元券"))
    (bare,) = read([["链接号", "商品名", "直播价"], ["1", "商品1", "79"]]).products
    assert told(before, bare) == {1: []}
    (without_gift,) = read([["链接号", "商品名", "直播价", "赠品"], ["1", "商品1", "79", ""]]).products
    (one,) = compare(before, [without_gift]).kept
    assert [p.kind for p in one.product.promotions] == ["n_for_1", "coupon"]
    assert (one.product.stock, one.product.gift, one.fields["gift"]) == (100, "", "")


def test_a_gift_that_ran_out_does_not_come_back_with_a_new_promotion() -> None:
    (listing,) = listed(product(1, promo="拍一发二", gift="小样"))
    listing = on_air(listing, **gifts_gone(listing.offer))
    (one,) = compare([listing], [product(1, promo="拍一发三", gift="小样")]).kept
    after = listing.offer.changed(**one.fields)
    assert [p.kind for p in after.promotions] == ["n_for_1"]
    assert after.gift == ""


def test_what_ops_saw_run_out_is_not_sold_again_by_a_number_in_a_sheet() -> None:
    (listing,) = listed(product(1, stock="100"))
    (one,) = compare([on_air(listing, sold_out=True, stock=0)], [product(1, stock="90")]).kept
    assert one.changes == ()


def test_while_a_flash_sale_is_on_the_sheet_leaves_price_and_promotions_alone() -> None:
    (listing,) = listed(product(1, promo="20:30-20:40秒杀49.9"))
    running = on_air(listing, **begin(listing.offer))
    (one,) = compare([running], [product(1, price="69", promo="20:30-20:40秒杀39.9")]).kept
    assert one.changes == ()
    assert end(running.offer)["live_price"] == Decimal(79)
    with pytest.raises(Refusal):
        begin(running.offer)


def test_a_price_ops_set_during_a_flash_sale_stays_after_it() -> None:
    (listing,) = listed(product(1, promo="秒杀49.9"))
    running = on_air(on_air(listing, **begin(listing.offer)), live_price=Decimal(45))
    assert end(running.offer)["live_price"] == Decimal(45)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (product(1, "面霜", id="900001"), product(7, "面霜 新包装", id="900001")),
        (product(1, "玫瑰精华水"), product(7, "玫瑰精华水")),
        (product(1, "玫瑰精华水"), product(1, "玫瑰精华水 150ml")),
    ],
)
def test_a_product_is_known_again_by_id_name_or_number_with_a_like_name(old: Product, new: Product) -> None:
    found = compare(listed(old), [new])
    assert (len(found.kept), found.new, found.missing, found.replaced) == (1, (), (), ())


def test_another_product_under_the_same_number_replaces_the_old_one() -> None:
    found = compare(listed(product(1, "玫瑰精华水"), product(2, "口红")), [product(1, "纯棉毛巾")])
    assert [one.name for one in found.replaced] == ["玫瑰精华水"]
    assert [one.name for one in found.missing] == ["口红"]
    assert [one.name for one in found.new] == ["纯棉毛巾"]


sheets = st.dictionaries(
    st.integers(1, 12),
    st.tuples(st.sampled_from("甲乙丙丁戊己"), st.integers(1, 99), st.sampled_from(["", "0", "50"])),
    max_size=8,
).map(
    lambda rows: [product(n, f"{mark}款商品", str(price), stock) for n, (mark, price, stock) in rows.items()]
)


@settings(deadline=None)
@given(sheets, sheets)
def test_every_product_of_either_sheet_is_accounted_for_once(old: list[Product], new: list[Product]) -> None:
    listings = listed(*old)
    found = compare(listings, new)
    assert sorted(p.link_no for p in (*found.new, *(one.product for one in found.kept))) == sorted(
        p.link_no for p in new
    )
    left = [one.listing.id for one in found.kept] + [one.id for one in (*found.replaced, *found.missing)]
    assert sorted(left) == sorted(one.id for one in listings)


@settings(deadline=None)
@given(sheets, sheets)
def test_taken_over_the_offers_are_the_sheets_and_a_second_time_changes_nothing(
    old: list[Product], new: list[Product]
) -> None:
    found = compare(listed(*old), new)
    taken = [_as_taken_over(one) for one in found.kept]
    taken += [one.changed(id=f"{one.id}-new") for one in listed(*found.new)]
    for one in taken:
        assert diff(one.offer, first_offer(one.product, "102", EIGHT)) == ()
    assert compare(taken, new).nothing


@settings(deadline=None)
@given(st.permutations(range(1, 7)), st.permutations(range(1, 7)))
def test_renumbered_twice_each_product_still_answers_to_the_number_it_had_then(
    first: list[int], second: list[int]
) -> None:
    start = listed(*(product(n) for n in range(1, 7)))
    noon, one = EIGHT + timedelta(hours=1), EIGHT + timedelta(hours=2)
    moved = _moved(start, dict(zip(range(1, 7), first, strict=True)), noon)
    again = _moved(moved, dict(zip(range(1, 7), second, strict=True)), one)
    assert sorted(x.link_no for x in again) == list(range(1, 7))
    assert [number_at(x, EIGHT) for x in again] == [x.link_no for x in start]
    assert [number_at(x, noon) for x in again] == [x.link_no for x in moved]
    assert [x.link_no for x in as_numbered(again, one)] == [x.link_no for x in again]


def _as_taken_over(one: Difference) -> Listing:
    offer = one.listing.offer.changed(**one.fields)
    return one.listing.changed(product=one.product, link_no=one.product.link_no, offer=offer)


def _moved(listings: list[Listing], moves: dict[int, int], at: datetime) -> list[Listing]:
    changed = {one.id: one for one in renumber(listings, moves, at)}
    return [changed.get(one.id, one) for one in listings]
