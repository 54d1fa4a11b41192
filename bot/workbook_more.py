"""More sheets of the review's workbook: broadcasts compared, what people entered, action items."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from bot.card import line
from bot.review_words import figure, said, spoken
from bot.workbook_sheets import Cell, Column, Workbook
from playbooks.actions import ActionItem
from playbooks.review import Review
from playbooks.review_marks import Compared

BLUE, PALE = "#2F6BFF", "#C9D8FF"
CHARTED = ("amount", "net_sales", "gmv")
"""Yuan beside yuan: figures of one unit in one chart."""


def more_sheets(book: Workbook, review: Review, lang: str) -> None:
    """Each sheet where there is something to stand on it; what nobody entered the overview says."""
    if review.compared:
        _compared(book, review, lang)
    if review.goals or review.traffic or review.service or review.posts:
        book.data_sheet(_w(lang, "sheet_entered"), *_entered(review, lang))
    if review.work:
        _work(book, review, lang)
    if review.actions:
        book.data_sheet(_w(lang, "sheet_actions"), *_actions(review, lang))


def _w(lang: str, key: str) -> str:
    return said(lang, f"workbook.{key}")


def _compared(book: Workbook, review: Review, lang: str) -> None:
    """Every figure now, in the last broadcast, the mean of the last seven, and as the version before had it."""
    columns = (
        Column(_w(lang, "figure"), width=22), Column(_w(lang, "value"), "yuan", 14),
        Column(_w(lang, "last"), "yuan", 14), Column(_w(lang, "mean"), "yuan", 16),
        Column(_w(lang, "known_of"), "count", 12), Column(_w(lang, "before_version"), "yuan", 14),
    )  # fmt: skip
    before = {one.id: one.before for one in review.changed_since}
    charted = [one for one in review.compared if one.id in CHARTED]
    rows = [*charted, *(one for one in review.compared if one.id not in CHARTED)]
    name = _w(lang, "sheet_compared")
    sheet = book.data_sheet(name, columns, [])
    for down, one in enumerate(rows, 1):
        book.cell(sheet, down, 0, said(lang, f"headline.{one.id}"), "text")
        for column, value in ((1, one.value), (2, one.last), (3, one.mean), (5, before.get(one.id))):
            book.cell(sheet, down, column, _cell(one, value), one.kind)
        book.cell(sheet, down, 4, one.known, "count")
    if charted:
        chart = _chart(book, name, len(charted), lang)
        sheet.insert_chart(len(rows) + 3, 0, chart)


def _cell(one: Compared, value: Decimal | None) -> Cell:
    return timedelta(seconds=int(value)) if value is not None and one.kind == "seconds" else value


def _chart(book: Workbook, name: str, count: int, lang: str) -> Any:
    """The yuan of the first `count` rows, now and before."""
    chart = book.book.add_chart({"type": "column"})
    for column, colour in ((1, BLUE), (2, PALE), (3, "#98A2B3")):
        chart.add_series(
            {
                "name": [name, 0, column],
                "categories": [name, 1, 0, count, 0],
                "values": [name, 1, column, count, column],
                "fill": {"color": colour},
            }
        )
    chart.set_title({"name": _w(lang, "chart_compared"), "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 760, "height": 340})
    return chart


Told = tuple[Sequence[Column], list[list[Cell]]]


def _entered(review: Review, lang: str) -> Told:
    """Sections 2, 3, 7 and 9 as they are said, a goal with its result."""
    columns = (
        Column(_w(lang, "section"), width=16), Column(_w(lang, "figure"), width=24),
        Column(_w(lang, "value"), width=40),
        Column(_w(lang, "goal"), width=16), Column(_w(lang, "reached"), "rate"),
    )  # fmt: skip
    rows: list[list[Cell]] = []
    for goal in review.goals:
        values = [spoken(lang, figure(goal.kind, value)) for value in (goal.result, goal.goal)]
        rows.append([_section("goals", lang), _name(goal.id, lang), *values, goal.reached])
    for section, metrics in (("traffic", review.traffic), ("service", review.service)):
        for one in metrics:
            value = spoken(lang, figure(one.kind, one.value))
            rows.append([_section(section, lang), _name(one.id, lang), value, "", None])
    for post, remark in review.posts.items():
        rows.append([_section("posts", lang), said(lang, f"entry.post_{post}"), remark.text, "", None])
    return columns, rows


def _section(name: str, lang: str) -> str:
    return spoken(lang, line(f"review.section_{name}"))


def _name(id: str, lang: str) -> str:
    return said(lang, f"entry.figure_{id}")


def _work(book: Workbook, review: Review, lang: str) -> None:
    """Who did how much on and off air, with its chart (G15)."""
    name = _w(lang, "sheet_work")
    columns = (
        Column(_w(lang, "work_who"), width=16), Column(_w(lang, "work_on"), "count", 12),
        Column(_w(lang, "work_off"), "count", 12), Column(_w(lang, "work_there"), "seconds", 16),
    )  # fmt: skip
    rows: list[list[Cell]] = [[review.name(one.who), one.on, one.off, one.there] for one in review.work]
    sheet = book.data_sheet(name, columns, rows)
    chart = book.book.add_chart({"type": "bar", "subtype": "stacked"})
    for column, colour in ((1, BLUE), (2, PALE)):
        chart.add_series(
            {
                "name": [name, 0, column],
                "categories": [name, 1, 0, len(rows), 0],
                "values": [name, 1, column, len(rows), column],
                "fill": {"color": colour},
            }
        )
    chart.set_title({"name": _w(lang, "chart_work"), "name_font": {"size": 12}})
    chart.set_y_axis({"reverse": True})
    chart.set_legend({"position": "bottom"})
    sheet.insert_chart(1, len(columns) + 1, chart)


def _actions(review: Review, lang: str) -> Told:
    columns = (
        Column(_w(lang, "text"), width=48), Column(_w(lang, "owner"), width=12), Column(_w(lang, "due"), "time", 16),
        Column(_w(lang, "state"), width=12), Column(_w(lang, "why"), width=40),
    )  # fmt: skip
    return columns, [_action(one, review, lang) for one in review.actions]


def _action(one: ActionItem, review: Review, lang: str) -> list[Cell]:
    state = _w(lang, "open") if one.state == "open" else _w(lang, f"action_{one.state}")
    return [one.text, review.name(one.owner), one.due_at, state, one.ended_why]
