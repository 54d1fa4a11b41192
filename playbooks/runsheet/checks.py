"""What is checked of a run sheet that was read (facts/runsheet.yaml, import_checks; REQUIREMENTS K25)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playbooks.privacy import has_phone, without_phones
from playbooks.promotion import (
    SAID,
    Coupon,
    Flash,
    Gift,
    LuckyBag,
    Presale,
    Promotion,
    advertised,
    given_away,
)
from playbooks.runsheet import cells
from playbooks.runsheet.cells import DAY, Span
from playbooks.runsheet.headings import Header
from playbooks.runsheet.model import Finding, Product
from playbooks.runsheet.row import Row
from playbooks.runsheet.rules import RULES
from playbooks.spans import in_spans

CODES = frozenset(["product_id", "sku_code", "url"])
"""Fields whose digits may look like a phone number and are none."""

# An end or a number in the offer's own words: 截止21:00, 至11月30日, 前100名, 限量200份, limited to 200.
DEFINITE = re.compile(
    r"(?:止|至|到|-|~)(?:今晚)?\d{1,2}[:点月]|前[\d一二两三五十百]+[名单位]|限量\d|限\d+[份名]"
    r"|(?:limitedto|first|only)\d|(?:until|before)\d{1,2}:",
    re.IGNORECASE,
)


def one(row: Row, product: Product) -> None:
    """What can be seen of a row alone."""
    if product.list_price is not None and product.live_price > product.list_price:
        row.find("live_price", "error", "price_above_list", live=product.live_price, list=product.list_price)
    if product.list_price is not None and "list_price_basis" in row.headings and not product.list_price_basis:
        row.find("list_price_basis", "warn", "basis_missing", list=product.list_price)
    _definite(row, product)
    _flash(row, product)
    _lucky_bag(row, product)
    _hand_price(row, product)
    _gift_lot(row, product)
    _for_nothing(row, product)


def _definite(row: Row, product: Product) -> None:
    """限时限量 must be definite: an offer needs a stock, a limited gift or a time that ends."""
    offers = [p for p in product.promotions if p.kind != "freebies" and not _ends(p)]
    said = " ".join(filter(None, (product.promo, product.gift, product.coupon)))
    limited = product.stock is not None or (row.span and row.timed) or DEFINITE.search(cells.half_width(said))
    if offers and not limited:
        where = next(field for field in ("promo", "gift", "coupon", "live_price") if row.text(field))
        row.find(where, "warn", "promo_no_end", text=said or row.text("live_price"))


def _ends(promotion: Promotion) -> bool:
    """Whether it says itself how many there are, or until when."""
    if isinstance(promotion, Flash | Coupon):
        return bool(promotion.ends or (promotion.qty if isinstance(promotion, Flash) else promotion.quota))
    if isinstance(promotion, LuckyBag):
        return bool(promotion.qty and promotion.draw_at)
    if isinstance(promotion, Gift):
        return bool(promotion.gift_stock or promotion.first_n_orders or promotion.until)
    return isinstance(promotion, Presale) and bool(promotion.balance_to)


def _flash(row: Row, product: Product) -> None:
    """A flash sale says when it begins and when it ends, and is cheaper than the live price."""
    for flash in (p for p in product.promotions if isinstance(p, Flash)):
        if not (flash.starts and flash.ends):
            row.find("promo", "warn", "flash_no_times", text=flash.text)
        if flash.price >= product.live_price:
            row.find("promo", "warn", "flash_not_cheaper", text=flash.text, live=product.live_price)


def _lucky_bag(row: Row, product: Product) -> None:
    """What is drawn must be clear before it begins, and worth no more than the law allows."""
    for bag in (p for p in product.promotions if isinstance(p, LuckyBag)):
        if bag.value is not None and bag.value > SAID.highest_prize:
            row.find("promo", "error", "prize_too_high", text=bag.text, highest=SAID.highest_prize)
        if not (bag.qty and bag.draw_at and bag.condition):
            row.find("promo", "warn", "prize_unclear", text=bag.text)


def _hand_price(row: Row, product: Product) -> None:
    """到手价 beside a 直播价 is a check: shops state it a unit or in all, for one or for the bundle."""
    stated = product.stated_hand_price
    if stated is None or not row.text("live_price") or not product.live_price:
        return
    worked = advertised(product.live_price, product.promotions)
    if stated not in {amount for price in worked for amount in (price.unit, price.pay)}:
        said = " / ".join(
            f"{price.pay}÷{price.shipped}={price.unit}" if price.shipped > 1 else str(price.pay)
            for price in worked
        )
        row.find("stated_hand_price", "warn", "hand_price_differs", stated=stated, worked=said)


def _gift_lot(row: Row, product: Product) -> None:
    """赠品 50份 is read as all there are, not as what goes with an order: said, for it may be meant otherwise."""
    for gift in (p for p in product.promotions if isinstance(p, Gift) and p.gift_stock):
        if not re.search(r"限|前|仅|only|limit|first", gift.text, re.IGNORECASE):
            where = "gift" if row.text("gift") else "promo"
            row.find(where, "warn", "gift_lot", text=gift.text, count=gift.gift_stock, qty=gift.qty)


def _for_nothing(row: Row, product: Product) -> None:
    """Offers that leave nothing to pay are a slip, and have to be honoured once they are told."""
    if product.live_price and given_away(product.live_price, product.promotions):
        where = next(field for field in ("promo", "coupon", "gift", "live_price") if row.text(field))
        said = "，".join(p.text for p in product.promotions if p.kind != "gift")
        row.find(where, "warn", "hand_price_zero", text=said)


def twins(products: Sequence[tuple[Row, Product]]) -> None:
    """A link number belongs to one product; a product twice is told unless it is an encore 返场."""
    links: dict[int, Row] = {}
    ids: dict[str, Row] = {}
    for row, product in products:
        if row.held:
            continue
        first = links.setdefault(product.link_no, row)
        if first is not row:
            row.find("link_no", "error", "link_twice", link=product.link_no, row=first.number)
            continue
        first = ids.setdefault(product.product_id, row) if product.product_id else row
        if first is not row and product.role != "encore":
            row.find("product_id", "warn", "product_twice", id=product.product_id, row=first.number)


def overlaps(products: Sequence[tuple[Row, Product]]) -> None:
    """Of two stated spans that overlap the later is told. The clock begins with the first row's start."""
    spans = [(row.span.start, product.duration, row) for row, product in products
             if row.span and row.timed and not row.held]  # fmt: skip
    opening = spans[0][0] if spans else 0
    until, before = -1, None
    for began, minutes, row in sorted(spans, key=lambda span: (span[0] - opening) % DAY):
        start = (began - opening) % DAY
        if before is not None and start < until:
            end = Span((opening + until) % DAY, None).text()
            row.find("start", "warn", "time_overlap", row=before.number, end=end)
        if start + minutes > until:
            until, before = start + minutes, row


