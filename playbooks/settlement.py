"""The settlement list 结算清单 of outsourced teams: who did how much, and what that comes to where rates are set (G12).

A rate is a manager's; where none is set there is no sum, never an invented one.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from pydantic import Field

from playbooks.model import Document, Model, Money, Refusal, to_cents
from playbooks.room import Member, named
from playbooks.workload import Unit, Workload, rules

MOST_RATE = Decimal(100_000)
_DATE = re.compile(r"(?:(\d{4})[-/年])?(\d{1,2})[-/月](\d{1,2})日?")
_MONTH = re.compile(r"(?:(\d{4})[-/年])?(\d{1,2})月?")
_BETWEEN = re.compile(r"\s*(?:至|到|~|～|—)\s*|\s+")
_YUAN = re.compile(r"\s*(?:元|块|yuan)$", re.IGNORECASE)
DAY = timedelta(days=1)


class SettlementSetup(Document):
    """What a manager set for the room (`id`): person id -> team, unit -> yuan for each."""

    teams: dict[str, str] = Field(default_factory=dict)
    rates: dict[Unit, Money] = Field(default_factory=dict)


class Period(Model):
    """Business days, both counted."""

    first: date
    last: date

    @property
    def days(self) -> tuple[date, ...]:
        """Each of them."""
        return tuple(self.first + n * DAY for n in range((self.last - self.first).days + 1))


class Row(Model):
    """One person's: `team` '' for the shop's own people, `due` in yuan, None where no rate is set."""

    team: str
    work: Workload
    due: Money | None


class TeamSum(Model):
    """All of one team; `due` None where no rate is set."""

    team: str
    people: int
    counts: dict[Unit, Decimal]
    due: Money | None


def bill(setup: SettlementSetup, works: Iterable[Workload]) -> tuple[Row, ...]:
    """A row a person, the teams in order of their names, the shop's own people last."""
    rows = [
        Row(team=setup.teams.get(one.who, ""), work=one, due=due_of(setup, one))
        for one in works
        if one.counts
    ]
    return tuple(sorted(rows, key=lambda row: (not row.team, row.team)))


def due_of(setup: SettlementSetup, work: Workload) -> Decimal | None:
    """Yuan: the sum of count x rate over the units that have one."""
    if not setup.rates:
        return None
    return sum(
        (to_cents(work.counts.get(unit, Decimal(0)) * rate) for unit, rate in setup.rates.items()), Decimal(0)
    )


def team_sums(rows: Sequence[Row]) -> tuple[TeamSum, ...]:
    """The rows of each team added up, in their order."""
    return tuple(
        _sum(team, [row for row in rows if row.team == team]) for team in dict.fromkeys(r.team for r in rows)
    )


def _sum(team: str, rows: Sequence[Row]) -> TeamSum:
    counts: dict[Unit, Decimal] = {}
    for row in rows:
        for unit, count in row.work.counts.items():
            counts[unit] = counts.get(unit, Decimal(0)) + count
    dues = [row.due for row in rows if row.due is not None]
    return TeamSum(team=team, people=len(rows), counts=counts, due=sum(dues, Decimal(0)) if dues else None)


# -- what a manager types ---------------------------------------------------------------------------


def read_period(typed: str, today: date, aired: date | None) -> Period:
    """`本月` or nothing, `上月`, `昨天`, `10月`, `2026-10`, `11-01 11-15`, `11-11`, `场次`: the newest one's day.

    `today`: the business day. A day or month without its year is the last one. Raises Refusal `settlement.usage`,
    `settlement.long` (days), `settlement.future`, `review.none`.
    """
    period = _period(typed.strip().lower(), today, aired)
    if period.first > today or period.last < period.first:
        raise Refusal("settlement.future" if period.first > today else "settlement.usage")
    period = period.changed(last=min(period.last, today))
    if len(period.days) > rules().most_days:
        raise Refusal("settlement.long", days=rules().most_days)
    return period


