"""The run-sheet template: an .xlsx with our headings, lists to choose from, and an example that is no product.

Its headings are read by our own import, in either language (`playbooks/data/runsheet.toml`, columns).
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from bot.texts import plain, say
from playbooks.runsheet import RULES

NAMES = {"zh-CN": "排品表模板.xlsx", "en": "run-sheet-template.xlsx"}
ROWS = 200
"""Rows prepared below the headings: no run sheet has more link numbers than that."""
AS_TEXT = ("product_id", "sku_code", "start", "link_no")
"""Columns a spreadsheet would spoil: ids lose their digits, times become fractions."""
MONEY = ("list_price", "live_price", "stated_hand_price")
NEEDED = ("name", "live_price")
WIDTHS = {
    "name": 26,
    "promo": 30,
    "gift": 18,
    "points": 26,
    "script": 30,
    "url": 24,
    "product_id": 24,
    "faq": 26,
}
WIDTH = 12
NOTES = 9


def run_sheet(lang: str) -> bytes:
    """The workbook: the tab to fill in, and one that explains it."""
    import xlsxwriter  # noqa: PLC0415 - as in bot/workbook_sheets.py

    out = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "strings_to_formulas": False,
    }
    book = xlsxwriter.Workbook(out, options)
    _sheet(book, lang)
    _notes(book, lang)
    book.close()
    return out.getvalue()


def heading(field: str, lang: str) -> str:
    """`商品名`, `Product name`."""
    return RULES.columns[field].zh if lang == "zh-CN" else _say(lang, f"column_{field}")


def _say(lang: str, key: str) -> str:
    return plain(say(lang, f"template.{key}"))


def _sheet(book: Any, lang: str) -> None:
    page = book.add_worksheet(_say(lang, "tab"))
    head = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
    needed, other = (
        book.add_format({**head, "bg_color": "#FFE699"}),
        book.add_format({**head, "bg_color": "#DDEBF7"}),
    )
    formats = {
        "text": book.add_format({"num_format": "@", "text_wrap": True}),
        "money": book.add_format({"num_format": "0.00"}),
        "plain": book.add_format({"text_wrap": True}),
        "example": book.add_format(
            {"num_format": "@", "italic": True, "font_color": "#808080", "text_wrap": True}
        ),
    }
    for at, field in enumerate(RULES.columns):
        kind = "text" if field in AS_TEXT else "money" if field in MONEY else "plain"
        page.set_column(at, at, WIDTHS.get(field, WIDTH), formats[kind])
        page.write_string(0, at, heading(field, lang), needed if field in NEEDED else other)
        page.write_comment(0, at, _say(lang, f"hint_{field}"))
        page.write_string(1, at, _say(lang, f"example_{field}"), formats["example"])
        _choices(page, at, field, lang)
    page.freeze_panes(1, 0)


def _choices(page: Any, at: int, field: str, lang: str) -> None:
    """定位 is chosen from what is understood; 售后 is yes or no unless somebody writes it out."""
    roles = [words[0] if lang == "zh-CN" else _role(words) for words in RULES.roles.values()]
    lists = {
        "role": roles,
        "after_sale": [_say(lang, "returns"), _say(lang, "no_returns")],
    }
    if field in lists:
        page.data_validation(
            1, at, ROWS, at,
            {"validate": "list", "source": lists[field], "error_type": "warning",
             "error_message": _say(lang, "choose")},
        )  # fmt: skip


def _role(words: Sequence[str]) -> str:
    """A role's first English word among its names."""
    return next(word for word in words if word.isascii())


def _notes(book: Any, lang: str) -> None:
    page = book.add_worksheet(_say(lang, "notes_tab"))
    page.set_column(0, 0, 110, book.add_format({"text_wrap": True, "valign": "top"}))
    for at in range(NOTES):
        page.write_string(at, 0, _say(lang, f"note_{at + 1}"))
