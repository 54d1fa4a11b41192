"""Cards of the review picture for what people entered: goals, traffic and service in a grid; action items in lines."""

from __future__ import annotations

from collections.abc import Sequence

from bot.picture_canvas import SMALLEST, Page, clean, ellipsise, fitting, width
from bot.picture_style import ALARM, BLUE, CARD, EDGE, GAP, GOOD, INK, INNER, MUTED, PAD, WIDE
from bot.review_words import clip, day_clock, figure, percent, said, spoken
from playbooks.actions import ActionItem
from playbooks.review import Review

COLUMNS = 3
CELLS = 12
TALL = 86
ITEMS = 5
EACH = 46


def entered(page: Page, y: int, review: Review, lang: str) -> int:
    """The grid, where anything was entered; returns where what follows begins."""
    return grid(page, y, said(lang, "picture.entered"), _cells(review, lang))


def grid(page: Page, y: int, title: str, cells: Sequence[tuple[str, str]]) -> int:
    """A card of captions with a figure each, where there are any; returns where what follows begins."""
    if not cells:
        return y
    rows = -(-len(cells) // COLUMNS)
    bottom = y + 76 + TALL * rows
    page.box((EDGE, y, WIDE - EDGE, bottom), 22, CARD)
    page.text(EDGE + PAD, y + 50, title, 30, INK, bold=True)
    each = INNER / COLUMNS
    for number, (caption, value) in enumerate(cells):
        left = EDGE + PAD + each * (number % COLUMNS)
        top = y + 76 + TALL * (number // COLUMNS)
        page.text(left, top + 22, ellipsise(caption, SMALLEST, each - 20), SMALLEST, MUTED)
        page.text(left, top + 62, value, fitting(value, 34, each - 20), INK, bold=True)
    return bottom + GAP


def _cells(review: Review, lang: str) -> list[tuple[str, str]]:
    """Goals first, each with what share of it was reached; of the rest as many as there is room for, entered before
    worked out, traffic and service in equal parts."""
    goals = [
        (said(lang, "picture.reached", name=said(lang, f"entry.figure_{one.id}")), spoken(lang, percent(one.reached)))
        for one in review.goals
        if one.reached is not None
    ]  # fmt: skip
    room = max(CELLS - len(goals), 0)
    traffic, service = list(review.traffic), list(review.service)
    of_service = min(len(service), max(room // 2, room - len(traffic)))
    shown = [*traffic[: room - of_service], *service[:of_service]]
    rest = [
        (said(lang, f"entry.figure_{one.id}"), spoken(lang, figure(one.kind, one.value))) for one in shown
    ]
    return [*goals[:CELLS], *rest]


def action_items(page: Page, y: int, review: Review, lang: str) -> int:
    """Section 11, where there is any; returns where what follows begins."""
    items = review.actions
    if not items:
        return y
    more = len(items) > ITEMS
    bottom = y + 76 + EACH * (min(len(items), ITEMS) + more) + 12
    page.box((EDGE, y, WIDE - EDGE, bottom), 22, CARD)
    page.text(EDGE + PAD, y + 50, said(lang, "picture.actions"), 30, INK, bold=True)
    y += 100
    for one in items[:ITEMS]:
        _item(page, y, one, review, lang)
        y += EACH
    if more:
        page.text(EDGE + PAD + 30, y, said(lang, "picture.issues_rest", count=len(items) - ITEMS), 28, MUTED)
    return bottom + GAP


def _item(page: Page, y: int, one: ActionItem, review: Review, lang: str) -> None:
    """Owner and time stand to the right and are never cut; the sentence has the room that is left."""
    late = one.state == "open" and one.due_at <= review.made_at
    colour = GOOD if one.state == "done" else MUTED if one.state == "dropped" else ALARM if late else BLUE
    owner = clean(clip(review.name(one.owner), 8))
    when = (
        day_clock(one.due_at, review.tz)
        if one.state == "open"
        else said(lang, f"workbook.action_{one.state}")
    )
    told = f"{owner} · {when}"
    page.dot(EDGE + PAD + 9, y - 10, 6, colour)
    page.text(WIDE - EDGE - PAD, y, told, 26, ALARM if late else MUTED, anchor="r")
    room = INNER - 30 - width(told, 26) - 24
    page.text(EDGE + PAD + 30, y, ellipsise(clean(one.text), 28, room), 28, INK)
