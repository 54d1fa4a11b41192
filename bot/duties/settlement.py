"""结算: the settlement list of outsourced teams, as a message and a workbook; teams and rates a manager sets (G12)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.asking import ask
from bot.call import Call
from bot.card import Card, button, line, listed, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.review_words import yuan
from bot.settlement_lines import period_line, unit_line
from bot.settling import newest_aired, setup_of
from playbooks import settlement
from playbooks.broadcast import business_day
from playbooks.model import Refusal
from playbooks.room import MANAGERS, Member
from playbooks.settlement import Period, SettlementSetup
from playbooks.workload import rules
from storage.rows import Line


def settle(call: Call, desk: Desk) -> list[Card]:
    """`/settlement` of this month; `上月`, `10月`, `11-01 11-15`, `场次`; `队 外包甲 小美`; `单价 工时 30`."""
    word, _, rest = call.args.strip().partition(" ")
    word, rest = word.lower(), rest.strip()
    for words, step in (
        (rules().team_words, _team), (rules().person_words, _person), (rules().rate_words, _rate),
    ):  # fmt: skip
        if word in words:
            return step(rest, desk)
    period = settlement.read_period(call.args, business_day(desk.now, desk.zone), newest_aired(desk.books))
    return _list(period, desk)


def _list(period: Period, desk: Desk) -> list[Card]:
    """The message, and the workbook after it: a caption has not the room."""
    about = f"{period.first} {period.last}"
    file = line("settlement.file", period=period_line(period))
    buttons = (
        (button("settlement.last_month", "settlement last month"),),
        (button("settlement.teams", "settlement team"), button("settlement.set_rates", "settlement rate")),
    )
    return [
        tell(desk.me.id, told=f"settlement {about}", rank="digest"),
        tell(
            desk.me.id, file, attach=f"settlement.xlsx {about}", buttons=buttons, rank="digest", silent=True
        ),
    ]


def _team(typed: str, desk: Desk) -> list[Card]:
    if not typed:
        people = [
            (button("common.verbatim", f"settlement person {m.id}", text=m.name),) for m in desk.members()
        ]
        said = (_teams(setup_of(desk.books), desk), line("settlement.team_usage"))
        return [tell(desk.me.id, *said, buttons=tuple(people))]
    team, people_ = settlement.read_team(typed, desk.members())
    return _put(team, list(dict.fromkeys(people_)), desk)


def _person(typed: str, desk: Desk) -> list[Card]:
    """A button: `person 103`; which team is asked for."""
    id, _, team = typed.partition(" ")
    member = desk.member(id)
    if not member.roles:
        raise Refusal("who.unknown", name=id[:20])
    if not team.strip():
        return ask(f"settlement person {id}", "settlement.ask_team", desk, name=member.name)
    return _put(team.strip(), [member], desk)


def _put(team: str, people: Sequence[Member], desk: Desk) -> list[Card]:
    setup = settlement.with_team(setup_of(desk.books), team, people)
    desk.books.settlements.put(setup)
    for one in people:
        desk.note("settlement", one.id, team=setup.teams.get(one.id, ""))
    key = "settlement.team_set" if people[0].id in setup.teams else "settlement.team_out"
    return [tell(desk.me.id, line(key, team=team, names=listed(one.name for one in people)))]


def _teams(setup: SettlementSetup, desk: Desk) -> list[Line]:
    teams = sorted(set(setup.teams.values()))
    return [
        line(
            "settlement.team_is",
            team=team,
            names=listed(desk.name(w) for w, t in setup.teams.items() if t == team),
        )
        for team in teams
    ] or [line("settlement.no_teams")]


def _rate(typed: str, desk: Desk) -> list[Card]:
    if not typed:
        units = [rule.id for rule in rules().unit if rule.id != "amount"]
        buttons = tuple((button(f"settlement.unit_{unit}", f"settlement rate {unit}"),) for unit in units)
        said = (_rates(setup_of(desk.books)), line("settlement.rate_usage"))
        return [tell(desk.me.id, *said, buttons=buttons)]
    if " " not in typed or settlement.unit_called(typed):
        unit = settlement.unit_of(typed)
        return ask(f"settlement rate {unit}", "settlement.ask_rate", desk, unit=unit_line(unit))
    setup, unit = settlement.with_rate(setup_of(desk.books), typed)
    desk.books.settlements.put(setup)
    rate = setup.rates.get(unit)
    desk.note("settlement", unit=unit, rate=f"{rate:f}" if rate is not None else "")
    key = "settlement.rate_set" if rate is not None else "settlement.rate_gone"
    return [tell(desk.me.id, line(key, unit=unit_line(unit), yuan=yuan(rate)))]


def _rates(setup: SettlementSetup) -> list[Line]:
    return [
        line("settlement.rate", unit=unit_line(rule.id), yuan=yuan(setup.rates[rule.id]))
        for rule in rules().unit
        if rule.id in setup.rates
    ] or [line("settlement.no_rates")]


DUTY = DutySpec(
    "settlement",
    commands=(Command("settlement", settle, words=("结算",), roles=MANAGERS, private=True),),
)
