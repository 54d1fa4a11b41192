"""The room's daily tasks in its books: what is set, what falls on a day, what was given, when to look again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.card import line
from bot.desk import Desk
from bot.recurring import next_fire
from playbooks import daily
from playbooks.broadcast import business_day
from playbooks.daily import DailySetup, DailyTask, ShiftId, Task
from playbooks.model import Refusal
from storage.rows import Line

LOOK = "daily"
REPORT = "daily_report"


@dataclass(frozen=True)
class Falling:
    """A task as it falls on a day: due `at`, over at `until`."""

    task: Task
    shift: ShiftId
    day: date
    at: datetime
    until: datetime


def setup(desk: Desk) -> DailySetup:
    """What managers set for this room."""
    return desk.books.daily_setup.get(desk.room.id) or DailySetup(id=desk.room.id)


def today(desk: Desk) -> date:
    """The business day it is."""
    return business_day(desk.now, desk.zone)


def of_day(day: date, desk: Desk) -> list[DailyTask]:
    """The tasks that were given, or found done, on a business day."""
    return desk.books.daily_tasks.by("day", str(day))


def open_tasks(desk: Desk) -> list[DailyTask]:
    """Every task still to be done, of whichever day."""
    return desk.books.daily_tasks.by("state", "open")


def need(id: str, desk: Desk) -> DailyTask:
    """The task with this id. Raises Refusal `daily.gone`."""
    found = desk.books.daily_tasks.get(id)
    if found is None:
        raise Refusal("daily.gone")
    return found


def keep(task: DailyTask, step: str, desk: Desk, **values: str) -> DailyTask:
    """Kept after `step`, and noted in the journal."""
    named = {"title": task.title} if task.title else {}
    desk.note("daily", task.id, step=step, number=str(task.number), task=task.task, **named, **values)
    return desk.books.daily_tasks.put(task)


def falling(day: date, desk: Desk) -> Iterator[Falling]:
    """What falls on a business day and was not given yet, in no order."""
    start, turns = daily.day_span(day, desk.zone)
    for task in daily.standing(setup(desk)):
        for shift, clock in task.at.items() if task.on else ():
            at = next_fire(clock, task.days, start, desk.zone)
            known = desk.books.daily_tasks.get(daily.task_id(desk.room.id, day, task.number, shift))
            if at < turns and known is None:
                yield Falling(task, shift, day, at, daily.ends(day, shift, at, desk.zone))


def as_task(one: Falling, owner: str, desk: Desk) -> DailyTask:
    """What falls on the day, as `owner`'s."""
    task = one.task
    return DailyTask(
        id=daily.task_id(desk.room.id, one.day, task.number, one.shift), number=task.number, task=task.id,
        title=task.title, shift=one.shift, day=str(one.day), at=one.at, until=one.until, role=task.role, owner=owner,
        proof=task.proof, check=task.check, strict=task.strict, counted=task.counted, opens=task.opens,
        next_at=one.at,
    )  # fmt: skip


def on_air(desk: Desk) -> bool:
    """Whether buyers wait: then nobody is reminded of the tasks of every day."""
    here = desk.broadcast()
    return here is not None and here.stage in ("live", "closing")


def plan(desk: Desk) -> None:
    """One row a room looks at its daily tasks when the next of them falls due, is to be reminded of, or is over.

    On air it looks less often, but for what somebody was given by name and time.
    """
    day, known = today(desk), open_tasks(desk)
    ahead = (
        f.at if f.at > desk.now else f.until for d in (day, day + timedelta(days=1)) for f in falling(d, desk)
    )
    moments = [at for at in ahead if at > desk.now]
    if (following := daily.next_look(known)) is not None:
        moments.append(following)
    if on_air(desk):
        moments = [max(at, desk.now + daily.rules().on_air) for at in moments]
        given = daily.next_look(one for one in known if one.by)
        moments += [given] if given else []
    if moments:
        desk.later(LOOK, min(moments), desk.room.id)
    else:
        desk.books.due.drop(f"{desk.room.id}-d:{LOOK}:{desk.room.id}")
    plan_report(desk)


def report_time(desk: Desk) -> datetime:
    """When the next daily report is due."""
    at = setup(desk).report_at or daily.rules().report_at
    return next_fire(at, "", desk.now + timedelta(seconds=1), desk.zone)


def plan_report(desk: Desk, *, anew: bool = False) -> None:
    """Have the report made at its time; what is planned stays, unless its time was changed (`anew`)."""
    if anew or desk.books.due.get(f"{desk.room.id}-d:{REPORT}:{desk.room.id}") is None:
        desk.later(REPORT, report_time(desk), desk.room.id)


def title(task: DailyTask | Task, *, short: bool = False) -> Line:
    """What a task is called; `short`: on a button."""
    if task.title:
        return line("common.verbatim", text=task.title[:14] if short else task.title)
    name = task.task if isinstance(task, DailyTask) else task.id
    return line(f"daily.short_{name}" if short else f"daily.task_{name}")
