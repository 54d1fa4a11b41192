"""How figures of the review are said, for text, picture and workbook alike: what is not known says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from bot.card import line
from bot.render import line_html
from bot.texts import plain
from playbooks.announce import Change
from playbooks.references import Yardstick
from playbooks.review_model import Issue, Review
from storage.rows import Line

ISSUE_PEOPLE = 3
_TURNS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the direction of what follows: in a name they would turn the rest of the line."""


def said(lang: str, key: str, **values: object) -> str:
    """The text `key` as the characters a person sees, for a picture or a file."""
    return plain(line_html(lang, line(key, **values)))


def spoken(lang: str, what: Line | str | None) -> str:
    """A Line in `lang` as plain characters; a text as it is; None as nothing."""
    return plain(line_html(lang, what)) if isinstance(what, Line) else what or ""


def listed(lang: str, texts: Iterable[str]) -> str:
    """Several texts as `lang` strings them together."""
    return said(lang, "review.listed", items=tuple(line("review.plain", text=text) for text in texts))


def count(number: int | None) -> str | Line:
    """`1,204`, or 'not entered'."""
    return line("review.missing") if number is None else f"{number:,}"


def yuan(amount: Decimal | None) -> str | Line:
    """`18,392` or `18,392.50`, or 'not entered'."""
    if amount is None:
        return line("review.missing")
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


def percent(share: Decimal | None) -> str | Line:
    """`65%`, half up; 'not known' where there is nothing to divide by."""
    if share is None:
        return line("review.no_rate")
    return f"{(share * 100).quantize(Decimal(1), ROUND_HALF_UP)}%"


def figure(kind: str, value: Decimal | None) -> str | Line:
    """A figure people entered, or one compared, as its kind is said; 'not entered' for None."""
    if value is None:
        return line("review.missing")
    if kind == "rate":
        return f"{(value * 100).quantize(Decimal('0.1'), ROUND_HALF_UP).normalize():f}%"
    if kind == "seconds":
        return span(timedelta(seconds=int(value)))
    if kind == "score":
        return f"{value:.2f}"
    return yuan(value.quantize(Decimal("0.01"), ROUND_HALF_UP))


def measured(kind: str, value: Decimal | None) -> str | Line:
    """A figure the bot counts; for None what is missing: a denominator, a record, or an export nobody sent."""
    none = {"rate": "review.no_rate", "seconds": "review.no_span"}.get(kind, "review.missing")
    return line(none) if value is None else figure(kind, value)


def span(length: timedelta | None) -> Line:
    """`14 秒`, `3 分 20 秒`, `3 小时 40 分`; 'not recorded' for None."""
    if length is None:
        return line("review.no_span")
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return line("review.hours", hours=hours, minutes=minutes)
    if minutes:
        return line("review.minutes", minutes=minutes, seconds=seconds)
    return line("review.seconds", seconds=seconds)


def clock(at: datetime, zone: ZoneInfo) -> str:
    """`20:14` room time."""
    return f"{at.astimezone(zone):%H:%M}"


def day_clock(at: datetime, zone: ZoneInfo) -> str:
    """`11-11 20:14` room time."""
    return f"{at.astimezone(zone):%m-%d %H:%M}"


def clip(text: str, longest: int) -> str:
    """`text` on one line, at most `longest` characters, the last an ellipsis where it was longer."""
    text = " ".join(_TURNS.sub("", text).split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def people(review: Review, ids: Sequence[str], at_most: int) -> Line | tuple[Line, ...]:
    """Names of at most so many people, the others counted; 'not entered' for nobody."""
    if not ids:
        return line("review.missing")
    shown = tuple(line("review.plain", text=clip(review.name(one), 12)) for one in ids[:at_most])
    more = len(ids) - at_most
    return (*shown, line("review.others", count=more)) if more > 0 else shown


def product(link_no: int | None, name: str, longest: int) -> Line:
    """`3号 玫瑰精华水`; the orders of unclear product as such."""
    if link_no is None:
        return line("review.unclear")
    return line("review.product", number=link_no, name=clip(name, longest))


def change(one: Change) -> Line:
    """`直播价 79.00 → 75.00`; sold out and back on sale have no values."""
    if one.field == "sold_out":
        return line("review.field_sold_out" if one.after else "review.field_back")
    none = line("review.nothing")
    before, after = (clip(value.removesuffix(".00"), 16) or none for value in (one.before, one.after))
    return line("review.changed", field=line(f"review.field_{one.field}"), before=before, after=after)


def issue(one: Issue, review: Review, longest: int = 14) -> Line:
    """One hand-off issue with its time: what, which product, who, how long."""
    said = line(
        f"review.issue_{one.kind}", at=clock(one.at, review.tz),
        product=product(one.link_no, one.name, longest),
        changes=tuple(change(c) for c in one.changes[:2]) or line("review.nothing"),
        people=people(review, one.people, ISSUE_PEOPLE), count=one.count, lag=span(one.lag),
    )  # fmt: skip
    return line("review.repeated", issue=said, times=one.repeated) if one.repeated else said


def whose(beside: Yardstick) -> Line:
    """Whose a figure is that things stand beside: the shop's, or the playbook's, which has no source (K24)."""
    return line("reference.short_own" if beside.own else "reference.short_playbook")


def sections(names: Sequence[str]) -> tuple[Line, ...]:
    """Sections by their names."""
    return tuple(line(f"review.section_{name}") for name in names)


def period(review: Review) -> str:
    """`20:00–23:40`: the first minute on air to the last, open while it runs, empty before."""
    segments = review.basics.segments
    if not segments:
        return ""
    end = segments[-1].ended_at
    return f"{clock(segments[0].started_at, review.tz)}–{clock(end, review.tz) if end else ''}"
