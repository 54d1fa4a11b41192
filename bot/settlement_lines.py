"""The settlement list as a message: teams with their sums, each person's work; a recovery with what pays by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from bot.card import line
from bot.review_words import clip, percent, yuan
from bot.settling import Settlement
from playbooks.settlement import Period, Row, team_sums
from playbooks.workload import Unit, rules
from storage.rows import Line

PEOPLE = 25


def period_line(period: Period) -> Line:
    """`11-01 至 11-22`, or the one day."""
    one = period.first == period.last
    return line(
        "settlement.day" if one else "settlement.days",
        first=f"{period.first:%Y-%m-%d}",
        last=f"{period.last:%Y-%m-%d}",
    )


def lines(told: Settlement, names: Mapping[str, str]) -> list[Line]:
    """The whole message."""
    head = line("settlement.head", period=period_line(told.period))
    if not told.rows:
        return [head, line("settlement.nothing")]
    return [head, *_teams(told), *_people(told, names), _foot(told)]


def _teams(told: Settlement) -> Iterator[Line]:
    for one in team_sums(told.rows):
        yield line(
            "settlement.team",
            team=_team(one.team),
            people=one.people,
            counts=_counts(one.counts),
            due=_due(one.due),
        )


def _people(told: Settlement, names: Mapping[str, str]) -> Iterator[Line]:
    for row in told.rows[:PEOPLE]:
        yield line(
            "settlement.person", who=clip(names.get(row.work.who, row.work.who), 12), team=_team(row.team),
            counts=_counts(row.work.counts), recovery=_recovery(row), due=_due(row.due),
        )  # fmt: skip
    if len(told.rows) > PEOPLE:
        yield line("settlement.more", count=len(told.rows) - PEOPLE)


def _foot(told: Settlement) -> Line:
    """The rates as they were set, or that there are none."""
    if not told.setup.rates:
        return line("settlement.no_rates")
    rates = tuple(
        line("settlement.rate", unit=unit_line(rule.id), yuan=yuan(told.setup.rates[rule.id]))
        for rule in rules().unit
        if rule.id in told.setup.rates
    )
    return line("settlement.rates", rates=rates)


def unit_line(unit: Unit) -> Line:
    """What a unit is called."""
    return line(f"settlement.unit_{unit}")


def _counts(counts: Mapping[Unit, Decimal]) -> tuple[Line, ...]:
    return tuple(
        line("settlement.count", unit=unit_line(rule.id), count=number(counts[rule.id]))
        for rule in rules().unit
        if counts.get(rule.id)
    ) or (line("settlement.none"),)


def number(value: Decimal) -> str:
    """`1,204`, `7.5`."""
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value.normalize():,f}"


def _recovery(row: Row) -> Line | str:
    if not row.work.counts.get("recoveries"):
        return ""
    return line(
        "settlement.recovery", rate=percent(row.work.success_rate), natural=percent(row.work.natural_rate)
    )


def _due(due: Decimal | None) -> Line | str:
    return "" if due is None else line("settlement.due", yuan=yuan(due))


def _team(team: str) -> Line:
    return line("settlement.named_team", team=team) if team else line("settlement.own_people")
