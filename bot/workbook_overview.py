"""The overview of the review's workbook: every figure with its formula, the quarters with their chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.card import line
from bot.review_words import (
    clock,
    issue,
    listed,
    percent,
    period,
    product,
    said,
    sections,
    span,
    spoken,
    whose,
    yuan,
)
from bot.workbook_cases import case_rows
from bot.workbook_sheets import Cell, Column, Kind, Workbook
from playbooks.chase import Share
from playbooks.review import Review

Figure = tuple[str, Cell, Kind, str]
"""Caption, value, what it is, and its formula or note."""
SIDE = 4
"""The column the tables beside the figures begin in."""
WIDEST = 6
"""Columns of the widest of them: the chart stands to the right of it."""


def overview(book: Workbook, review: Review, lang: str) -> None:
    """The first sheet: figures on the left, the quarters with their chart and the short tables on the right."""
    sheet = book.sheet(_w(lang, "sheet_overview"))
    for column, wide in enumerate((28, 24, 58)):
        sheet.set_column(column, column, wide)
    for column, key in enumerate(("figure", "value", "note")):
        book.heading(sheet, 0, _w(lang, key), column)
    figures = [*_basics(review, lang), *_sales(review, lang), *_chase(review, lang), *_rest(review, lang)]
    for row, (caption, value, kind, note) in enumerate(figures, 1):
        book.cell(sheet, row, 0, caption, "text")
        book.cell(sheet, row, 1, _w(lang, "not_entered") if value is None else value, kind)
        book.cell(sheet, row, 2, note, "text")
    sheet.freeze_panes(1, 0)
    below = _quarters(book, sheet, review, lang)
    below = _people(book, sheet, below + 1, review, lang)
    _issues(book, sheet, max(len(figures), below) + 2, review, lang)


def _w(lang: str, key: str, **values: object) -> str:
    return said(lang, f"workbook.{key}", **values)


def _names(review: Review, ids: Sequence[str], lang: str) -> str | None:
    return listed(lang, map(review.name, ids)) or None


def _basics(review: Review, lang: str) -> list[Figure]:
    basics = review.basics
    platform = said(lang, f"platform.{basics.platform}")
    told: list[tuple[str, Cell, Kind]] = [
        ("shop", basics.shop, "text"), ("platform", platform, "text"), ("date", basics.opened_on.isoformat(), "text"),
        ("period", period(review) or None, "text"), ("hosts", listed(lang, basics.hosts) or None, "text"),
        ("duration", spoken(lang, span(basics.duration)) if basics.duration else None, "text"),
        ("ops", _names(review, basics.ops, lang), "text"), ("agents", _names(review, basics.agents, lang), "text"),
        ("version", review.version, "count"), ("made_at", review.made_at, "time"),
        ("data_until", review.data_until, "time"),
    ]  # fmt: skip
    provisional = said(lang, "review.listed", items=sections(review.provisional))
    missing = said(lang, "review.listed", items=sections(review.not_entered))
    rows: list[Figure] = [(_w(lang, key), value, kind, "") for key, value, kind in told]
    rows.append((_w(lang, "provisional"), provisional, "text", ""))
    return [*rows, (_w(lang, "not_entered"), missing, "text", "")]


def _sales(review: Review, lang: str) -> list[Figure]:
    sales = review.sales
    return [
        (_w(lang, "orders"), sales.orders, "count", ""), (_w(lang, "paid"), sales.paid, "count", ""),
        (_w(lang, "gmv"), sales.gmv, "yuan", _w(lang, "gmv_note")),
        (_w(lang, "net_sales"), sales.net_sales, "yuan", _w(lang, "net_sales_note")),
        (_w(lang, "unpriced"), sales.unpriced if sales.orders else None, "count", ""),
    ]  # fmt: skip


def _unpaid_note(review: Review, lang: str) -> str:
    beside = review.yardstick
    return _w(lang, "unpaid_rate_note", whose=whose(beside), reference=percent(beside.unpaid))


def _chase(review: Review, lang: str) -> list[Figure]:
    told = review.chase.funnel
    known = review.orders_known

    def counted(number: int) -> int | None:
        return number if known else None

    return [
        (_w(lang, "unpaid"), counted(told.unpaid), "count", ""),
        (_w(lang, "unpaid_rate"), told.unpaid_rate, "rate", _unpaid_note(review, lang)),
        (_w(lang, "excluded"), counted(told.excluded), "count", _w(lang, "excluded_note")),
        (_w(lang, "contacted"), counted(told.contacted), "count", ""),
        (_w(lang, "coverage"), told.coverage, "rate", _w(lang, "coverage_note")),
        (_w(lang, "recovered"), told.recovered if told.contacted else None, "count", ""),
        (_w(lang, "success_rate"), told.success_rate, "rate", _w(lang, "success_rate_note")),
        (_w(lang, "natural_rate"), told.natural_rate, "rate", _w(lang, "natural_rate_note")),
        (_w(lang, "amount"), told.recovered_amount, "yuan", ""),
        (_w(lang, "discount"), told.discount, "yuan", ""),
        (_w(lang, "recovered_unpriced"), told.recovered_unpriced if told.contacted else None, "count", ""),
    ]  # fmt: skip


def _rest(review: Review, lang: str) -> list[Figure]:
    hand, held = review.handoff, review.anomalies
    exposed = _w(lang, "exposure_none")
    if held.penalty is not None:
        exposed = _w(
            lang, "exposure_note", open=held.open_holds, penalty=yuan(held.penalty), as_of=held.penalty_as_of
        )
    rows: list[Figure] = [
        (_w(lang, "changes"), hand.changes, "count", ""), (_w(lang, "confirmed"), hand.confirmed, "count", ""),
        (_w(lang, "lag_median"), hand.median, "seconds", _w(lang, "lag_note")),
        (_w(lang, "lag_worst"), hand.worst, "seconds", ""),
        (_w(lang, "questions"), hand.asked.asked or None, "count", ""),
        (_w(lang, "answered"), hand.asked.answered if hand.asked.asked else None, "count", ""),
        (_w(lang, "answered_late"), hand.asked.late if hand.asked.asked else None, "count", ""),
        (_w(lang, "answer_median"), hand.asked.median, "seconds", _w(lang, "answer_note")),
        (_w(lang, "answer_worst"), hand.asked.worst, "seconds", ""), (_w(lang, "found"), held.found, "count", ""),
        (_w(lang, "solved"), held.solved, "count", ""), (_w(lang, "open"), held.open, "count", ""),
        (_w(lang, "handed"), held.handed if held.found is not None else None, "count", ""),
        (_w(lang, "exposure"), held.exposure, "yuan", exposed),
    ]  # fmt: skip
    for one in review.follow_ups:
        kind = said(lang, f"followup.kind_{one.kind}")
        note = f"{_w(lang, 'done')} {one.done} / {_w(lang, 'created')} {one.created}"
        rows.append((f"{kind} · {_w(lang, 'rate')}", one.rate, "rate", note))
        rows.append((f"{kind} · {_w(lang, 'open')}", one.open, "count", ""))
    return [*rows, *case_rows(review, lang)]


def _quarters(book: Workbook, sheet: Any, review: Review, lang: str) -> int:
    """The quarters, and beside them their chart; the row below."""
    columns = (
        Column(_w(lang, "time"), width=10), Column(_w(lang, "new"), "count", 12),
        Column(_w(lang, "recovered"), "count", 12), Column(_w(lang, "on_air"), width=26),
    )  # fmt: skip
    names = {row.link_no: row.name for row in review.products}
    rows: list[list[Cell]] = [
        [clock(one.at, review.tz), one.new, one.recovered,
         spoken(lang, product(one.link_no, names.get(one.link_no, ""), 40)) if one.link_no else ""]
        for one in review.chase.quarters
    ]  # fmt: skip
    outside: list[Cell] = [_w(lang, "outside"), review.chase.new_outside, review.chase.recovered_outside, ""]
    below = book.table(sheet, columns, [*rows, outside], left=SIDE)
    chart = book.book.add_chart({"type": "column"})
    name = _w(lang, "sheet_overview")
    for number, colour in ((1, "#C9D8FF"), (2, "#2F6BFF")):
        chart.add_series(
            {
                "name": [name, 0, SIDE + number],
                "categories": [name, 1, SIDE, len(rows), SIDE],
                "values": [name, 1, SIDE + number, len(rows), SIDE + number],
                "fill": {"color": colour},
            }
        )
    chart.set_title({"name": _w(lang, "chart_quarters"), "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 900, "height": 380})
    sheet.insert_chart(0, SIDE + WIDEST + 1, chart)
    return below


def _people(book: Workbook, sheet: Any, at: int, review: Review, lang: str) -> int:
    """Chase by agent, known-lag by person, reasons; the row below."""
    told = review.chase.funnel
    by_agent = [(review.name(share.key), share) for share in told.agents]
    at = book.table(sheet, _columns("agent", lang), _rows(by_agent), at=at, left=SIDE) + 1
    by_channel = [(said(lang, f"chase.step_{share.key}"), share) for share in told.channels]
    at = book.table(sheet, _columns("channel", lang), _rows(by_channel), at=at, left=SIDE) + 1
    lagged: list[list[Cell]] = [
        [review.name(p.who), f"{p.known}/{p.asked}", p.median, p.worst] for p in review.handoff.people
    ]
    columns = [Column(_w(lang, "person"), width=10), Column(_w(lang, "known"), "text", 12),
               Column(_w(lang, "lag_median"), "seconds", 12), Column(_w(lang, "lag_worst"), "seconds", 26)]  # fmt: skip
    at = book.table(sheet, columns, lagged, at=at, left=SIDE) + 1
    reasons: list[list[Cell]] = [[said(lang, f"chase.reason_{name}"), count] for name, count in told.reasons]
    columns = [Column(_w(lang, "reasons"), width=14), Column(_w(lang, "count"), "count", 12)]
    return book.table(sheet, columns, reasons, at=at, left=SIDE)


def _columns(cut: str, lang: str) -> Sequence[Column]:
    """Of a cut of the chase: each recovery beside what pays by itself."""
    return (
        Column(_w(lang, cut), width=10), Column(_w(lang, "contacted"), "count", 12),
        Column(_w(lang, "recovered"), "count", 12), Column(_w(lang, "amount"), "yuan", 26),
        Column(_w(lang, "success_rate"), "rate", 12), Column(_w(lang, "natural_rate"), "rate", 12),
    )  # fmt: skip


def _rows(shares: Sequence[tuple[str, Share]]) -> list[list[Cell]]:
    return [[name, s.contacted, s.recovered, s.amount, s.success_rate, s.natural_rate] for name, s in shares]


def _issues(book: Workbook, sheet: Any, at: int, review: Review, lang: str) -> None:
    """Every hand-off issue, whole."""
    book.heading(sheet, at, _w(lang, "issues"))
    for row, one in enumerate(review.handoff.issues, at + 1):
        book.cell(sheet, row, 0, spoken(lang, issue(one, review, 60)), "text")
    if not review.handoff.issues:
        book.cell(sheet, at + 1, 0, spoken(lang, line("review.no_issues")), "text")
