"""目标: a manager sets what an agent is to reach in a month, or nobody has any (REQUIREMENTS G16)."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, line, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.settlement_lines import number, unit_line
from bot.target_lines import targets_of
from playbooks import targets
from playbooks.room import MANAGERS


def target(call: Call, desk: Desk) -> list[Card]:
    """`/target 小美 催回 50`, `/target 小美 催回 无`; alone it tells how far everybody is."""
    if not call.args.strip():
        return [tell(desk.me.id, told="targets")]
    known, member, unit = targets.with_target(targets_of(desk.books), call.args, desk.members())
    desk.books.targets.put(known)
    goal = known.goals.get(member.id, {}).get(unit)
    desk.note("target", member.id, unit=unit, goal=f"{goal:f}" if goal is not None else "")
    key = "target.set" if goal is not None else "target.gone"
    said = line(key, who=member.name, unit=unit_line(unit), goal=number(goal) if goal is not None else "")
    told = tell(member.id, line("target.yours"), said, silent=True, rank="work")
    return [tell(desk.me.id, said), *([told] if member.id != desk.me.id else [])]


DUTY = DutySpec(
    "targets",
    commands=(Command("target", target, words=("月目标", "月度目标"), roles=MANAGERS, private=True),),
)
