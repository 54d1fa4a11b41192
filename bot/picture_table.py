"""The product table of the review picture: the first products, the others in one line."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bot.picture_canvas import SMALLEST, Page, clean, ellipsise, fitting
from bot.picture_style import ALARM, CARD, EDGE, INK, MUTED, PAD, RULE, WIDE
from bot.review_words import percent, product, said, spoken, yuan
from playbooks.metrics import total
from playbooks.review import ProductFigures, Review

ROWS = 12
EACH = 52
COLUMNS = (("price", 560), ("unpaid", 664), ("recovered", 768), ("rate", 884), ("natural", WIDE - EDGE - PAD))
"""Text key and right edge of the columns of numbers."""
NAME_RIGHT = 444
NUMBER_WIDTH = 96
PRICE_WIDTH = 112


def table(page: Page, y: int, review: Review, lang: str) -> int:
    """The card with the table; returns where it ends."""
    rows = [cells(row, lang) for row in review.products[:ROWS]]
    if len(review.products) > ROWS:
        rows.append(_rest(review.products[ROWS:], lang))
    low = any(_is_low(row) for row in review.products[:ROWS])
    bottom = y + 122 + EACH * max(len(rows), 1) + (38 if low else 0)
    page.box((EDGE, y, WIDE - EDGE, bottom), 22, CARD)
    page.text(EDGE + PAD, y + 50, said(lang, "picture.products"), 30, INK, bold=True)
    _headings(page, y + 94, lang)
    for number, row in enumerate(rows):
        alarm = number < len(review.products) and number < ROWS and _is_low(review.products[number])
        _row(page, y + 110 + EACH * number, row, alarm=alarm)
    if not rows:
        page.text(EDGE + PAD, y + 148, said(lang, "picture.no_products"), 28, MUTED)
    if low:
        page.text(EDGE + PAD, bottom - 20, said(lang, "picture.low"), SMALLEST, MUTED)
    return bottom


def _headings(page: Page, y: int, lang: str) -> None:
    page.text(EDGE + PAD, y, said(lang, "picture.column_product"), SMALLEST, MUTED)
    for key, right in COLUMNS:
        page.text(right, y, said(lang, f"picture.column_{key}"), SMALLEST, MUTED, anchor="r")


def _row(page: Page, y: int, told: Sequence[str], *, alarm: bool) -> None:
    page.rule(EDGE + PAD, WIDE - EDGE - PAD, y, RULE)
    room = NAME_RIGHT - EDGE - PAD
    page.text(EDGE + PAD, y + 37, ellipsise(clean(told[0]), 28, room), 28, INK)
    for text, (key, right) in zip(told[1:], COLUMNS, strict=True):
        size = fitting(text, 28, PRICE_WIDTH if key == "price" else NUMBER_WIDTH)
        colour = ALARM if alarm and key == "rate" else MUTED if key == "natural" else INK
        page.text(right, y + 37, text, size, colour, anchor="r")


def cells(row: ProductFigures, lang: str) -> list[str]:
    """Name, price, unpaid, recovered, rate, natural rate as they are said."""
    price = said(lang, "picture.price", amount=yuan(row.live_price)) if row.live_price is not None else ""
    name = spoken(lang, product(row.link_no, row.name, 60))
    return [name, price, _number(row.unpaid), _number(row.recovered if row.contacted else None),
            _rate(row.success_rate, lang), _rate(row.natural_rate, lang)]  # fmt: skip


def _rest(rows: Sequence[ProductFigures], lang: str) -> list[str]:
    """One line for all others; their rates are in the workbook."""
    unpaid = total(None if row.unpaid is None else Decimal(row.unpaid) for row in rows)
    recovered = total(Decimal(row.recovered or 0) for row in rows if row.contacted)
    counts = [None if number is None else int(number) for number in (unpaid, recovered)]
    return [said(lang, "picture.rest", count=len(rows)), "", *map(_number, counts), "", ""]


def _number(count: int | None) -> str:
    return "—" if count is None else f"{count:,}"


def _rate(share: Decimal | None, lang: str) -> str:
    return "—" if share is None else spoken(lang, percent(share))


def _is_low(row: ProductFigures) -> bool:
    """Whether contacting paid off worse than leaving alone; unknown where either rate is."""
    return (
        row.success_rate is not None and row.natural_rate is not None and row.success_rate < row.natural_rate
    )
