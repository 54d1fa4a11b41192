"""What an agent promised a buyer 承诺: each has a due time and an owner (REQUIREMENTS H36)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from playbooks import inducement
from playbooks.broadcast import DAY_TURNS_AT, business_day
from playbooks.due_times import read_due
from playbooks.model import Document, Model, Moment, Refusal
from playbooks.privacy import checked_note
from playbooks.rulebook import load

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
    """`6917… 明天 18:00 补发小样`, `6917… 2小时 回电`, `6917… 今晚8点 …`, `6917… 11-13 …`.

    Raises Refusal `promise.usage`, `promise.when`, `promise.past`, `promise.far`, `promise.long`,
    `common.personal_note`, `postbuy.never_*` (nothing is promised for a review: K01).
    """
    order_id, *words = typed.split() or [""]
    if not _ORDER.fullmatch(order_id) or not words:
        raise Refusal("promise.usage")
    due, rest = read_due(" ".join(words), now, zone, rules().end_of_day)
    text = checked_note(rest)
    if not text:
        raise Refusal("promise.usage")
    if len(text) > rules().longest_text:
        raise Refusal("promise.long", most=rules().longest_text)
    inducement.check(text)
    return Typed(order_id=order_id, due_at=checked_due(due, now), text=text)


def told_today(order_id: str, text: str, now: datetime, zone: ZoneInfo) -> Typed:
    """What an agent told the buyer of `order_id` for today: due at the end of the day, at night when it turns.

    Raises Refusal `promise.no_order`.
    """
    if not _ORDER.fullmatch(order_id):
        raise Refusal("promise.no_order")
    local = now.astimezone(zone)
    ends = datetime.combine(local.date(), rules().end_of_day, zone)
    if ends <= now or local.time() < DAY_TURNS_AT:
        turns = business_day(now, zone) + timedelta(days=1)
        ends = datetime.combine(turns, DAY_TURNS_AT, zone)
    return Typed(order_id=order_id, due_at=ends, text=text.rstrip("。.")[: rules().longest_text])


def checked_due(due: datetime, now: datetime) -> datetime:
    """A time somebody can be reminded at. Raises Refusal `promise.past`, `promise.far`."""
    if due <= now:
        raise Refusal("promise.past")
    if due > now + timedelta(days=rules().longest_days):
        raise Refusal("promise.far", days=rules().longest_days)
    return due


def keep(promise: Promise, by: str, now: datetime) -> Promise:
    """Kept 已兑现. Raises Refusal `promise.kept` where it was before."""
    if promise.kept_at is not None:
        raise Refusal("promise.kept")
    return promise.changed(kept_at=now, kept_by=by)


def open_ones(promises: Iterable[Promise]) -> list[Promise]:
    """Those not kept yet, the soonest due first."""
    waiting = (one for one in promises if one.kept_at is None)
    return sorted(waiting, key=lambda one: (one.due_at, one.id))
