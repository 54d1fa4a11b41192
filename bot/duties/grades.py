"""岗级 and 售前/售后: `/grade 小美 资深 售后` (REQUIREMENTS I01, I02).

What it decides: which offers an agent makes alone (playbooks.room.authority), to whom unpaid orders are dealt first
(bot.chase_passing), which work an agent's desk begins with (bot.board).
"""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, line, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from playbooks import roster
from playbooks.room import MANAGERS, Member
from storage.rows import Line


def grade(call: Call, desk: Desk) -> list[Card]:
    """`/grade 小美 见习`, `/grade 小美 售后`; alone it tells everybody's."""
    if not call.args.strip():
        return [_list(desk)]
    before, member = roster.read_grade(call.args, desk.members())
    if member == before:
        return [tell(desk.me.id, _line(member))]
    desk.books.members.put(member)
    desk.note("grade", member.id, grade=member.grade, side=member.side)
    said = (_line(member), line(f"grade.may_{member.grade}"), _hints(before, member))
    told = tell(member.id, line("grade.yours"), *said, silent=True, rank="work")
    return [tell(desk.me.id, *said), *([told] if member.id != desk.me.id else [])]


def _list(desk: Desk) -> Card:
    agents = desk.with_role("agent")
    return tell(desk.me.id, line("grade.head"), [_line(m) for m in agents] or None, line("grade.usage"))


def _line(member: Member) -> Line:
    side = line(f"grade.side_{member.side or 'both'}")
    return line("grade.line", name=member.name, grade=line(f"grade.is_{member.grade}"), side=side)


def _hints(before: Member, member: Member) -> Line | None:
    """Somebody still learning gets hints with it (I09)."""
    if before.newcomer == member.newcomer:
        return None
    return line("grade.hints_on" if member.newcomer else "grade.hints_off")


DUTY = DutySpec("grades", commands=(Command("grade", grade, words=("岗级",), roles=MANAGERS),))
