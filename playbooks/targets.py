"""Monthly targets per agent 月度目标 (REQUIREMENTS G16): a manager sets them or there are none; progress is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from pydantic import Field

from playbooks.metrics import FOUR_PLACES
from playbooks.model import Document, Model, Refusal, to_cents
from playbooks.room import Member, named
from playbooks.settlement import unit_called, unit_of
from playbooks.workload import Unit, Workload, rules

MOST = Decimal(10_000_000)
WORDS = 2
"""Before the number: a name and an item."""


class MonthTargets(Document):
    """For the room (`id`): person id -> unit -> how much in a calendar month, until it is changed."""

    goals: dict[str, dict[Unit, Decimal]] = Field(default_factory=dict)


class Progress(Model):
    """How far somebody is: `rate` = done / goal."""

    who: str
    unit: Unit
    goal: Decimal
    done: Decimal
    rate: Decimal


def with_target(
    known: MonthTargets, typed: str, members: Sequence[Member]
) -> tuple[MonthTargets, Member, Unit]:
    """`小美 催回 50`; `小美 催回 无` takes it away. The targets, whose and which.

    Raises Refusal `target.usage`, `target.number`, `settlement.unit`, `who.unknown`, `who.several`.
    """
    name, word, said = _parts(typed)
    member, unit = whose(name, members), unit_of(word)
    own = {u: goal for u, goal in known.goals.get(member.id, {}).items() if u != unit}
    if said not in rules().none_words:
        own[unit] = _number(said)
    goals = {who: goal for who, goal in known.goals.items() if who != member.id}
    return known.changed(goals={**goals, member.id: own} if own else goals), member, unit


def _parts(typed: str) -> tuple[str, str, str]:
    """Whose, which and how much; a name and an item may have several words."""
    *words, said = typed.split() or [""]
    for at in range(1, len(words)):
        if unit_called(" ".join(words[at:])):
            return " ".join(words[:at]), " ".join(words[at:]), said.removesuffix("元").lstrip("¥￥")
    if len(words) != WORDS:
        raise Refusal("target.usage")
    return words[0], words[1], said


def whose(word: str, members: Sequence[Member]) -> Member:
    """Who is meant, by name or, as buttons say it, by id. Raises Refusal `who.unknown`, `who.several`."""
    return next((m for m in members if m.id == word), None) or named(word, members)


def _number(said: str) -> Decimal:
    try:
        value = Decimal(said.replace(",", ""))
    except InvalidOperation:
        raise Refusal("target.number", text=said[:20]) from None
    if not value.is_finite() or not 0 < value <= MOST or value != to_cents(value):
        raise Refusal("target.number", text=said[:20])
    return value


def progress(known: MonthTargets, works: Mapping[str, Workload], *people: str) -> tuple[Progress, ...]:
    """How far each of `people` is (all who have a target for none named), in the order of the units."""
    order = [rule.id for rule in rules().unit]
    return tuple(
        _one(who, unit, known.goals[who][unit], works.get(who))
        for who in (people or known.goals)
        for unit in sorted(known.goals.get(who, {}), key=order.index)
    )


def _one(who: str, unit: Unit, goal: Decimal, work: Workload | None) -> Progress:
    done = work.counts.get(unit, Decimal(0)) if work else Decimal(0)
    rate = (done / goal).quantize(FOUR_PLACES, ROUND_HALF_UP)
    return Progress(who=who, unit=unit, goal=goal, done=done, rate=rate)
