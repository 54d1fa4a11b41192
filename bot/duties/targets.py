"""目标: a manager sets what an agent is to reach in a month, or nobody has any (REQUIREMENTS G16)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.asking import ask
from bot.call import Call
from bot.card import Button, Card, button, line, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.settlement_lines import number, unit_line
from bot.target_lines import targets_of
from playbooks import targets
from playbooks.room import MANAGERS
from playbooks.settlement import unit_of
from playbooks.workload import rules


def target(call: Call, desk: Desk) -> list[Card]:
    """`/target 小美 催回 50`, `/target 小美 催回 无`; alone it tells how far everybody is, a button for each agent."""
    words = call.args.split()
    if not words:
        rows = tuple((_button(one.name, f"target {one.id}"),) for one in desk.with_role("agent", "lead"))
        return [tell(desk.me.id, told="targets", buttons=rows)]
    if len(words) < 3:
        return _asked(words, desk)
    known, member, unit = targets.with_target(targets_of(desk.books), call.args, desk.members())
    desk.books.targets.put(known)
    goal = known.goals.get(member.id, {}).get(unit)
    desk.note("target", member.id, unit=unit, goal=f"{goal:f}" if goal is not None else "")
    key = "target.set" if goal is not None else "target.gone"
    said = line(key, who=member.name, unit=unit_line(unit), goal=number(goal) if goal is not None else "")
    told = tell(member.id, line("target.yours"), said, silent=True, rank="work")
    return [tell(desk.me.id, said), *([told] if member.id != desk.me.id else [])]


def _asked(words: Sequence[str], desk: Desk) -> list[Card]:
    """Whose is known: which by a button; then how much is asked for."""
    member = targets.whose(words[0], desk.members())
    if len(words) == 1:
        rows = tuple(
            (button(f"settlement.unit_{rule.id}", f"target {member.id} {rule.id}"),) for rule in rules().unit
        )
        return [tell(desk.me.id, line("target.which", who=member.name), buttons=rows)]
    unit = unit_of(words[1])
    return ask(f"target {member.id} {unit}", "target.ask", desk, who=member.name, unit=unit_line(unit))


def _button(text: str, act: str) -> Button:
    return button("common.verbatim", act, text=text)


DUTY = DutySpec(
    "targets",
    commands=(Command("target", target, words=("月目标", "月度目标"), roles=MANAGERS, private=True),),
)
