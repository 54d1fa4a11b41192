"""Every day 每日: the twenty tasks, the hand-over at a shift change, the daily report."""

from playbooks.daily.dealing import choose, in_order, next_look, rung, to_ring, to_tell
from playbooks.daily.handover import HandOver, Item, Outcome, dealt, end_item, read_note, still_open
from playbooks.daily.report import DayReport, summarise
from playbooks.daily.state import (
    DailyTask,
    finish,
    may_undo_by,
    miss,
    pass_on,
    skip,
    snooze,
    task_id,
    undo,
)
from playbooks.daily.tasks import (
    DailySetup,
    Rules,
    ShiftId,
    Task,
    day_span,
    ends,
    is_quiet,
    rules,
    shift_rule,
    standing,
)  # fmt: skip
from playbooks.daily.typed import Changed, change, given, need, read_clock
from playbooks.daily.work import Work

__all__ = [
    "Changed",
    "DailySetup",
    "DailyTask",
    "DayReport",
    "HandOver",
    "Item",
    "Outcome",
    "Rules",
    "ShiftId",
    "Task",
    "Work",
    "change",
    "choose",
    "day_span",
    "dealt",
    "end_item",
    "ends",
    "finish",
    "given",
    "in_order",
    "is_quiet",
    "may_undo_by",
    "miss",
    "need",
    "next_look",
    "pass_on",
    "read_clock",
    "read_note",
    "rules",
    "rung",
    "shift_rule",
    "skip",
    "snooze",
    "standing",
    "still_open",
    "summarise",
    "task_id",
    "to_ring",
    "to_tell",
    "undo",
]
