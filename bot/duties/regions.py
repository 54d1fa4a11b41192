"""Where the room does not ship 停发, or only with care 偏远: rules in a sentence, listed and taken away."""

from __future__ import annotations

from datetime import timedelta

from bot.call import Call
from bot.card import Card, button, group, line, listed, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.excepting import exception_lines, exception_rows, exceptions
from bot.hold_cards import rule_name
from playbooks.addresses.around import Excepted
from playbooks.addresses.regions import RegionRule, read_rule, same_region
from playbooks.model import Refusal
from playbooks.room import Role
from storage.rows import Line

RULERS: frozenset[Role] = frozenset(["ops", "lead", "manager", "warehouse"])


def no_ship(call: Call, desk: Desk) -> list[Card]:
    """`停发 新疆 西藏`: orders to there are held from now on."""
    return _rule(f"停发 {call.args}", desk) if call.args else rules(call, desk)


def remote(call: Call, desk: Desk) -> list[Card]:
    """`偏远 内蒙古 圆通`: orders to there are checked."""
    return _rule(f"偏远 {call.args}", desk) if call.args else rules(call, desk)


def _rule(text: str, desk: Desk) -> list[Card]:
    rule = read_rule(
        text, rule_id=desk.books.new_id("r"), author=desk.me.id, now=desk.now.astimezone(desk.zone)
    )
    desk.books.region_rules.put(rule)
    desk.note("rules", rule.id, change="added", text=text)
    over = [_taken_back(one, desk) for one in exceptions(desk) if same_region(rule, one.rule, one.region)]
    said = line("rules.added", rule=_rule_line(rule, desk), by=desk.me.name)
    return [group(said, *over, topic="anomaly", silent=True)]


def _taken_back(one: Excepted, desk: Desk) -> Line:
    """An exception from before the rule would let through what the rule is to hold."""
    desk.books.exceptions.drop(one.id)
    desk.note("rules", one.id, change="not_excepted", text=f"{one.rule} {one.region}")
    return line("hold.exception_over", rule=rule_name(one.rule), region=one.region)


def _rule_line(rule: RegionRule, desk: Desk) -> Line:
    author = desk.name(rule.author) if rule.author else line("rules.default")
    return line(
        f"rules.{rule.kind}", regions=listed(rule.regions), carrier=rule.carrier or line("rules.all_carriers"),
        author=author, since=_span(rule, desk), source=rule.source,
    )  # fmt: skip


def _span(rule: RegionRule, desk: Desk) -> Line:
    """Since when it holds, from when on it will, until which day it does, and that it is over."""
    at = line("common.verbatim", text=desk.clock(rule.from_at))
    since = line("rules.from_on", since=at) if rule.from_at > desk.now else at
    if rule.until is None:
        return since
    last = f"{(rule.until - timedelta(seconds=1)).astimezone(desk.zone):%m-%d}"
    return line("rules.until" if desk.now < rule.until else "rules.over", since=since, until=last)


def rules(call: Call, desk: Desk) -> list[Card]:
    """`/rules`: where this room does not ship, or only with care; a press takes a rule away."""
    known = list(desk.books.region_rules.scan())
    head = line("rules.head") if known else line("audit.no_rules")
    rows = [(button("rules.remove", f"unrule {r.id}", regions=listed(r.regions[:3])),) for r in known]
    buttons = (*(rows if desk.me.may(RULERS) else ()), *exception_rows(desk))
    return [
        tell(desk.me.id, head, (_rule_line(r, desk) for r in known), exception_lines(desk), buttons=buttons)
    ]


def unrule(call: Call, desk: Desk) -> list[Card]:
    """Takes one rule away; its holds settle with the next export."""
    rule = desk.books.region_rules.get(call.args)
    if rule is None:
        raise Refusal("rules.gone")
    desk.books.region_rules.drop(rule.id)
    desk.note("rules", rule.id, change="removed", text=rule.source)
    return [
        group(
            line("rules.removed", rule=_rule_line(rule, desk), by=desk.me.name), topic="anomaly", silent=True
        )
    ]


DUTY = DutySpec(
    "regions",
    commands=(
        Command("noship", no_ship, words=("停发",), roles=RULERS),
        Command("remote", remote, words=("偏远",), roles=RULERS),
        Command("rules", rules, words=("停发规则",), reads=True, args=False),
        Command("unrule", unrule, roles=RULERS, listed=False),
    ),
)
