"""Sheets of the review's workbook for cases 工单 and promises 承诺; nothing of a buyer's own stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.review_words import said
from bot.workbook_sheets import Cell, Column, Kind, Workbook
from playbooks.cases import Case, is_late
from playbooks.promises import Promise
from playbooks.review import Review
from playbooks.review_cases import counted, is_broken, is_kept_late

Figure = tuple[str, Cell, Kind, str]
"""Caption, value, what it is, and its note."""


def case_sheets(
    book: Workbook, cases: Iterable[Case], promised: Iterable[Promise], review: Review, lang: str,
    *, names: Mapping[str, str],
) -> None:  # fmt: skip
    """Each sheet where there is something to stand on it."""
    if rows := [_case(one, lang, review.made_at, names) for one in counted(cases)]:
        book.data_sheet(_w(lang, "workbook.sheet_cases"), _case_columns(lang), rows)
    some = sorted(promised, key=lambda one: (one.due_at, one.id))
    if rows := [_promise(one, lang, review.made_at, names) for one in some]:
        book.data_sheet(_w(lang, "workbook.sheet_promises"), _promise_columns(lang), rows)


def _w(lang: str, key: str) -> str:
    return said(lang, key)


def _case_columns(lang: str) -> tuple[Column, ...]:
    return (
        Column(_w(lang, "case.table_number"), "count", 8), Column(_w(lang, "case.table_kind"), width=14),
        Column(_w(lang, "workbook.order_id"), width=24), Column(_w(lang, "workbook.product"), width=28),
        Column(_w(lang, "case.table_type"), width=16), Column(_w(lang, "case.table_cause"), width=16),
        Column(_w(lang, "case.table_state"), width=18), Column(_w(lang, "workbook.owner"), width=12),
        Column(_w(lang, "case.table_at"), "time", 16), Column(_w(lang, "case.table_due_at"), "time", 16),
        Column(_w(lang, "case.table_closed_at"), "time", 16), Column(_w(lang, "case.table_late"), width=8),
        Column(_w(lang, "case.table_second"), width=10), Column(_w(lang, "case.table_unsatisfied"), "count", 12),
        Column(_w(lang, "case.table_reopened"), "count", 10), Column(_w(lang, "case.table_amount"), "yuan", 12),
    )  # fmt: skip


def _case(one: Case, lang: str, now: datetime, names: Mapping[str, str]) -> list[Cell]:
    state = f"case.state_{one.state}" if one.open else f"case.outcome_{one.outcome}"
    return [
        one.number, _w(lang, f"case.kind_{one.kind}"), one.order_id, one.title,
        _w(lang, f"case.type_{one.type}") if one.type else "", _w(lang, f"case.cause_{one.cause}") if one.cause else "",
        _w(lang, state), names.get(one.owner, one.owner), one.at, one.due_at, one.closed_at,
        _yes(lang, is_late(one, now)), _yes(lang, one.second), one.unsatisfied, one.reopened, one.amount,
    ]  # fmt: skip


def _promise_columns(lang: str) -> tuple[Column, ...]:
    return (
        Column(_w(lang, "workbook.order_id"), width=24), Column(_w(lang, "workbook.promised"), width=50),
        Column(_w(lang, "workbook.owner"), width=12), Column(_w(lang, "workbook.created"), "time", 16),
        Column(_w(lang, "workbook.due_at"), "time", 16), Column(_w(lang, "workbook.kept_at"), "time", 16),
        Column(_w(lang, "workbook.state"), width=14),
    )  # fmt: skip


def _promise(one: Promise, lang: str, now: datetime, names: Mapping[str, str]) -> list[Cell]:
    kept = "promise_late" if is_kept_late(one) else "promise_kept"
    state = kept if one.kept_at else "promise_broken" if is_broken(one, now) else "promise_open"
    owner = names.get(one.owner, one.owner)
    return [one.order_id, one.text, owner, one.at, one.due_at, one.kept_at, _w(lang, f"why.{state}")]


def _yes(lang: str, so: bool) -> str:
    return _w(lang, "case.yes") if so else ""


def case_rows(review: Review, lang: str) -> list[Figure]:
    """Of the overview: how many came, are open, were late; complaints, promises, slips."""
    rows: list[Figure] = []
    for one in review.cases.kinds:
        kind = _w(lang, f"review.kind_{one.kind}")
        note = f"{_w(lang, 'workbook.done')} {one.closed} / {_w(lang, 'workbook.created')} {one.came}"
        rows += [
            (f"{kind} · {_w(lang, 'workbook.rate')}", one.rate, "rate", note),
            (f"{kind} · {_w(lang, 'workbook.open')}", one.open, "count", ""),
        ]
    told = review.cases
    if told.kinds:
        late = sum(one.late for one in told.kinds)
        rows.append((_w(lang, "headline.cases_late"), late, "count", _w(lang, "workbook.case_late_note")))
    if told.complaints:
        rows.append((_w(lang, "headline.second"), told.second, "count", _w(lang, "workbook.second_note")))
    if promised := told.promises:
        broken = promised.late + promised.broken
        rows += [
            (_w(lang, "headline.promises"), promised.made, "count", ""),
            (_w(lang, "headline.promises_broken"), broken, "count", _w(lang, "workbook.promises_note")),
        ]
    slips = [(f"{_w(lang, 'headline.mistakes')} · {review.name(one.who)}", one) for one in told.mistakes]
    return [*rows, *((caption, one.count, "count", "") for caption, one in slips)]
