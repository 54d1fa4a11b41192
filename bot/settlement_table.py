"""The settlement list 结算清单 as .xlsx: by team and person, by day, and when each was signed in (G12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.review_words import said
from bot.settling import Day, Settlement
from bot.workbook_sheets import Cell, Column, Workbook
from playbooks import roster
from playbooks.settlement import Row, TeamSum, team_sums
from playbooks.workload import Duty, Unit, Workload, rules

UNITS: tuple[Unit, ...] = tuple(rule.id for rule in rules().unit)


def build(told: Settlement, names: Mapping[str, str], lang: str, zone: ZoneInfo) -> bytes:
    """The workbook; `names` go by person id, times are in `zone`."""
    book = Workbook(zone, told.made_at)
    rated = bool(told.setup.rates)
    book.data_sheet(
        _w(lang, "sheet_bill"), _bill_columns(lang, rated=rated), list(_bill(told, names, lang, rated=rated))
    )
    if rated:
        rates: list[list[Cell]] = [
            [_unit(u, lang), told.setup.rates[u]] for u in UNITS if u in told.setup.rates
        ]
        book.data_sheet(_w(lang, "sheet_rates"), [_text(lang, "unit", 16), _yuan(lang, "rate")], rates)
    days = [row for day in told.days for row in _day(day, told, names)]
    book.data_sheet(_w(lang, "sheet_days"), _day_columns(lang), days)
    book.data_sheet(
        _w(lang, "sheet_duty"), _duty_columns(lang), [_duty(one, names, lang) for one in told.duties]
    )
    return book.bytes()


def _w(lang: str, key: str) -> str:
    return said(lang, f"settlement.{key}")


def _unit(unit: Unit, lang: str) -> str:
    return _w(lang, f"unit_{unit}")


def _text(lang: str, key: str, width: int) -> Column:
    return Column(_w(lang, f"table_{key}"), width=width)


def _yuan(lang: str, key: str) -> Column:
    return Column(_w(lang, f"table_{key}"), "yuan", 14)


def _units(lang: str) -> list[Column]:
    """Hours have a place after the point, so they stand as yuan do; a recovery stands beside what pays by itself."""
    decimal = frozenset(["hours", "amount"])
    return [Column(_unit(u, lang), "yuan" if u in decimal else "count", 12) for u in UNITS] + [
        Column(_w(lang, "table_success"), "rate", 12), Column(_w(lang, "table_natural"), "rate", 14),
    ]  # fmt: skip


def _cells(work: Workload) -> list[Cell]:
    counts: list[Cell] = [work.counts.get(unit) for unit in UNITS]
    return [*counts, work.success_rate, work.natural_rate]


def _bill_columns(lang: str, *, rated: bool) -> list[Column]:
    due = [_yuan(lang, "due")] if rated else []
    return [_text(lang, "team", 16), _text(lang, "who", 14), *_units(lang), *due]


def _bill(told: Settlement, names: Mapping[str, str], lang: str, *, rated: bool) -> Iterator[list[Cell]]:
    """Each team's people, then its sum."""
    for team in team_sums(told.rows):
        for row in told.rows:
            if row.team == team.team:
                yield _person(row, names, lang, rated=rated)
        yield _sum(team, lang, rated=rated)


def _person(row: Row, names: Mapping[str, str], lang: str, *, rated: bool) -> list[Cell]:
    due: list[Cell] = [row.due] if rated else []
    return [
        row.team or _w(lang, "own_people"),
        names.get(row.work.who, row.work.who),
        *_cells(row.work),
        *due,
    ]


def _sum(team: TeamSum, lang: str, *, rated: bool) -> list[Cell]:
    due: list[Cell] = [team.due] if rated else []
    counts: list[Cell] = [team.counts.get(unit) for unit in UNITS]
    return [team.team or _w(lang, "own_people"), _w(lang, "table_sum"), *counts, None, None, *due]


def _day_columns(lang: str) -> list[Column]:
    return [
        _text(lang, "day", 12), _text(lang, "broadcasts", 14), _text(lang, "team", 16), _text(lang, "who", 14),
        *_units(lang),
    ]  # fmt: skip


def _day(day: Day, told: Settlement, names: Mapping[str, str]) -> Iterator[list[Cell]]:
    numbers = " ".join(f"b{one.number}" for one in day.broadcasts)
    for work in day.works:
        team = told.setup.teams.get(work.who, "")
        yield [day.day.isoformat(), numbers, team, names.get(work.who, work.who), *_cells(work)]


def _duty_columns(lang: str) -> list[Column]:
    return [
        _text(lang, "who", 14), Column(_w(lang, "table_from"), "time", 16), Column(_w(lang, "table_to"), "time", 16),
        Column(_w(lang, "unit_hours"), "yuan", 10), _text(lang, "note", 36),
    ]  # fmt: skip


def _duty(one: Duty, names: Mapping[str, str], lang: str) -> list[Cell]:
    """A stretch longer than any shift is said to be looked at: somebody may have forgotten to sign out."""
    hours = Decimal(int(one.length.total_seconds())) / 3600
    longest = roster.rules().longest_hours
    note = said(lang, "settlement.too_long", hours=longest) if hours > longest else ""
    note = note or (_w(lang, "running") if one.running else "")
    return [names.get(one.who, one.who), one.start, one.end, hours.quantize(Decimal("0.01")), note]
