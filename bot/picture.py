"""The review 复盘 as a picture for a phone: 1080 pixels wide, as high as it needs, at most 400 kB.

One function a card, from top to bottom; each draws from `y` down and returns where it ended.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from bot.picture_canvas import SMALLEST, Page, clean, ellipsise, fitting, width, wrap
from bot.picture_cases import cases
from bot.picture_chart import chart
from bot.picture_entered import action_items, entered
from bot.picture_style import (
    ALARM,
    BLUE,
    CARD,
    EDGE,
    GAP,
    GOOD,
    GROUND,
    INK,
    INNER,
    MUTED,
    PAD,
    TALLEST,
    WARN,
    WARN_GROUND,
    WIDE,
)
from bot.picture_table import table
from bot.review_words import (
    clip,
    day_clock,
    figure,
    issue,
    listed,
    percent,
    period,
    said,
    sections,
    span,
    spoken,
    yuan,
)
from playbooks.review import Review

ISSUES = 6
BIG = 56
LEAST_BIG = 42
"""Below this the unit gives way to the figure."""
Figure = tuple[str, str, str, str, list[str]]
"""Caption, figure, unit, colour, and what stands under it."""


def draw(review: Review, lang: str) -> bytes:
    """The picture as PNG; every character in it has a glyph, no number is cut."""
    page = Page(WIDE, TALLEST, GROUND)
    y = _head(page, review, lang)
    y = _figures(page, y, review, lang) + GAP
    y = chart(page, y, review, lang) + GAP
    y = table(page, y, review, lang) + GAP
    y = entered(page, y, review, lang)
    y = cases(page, y, review, lang)
    y = _issues(page, y, review, lang) + GAP
    y = action_items(page, y, review, lang)
    y = _follow_ups(page, y, review, lang)
    return page.png(_foot(page, y, review, lang))


def _head(page: Page, review: Review, lang: str) -> int:
    """Title and crew, shop and time, and until when the figures are true."""
    after = page.text(EDGE, 100, said(lang, "picture.title"), 62, INK, bold=True)
    if review.version > 1:
        after = page.text(after + 18, 100, said(lang, "picture.version", version=review.version), 30, MUTED)
    crew = _crew(review, lang, WIDE - EDGE - after - 40)
    page.text(WIDE - EDGE, 90, crew, 28, MUTED, anchor="r")
    basics = review.basics
    day = said(lang, "picture.day", month=basics.opened_on.month, day=basics.opened_on.day)
    when = " ".join(part for part in (day, period(review)) if part)
    room = WIDE - 2 * EDGE - width(f" · {when}", 32)
    page.text(EDGE, 152, f"{ellipsise(clean(basics.shop), 32, room)} · {when}", 32, MUTED)
    return _data(page, review, lang)


def _crew(review: Review, lang: str, most: float) -> str:
    """Host, ops and the number of agents; what does not fit is left off from the front."""
    basics = review.basics
    parts = [said(lang, "picture.agents", count=len(basics.agents))] if basics.agents else []
    for key, names in (("ops", [review.name(one) for one in basics.ops]), ("host", list(basics.hosts))):
        if names:
            shown = listed(lang, (clean(clip(name, 8)) for name in names[:2]))
            parts.insert(0, said(lang, f"picture.{key}", names=shown))
    while len(parts) > 1 and width(" · ".join(parts), 28) > most:
        parts.pop(0)
    return " · ".join(parts)


def _data(page: Page, review: Review, lang: str) -> int:
    """Data until when, and which figures are provisional, as a warning."""
    until = review.data_until
    told = (
        said(lang, "picture.data_until", until=day_clock(until, review.tz))
        if until
        else said(lang, "picture.no_data")
    )
    if not review.provisional:
        page.text(EDGE, 196, told, 26, MUTED)
        return 220
    told += " · " + said(lang, "picture.provisional", sections=sections(review.provisional))
    lines = wrap(told, 26, WIDE - 2 * EDGE - 40)
    bottom = 176 + 24 + 38 * len(lines)
    page.box((EDGE, 176, WIDE - EDGE, bottom), 16, WARN_GROUND)
    for number, line in enumerate(lines):
        page.text(EDGE + 20, 214 + 38 * number, line, 26, WARN)
    return bottom + GAP


def _figures(page: Page, y: int, review: Review, lang: str) -> int:
    """The four figures a manager looks for first."""
    figures = [_recovered(review, lang), _amount(review, lang), _lag(review, lang), _anomalies(review, lang)]
    wide = (WIDE - 2 * EDGE - 3 * GAP) // 4
    inner = wide - 2 * 20
    notes = [[line for note in one[4] for line in wrap(note, SMALLEST, inner)] for one in figures]
    bottom = y + 128 + 34 * max(map(len, notes)) + 14
    for number, (caption, value, unit, colour, _) in enumerate(figures):
        left = EDGE + number * (wide + GAP)
        page.box((left, y, left + wide, bottom), 22, CARD)
        page.text(left + 20, y + 48, caption, 26, MUTED)
        beside = width(unit, 26) + 8
        size = fitting(value, BIG, inner - beside + 8)
        with_unit = size >= LEAST_BIG
        end = page.text(
            left + 20, y + 112, value, size if with_unit else fitting(value, BIG, inner), colour, bold=True
        )
        if with_unit:
            page.text(end + 8, y + 112, unit, 26, MUTED)
        for row, note in enumerate(notes[number]):
            page.text(left + 20, y + 154 + 34 * row, note, SMALLEST, MUTED)
    return bottom


def _recovered(review: Review, lang: str) -> Figure:
    funnel = review.chase.funnel
    caption = said(lang, "picture.recovered")
    if not review.orders_known:
        return caption, "—", "", MUTED, [said(lang, "picture.no_orders")]
    natural = said(lang, "picture.natural", rate=percent(funnel.natural_rate))
    if not funnel.contacted:
        return caption, "—", "", MUTED, [said(lang, "picture.no_contact"), natural]
    notes = [
        said(lang, "picture.contacted", count=f"{funnel.contacted:,}"),
        said(lang, "picture.rate", rate=percent(funnel.success_rate)),
        natural,
    ]
    return caption, f"{funnel.recovered:,}", said(lang, "picture.unit_orders"), INK, notes


def _amount(review: Review, lang: str) -> Figure:
    funnel = review.chase.funnel
    caption, amount = said(lang, "picture.amount"), funnel.recovered_amount
    if amount is None:
        key = "picture.no_contact" if review.orders_known else "picture.no_orders"
        return caption, "—", "", MUTED, [said(lang, key)]
    priced = funnel.recovered - funnel.recovered_unpriced
    notes = [said(lang, "picture.natural", rate=percent(funnel.natural_rate))]
    if priced:
        mean = (amount / priced).quantize(Decimal(1))
        notes.insert(0, said(lang, "picture.per_order", amount=yuan(mean)))
    if funnel.recovered_unpriced:
        notes.append(said(lang, "picture.unpriced", count=funnel.recovered_unpriced))
    notes += _mean("amount", review, lang)
    return caption, spoken(lang, yuan(amount)), said(lang, "picture.unit_yuan"), INK, notes


def _mean(id: str, review: Review, lang: str) -> list[str]:
    """The mean of the last broadcasts, where there are any."""
    beside = next((one for one in review.compared if one.id == id and one.mean is not None), None)
    if beside is None or beside.mean is None:
        return []
    whole = beside.mean.quantize(Decimal(1))
    return [said(lang, "picture.mean", known=beside.known, value=figure(beside.kind, whole))]


def _lag(review: Review, lang: str) -> Figure:
    told = review.handoff
    caption = said(lang, "picture.lag")
    if told.median is None:
        key = "picture.lag_nobody" if told.changes else "picture.lag_no_changes"
        return caption, "—", "", ALARM if told.changes else MUTED, [said(lang, key)]
    value, unit = _short_span(told.median, lang)
    notes = [said(lang, "picture.lag_median"), said(lang, "picture.lag_worst", worst=span(told.worst))]
    notes += _mean("lag_median", review, lang)
    return caption, value, unit, INK, notes


def _short_span(length: timedelta, lang: str) -> tuple[str, str]:
    """`14` and its unit; from a minute on `3:20`, from an hour on `1:03:20`, which need none."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    if not minutes:
        return str(seconds), said(lang, "review.seconds", seconds="").strip()
    hours, minutes = divmod(minutes, 60)
    return (f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"), ""


def _anomalies(review: Review, lang: str) -> Figure:
    told = review.anomalies
    caption = said(lang, "picture.anomalies")
    if told.found is None:
        return caption, "—", "", MUTED, [said(lang, "picture.not_audited")]
    notes = [said(lang, "picture.solved", count=told.solved), said(lang, "picture.open", count=told.open)]
    if told.exposure:
        notes.append(said(lang, "picture.exposure", amount=yuan(told.exposure)))
    return caption, f"{told.found:,}", said(lang, "picture.unit_orders"), ALARM if told.open else INK, notes


def _issues(page: Page, y: int, review: Review, lang: str) -> int:
    """What went wrong between the two teams, a red dot each; a green one where nothing did."""
    issues = review.handoff.issues
    shown = [spoken(lang, issue(one, review)) for one in issues[:ISSUES]]
    if len(issues) > ISSUES:
        shown.append(said(lang, "picture.issues_rest", count=len(issues) - ISSUES))
    colours = [ALARM] * min(len(issues), ISSUES) + [MUTED]
    if not shown:
        shown, colours = [said(lang, "picture.no_issues")], [GOOD if review.handoff.changes else MUTED]
    lines = [wrap(clean(text), 28, INNER - 30) for text in shown]
    bottom = y + 76 + sum(42 * len(text) for text in lines) + 22
    page.box((EDGE, y, WIDE - EDGE, bottom), 22, CARD)
    page.text(EDGE + PAD, y + 50, said(lang, "picture.handoff"), 30, INK, bold=True)
    y += 100
    for text, colour in zip(lines, colours, strict=False):
        page.dot(EDGE + PAD + 9, y - 10, 6, colour)
        for line in text:
            page.text(EDGE + PAD + 30, y, line, 28, INK if colour != MUTED else MUTED)
            y += 42
    return bottom


def _follow_ups(page: Page, y: int, review: Review, lang: str) -> int:
    """How many follow-ups wait, by kind, on as many rows as they need."""
    title = said(lang, "picture.follow_ups")
    start = EDGE + PAD + width(title, 30) + 44
    rows: list[list[tuple[float, str, str]]] = [[]]
    x = start
    for one in review.follow_ups:
        kind, count = said(lang, f"followup.kind_{one.kind}"), f"{one.open:,}"
        wide = width(kind, 28) + 14 + width(count, 40)
        if rows[-1] and x + wide > WIDE - EDGE - PAD:
            rows.append([])
            x = start
        rows[-1].append((x, kind, count))
        x += wide + 44
    bottom = y + 40 + 56 * len(rows)
    page.box((EDGE, y, WIDE - EDGE, bottom), 22, CARD)
    page.text(EDGE + PAD, y + 60, title, 30, INK, bold=True)
    if not review.follow_ups:
        page.text(start, y + 60, said(lang, "picture.no_follow_ups"), 28, MUTED)
    for number, row in enumerate(rows):
        for left, kind, count in row:
            after = page.text(left, y + 60 + 56 * number, kind, 28, MUTED)
            page.text(after + 14, y + 62 + 56 * number, count, 40, BLUE, bold=True)
    return bottom


def _foot(page: Page, y: int, review: Review, lang: str) -> int:
    """What nobody entered."""
    if not review.not_entered:
        return y + EDGE
    lines = wrap(said(lang, "picture.not_entered", sections=sections(review.not_entered)), SMALLEST, INNER)
    for number, line in enumerate(lines):
        page.text(EDGE + PAD, y + 48 + 36 * number, line, SMALLEST, MUTED)
    return y + 48 + 36 * len(lines)
