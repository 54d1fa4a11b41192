"""The review 复盘 as one page of HTML that prints on A4: the text in full, the products as a table, no outside file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from bot import review_text, review_text_more
from bot.picture_table import cells
from bot.render import line_html
from bot.review_words import measured, said, spoken
from bot.texts import escape
from playbooks.review import Review
from playbooks.review_marks import Compared
from storage.rows import Line

STYLE = """
@page { size: A4; margin: 16mm }
body { font: 15px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: #1a2130;
  max-width: 780px; margin: 24px auto; padding: 0 16px }
h1 { font-size: 22px; margin: 0 0 8px } h2 { font-size: 17px; margin: 22px 0 4px; break-after: avoid }
p { margin: 2px 0 } table { border-collapse: collapse; width: 100%; font-size: 13px }
th, td { border-bottom: 1px solid #e4e7ed; padding: 4px 6px; text-align: right } tr { break-inside: avoid }
th:first-child, td:first-child { text-align: left } thead { display: table-header-group }
code { font-family: inherit }
""".strip()
COLUMNS = ("product", "price", "unpaid", "recovered", "rate", "natural")


def page(review: Review, lang: str) -> str:
    """The whole page; every word from people is escaped."""
    title = escape(spoken(lang, review_text.lines(review)[0]))
    body = "\n".join(
        (
            *_paragraphs(review_text.lines(review), lang, titled=True),
            *_products(review, lang),
            *_compared(review, lang),
            *_paragraphs(review_text_more.lines(review), lang),
        )
    )
    return (
        f'<!doctype html>\n<html lang="{escape(lang)}">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>\n{STYLE}\n</style></head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _paragraphs(lines: Sequence[Line], lang: str, *, titled: bool = False) -> Iterator[str]:
    """The headings of the sections as headings: they are the lines that are bold from the start; `titled`: the first
    is the title of the page."""
    for number, one in enumerate(lines):
        html = line_html(lang, one).strip()
        for row in html.split("\n"):
            title = titled and number == 0
            tag = ("h1" if title else "h2") if row.startswith("<b>") else "p"
            yield f"<{tag}>{row}</{tag}>"


def _products(review: Review, lang: str) -> Iterator[str]:
    """Every product, where the picture has the first twelve."""
    if review.products:
        heads = [said(lang, f"picture.column_{key}") for key in COLUMNS]
        yield f"<h2>{escape(said(lang, 'picture.products'))}</h2>"
        yield from _table(heads, [cells(row, lang) for row in review.products])


def _compared(review: Review, lang: str) -> Iterator[str]:
    """Every figure beside the broadcasts before."""
    if review.compared:
        heads = [said(lang, f"workbook.{key}") for key in ("figure", "value", "last", "mean")]
        rows = [_compared_row(one, lang) for one in review.compared]
        yield f"<h2>{escape(said(lang, 'workbook.sheet_compared'))}</h2>"
        yield from _table(heads, rows)


def _compared_row(one: Compared, lang: str) -> list[str]:
    values = (one.value, one.last, one.mean)
    return [said(lang, f"headline.{one.id}"), *(_said(one.kind, value, lang) for value in values)]


def _said(kind: str, value: Decimal | None, lang: str) -> str:
    return spoken(lang, measured(kind, value))


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "<table><thead>" + _row("th", heads) + "</thead><tbody>"
    yield from (_row("td", row) for row in rows)
    yield "</tbody></table>"


def _row(tag: str, cells_: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells_) + "</tr>"
