"""Surges 流量暴增: looked for where questions and orders come in; the lead is told once, with who is free (B31)."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.card import Card, line, lines, listed, tell
from bot.chase_waiting import begun, came_in
from bot.desk import Desk
from bot.questioning import open_questions, seniors
from playbooks import surge
from playbooks.surge import Load, Surge
from storage.rows import Line

FRESH = timedelta(minutes=10)
"""An export older than this says nothing of what comes in now."""


def threshold(desk: Desk) -> int:
    """How many a minute make a surge in this room."""
    return desk.room.surge_per_minute or surge.rules().per_minute


def load_now(desk: Desk, as_of: datetime | None = None) -> Load:
    """What comes in a minute now; `as_of` is the moment of an export that was just taken in."""
    until = as_of if as_of and desk.now - FRESH <= as_of <= desk.now else desk.now
    tonight = desk.books.questions.by("broadcast", desk.broadcast_id())
    asked = (said.at for one in tonight if one.state != "told" for said in one.asks)
    orders = came_in(until - surge.rules().window, until, desk)
    return surge.load_of(asked, orders, desk.now, until)


def look(desk: Desk, as_of: datetime | None = None) -> list[Card]:
    """The lead's card where a surge has begun; it ends quietly when it has been calm for the cool-down."""
    here = desk.broadcast()
    if here is None or here.stage not in ("live", "closing"):
        return []
    load, last, most = load_now(desk, as_of), desk.books.surges.get(desk.room.id), threshold(desk)
    if not load.over(most):
        return []
    desk.books.surges.put(Surge(id=desk.room.id, over_at=desk.now))
    if not surge.rising(last, load, most, desk.now):
        return []
    desk.note("surge", desk.room.id, questions=str(load.questions), orders=str(load.orders), most=str(most))
    return [tell(m.id, _said(load, most, desk), rank="work") for m in seniors(desk)]


def _said(load: Load, most: int, desk: Desk) -> tuple[Line, ...]:
    there = desk.on_duty("agent", "lead")
    occupied = _occupied(desk)
    free = [m.name for m in there if m.id not in occupied]
    busy = [m.name for m in there if m.id in occupied]
    return lines(
        line("surge.rising", questions=str(load.questions), orders=str(load.orders), most=most),
        line("surge.free", names=listed(free)) if free else line("surge.nobody_free"),
        line("surge.busy", names=listed(busy)) if busy else None,
    )


def _occupied(desk: Desk) -> set[str]:
    """Those who are at a chase, a held order or a question right now."""
    chases = {one.owner for one in begun(desk) if one.held(desk.now)}
    holds = {one.owner for one in desk.books.holds.by("state", "claimed")}
    return chases | holds | {one.owner for one in open_questions(desk) if one.owner}
