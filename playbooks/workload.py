"""What each person did in a span of time, counted from the journal: for settlement lists and monthly targets.

REQUIREMENTS G12, G16. Time signed in is time on duty, breaks apart; what nobody noted is not counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, get_args

from playbooks import followup
from playbooks.broadcast import Broadcast
from playbooks.chase import Funnel
from playbooks.journal import Entry
from playbooks.model import Model, Moment
from playbooks.rulebook import load

Unit = Literal[
    "hours", "broadcasts", "questions", "chases", "recoveries", "amount", "holds", "follow_ups", "cases"
]  # fmt: skip
Span = tuple[datetime, datetime]
TENTH = Decimal("0.1")
HOUR = 3600
IN_ERROR = "void"
"""The outcome of a case that was put in by mistake: nobody's work."""


class UnitRule(Model):
    """One thing that is counted: which journal entries (`entry`, `steps`), or none where it is counted otherwise.

    `said`: outcomes somebody said that ended the thing, as those of follow-ups.
    """

    id: Unit
    words: tuple[str, ...]
    entry: str = ""
    steps: tuple[str, ...] = ()
    each: bool = False
    said: bool = False


class Rules(Model):
    """`data/settlement.toml`."""

    source: str
    longest_team: int
    most_days: int
    none_words: tuple[str, ...]
    team_words: tuple[str, ...]
    rate_words: tuple[str, ...]
    person_words: tuple[str, ...]
    this_month: tuple[str, ...]
    last_month: tuple[str, ...]
    today: tuple[str, ...]
    yesterday: tuple[str, ...]
    broadcast: tuple[str, ...]
    unit: tuple[UnitRule, ...]


def rules() -> Rules:
    """`data/settlement.toml`."""
    known: Rules = load("settlement", Rules)
    return known


UNITS: frozenset[Unit] = frozenset(get_args(Unit))
OF_PRESENCE: frozenset[Unit] = frozenset(["hours", "broadcasts"])
OF_CHASE: frozenset[Unit] = frozenset(["recoveries", "amount"])


def kinds_of(units: frozenset[Unit]) -> tuple[str, ...]:
    """The journal's kinds these units are counted from."""
    noted = [rule.entry for rule in rules().unit if rule.entry and rule.id in units]
    return (*noted, *(("presence", "role") if units & OF_PRESENCE else ()))


class Duty(Model):
    """One stretch somebody was signed in for; `running`: they still were when it was counted."""

    who: str
    start: Moment
    end: Moment
    running: bool = False

    @property
    def length(self) -> timedelta:
        """How long it was."""
        return self.end - self.start


class Workload(Model):
    """What `who` did: unit -> how much, units of which there is nothing left out. Hours have one place."""

    who: str
    counts: dict[Unit, Decimal]
    success_rate: Decimal | None = None
    natural_rate: Decimal | None = None
    """What paid without being contacted: no recovery stands without it."""


def duties(entries: Iterable[Entry], start: datetime, end: datetime, now: datetime) -> tuple[Duty, ...]:
    """When each person was signed in between `start` and `end`, at most until `now`; in order of time.

    Entries of before `start` count too: who signed in the evening before is there at midnight.
    """
    since: dict[str, datetime] = {}
    found: list[Duty] = []
    for one in sorted(filter(_tells_presence, entries), key=lambda e: (e.at, e.id)):
        begun = since.pop(one.about, None)
        if begun is not None:
            found.append(Duty(who=one.about, start=begun, end=one.at))
        if one.values.get("presence") == "in":
            since[one.about] = one.at
    found += [Duty(who=who, start=at, end=max(at, now), running=True) for who, at in since.items()]
    return tuple(sorted(_clipped(found, start, min(end, now)), key=lambda one: (one.start, one.who)))


def _tells_presence(entry: Entry) -> bool:
    """Signed in or out, on a break; or the person's last role was taken away, which signs them out."""
    return entry.kind == "presence" or (entry.kind == "role" and not entry.values.get("roles"))


def _clipped(some: Iterable[Duty], start: datetime, end: datetime) -> list[Duty]:
    inside = [one for one in some if one.start < end and one.end > start]
    return [
        one.changed(
            start=max(one.start, start), end=min(one.end, end), running=one.running and one.end <= end
        )
        for one in inside
    ]


def workloads(
    entries: Sequence[Entry],
    there: Sequence[Duty],
    broadcasts: Iterable[Broadcast],
    chased: Funnel,
    within: Span,
) -> tuple[Workload, ...]:
    """What each person did `within` (from, before), longest there first; `chased`: of the orders of that time."""
    counts: dict[str, dict[Unit, Decimal]] = defaultdict(dict)
    for who, hours in _hours(there).items():
        counts[who]["hours"] = hours
    for who, number in _broadcasts(there, broadcasts).items():
        counts[who]["broadcasts"] = Decimal(number)
    for rule in rules().unit:
        for who, number in _noted(rule, entries, within).items():
            counts[who][rule.id] = Decimal(number)
    shares = {one.key: one for one in chased.agents}
    for who, share in shares.items():
        counts[who] |= {"recoveries": Decimal(share.recovered), "amount": share.amount or Decimal(0)}
    found = (
        Workload(
            who=who, counts=told, success_rate=shares[who].success_rate if who in shares else None,
            natural_rate=chased.natural_rate if who in shares else None,
        )
        for who, told in counts.items()
    )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-one.counts.get("hours", Decimal(0)), one.who)))


def _hours(there: Iterable[Duty]) -> dict[str, Decimal]:
    seconds: dict[str, int] = defaultdict(int)
    for one in there:
        seconds[one.who] += int(one.length.total_seconds())
    return {who: (Decimal(n) / HOUR).quantize(TENTH, ROUND_HALF_UP) for who, n in seconds.items()}


def _broadcasts(there: Iterable[Duty], broadcasts: Iterable[Broadcast]) -> Mapping[str, int]:
    aired = [(b.id, s.started_at, s.ended_at) for b in broadcasts for s in b.segments]
    met: dict[str, set[str]] = defaultdict(set)
    for one in there:
        met[one.who] |= {
            id for id, begun, ended in aired if begun < one.end and (ended is None or ended > one.start)
        }
    return {who: len(some) for who, some in met.items() if some}


def _noted(rule: UnitRule, entries: Iterable[Entry], within: Span) -> dict[str, int]:
    """Entries of the rule's kind by who made them; where `each`, the things they are about, once."""
    seen: dict[str, set[str]] = defaultdict(set)
    void = {one.about for one in entries if one.kind == "case" and one.values.get("outcome") == IN_ERROR}
    for one in entries:
        counts = one.kind == rule.entry and one.who and within[0] <= one.at < within[1]
        counts = counts and not (one.kind == "case" and one.about in void)
        counts = counts and (not rule.said or _ended(one))
        if counts and (not rule.steps or one.values.get("step") in rule.steps):
            seen[one.who].add(one.about if rule.each and one.about else one.id)
    return {who: len(some) for who, some in seen.items()}


def _ended(entry: Entry) -> bool:
    values = entry.values
    return values.get("state") == "done" and followup.is_said(
        values.get("type", ""), values.get("outcome", "")
    )
