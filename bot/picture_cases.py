"""The card of the review picture for what came to be dealt with: cases by kind, promises, slips."""

from __future__ import annotations

from bot.picture_canvas import Page
from bot.picture_entered import grid
from bot.review_words import said
from playbooks.review import Review
from playbooks.review_cases import KindFigures


def cases(page: Page, y: int, review: Review, lang: str) -> int:
    """The grid, where anything came; returns where what follows begins."""
    return grid(page, y, said(lang, "picture.cases"), _cells(review, lang))


def _cells(review: Review, lang: str) -> list[tuple[str, str]]:
    """How many came of each kind and how many are open; then what counts against the shop."""
    told = review.cases
    cells = [_kind(one, lang) for one in told.kinds if one.kind != "mistake"]
    if told.second:
        cells.append((said(lang, "picture.second"), f"{told.second:,}"))
    if promised := told.promises:
        due = promised.made - promised.open
        cells.append((said(lang, "picture.promises"), f"{promised.kept:,} / {due:,}"))
    if told.mistakes:
        cells.append((said(lang, "picture.mistakes"), f"{sum(one.count for one in told.mistakes):,}"))
    return cells


def _kind(one: KindFigures, lang: str) -> tuple[str, str]:
    came = f"{one.came:,}"
    value = said(lang, "picture.case_open", came=came, open=f"{one.open:,}") if one.open else came
    return said(lang, f"review.kind_{one.kind}"), value
