"""A line of the roster as somebody types it: `小美 18:00-24:00`, `明天 小美、阿强 20:00-02:00`, `11-12 小美 休`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from playbooks.broadcast import DAY_TURNS_AT, business_day
from playbooks.model import Refusal
from playbooks.room import Member, named
from playbooks.roster.model import Shift, rules
from playbooks.spoken_times import as_clock

CLOCK = r"(\d{1,2})(?:[:：](\d{2}))?"
SPAN = re.compile(rf"{CLOCK}\s*[-–—~～至到]\s*(?:次日)?{CLOCK}$")
DAY = re.compile(r"(\d{1,2})[-/月](\d{1,2})日?(?=\s)")
MIDNIGHT = 24 * 60


class Planned(NamedTuple):
    """What a line says: these people (ids) on the business day `day`; without a span they have that day off."""

    who: tuple[str, ...]
    day: date
    span: tuple[datetime, datetime] | None


def read_line(line: str, members: Sequence[Member], now: datetime, zone: ZoneInfo) -> Planned:
    """One line. A time before six in the morning is that of the night, past midnight; a span of today that is
    over means tomorrow's, unless a day is written.

    Raises Refusal `shift.unreadable`, `who.unknown`, `who.several`, `shift.time`, `shift.long`.
    """
    day, rest = read_day(as_clock(line.strip()), now, zone)
    match = SPAN.search(rest)
    names, off = (rest[: match.start()], False) if match else day_off(rest)
    if not match and not off:
        raise Refusal("shift.unreadable", text=line.strip()[:30])
    who = tuple(dict.fromkeys(named(name, members).id for name in _names(names, line)))
    if match is None:
        return Planned(who, day or business_day(now, zone), None)
    start, end = _minutes(match[1], match[2]), _minutes(match[3], match[4])
    meant = day or business_day(now, zone)
    span = _span(start, end, meant, zone)
    if day is None and span[1] <= now:
        meant += timedelta(days=1)
        span = _span(start, end, meant, zone)
    return Planned(who, meant, span)


def replaced(shifts: Iterable[Shift], planned: Planned, zone: ZoneInfo) -> list[Shift]:
    """The shifts a line takes the place of: of these people those it overlaps; for a day off all of that day."""
    theirs = [s for s in shifts if s.who in planned.who]
    if planned.span is None:
        return [s for s in theirs if business_day(s.start, zone) == planned.day]
    return [s for s in theirs if s.meets(*planned.span)]


def read_day(line: str, now: datetime, zone: ZoneInfo) -> tuple[date | None, str]:
    """The day written at the front of a line, `明天 …`, `11-12 …`, and the rest of it; None for no day.

    Raises Refusal `shift.unreadable` where there is no such day.
    """
    today = business_day(now, zone)
    for words, ahead in ((rules().today, 0), (rules().tomorrow, 1)):
        word = next((w for w in words if line.lower().startswith(w)), None)
        if word:
            return today + timedelta(days=ahead), line[len(word) :]
    match = DAY.match(line)
    if match is None:
        return None, line
    try:
        day = date(today.year, int(match[1]), int(match[2]))
    except ValueError:
        raise Refusal("shift.unreadable", text=line[:30]) from None
    # In December the roster of January is written.
    if day < today - timedelta(days=180):
        day = day.replace(year=today.year + 1)
    return day, line[match.end() :]


def day_off(rest: str) -> tuple[str, bool]:
    """What stands before a word that says that nothing is on, and whether there is one: `小美 休`, `取消`."""
    word = next((w for w in rules().none if rest.rstrip().lower().endswith(w)), None)
    return (rest.rstrip()[: -len(word)], True) if word else (rest, False)


def _names(text: str, line: str) -> list[str]:
    names = [name for name in re.split(r"[、,，;；]", text.strip(" \t:：")) if name.strip()]
    if not names:
        raise Refusal("shift.unreadable", text=line.strip()[:30])
    return names


def _minutes(hour: str, minute: str | None) -> int:
    found = int(hour) * 60 + int(minute or 0)
    if int(minute or 0) > 59 or found > MIDNIGHT:
        raise Refusal("shift.time", text=f"{hour}:{minute or '00'}")
    return found


def _span(start: int, end: int, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Minutes of the clock on a business day as two moments; an end not after the start is past midnight."""
    if start in (end, MIDNIGHT):
        raise Refusal("shift.time", text=f"{start // 60:02}:{start % 60:02}")
    night = MIDNIGHT if start < DAY_TURNS_AT.hour * 60 else 0
    length = (end - start) % MIDNIGHT or MIDNIGHT
    if length > rules().longest_hours * 60:
        raise Refusal("shift.long", hours=rules().longest_hours)
    begin = _moment(day, start + night, zone)
    return begin, _moment(day, start + night + length, zone)


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """The wall clock's moment, also where summer time begins or ends between."""
    days, of_day = divmod(minutes, MIDNIGHT)
    return datetime.combine(day + timedelta(days=days), time(of_day // 60, of_day % 60), zone)