def too_many(rows: Sequence[Row]) -> None:
    """A broadcast holds `highest_link` products: the rows beyond are told once, and not each by a number of its own."""
    beyond = list(rows)[RULES.highest_link :]
    for row in beyond:
        row.beyond = True
    if beyond:
        numbers = in_spans(row.number for row in beyond)
        beyond[0].find(
            "link_no", "error", "too_many", rows=beyond[-1].number - beyond[0].number + 1,
            most=RULES.highest_link, numbers=numbers, count=len(beyond),
        )  # fmt: skip


def columns(header: Header, at: int, products: Sequence[tuple[Row, Product]]) -> list[Finding]:
    """What concerns a column as a whole is told once, in the header row, which is row `at` of the file."""
    priced = any(product.list_price is not None for _, product in products)
    row = Row(at, 0, {}, header.said)
    if priced and "list_price_basis" not in header.said:
        row.find("list_price_basis", "warn", "basis_column_missing")
    if "points" not in header.said:
        row.find("points", "warn", "points_column_missing", advised=RULES.advised_points)
    elif few := [one.number for one, product in products if len(product.points) < RULES.advised_points]:
        row.find(
            "points",
            "warn",
            "points_few",
            count=len(few),
            numbers=in_spans(few),
            advised=RULES.advised_points,
        )
    if "link_no" not in header.said and header.unknown:
        row.find("link_no", "warn", "link_column_missing", columns="、".join(header.unknown))
    return row.findings


def private(row: Row) -> None:
    """Phone numbers: the group reads the sheet. They hold the row back and are neither kept nor repeated (K08)."""
    for field, said in row.texts.items():
        if field not in CODES and has_phone(said):
            row.find(field, "error", "cell_phone")
            row.texts[field] = without_phones(said)


def broken(row: Row) -> None:
    """Formula errors, whatever the column."""
    for field, said in row.texts.items():
        if said in RULES.broken:
            row.find(field, "error", "cell_broken", text=said)
