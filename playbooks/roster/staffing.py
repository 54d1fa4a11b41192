"""How many agents the next broadcast needs, from the half hours of the last ones (REQUIREMENTS A08).

What came in is questions and new unpaid orders; what one agent handled is measured in the same half hours. No
figure is guessed where there is too little of either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from math import ceil

from pydantic import Field

from playbooks.model import Model, Moment
from playbooks.roster.model import Shift, rules


class Handled(Model):
    """Something an agent did for a buyer: `about` is the order or question, counted once a half hour."""

    at: Moment
    who: str
    about: str


class Past(Model):
    """One broadcast that is over: when questions and unpaid orders came in, and who handled what."""

    start: Moment
    end: Moment
    came_in: tuple[Moment, ...] = ()
    handled: tuple[Handled, ...] = Field(default=())


class Need(Model):
    """A half hour of the next broadcast: what is expected to come in, agents needed, agents rostered."""

    start: Moment
    expected: int
    needed: int
    rostered: int


def needs(past: Sequence[Past], start: datetime, end: datetime, shifts: Iterable[Shift]) -> tuple[Need, ...]:
    """Half hour by half hour of start..end; half hours no past broadcast reached are left out.

    () where there are too few broadcasts or nobody handled anything in them.
    """
    recent = sorted(past, key=lambda one: one.start)[-rules().past_broadcasts :]
    each = per_agent(recent)
    if len(recent) < rules().least_broadcasts or each is None:
        return ()
    planned = tuple(shifts)
    found = []
    for number in range(ceil((end - start) / rules().slot)):
        reached = [one for one in recent if one.start + number * rules().slot < one.end]
        if not reached:
            break
        came = sum(_slot(one, at) == number for one in reached for at in one.came_in)
        begin = start + number * rules().slot
        there = {s.who for s in planned if s.meets(begin, min(begin + rules().slot, end))}
        mean = Fraction(came, len(reached))
        needed = max(1, ceil(mean / each))
        found.append(Need(start=begin, expected=ceil(mean), needed=needed, rostered=len(there)))
    return tuple(found)


def per_agent(past: Iterable[Past]) -> Fraction | None:
    """What one agent handled in a half hour in which they handled anything: the middle one; None for nothing."""
    done: defaultdict[tuple[datetime, int, str], set[str]] = defaultdict(set)
    for one in past:
        for act in one.handled:
            if one.start <= act.at < one.end:
                done[one.start, _slot(one, act.at), act.who].add(act.about)
    counts = sorted(len(abouts) for abouts in done.values())
    if not counts:
        return None
    middle = len(counts) // 2
    return Fraction(counts[middle] + counts[~middle], 2)


def _slot(one: Past, at: datetime) -> int:
    """Which half hour of the broadcast `at` is in; −1 outside."""
    return (at - one.start) // rules().slot if one.start <= at < one.end else -1