def _period(typed: str, today: date, aired: date | None) -> Period:
    if not typed or typed in rules().this_month:
        return _month(today)
    if typed in rules().last_month:
        return _month(today.replace(day=1) - DAY)
    if typed in rules().today or typed in rules().yesterday:
        day = today if typed in rules().today else today - DAY
        return Period(first=day, last=day)
    if typed in rules().broadcast:
        if aired is None:
            raise Refusal("review.none")
        return Period(first=aired, last=aired)
    if month := _MONTH.fullmatch(typed):
        return _month(_day(month[1], month[2], "1", today))
    days = [_DATE.fullmatch(word) for word in _BETWEEN.split(typed)]
    found = [_day(day[1], day[2], day[3], today) for day in days if day]
    if len(found) != len(days) or len(found) > 2:
        raise Refusal("settlement.usage")
    return Period(first=found[0], last=found[-1])


def _month(day: date) -> Period:
    return Period(first=day.replace(day=1), last=day.replace(day=monthrange(day.year, day.month)[1]))


def _day(year: str | None, month: str, day: str, today: date) -> date:
    """The date; without a year the last one that has begun. Raises Refusal `settlement.usage`."""
    try:
        found = date(int(year) if year else today.year, int(month), int(day))
        return found if year or found <= today else found.replace(year=found.year - 1)
    except ValueError:
        raise Refusal("settlement.usage") from None


def read_team(typed: str, members: Sequence[Member]) -> tuple[str, list[Member]]:
    """`外包甲 小美 小强`: the team and its people; `无 小美`: '' for no team.

    Raises Refusal `settlement.team_usage`, `who.unknown`, `who.several`.
    """
    team, *names = typed.split() or [""]
    if not names:
        raise Refusal("settlement.team_usage")
    return team, [named(name, members) for name in names]


def with_team(setup: SettlementSetup, team: str, people: Sequence[Member]) -> SettlementSetup:
    """These people in that team, `无` for none. Raises Refusal `settlement.team_long` (most)."""
    if len(team) > rules().longest_team:
        raise Refusal("settlement.team_long", most=rules().longest_team)
    theirs = {} if team in rules().none_words else {m.id: team for m in people}
    kept = {who: of for who, of in setup.teams.items() if who not in {m.id for m in people}}
    return setup.changed(teams={**kept, **theirs})


def unit_of(word: str) -> Unit:
    """The unit people call `word`. Raises Refusal `settlement.unit`."""
    found = unit_called(word)
    if found is None:
        raise Refusal("settlement.unit", word=word[:20])
    return found


def unit_called(word: str) -> Unit | None:
    """The unit people call `word`, of one word or several; None for none."""
    return next((rule.id for rule in rules().unit if word.strip().lower() in (rule.id, *rule.words)), None)


def with_rate(setup: SettlementSetup, typed: str) -> tuple[SettlementSetup, Unit]:
    """`工时 30`, `催回 2.5元`; `工时 无` takes the rate away. The setup and the unit it is about.

    Raises Refusal `settlement.rate_usage`, `settlement.unit`, `settlement.not_yuan`, `settlement.no_rate_on_yuan`.
    """
    word, _, said = _YUAN.sub("", typed.strip()).rpartition(" ")
    if not word.strip():
        raise Refusal("settlement.rate_usage")
    first, _, rest = typed.strip().partition(" ")
    if unit_called(word) is None and unit_called(first):
        word, said = first, rest.strip()
    unit = unit_of(word.strip())
    if unit == "amount":
        raise Refusal("settlement.no_rate_on_yuan")
    if said in rules().none_words:
        return setup.changed(rates={u: r for u, r in setup.rates.items() if u != unit}), unit
    return setup.changed(rates={**setup.rates, unit: _yuan(said)}), unit


def _yuan(said: str) -> Decimal:
    try:
        value = Decimal(said.lstrip("¥￥").replace("_", "?"))
    except InvalidOperation:
        raise Refusal("settlement.not_yuan", text=said[:20]) from None
    if not value.is_finite() or not 0 < value <= MOST_RATE or value != to_cents(value):
        raise Refusal("settlement.not_yuan", text=said[:20])
    return value
