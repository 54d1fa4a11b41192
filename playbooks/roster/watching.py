"""Who is missed, and which half hours of the planned broadcast nobody is rostered for (REQUIREMENTS A08, H08)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from playbooks.room import Member, Role
from playbooks.roster.model import AGENTS, Shift, rules


class Gap(NamedTuple):
    """A stretch of the broadcast nobody is planned for."""

    start: datetime
    end: datetime


def late(shifts: Iterable[Shift], members: Iterable[Member], now: datetime) -> list[Shift]:
    """The shifts whose person has not signed in minutes after the start, each told once. A break is presence."""
    absent = {m.id for m in members if m.presence == "out" and m.roles}
    return [
        s for s in shifts
        if s.who in absent and not s.missed and s.start + rules().late_after <= now < s.end
    ]  # fmt: skip


def gaps(shifts: Collection[Shift], start: datetime, end: datetime) -> list[Gap]:
    """Each half hour of the broadcast in which nobody is there from its beginning to its end, apart or together."""
    return [Gap(*slot) for slot in _slots(start, end) if not _covered(shifts, *slot)]


def gaps_ahead(found: Iterable[Gap], told: Collection[datetime], now: datetime) -> list[Gap]:
    """The gaps that begin soon, or have begun, and were not told yet."""
    return [g for g in found if g.start not in told and g.start - rules().gap_ahead <= now < g.end]


def joined(found: Iterable[Gap]) -> list[Gap]:
    """Gaps one after the other as one."""
    whole: list[Gap] = []
    for gap in sorted(found):
        if whole and whole[-1].end == gap.start:
            whole[-1] = Gap(whole[-1].start, gap.end)
        else:
            whole.append(gap)
    return whole


WORK: dict[str, frozenset[Role]] = {"agents": AGENTS, "ops": frozenset(["ops"])}
"""What somebody has to be there for while the stream is on, and whose work it is."""


def deserted(gone: Member, members: Iterable[Member]) -> list[str]:
    """The kinds of WORK nobody on duty does any more now that `gone`, who did, is away."""
    there = [m for m in members if m.presence == "in" and m.id != gone.id]
    return [work for work, roles in WORK.items() if gone.may(roles) and not any(m.may(roles) for m in there)]


def next_look(
    shifts: Iterable[Shift], found: Iterable[Gap], told: Collection[datetime], now: datetime
) -> datetime | None:
    """When there is next somebody to miss or a gap to tell; None: nothing to come."""
    moments = [s.start + rules().late_after for s in shifts if not s.missed]
    moments += [g.start - rules().gap_ahead for g in found if g.start not in told]
    return min((at for at in moments if at > now), default=None)


def _slots(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    while start < end:
        stop = min(start + rules().slot, end)
        yield start, stop
        start = stop


def _covered(shifts: Iterable[Shift], start: datetime, end: datetime) -> bool:
    """Whether somebody is there at every moment of the span, one after another or together."""
    for shift in sorted(shifts, key=lambda s: s.start):
        if shift.start <= start < shift.end:
            start = shift.end
    return start >= end
