"""How far people are with their monthly targets 月度目标, as lines; counted from this month's books (G16)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.card import line
from bot.review_words import percent
from bot.settlement_lines import number, unit_line
from bot.settling import Counting, nowhere
from playbooks import settlement, targets
from playbooks.broadcast import business_day
from playbooks.targets import MonthTargets, Progress
from playbooks.workload import Unit, Workload
from storage.books import RoomBooks
from storage.rows import Line


def targets_of(books: RoomBooks) -> MonthTargets:
    """The room's targets as a manager set them; none before."""
    id = books.raw.room
    return books.targets.get(id) or MonthTargets(id=id)


def progress_of(books: RoomBooks, zone: ZoneInfo, now: datetime, *people: str) -> tuple[Progress, ...]:
    """How far each of `people` is this month, everybody with a target for none named; () without a target.

    Who has no role in the room any more has no target either, until they have one again.
    """
    known = targets_of(books)
    here = {one.id for one in books.members.scan() if one.roles}
    known = known.changed(goals={who: goals for who, goals in known.goals.items() if who in here})
    units = frozenset(unit for who in people or known.goals for unit in known.goals.get(who, {}))
    return targets.progress(known, _works(books, zone, now, units), *people) if units else ()


def _works(books: RoomBooks, zone: ZoneInfo, now: datetime, units: frozenset[Unit]) -> Mapping[str, Workload]:
    month = settlement.read_period("", business_day(now, zone), None)
    return {one.who: one for one in Counting(books, zone, month, now, nowhere, units=units).works()}


def told(books: RoomBooks, zone: ZoneInfo, now: datetime) -> list[Line]:
    """Everybody's, and how one is set."""
    said = of_people(progress_of(books, zone, now), {m.id: m.name for m in books.members.scan()})
    return [line("target.head" if said else "target.none"), *said, line("target.usage")]


def progress_line(one: Progress) -> Line:
    """`催回 32/50（64%）`."""
    return line(
        "target.progress", unit=unit_line(one.unit), done=number(one.done), goal=number(one.goal),
        rate=percent(one.rate),
    )  # fmt: skip


def of_people(found: tuple[Progress, ...], names: Mapping[str, str]) -> list[Line]:
    """A line a person."""
    people = dict.fromkeys(one.who for one in found)
    return [
        line(
            "target.person",
            who=names.get(who, who),
            each=tuple(progress_line(p) for p in found if p.who == who),
        )
        for who in people
    ]
