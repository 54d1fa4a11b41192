"""Clock times as people say them 口头时间, written as the clock shows them: `晚上8点半`, `8:30pm` are 20:30.

What is no time of day stays as it was typed. Words stand in `data/times.toml`.
"""

from __future__ import annotations

import re
from functools import cache

from playbooks.model import Model
from playbooks.rulebook import load

NOON = 12
_RANGE = re.compile(r"\s*[-–—~～至到]\s*(?:次日)?\s*")


class Rules(Model):
    """`data/times.toml`."""

    source: str
    afternoon: tuple[str, ...]
    noon: tuple[str, ...]
    night: tuple[str, ...]
    early: tuple[str, ...]
    of_a_day: tuple[str, ...]
    night_until: int
    days: dict[str, int]
    units: dict[str, int]


def rules() -> Rules:
    """`data/times.toml`."""
    known: Rules = load("times", Rules)
    return known


@cache
def spoken() -> re.Pattern[str]:
    """One time of day, said or written: groups `part`, `hour`, `minute` or `past`, `half`, `half_day`."""
    parts = "|".join((*rules().afternoon, *rules().noon, *rules().night, *rules().early))
    said = r"[点时](?![间候])(?:钟|整|(?P<half>半)|(?P<past>\d{1,2})分?)?"
    written = r"[:：](?P<minute>\d{2})(?!\d)"
    return re.compile(
        rf"(?:(?P<part>{parts})\s*)?(?<!\d)(?P<hour>\d{{1,2}})\s*"
        rf"(?:(?:{said}|{written})(?:\s*(?P<half_day>[ap]m)\b)?|(?P<bare>[ap]m)\b)",
        re.IGNORECASE,
    )


def as_clock(text: str) -> str:
    """Every time of day in `text` as `20:30`; the end of a span is of the same half day: `晚上8点到10点`."""
    written, at, before = "", 0, None
    for found in spoken().finditer(text):
        between = text[at : found.start()]
        follows = before if _RANGE.fullmatch(between) else None
        hour, minute = clock_of(found, after=follows)
        part = found["part"] or ""
        kept = f"{part} " if part in rules().of_a_day else ""
        written += f"{between}{kept}{hour}:{minute:02}"
        at, before = found.end(), hour if hour >= NOON and part else None
    return written + text[at:]


def clock_of(found: re.Match[str], after: int | None = None) -> tuple[int, int]:
    """(hour, minute) of a match of `spoken()`; the hour may be 24. `after`: the hour, past noon, a span began at."""
    minute = 30 if found["half"] else int(found["minute"] or found["past"] or 0)
    hour, half_day = int(found["hour"]), (found["half_day"] or found["bare"] or "").lower()
    if half_day:
        return hour % NOON + (NOON if half_day == "pm" else 0), minute
    spans = not found["part"] and after is not None and after < hour + NOON and 0 < hour < NOON
    return hour + NOON if spans or _of_second_half(found["part"], hour) else hour, minute


def _of_second_half(part: str | None, hour: int) -> bool:
    """Whether twelve hours are missing: the part of the day says that it is past noon."""
    if part in rules().afternoon:
        return 0 < hour < NOON
    if part in rules().noon:
        return 0 < hour < rules().night_until
    return part in rules().night and rules().night_until <= hour <= NOON
