"""The broadcast 场次 and its stages: one table says which step leads where."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from playbooks.model import Document, Model, Moment, Refusal

Stage = Literal["planned", "live", "closing", "ended", "archived"]
"""待播 planned · 直播中 live · 收播前 closing · 已下播 ended · 已归档 archived."""
Step = Literal["plan", "live", "sell", "closing", "off", "wrap", "archive"]

# closing -> live is allowed (the host goes on); live and off record facts, so they lead somewhere from
# every stage but the archive. Selling commands work in closing too.
NEXT: dict[Stage, dict[Step, Stage]] = {
    "planned": {"plan": "planned", "live": "live", "off": "ended"},
    "live": {"plan": "live", "live": "live", "sell": "live", "closing": "closing", "off": "ended"},
    "closing": {"plan": "closing", "live": "live", "sell": "closing", "closing": "closing", "off": "ended"},
    "ended": {"live": "live", "off": "ended", "wrap": "ended", "archive": "archived"},
    "archived": {},
}

DAY_TURNS_AT = time(6)
EARLY = timedelta(minutes=30)


class Segment(Model):
    """A stretch on air 时段; cut off and resumed makes a new one."""

    started_at: Moment
    ended_at: Moment | None = None
    host: str = ""


class LeftOff(Model):
    """How the stream stood when it went off: what a slip takes back to, and what is on air again when it goes on."""

    stage: Stage
    on_air: int | None = None
    since: Moment | None = None
    cut: bool = False
    """Whether the stream was cut off at the moment: its segment had ended already."""


class Broadcast(Document):
    """One stream of a room, belonging to its opening date. `on_air` is the link number 链接号 being sold."""

    number: int
    opened_on: date
    stage: Stage = "planned"
    segments: tuple[Segment, ...] = ()
    live_at: Moment | None = None
    closing_at: Moment | None = None
    ended_at: Moment | None = None
    wrapped_at: Moment | None = None
    wrapped_by: str = ""
    on_air: int | None = None
    on_air_since: Moment | None = None
    left_off: LeftOff | None = None
    sheet_at: Moment | None = None
    reviewed: int = 0
    """How many versions of the review were made."""
    reviewed_until: Moment | None = None
    """How recent the order data of its newest review was."""


def business_day(now: datetime, zone: ZoneInfo) -> date:
    """The day `now` belongs to in the room: it turns at 06:00 room time."""
    local = now.astimezone(zone)
    return local.date() if local.time() >= DAY_TURNS_AT else local.date() - timedelta(days=1)


def step(broadcast: Broadcast, what: Step) -> Stage:
    """The stage `what` leads to. Raises Refusal `stage.step` and changes nothing where the table has no such step."""
    try:
        return NEXT[broadcast.stage][what]
    except KeyError:
        raise Refusal(f"stage.{broadcast.stage}_{what}", stage=broadcast.stage) from None


def go_live(broadcast: Broadcast, now: datetime) -> Broadcast:
    """On air from `now`; already live stays as it is, closing goes back to live."""
    stage = step(broadcast, "live")
    if broadcast.stage in ("live", "closing"):
        return broadcast.changed(stage=stage)
    segments = (*broadcast.segments, Segment(started_at=now))
    return broadcast.changed(
        stage=stage,
        segments=segments,
        live_at=broadcast.live_at or now,
        ended_at=None,
        wrapped_at=None,
        wrapped_by="",
    )


def begin_closing(broadcast: Broadcast, now: datetime) -> Broadcast:
    """The selling end is near: orders are checked from here."""
    return broadcast.changed(stage=step(broadcast, "closing"), closing_at=broadcast.closing_at or now)


def end(broadcast: Broadcast, now: datetime) -> Broadcast:
    """Off air; a second `/off` keeps the first moment."""
    stage = step(broadcast, "off")
    segments = tuple(s if s.ended_at else s.changed(ended_at=now) for s in broadcast.segments)
    left = LeftOff(
        stage=broadcast.stage,
        on_air=broadcast.on_air,
        since=broadcast.on_air_since,
        cut=bool(broadcast.segments and broadcast.segments[-1].ended_at),
    )
    return broadcast.changed(
        stage=stage,
        segments=segments,
        ended_at=broadcast.ended_at or now,
        on_air=None,
        on_air_since=None,
        left_off=left if "sell" in NEXT[broadcast.stage] else broadcast.left_off,
    )


def not_ended(broadcast: Broadcast) -> Broadcast:
    """As it stood before its end, which was a slip: the same segment goes on, the same product is on air; what was
    cut off then still is.

    Raises Refusal `undo.nothing` where it has not ended on air.
    """
    left = broadcast.left_off
    if broadcast.stage != "ended" or left is None or not broadcast.segments:
        raise Refusal("undo.nothing")
    *before, last = broadcast.segments
    return broadcast.changed(
        stage=left.stage,
        segments=broadcast.segments if left.cut else (*before, last.changed(ended_at=None)),
        ended_at=None,
        on_air=left.on_air,
        on_air_since=left.since,
        left_off=None,
    )


def resumes_with(broadcast: Broadcast, within: timedelta, now: datetime) -> int | None:
    """The link number on air again when the ended stream goes on `within` that time of its end; None for none."""
    left, ended = broadcast.left_off, broadcast.ended_at
    return left.on_air if left and ended and now - ended <= within else None


def wrap(broadcast: Broadcast, who: str, now: datetime) -> Broadcast:
    """The shift is wrapped 收尾. Whether it may be is aftercare's to say."""
    return broadcast.changed(stage=step(broadcast, "wrap"), wrapped_at=now, wrapped_by=who)


def put_on_air(broadcast: Broadcast, link_no: int, now: datetime) -> Broadcast:
    """`link_no` is being sold from `now`."""
    return broadcast.changed(stage=step(broadcast, "sell"), on_air=link_no, on_air_since=now)


def current(broadcasts: list[Broadcast]) -> Broadcast | None:
    """The room's current broadcast: the newest that is not archived."""
    alive = [b for b in broadcasts if b.stage != "archived"]
    return max(alive, key=lambda b: b.number, default=None)


def answering(broadcasts: list[Broadcast], now: datetime, zone: ZoneInfo) -> Broadcast | None:
    """The broadcast buyers ask about: the one that ended stays it, although the next one's sheet is there, until that
    is live or another business day has begun."""
    here = current(broadcasts)
    if here is None or here.stage != "planned":
        return here
    ended = (one for one in broadcasts if one.stage == "ended" and one.ended_at)
    last = max(ended, key=lambda one: one.number, default=None)
    tonight = last and last.ended_at and business_day(last.ended_at, zone) == business_day(now, zone)
    return last if tonight else here


def of_order(broadcasts: list[Broadcast], created_at: datetime, zone: ZoneInfo) -> Broadcast | None:
    """The broadcast an order belongs to: from 30 minutes before a start to its end (PRODUCT, People and places).

    An order outside belongs to its business day: to that day's last broadcast begun by then, else the day's first.
    """
    newest_first = sorted(broadcasts, key=lambda b: -b.number)
    for one in newest_first:
        start = one.live_at
        if start and start - EARLY <= created_at and (one.ended_at is None or created_at <= one.ended_at):
            return one
    day = business_day(created_at, zone)
    of_the_day = [one for one in newest_first if one.opened_on == day]
    begun = (one for one in of_the_day if one.live_at and one.live_at <= created_at)
    return next(begun, of_the_day[-1] if of_the_day else None)
