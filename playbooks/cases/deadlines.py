"""When a case is due, when it must be over, and the moments at which somebody is told (E16-E18, E25, K14)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from playbooks.cases.rules import Kind, rules
from playbooks.cases.state import Case
from playbooks.model import Model, Moment

Alarm = Literal["cap", "lead", "visit_lead", "explain", "due", "again", "visit", "visit_again", "progress"]
"""The gravest first. `lead`, `visit_lead`, `explain` tell the leads as well, `cap` the managers; all tell the owner."""
GRAVEST: tuple[Alarm, ...] = get_args(Alarm)
Span = tuple[datetime, datetime]
Alarmed = tuple[datetime, Alarm]


class Told(Model):
    """At `at` somebody is told, of one thing or of several at once, the gravest first."""

    at: Moment
    whats: tuple[Alarm, ...]


def due_of(kind: Kind, sort: str, at: datetime, zone: ZoneInfo, shifts: Iterable[Span] = ()) -> datetime:
    """When a case that came at `at` is due: after its hours, or by the room's hour of the day it came on.

    What comes after that hour is due the next day (K14). `sort`: the type of after-sales, '' for none. `shifts`:
    (start, end) of the owner's; who begins only after the hour on that day has until the end of that shift. Never
    after the cap.
    """
    hours = rules().types[sort].due_hours if sort in rules().types else rules().kinds[kind].due_hours
    if hours is not None:
        return at + timedelta(hours=hours)
    local = at.astimezone(zone)
    by = datetime.combine(local.date(), rules().due_at, zone)
    if local >= by:
        by = datetime.combine(local.date() + timedelta(days=1), rules().due_at, zone)
    evening = [end for start, end in shifts if start.astimezone(zone).date() == by.date() and start >= by]
    there = any(
        start < by and end > at for start, end in shifts if start.astimezone(zone).date() == by.date()
    )
    return min(cap_of(kind, at), min(evening) if evening and not there else by)


def cap_of(kind: Kind, at: datetime) -> datetime:
    """The hard end of a case that came at `at` (E17)."""
    return at + timedelta(days=rules().kinds[kind].cap_days)


def window_of(platform: str, reviewed_at: datetime) -> datetime:
    """When the review window closes, where nobody said (E18)."""
    known = rules().window_days
    return reviewed_at + timedelta(days=known.get(platform, known["default"]))


def visit_of(closed_at: datetime, zone: ZoneInfo) -> datetime:
    """When the buyer of a closed complaint is asked how it is."""
    day = closed_at.astimezone(zone).date() + timedelta(days=rules().visit_days)
    return datetime.combine(day, rules().visit_at, zone)


def next_told(case: Case, after: datetime, zone: ZoneInfo) -> Told | None:
    """The first moment later than `after` at which somebody is told of the case as it stands; None for never."""
    later = [(at, what) for at, what in told(case, zone) if at > after]
    if not later:
        return None
    first = min(at for at, _ in later)
    return Told(at=first, whats=tuple(sorted({what for at, what in later if at == first}, key=GRAVEST.index)))


def told(case: Case, zone: ZoneInfo) -> Iterator[Alarmed]:
    """Every moment at which somebody is told, if nothing happens to the case meanwhile. None of them is at night."""
    if case.to_visit and case.visit_at:
        yield from _nagged(case.visit_at, ("visit", "visit_again", "visit_lead"), zone)
    if not case.open:
        return
    yield from _nagged(case.due_at, ("due", "again", "lead"), zone)
    yield earlier_by_day(case.cap_at, zone), "cap"
    if case.explain_by and case.replied_at is None:
        yield earlier_by_day(case.explain_by - timedelta(days=rules().explain_before_days), zone), "explain"
    if hours := rules().kinds[case.kind].progress_hours:
        span, at = timedelta(hours=hours), case.heard_at
        while (at := at + span) < case.cap_at:
            yield later_by_day(at, zone), "progress"


def _nagged(due: datetime, whats: tuple[Alarm, Alarm, Alarm], zone: ZoneInfo) -> Iterator[Alarmed]:
    """Told when due, again at most so often, and then the leads: once."""
    first, again, lead = whats
    yield earlier_by_day(due, zone), first
    for turn in range(1, rules().nags + 1):
        yield later_by_day(due + turn * rules().nag, zone), again
    yield later_by_day(due + (rules().nags + 1) * rules().nag, zone), lead


def at_night(at: datetime, zone: ZoneInfo) -> bool:
    """Whether nobody is reminded at `at`; the end of the night is day."""
    clock = at.astimezone(zone).time()
    return clock >= rules().quiet.from_ or clock < rules().quiet.until


def earlier_by_day(at: datetime, zone: ZoneInfo) -> datetime:
    """`at`, or the last minute before the night it falls into: a deadline is told while it can still be met."""
    if not at_night(at, zone):
        return at
    local = at.astimezone(zone)
    day = local.date() - timedelta(days=local.time() < rules().quiet.until)
    return datetime.combine(day, rules().quiet.from_, zone) - timedelta(minutes=1)


def later_by_day(at: datetime, zone: ZoneInfo) -> datetime:
    """`at`, or the end of the night it falls into."""
    if not at_night(at, zone):
        return at
    local = at.astimezone(zone)
    day = local.date() + timedelta(days=local.time() >= rules().quiet.from_)
    return datetime.combine(day, rules().quiet.until, zone)


def next_weekly(now: datetime, zone: ZoneInfo) -> datetime:
    """The next time what was complained of is looked at together (G04)."""
    weekly, local = rules().weekly, now.astimezone(zone)
    ahead = (weekly.weekday - local.weekday()) % 7
    at = _on(local, ahead, weekly.at, zone)
    return at if at > now else _on(local, ahead + 7, weekly.at, zone)


def _on(local: datetime, ahead: int, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(local.date() + timedelta(days=ahead), clock, zone)
