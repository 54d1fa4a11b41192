"""One daily task of one day and one named person, and the one table of its states."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from playbooks.daily.tasks import Check, Counted, Proof, ShiftId, rules
from playbooks.model import Document, Moment, Refusal
from playbooks.privacy import checked_note
from playbooks.room import Role
from playbooks.undo import may_undo

State = Literal["open", "done", "skipped", "missed"]
"""待做 open · 做完 done · 跳过 skipped · 没做 missed."""
Step = Literal["finish", "skip", "miss", "snooze", "pass", "undo"]

NEXT: dict[State, dict[Step, State]] = {
    "open": {"finish": "done", "skip": "skipped", "miss": "missed", "snooze": "open", "pass": "open"},
    "done": {"undo": "open"},
    "skipped": {"undo": "open"},
    "missed": {"finish": "done"},
}
"""What was missed may still be done: it is then done late. What was just ticked may be taken back; nothing else leaves
an end (REQUIREMENTS B22)."""


class DailyTask(Document):
    """Task `number` of the business day `day`, due `at`, closed as missed at `until`.

    `owner`: the one person it is; '' where the books showed it done, or nobody was there. `next_at`: when the person
    is next reminded; None once they were often enough. `told`: who is in charge heard of it.
    """

    number: int
    task: str
    title: str = ""
    shift: ShiftId
    day: str
    """The business day as `2026-11-12`."""
    at: Moment
    until: Moment
    role: Role
    owner: str = ""
    by: str = ""
    """Who gave it, where it is no task of every day (交办)."""
    proof: Proof = ""
    check: Check = ""
    strict: bool = False
    counted: Counted = ""
    opens: str = ""
    state: State = "open"
    rung: int = 0
    rung_at: Moment | None = None
    next_at: Moment | None = None
    snoozes: int = 0
    told: bool = False
    evidence: str = ""
    file_id: str = ""
    """Telegram's, of the picture or file that shows it."""
    why: str = ""
    ended_at: Moment | None = None
    ended_by: str = ""

    @property
    def date(self) -> date:
        """The business day."""
        return date.fromisoformat(self.day)

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.state == "open"


def task_id(room: str, day: date, number: int, shift: ShiftId) -> str:
    """Of the task of a day: a day has each number once a shift."""
    return f"{room}-y{day:%y%m%d}.{number}{shift[0]}"


def step(task: DailyTask, name: Step) -> State:
    """The state after `name`. Raises Refusal `daily.over` and changes nothing where the table has no such step."""
    following = NEXT[task.state].get(name)
    if following is None:
        raise Refusal("daily.over", number=task.number)
    return following


def finish(task: DailyTask, who: str, now: datetime, evidence: str = "", file_id: str = "") -> DailyTask:
    """Done by `who`; '' where the books show it. Raises Refusal `daily.over`, `daily.proof_number`, `daily.proof_long`,
    `common.personal_note`."""
    state = step(task, "finish")
    said = checked_proof(task, evidence)
    return task.changed(state=state, evidence=said, file_id=file_id, ended_at=now, ended_by=who, next_at=None)


def checked_proof(task: DailyTask, evidence: str) -> str:
    """What was typed as evidence, free of personal fields."""
    said = " ".join(checked_note(evidence).split())
    if task.proof == "number" and said and not (said.isascii() and said.isdecimal() and len(said) <= 6):
        raise Refusal("daily.proof_number", text=said[:20])
    if len(said) > rules().longest_proof:
        raise Refusal("daily.proof_long", most=rules().longest_proof)
    return said


def skip(task: DailyTask, who: str, why: str, now: datetime) -> DailyTask:
    """Not done today, with the reason. Raises Refusal `daily.over`, `daily.why`, `daily.proof_long`,
    `common.personal_note`."""
    state, said = step(task, "skip"), " ".join(checked_note(why).split())
    if not said:
        raise Refusal("daily.why")
    if len(said) > rules().longest_proof:
        raise Refusal("daily.proof_long", most=rules().longest_proof)
    return task.changed(state=state, why=said, ended_at=now, ended_by=who, next_at=None)


def miss(task: DailyTask, now: datetime) -> DailyTask:
    """Its shift is over and it is not done: closed as that, never silently (REQUIREMENTS B22)."""
    return task.changed(state=step(task, "miss"), ended_at=now, next_at=None)


def undo(task: DailyTask, who: str, now: datetime) -> DailyTask:
    """A slip of the finger taken back within a minute: open again, or missed where its shift is over by now.

    Raises Refusal `daily.undo_late`, also where the books or somebody else ended it.
    """
    state = step(task, "undo")
    if not may_undo_by(task, who, now):
        raise Refusal("daily.undo_late", number=task.number)
    over = task.until <= now
    return task.changed(
        state="missed" if over else state, ended_at=now if over else None, ended_by="", evidence="", file_id="",
        why="", next_at=None if over else now + rules().rest,
    )  # fmt: skip


def may_undo_by(task: DailyTask, who: str, now: datetime) -> bool:
    """Whether `who` just ended it."""
    if task.ended_at is None or task.ended_by != who or "undo" not in NEXT[task.state]:
        return False
    return may_undo(task.ended_at, now)


def snooze(task: DailyTask, now: datetime) -> DailyTask:
    """稍后: the next reminder comes later. Raises Refusal `daily.over`, `daily.snoozed` {most}."""
    state = step(task, "snooze")
    if task.snoozes >= rules().most_snoozes:
        raise Refusal("daily.snoozed", most=rules().most_snoozes)
    return task.changed(state=state, snoozes=task.snoozes + 1, next_at=now + rules().snooze)


def pass_on(task: DailyTask, to: str, now: datetime) -> DailyTask:
    """It is `to`'s from now on, who is reminded afresh. Raises Refusal `daily.over`."""
    state = step(task, "pass")
    return task.changed(
        state=state, owner=to, rung=0, rung_at=None, next_at=max(now, task.at), snoozes=0, told=False
    )
