"""The twenty daily tasks 每日任务 as shipped, and what a manager set for the room on top (REQUIREMENTS F01–F20)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from playbooks.broadcast import DAY_TURNS_AT
from playbooks.model import Document, Model
from playbooks.room import Role
from playbooks.rulebook import load

ShiftId = Literal["early", "late"]
"""早班 early · 晚班 late."""
Proof = Literal["", "text", "number", "file"]
"""What is asked for when a task is ticked: nothing, a sentence, a number, a picture or file."""
Check = Literal[
    "", "cutoff", "parcels", "unpaid", "reviews", "handover", "phrases", "red_flags", "complaints", "report"
]
"""What the books show by themselves (bot.daily_checks)."""
Counted = Literal["", "lost", "hard_questions", "phrases", "aftersales", "lessons", "mistakes", "pictures"]
"""What is registered in the course of a day and counts as the evidence of a task."""
FIRST_OWN = 21
"""Numbers of a room's own tasks follow the guide's twenty."""


class ShiftRule(Model):
    """A shift of the day in room time; one that ends before it starts ends on the next date."""

    id: ShiftId
    start: time
    end: time
    words: tuple[str, ...]


class Task(Model):
    """What is to be done, on which `days` (as cron says them, '' all), at which time of which shift, whose it is.

    `title` is given for a room's own tasks; the twenty are named by the texts `daily.task_<id>`.
    """

    number: int
    id: str
    row: str = ""
    title: str = ""
    role: Role
    at: dict[ShiftId, time]
    days: str = ""
    check: Check = ""
    strict: bool = False
    proof: Proof = ""
    counted: Counted = ""
    opens: str = ""
    on: bool = True


class Rules(Model):
    """`data/daily_tasks.toml`."""

    source: str
    again_minutes: int
    most_reminders: int
    rest_minutes: int
    quiet_from: time
    quiet_to: time
    on_air_minutes: int
    snooze_minutes: int
    most_snoozes: int
    longest_title: int
    longest_proof: int
    most_own: int
    accept_minutes: int
    report_at: time
    week_days: str
    kept_days: int
    break_minutes: int
    top: int
    on_words: tuple[str, ...]
    off_words: tuple[str, ...]
    anyone_words: tuple[str, ...]
    yesterday_words: tuple[str, ...]
    drop_words: tuple[str, ...]
    proofs: dict[Literal["text", "number", "file"], tuple[str, ...]]
    week: dict[str, tuple[str, ...]]
    shift: tuple[ShiftRule, ...]
    task: tuple[Task, ...]

    @property
    def again(self) -> timedelta:
        """How long after a reminder the next one comes."""
        return timedelta(minutes=self.again_minutes)

    @property
    def rest(self) -> timedelta:
        """How long a person is left alone after a reminder."""
        return timedelta(minutes=self.rest_minutes)

    @property
    def on_air(self) -> timedelta:
        """How long reminders are put off while the room is on air."""
        return timedelta(minutes=self.on_air_minutes)

    @property
    def snooze(self) -> timedelta:
        """How long 稍后 puts off."""
        return timedelta(minutes=self.snooze_minutes)

    @property
    def accept(self) -> timedelta:
        """How long what was handed over waits to be taken on."""
        return timedelta(minutes=self.accept_minutes)


class DailySetup(Document):
    """What a manager changed for the room (`id`); whatever is not named here is as shipped."""

    at: dict[int, dict[ShiftId, time]] = Field(default_factory=dict)
    owners: dict[int, str] = Field(default_factory=dict)
    """Task's number -> the person who always does it."""
    switched: dict[int, bool] = Field(default_factory=dict)
    own: tuple[Task, ...] = ()
    last_number: int = 0
    """The highest number a task of the room's own ever had."""
    report_at: time | None = None


def rules() -> Rules:
    """`data/daily_tasks.toml`."""
    known: Rules = load("daily_tasks", Rules)
    return known


def standing(setup: DailySetup) -> tuple[Task, ...]:
    """Every task as it stands in the room, by number; those switched off too."""
    return tuple(_as_set(task, setup) for task in (*rules().task, *setup.own))


def _as_set(task: Task, setup: DailySetup) -> Task:
    at, on = setup.at.get(task.number, task.at), setup.switched.get(task.number, task.on)
    return task if (at, on) == (task.at, task.on) else task.changed(at=at, on=on)


def shift_rule(id: ShiftId) -> ShiftRule:
    """The shift of this name."""
    return next(one for one in rules().shift if one.id == id)


def shift_at(at: time) -> ShiftId:
    """The shift a time of day falls into; outside every shift the late one."""
    early = shift_rule("early")
    return "early" if early.start <= at < early.end else "late"


def is_quiet(at: datetime, zone: ZoneInfo) -> bool:
    """Whether nobody is to be disturbed at the time by daily tasks."""
    start, end, local = rules().quiet_from, rules().quiet_to, at.astimezone(zone).time()
    return start <= local < end if start <= end else local >= start or local < end


def awake(at: datetime, zone: ZoneInfo) -> datetime:
    """`at`, in quiet hours their end."""
    if not is_quiet(at, zone):
        return at
    local = at.astimezone(zone)
    day = local.date() + timedelta(days=local.time() >= rules().quiet_to)
    return datetime.combine(day, rules().quiet_to, zone)


def day_span(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """A business day's first moment and that of the next one."""
    start = datetime.combine(day, DAY_TURNS_AT, zone)
    return start, datetime.combine(day + timedelta(days=1), DAY_TURNS_AT, zone)


def ends(day: date, shift: ShiftId, due: datetime, zone: ZoneInfo) -> datetime:
    """When what is not done is missed: the shift's end; for a task set later than that, the day's."""
    _, turns = day_span(day, zone)
    rule = shift_rule(shift)
    over = datetime.combine(day, rule.end, zone)
    if rule.end <= rule.start:
        over = datetime.combine(day + timedelta(days=1), rule.end, zone)
    return over if over > due else turns
