"""The chart of the review picture: unpaid orders and recoveries per quarter, the peaks named by product."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from bot.card import line
from bot.picture_canvas import SMALLEST, Page, clean, ellipsise, width, wrap
from bot.picture_style import BLUE, CARD, EDGE, INK, INNER, MUTED, PAD, PALE, RULE, WIDE
from bot.review_text import reasons
from bot.review_words import said
from playbooks.chase.rules import rules
from playbooks.review import Quarter, Review

MOST_BARS = 40
TALL = 216
"""Pixels from the axis to the highest bar."""
LEFT = EDGE + PAD + 56
RIGHT = WIDE - EDGE - PAD
MOST_PEAKS = 5
PEAK_WIDTH = 190
PEAK_CLEAR = 16
WORTH_NAMING = 0.3
"""Of the highest bar."""


class Bar(NamedTuple):
    """One bar: its middle, how high both counts are, which product, and the first quarter in it."""

    x: float
    new: int
    recovered: int
    link_no: int | None
    first: Quarter


def chart(page: Page, y: int, review: Review, lang: str) -> int:
    """The card with the chart, or with the word that there was nothing unpaid; returns where it ends."""
    notes = _notes(review, lang)
    quarters = review.chase.quarters
    drawn = any(one.new or one.recovered for one in quarters)
    bottom = y + (410 if drawn else 126) + 36 * len(notes)
    page.box((EDGE, y, WIDE - EDGE, bottom), 22, CARD)
    together = -(-len(quarters) // MOST_BARS)
    minutes = rules().bucket_minutes * max(together, 1)
    page.text(EDGE + PAD, y + 50, said(lang, "picture.chart", minutes=minutes), 30, INK, bold=True)
    if drawn:
        _legend(page, y + 50, lang)
        bars = tuple(_bars(quarters, together))
        _draw_bars(page, y + 340, bars, review)
    else:
        key = "picture.no_chart" if review.orders_known else "picture.no_orders"
        page.text(EDGE + PAD, y + 98, said(lang, key), 28, MUTED)
    for number, note in enumerate(notes):
        page.text(EDGE + PAD, bottom - 26 - 36 * (len(notes) - 1 - number), note, SMALLEST, MUTED)
    return bottom


def _notes(review: Review, lang: str) -> list[str]:
    """What lies outside the chart's times, and why buyers did not pay."""
    told, notes = review.chase, []
    outside = (("picture.new", told.new_outside), ("picture.back", told.recovered_outside))
    parts = tuple(
        line("review.counted", what=line(key), count=f"{number:,}") for key, number in outside if number
    )
    if parts:
        notes.append(said(lang, "picture.outside", parts=parts))
    if told.funnel.reasons:
        notes.append(said(lang, "picture.reasons", reasons=reasons(review, 4)))
    return [row for note in notes for row in wrap(note, SMALLEST, INNER)]


def _legend(page: Page, y: int, lang: str) -> None:
    x: float = RIGHT
    for key, colour in (("picture.back", BLUE), ("picture.new", PALE)):
        text = said(lang, key)
        page.text(x, y, text, 26, MUTED, anchor="r")
        x -= width(text, 26) + 32
        page.box((x, y - 22, x + 22, y), 5, colour)
        x -= 34


def _bars(quarters: Sequence[Quarter], together: int) -> Iterator[Bar]:
    """Neighbouring quarters together where there are too many, under the product of the busiest one."""
    groups = [quarters[start : start + together] for start in range(0, len(quarters), together)]
    each = (RIGHT - LEFT) / len(groups)
    for number, group in enumerate(groups):
        busiest = max(group, key=lambda one: one.new)
        yield Bar(
            LEFT + each * (number + 0.5), sum(one.new for one in group), sum(one.recovered for one in group),
            busiest.link_no, group[0],
        )  # fmt: skip


def _draw_bars(page: Page, axis: int, bars: Sequence[Bar], review: Review) -> None:
    step = _step(max(max(bar.new, bar.recovered) for bar in bars))
    top = step * -(-max(max(bar.new, bar.recovered) for bar in bars) // step)
    for value in range(0, top + 1, step):
        page.rule(LEFT, RIGHT, axis - TALL * value / top, RULE)
        page.text(LEFT - 14, axis - TALL * value / top + 9, f"{value:,}", SMALLEST, MUTED, anchor="r")
    half = min((RIGHT - LEFT) / len(bars) * 0.3, 28)
    for bar in bars:
        page.box((bar.x - half, axis - TALL * bar.new / top, bar.x + half, axis), 6, PALE)
        # Narrower, for more may be recovered in a quarter than began in it: both heights stay visible.
        inner = half * 0.62
        page.box((bar.x - inner, axis - TALL * bar.recovered / top, bar.x + inner, axis), 5, BLUE)
    _hours(page, axis, bars, review)
    _peaks(page, axis, bars, top, {row.link_no: row.name for row in review.products})


def _step(highest: int) -> int:
    """The distance of the grid's lines: 1, 2 or 5 times a power of ten, at most four of them."""
    step, factors = 1, (2, 2.5, 2)
    turn = 0
    while highest > 4 * step:
        step = int(step * factors[turn % 3])
        turn += 1
    return step


def _hours(page: Page, axis: int, bars: Sequence[Bar], review: Review) -> None:
    """Full hours under the axis, as many as there is room for; the first bar's time where none is full."""
    known = [(bar.x, bar.first.at.astimezone(review.tz)) for bar in bars]
    hours = [(x, at) for x, at in known if at.minute == 0] or known[:1]
    room = width("00:00", SMALLEST) + 24
    after = -room
    for x, at in hours:
        if x - after >= room:
            page.text(x, axis + 40, f"{at:%H:%M}", SMALLEST, MUTED, anchor="m")
            after = x


def _peaks(page: Page, axis: int, bars: Sequence[Bar], top: int, names: Mapping[int | None, str]) -> None:
    """The peaks named by the product on air, each product once, no name over another or over a bar."""
    taken: list[tuple[float, float]] = []
    named: set[int | None] = {None}
    for bar in sorted(_maxima(bars), key=lambda one: -one.new):
        name = ellipsise(clean(names.get(bar.link_no, "")), SMALLEST, PEAK_WIDTH)
        half = width(name, SMALLEST) / 2
        x = min(max(bar.x, LEFT + half), RIGHT - half)
        clear = all(x + half + 16 < left or x - half - 16 > right for left, right in taken)
        if name and bar.link_no not in named and clear and len(taken) < MOST_PEAKS:
            under = [one for one in bars if abs(one.x - x) < half + PEAK_CLEAR]
            highest = max(max(one.new, one.recovered) for one in under)
            y = axis - TALL * highest / top - 16
            page.box((x - half - 4, y - 25, x + half + 4, y + 7), 0, CARD)
            page.text(x, y, name, SMALLEST, INK, bold=True, anchor="m")
            named.add(bar.link_no)
            taken.append((x - half, x + half))


def _maxima(bars: Sequence[Bar]) -> list[Bar]:
    """The bars higher than the one before and not lower than the one after, if they are worth a name."""
    least = WORTH_NAMING * max(bar.new for bar in bars)
    heights = [0, *(bar.new for bar in bars), 0]
    beside = zip(heights, bars, heights[2:], strict=False)
    return [bar for before, bar, after in beside if before < bar.new >= after and bar.new > least]
