"""Time travel: what was in force at a minute of the broadcast (REQUIREMENTS B04, K25).

Every revision of an offer is kept (OfferVersion), every switch stands in the journal: both answer for any minute.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from playbooks.announce import Offer, OfferVersion
from playbooks.broadcast import DAY_TURNS_AT, Broadcast, business_day
from playbooks.journal import Entry
from playbooks.model import Model, Moment, Refusal

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
_SAID = re.compile(r"(?:(\d{1,2})-(\d{1,2})[ T]+)?(\d{1,2})[:：](\d{2})")


class Aired(Model):
    """One switch: from `at` on the product `listing` ('' none) was on air, as `by` said; `id` of its entry.

    `undoes`: it took the switch before it back.
    """

    id: str
    at: Moment
    listing: str
    link_no: int
    name: str
    by: str
    undoes: bool = False

    @property
    def order(self) -> tuple[datetime, int, str]:
        """Sorts switches as they were made: of one moment by the unit that made them."""
        return self.at, len(self.id), self.id


UNMARKED = re.compile(r"(|.*\s)(\d{1,2}[:：]\d{2})")
"""What was typed without the sign ends in a time of day."""


def split(words: str) -> tuple[str, str]:
    """`3 @20:14`, `3 20:14` -> ("3", "20:14"); without a time the second is ''."""
    what, at, when = words.replace("＠", "@").partition("@")
    if not at and (unmarked := UNMARKED.fullmatch(words.strip())):
        return unmarked[1].strip(), unmarked[2]
    return what.strip(), when.strip() if at else ""


def is_time(words: str) -> bool:
    """Whether the words are nothing but a time: `@20:05`, `＠11-11 20:05`. A bare `20:05` may answer something."""
    what, when = split(words) if "@" in words.replace("＠", "@") else (words, "")
    return not what and _SAID.fullmatch(when) is not None


def moment(said: str, begun: date, until: datetime, zone: ZoneInfo) -> datetime:
    """The moment `20:14` (or `11-11 20:14`) means in a broadcast opened on `begun`, as known until `until`.

    A bare time is the newest such minute of the broadcast that is not after `until`: 00:40 is past midnight of
    the same night. One that never was is the first to come. Raises Refusal `travel.time`.
    """
    day, clock = _read(said, begun)
    if day:
        return datetime.combine(day, clock, zone)
    first = datetime.combine(begun if clock >= DAY_TURNS_AT else begun + DAY, clock, zone)
    last = datetime.combine(until.astimezone(zone).date(), clock, zone)
    return max(first, last if last <= until else last - DAY)


def dated(said: str, near: date, zone: ZoneInfo) -> date | None:
    """The business day of `11-11 20:14`, of the years the one nearest to `near`; None where no day is named.

    Raises Refusal `travel.time`.
    """
    day, clock = _read(said, near)
    return business_day(datetime.combine(day, clock, zone), zone) if day else None


def _read(said: str, near: date) -> tuple[date | None, time]:
    match = _SAID.fullmatch(said.strip())
    try:
        if match is None:
            raise ValueError
        clock = time(int(match[3]), int(match[4]))
        if match[1] is None:
            return None, clock
        return _nearest(int(match[1]), int(match[2]), near), clock
    except ValueError:
        raise Refusal("travel.time", text=said[:20]) from None


def _nearest(month: int, day: int, near: date) -> date:
    """The `month`-`day` of the year that brings it nearest to `near`; ValueError where no year has one."""
    years = (year for year in (near.year - 1, near.year, near.year + 1) if day <= monthrange(year, month)[1])
    return min((date(year, month, day) for year in years), key=lambda one: abs(one - near))


def offer_at(versions: Iterable[OfferVersion], at: datetime) -> Offer | None:
    """The newest revision at or before `at`; None before the first."""
    past = (one.offer for one in versions if one.offer.at <= at)
    return max(past, key=lambda offer: offer.revision, default=None)


def within_the_minute(versions: Iterable[OfferVersion], at: datetime) -> tuple[Offer, ...]:
    """Revisions made in the minute that begins at `at`, after it: who says 20:14 may mean any of them."""
    later = (one.offer for one in versions if at < one.offer.at < at + MINUTE)
    return tuple(sorted(later, key=lambda offer: offer.revision))


def switches(journal: Iterable[Entry]) -> list[Aired]:
    """Every switch of the journal's entries, in the order made; the end of the broadcast takes all off air."""
    found = (
        Aired(
            id=e.id, at=e.at, listing=e.about if e.kind == "on_air" else "", by=e.who,
            link_no=int(e.values.get("number") or 0), name=e.values.get("name", ""),
            undoes=e.values.get("undone") == "yes",
        )
        for e in journal
        if e.kind in ("on_air", "off")
    )  # fmt: skip
    return sorted(found, key=lambda one: one.order)


def aired_at(broadcast: Broadcast, past: Iterable[Aired], at: datetime) -> Aired | None:
    """The switch in force at `at`; None where the broadcast was not on air then or no product was yet."""
    on_stream = any(
        s.started_at <= at and (s.ended_at is None or at < s.ended_at) for s in broadcast.segments
    )
    if not on_stream:
        return None
    last = max((one for one in past if one.at <= at), key=lambda one: one.order, default=None)
    return last if last and last.listing else None
