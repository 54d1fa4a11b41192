"""What an agent promised a buyer 承诺: each has a due time and an owner (REQUIREMENTS H36)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from playbooks.model import Document, Model, Moment, Refusal
from playbooks.privacy import checked_note
from playbooks.rulebook import load

_WITHIN = re.compile(r"(\d{1,3})(小时|天|h|d)内?")
_DAY = re.compile(r"(今天|今晚|明天|明晚|后天|(\d{1,2})-(\d{1,2}))")
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})前?")
_DAYS = {"今天": 0, "今晚": 0, "明天": 1, "明晚": 1, "后天": 2}
_ORDER = re.compile(r"[\dA-Za-z-]{6,40}")


class Rules(Model):
    """`data/promises.toml`."""

    source: str
    overdue_minutes: int
    longest_days: int
    longest_text: int
    end_of_day: time


def rules() -> Rules:
    """The rules as shipped."""
    shipped: Rules = load("promises", Rules)
    return shipped


class Promise(Document):
    """`text` was promised to the buyer of `order_id` by `due_at`; `owner` answers for it until `kept_at`."""

    order_id: str
    text: str
    due_at: Moment
    owner: str
    at: Moment
    kept_at: Moment | None = None
    kept_by: str = ""


class Typed(Model):
    """A promise as somebody typed it."""

    order_id: str
    due_at: Moment
    text: str


def read(typed: str, now: datetime, zone: ZoneInfo) -> Typed:
    """`6917… 明天 18:00 补发小样`, `6917… 2小时 回电`, `6917… 20:30 …`, `6917… 11-13 …`.

    Raises Refusal `promise.usage`, `promise.when`, `promise.past`, `promise.far`, `promise.long`,
    `common.personal_note`.
    """
    order_id, *words = typed.split() or [""]
    if not _ORDER.fullmatch(order_id) or not words:
        raise Refusal("promise.usage")
    due, rest = read_due(words, now, zone)
    text = checked_note(" ".join(rest))
    if not text:
        raise Refusal("promise.usage")
    if len(text) > rules().longest_text:
        raise Refusal("promise.long", most=rules().longest_text)
    return Typed(order_id=order_id, due_at=checked_due(due, now), text=text)


def checked_due(due: datetime, now: datetime) -> datetime:
    """A time somebody can be reminded at. Raises Refusal `promise.past`, `promise.far`."""
    if due <= now:
        raise Refusal("promise.past")
    if due > now + timedelta(days=rules().longest_days):
        raise Refusal("promise.far", days=rules().longest_days)
    return due


def is_time(word: str) -> bool:
    """Whether a word can be nothing but (a part of) a time: `明天`, `15:00`, `2小时`, `11-13`."""
    return any(form.fullmatch(word) for form in (_WITHIN, _DAY, _CLOCK))


def read_due(words: list[str], now: datetime, zone: ZoneInfo) -> tuple[datetime, list[str]]:
    """The due time the words begin with, and the words after it. Raises Refusal `promise.when`."""
    if within := _WITHIN.fullmatch(words[0]):
        unit = "hours" if within[2] in ("小时", "h") else "days"
        return now + timedelta(**{unit: int(within[1])}), words[1:]
    today, day = now.astimezone(zone).date(), _DAY.fullmatch(words[0])
    rest = words[1:] if day else words
    clock = _CLOCK.fullmatch(rest[0]) if rest else None
    if not day and not clock:
        raise Refusal("promise.when", text=words[0][:20])
    try:
        on = _on(day, today) if day else today
        at = time(int(clock[1]), int(clock[2])) if clock else rules().end_of_day
    except ValueError:
        raise Refusal("promise.when", text=words[0][:20]) from None
    due = datetime.combine(on, at, zone)
    if not day and due <= now:  # past midnight a bare time is the next one
        due += timedelta(days=1)
    return due, rest[1:] if clock else rest


def _on(day: re.Match[str], today: date) -> date:
    if day[1] in _DAYS:
        return today + timedelta(days=_DAYS[day[1]])
    this = date(today.year, int(day[2]), int(day[3]))
    return this if this >= today else date(today.year + 1, int(day[2]), int(day[3]))


def keep(promise: Promise, by: str, now: datetime) -> Promise:
    """Kept 已兑现. Raises Refusal `promise.kept` where it was before."""
    if promise.kept_at is not None:
        raise Refusal("promise.kept")
    return promise.changed(kept_at=now, kept_by=by)


def open_ones(promises: Iterable[Promise]) -> list[Promise]:
    """Those not kept yet, the soonest due first."""
    waiting = (one for one in promises if one.kept_at is None)
    return sorted(waiting, key=lambda one: (one.due_at, one.id))
