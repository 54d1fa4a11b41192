"""By when something is due, as people type it: `明天 18:00`, `2小时内`, `今晚8点`, `周五`, `tomorrow 6pm`, `11-13`."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from playbooks.model import Refusal
from playbooks.spoken_times import clock_of, rules, spoken

HALF_DAY = timedelta(hours=12)
WEEKDAYS = "一二三四五六日"
_AFTER = r"(?:之?内|以内|之?前|以前|后)?"
_DATE = r"(?P<month>\d{1,2})[-/月](?P<day>\d{1,2})日?(?!\d)"
_WEEKDAY = rf"(?P<next>下)?(?:周|星期|礼拜)(?P<weekday>[{WEEKDAYS}天])"
_FILLED = re.compile(r"(?:在|于|by|at|on|before)\s+|(?:[在于])", re.IGNORECASE)


@cache
def _within() -> re.Pattern[str]:
    """`2小时内`, `半小时`, `in 2 hours`. A unit that may begin another word has to stand alone."""
    glued = "|".join(unit for unit in rules().units if not unit.isascii() and rules().units[unit] < 24 * 60)
    alone = "|".join(unit for unit in rules().units if unit.isascii() or rules().units[unit] >= 24 * 60)
    said = rf"(?P<glued>{glued}){_AFTER}|(?P<alone>{alone})(?:之?内|以内|后|(?!\w))"
    return re.compile(rf"(?:(?:in|within)\s+)?(?P<count>\d{{1,3}}|半)\s*个?\s*(?:{said})", re.IGNORECASE)


@cache
def _day() -> re.Pattern[str]:
    words = "|".join(word + (r"(?!\w)" if word.isascii() else "") for word in rules().days)
    return re.compile(rf"(?P<word>{words})|{_WEEKDAY}|{_DATE}", re.IGNORECASE)


def read_due(text: str, now: datetime, zone: ZoneInfo, end_of_day: time) -> tuple[datetime, str]:
    """The moment `text` begins with, and what follows it; a day without a time means by `end_of_day`.

    A bare time is the next one; `10点`, said in the evening, may be that of the evening. Raises Refusal `promise.when`.
    """
    said = _unfilled(text.strip())
    if within := _within().match(said):
        return now + _span(within), said[within.end() :].strip()
    day = _day().match(said)
    rest = _unfilled(said[day.end() :].lstrip()) if day else said
    # The part of the day may be in the word for the day: `今晚8点`.
    part = day["word"] if day and day["word"] in rules().of_a_day else ""
    clock = spoken().match(part + rest)
    if not day and not clock:
        raise _unreadable(text)
    try:
        due = _moment(_on(day, now.astimezone(zone).date()), clock, end_of_day, zone)
    except ValueError:
        raise _unreadable(text) from None
    if not day and clock and due <= now:
        due += _until_next(due, clock, now)
    return due, re.sub(rf"^{_AFTER}", "", rest[clock.end() - len(part) :] if clock else rest).strip()


@cache
def _form() -> re.Pattern[str]:
    when = rf"(?:{_day().pattern})\s*(?:{spoken().pattern})?|{spoken().pattern.replace('?P<', '?P<only_')}"
    return re.compile(rf"{_within().pattern}|(?:{when}){_AFTER}", re.IGNORECASE)


def is_time(text: str) -> bool:
    """Whether `text` is written like a time and nothing else, also like one no clock shows (`25:00`)."""
    return bool(_form().fullmatch(text.strip()))


def _unfilled(said: str) -> str:
    """Without the word that only leads up to a time: `by`, `在`."""
    found = _FILLED.match(said)
    return said[found.end() :] if found else said


def _unreadable(text: str) -> Refusal:
    return Refusal("promise.when", text=next(iter(text.split()), "")[:20])


def _until_next(due: datetime, clock: re.Match[str], now: datetime) -> timedelta:
    """How long after `due`, which is over, the clock next shows what was said."""
    soon = _is_of_either_half(clock) and due + HALF_DAY > now
    return HALF_DAY if soon else 2 * HALF_DAY


def _is_of_either_half(clock: re.Match[str]) -> bool:
    """Whether it was said like `10点`, which people say of morning and evening; `10:00` is as the clock shows it."""
    return (
        not (clock["minute"] or clock["part"] or clock["half_day"] or clock["bare"])
        and int(clock["hour"]) <= 12
    )


def _span(within: re.Match[str]) -> timedelta:
    unit = rules().units[(within["glued"] or within["alone"]).lower()]
    count = 0.5 if within["count"] == "半" else int(within["count"])
    return timedelta(minutes=unit * count)


def _on(day: re.Match[str] | None, today: date) -> date:
    """The date meant; raises ValueError where there is no such day. A weekday is the next one, today among them."""
    if day is None:
        return today
    if day["word"]:
        return today + timedelta(days=rules().days[day["word"].lower()])
    if day["weekday"]:
        ahead = WEEKDAYS.index(day["weekday"].replace("天", "日")) - today.weekday()
        return today + timedelta(days=ahead + 7 if day["next"] else ahead % 7)
    this = date(today.year, int(day["month"]), int(day["day"]))
    return this if this >= today else date(today.year + 1, int(day["month"]), int(day["day"]))


def _moment(on: date, clock: re.Match[str] | None, end_of_day: time, zone: ZoneInfo) -> datetime:
    """The moment of that day; 24:00 is the next midnight. Raises ValueError for a time no clock shows."""
    if clock is None:
        return datetime.combine(on, end_of_day, zone)
    hour, minute = clock_of(clock)
    midnight = hour == 24 and minute == 0
    return datetime.combine(on + timedelta(days=midnight), time(0 if midnight else hour, minute), zone)
