"""The room's daily tasks 每日任务: times, people, what is switched on, and its own tasks, set by who is in charge."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, line, lines, tell
from bot.daily_book import keep, open_tasks, setup, title
from bot.daily_cards import kept_true
from bot.daily_day import look
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.texts import plain, say
from playbooks import daily
from playbooks.daily import Changed, DailySetup, Task
from playbooks.room import IN_CHARGE
from storage.rows import Line

SHIFTS: tuple[daily.ShiftId, ...] = ("early", "late")


def dailyset(call: Call, desk: Desk) -> list[Card]:
    """`/dailyset 4 18:00`, `4 小美`, `4 关`, `10:30 客服 盘点样品`; alone the list with its numbers.

    Raises Refusal as daily.change does; nothing is changed then.
    """
    if not call.args.strip():
        return [tell(desk.me.id, _listed(setup(desk), desk), silent=True)]
    changed = daily.change(setup(desk), call.args, desk.members())
    desk.books.daily_setup.put(changed.setup)
    number = str(changed.task.number)
    desk.note("daily", number, step="set", number=number, what=changed.what, typed=call.args.strip()[:80])
    now = next((task for task in daily.standing(changed.setup) if task.number == changed.task.number), None)
    said = _line(now, changed.setup, desk) if now else line("dailyset.dropped", what=title(changed.task))
    told = tell(desk.me.id, line(f"dailyset.did_{changed.what}"), said)
    touched = _today(changed, desk)
    cards = look(desk)  # what was just set may be due now
    return [told, *kept_true(touched, desk), *cards]


def _today(changed: Changed, desk: Desk) -> list[str]:
    """What was set holds for today's open task too: switched off it is skipped by name, or it is the named person's.

    Whose cards show it.
    """
    people = []
    for one in open_tasks(desk):
        if one.number != changed.task.number:
            continue
        if changed.what in ("off", "dropped"):
            why = plain(say(desk.room.lang, "dailyset.off_why"))
            keep(daily.skip(one, desk.me.id, why, desk.now), "skipped", desk, proof=why)
        elif changed.what == "owner":
            to = changed.setup.owners[one.number]
            keep(daily.pass_on(one, to, desk.now), "passed", desk, to=to, of=one.owner)
            people.append(to)
        people.append(one.owner)
    return people


def _listed(known: DailySetup, desk: Desk) -> tuple[Line, ...]:
    return lines(
        line("dailyset.head"),
        (_line(task, known, desk) for task in daily.standing(known)),
        line("dailyset.how"),
    )


def _line(task: Task, known: DailySetup, desk: Desk) -> Line:
    owner = known.owners.get(task.number)
    return line(
        "dailyset.line" if task.on else "dailyset.line_off",
        number=task.number,
        what=title(task),
        at=tuple(line(f"dailyset.at_{s}", at=f"{task.at[s]:%H:%M}") for s in SHIFTS if s in task.at),
        days=line(f"dailyset.on_{task.days}") if task.days else "",
        who=desk.name(owner) if owner else line(f"role.{task.role}"),
    )


DUTY = DutySpec(
    "daily_setup",
    commands=(Command("dailyset", dailyset, words=("每日任务",), roles=IN_CHARGE),),
)
