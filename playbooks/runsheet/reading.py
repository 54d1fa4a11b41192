"""Rows of cells read as a run sheet (REQUIREMENTS A02, A03). A row with an error is held back, the good ones count."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from playbooks.model import Refusal
from playbooks.runsheet import cells, checks, row
from playbooks.runsheet.headings import Header, find_header
from playbooks.runsheet.model import Product, Sheet
from playbooks.runsheet.row import Row
from playbooks.runsheet.rules import RULES, Rows

KEPT = (
    "start", "duration", "product_id", "sku_code", "url", "aliases", "spec", "category", "role", "list_price",
    "list_price_basis", "stated_hand_price", "stock", "limit", "promo", "gift", "coupon", "points", "pain", "script",
    "faq", "ship_time", "stop_regions", "after_sale", "backup", "commission", "forecast", "note",
)  # fmt: skip
"""Fields that stay as they are where a sheet has no column for them."""


def read(rows: Rows, *, first: int = 1, typed: bool = False) -> Sheet:
    """The sheet in `rows`, the cells of a table as text; row 0 is row `first` to those who sent it.
    In `typed` lines what is empty is not said.

    Refuses with `sheet.no_header` {needed, rows} and `sheet.empty` {row}. A row in which nothing but one cell
    other than the name is filled is a section title or a pre-numbered empty row, and skipped; so are merged
    titles, repeated headings, totals, signatures and the template's example.
    """
    header = find_header(rows)
    if header is None:
        raise Refusal("sheet.no_header", needed=("name", "live_price"), rows=RULES.header_rows)
    found = _rows(rows, header, first, typed)
    if not found:
        raise Refusal("sheet.empty", row=header.row + first)
    checks.too_many(found)
    products = [(one, _product(one).changed(absent=_absent(one, typed))) for one in found]
    checks.twins(products)
    checks.overlaps(products)
    whole = checks.columns(header, header.row + first, products) if header.row + first > 0 else []
    kept = [product for one, product in products if not one.held]
    return Sheet(
        products=tuple(sorted(kept, key=lambda product: product.seq)),
        findings=(*whole, *(finding for one in found for finding in one.findings)),
        columns=tuple(header.said.values()),
        unknown_columns=header.unknown,
        extent="lines" if typed else "whole",
    )


def _rows(rows: Rows, header: Header, first: int, typed: bool) -> list[Row]:
    found: list[Row] = []
    for index, cells_of in enumerate(rows[header.row + 1 :], header.row + 1):
        texts = {field: cells.clean(cells_of[at]) for field, at in header.at.items() if at < len(cells_of)}
        if not _is_no_product(cells_of, texts, header):
            found.append(Row(index + first, len(found) + 1, texts, header.said, typed=typed))
    return found


def _is_no_product(cells_of: Sequence[str], texts: dict[str, str], header: Header) -> bool:
    filled = [text for cell in cells_of if (text := cells.clean(cell))]
    alone = set(filled) if len(set(filled)) == 1 else set()
    title = bool(alone) and (cells.money(alone.pop()) is None if len(filled) > 1 else not texts.get("name"))
    example = any(text.startswith(RULES.examples) for text in (texts.get("seq", ""), texts.get("name", "")))
    return not filled or title or example or texts == header.said or _sums_up(filled[0], texts)


def _sums_up(begins: str, texts: dict[str, str]) -> bool:
    """A total, or who made the sheet."""
    return begins.rstrip(":：") in RULES.totals or (
        begins.startswith(RULES.signatures) and not texts.get("live_price")
    )


def _absent(one: Row, typed: bool) -> tuple[str, ...]:
    """An empty cell says that there is none of it; without a column nothing is said."""
    said = {field for field in one.headings if one.texts.get(field) or not typed}
    said |= {"duration"} if "start" in said else set()
    numberless = ("link_no",) if typed and not one.texts.get("link_no") else ()
    return (*numberless, *(field for field in KEPT if field not in said))


def _product(one: Row) -> Product:
    """The product of a row. A row with an error is read to its end, so that all of it is told at once."""
    checks.broken(one)
    checks.private(one)
    seq = row.whole(one, "seq") or one.place
    span = one.span = row.start(one)
    live_price = row.live_price(one)  # before the promotions: 59.9/两件 says one as well
    promotions, left = row.promotions(one)
    product = Product(
        seq=seq,
        link_no=row.link_no(one, seq),
        start=span.text() if span else None,
        duration=row.duration(one, span),
        product_id=row.identifier(one, "product_id"),
        sku_code=row.identifier(one, "sku_code"),
        url=one.text("url"),
        name=row.name(one),
        aliases=cells.items(one.text("aliases")),
        spec=one.text("spec"),
        category=one.text("category"),
        role=row.role(one),
        list_price=row.money(one, "list_price"),
        list_price_basis=one.text("list_price_basis"),
        live_price=live_price or Decimal(0),
        stated_hand_price=row.money(one, "stated_hand_price"),
        stock=row.whole(one, "stock"),
        limit=None if one.text("limit") in RULES.no_limit else row.whole(one, "limit"),
        promo=one.text("promo"),
        promotions=promotions,
        left=left,
        gift=one.text("gift"),
        coupon=one.text("coupon"),
        points=cells.items(one.text("points")),
        pain=cells.items(one.text("pain")),
        script=one.text("script"),
        faq=cells.items(one.text("faq"), r"\n"),
        ship_time=one.text("ship_time"),
        stop_regions=cells.items(one.text("stop_regions"), r"[\n;；、,，|/\s]"),
        after_sale=one.text("after_sale"),
        backup=one.text("backup"),
        commission=row.decimal(one, "commission"),
        forecast=row.decimal(one, "forecast"),
        note=one.text("note"),
    )
    checks.one(one, product)
    return product
