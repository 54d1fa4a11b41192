"""The ask-ops loop 请教: questions to ops and other departments that never get lost.

REQUIREMENTS B03, B05, B12-B17, H07, H26. One door to its parts; words, targets and limits stand in
`data/questions.toml`.
"""

from playbooks.questions.figures import AnswerTimes, answer_times
from playbooks.questions.likeness import answered, likeness, twin
from playbooks.questions.model import (
    ALIVE,
    KINDS,
    Department,
    Kind,
    Question,
    Reason,
    Said,
    Targets,
    Transfer,
    default_targets,
    department,
    kind_rule,
    late_after,
    rules,
)
from playbooks.questions.reading import (
    Asking,
    find_department,
    find_reason,
    kind_of,
    read_angry,
    read_answer,
    read_ask,
    read_note,
    read_time,
    worth_keeping,
)
from playbooks.questions.steps import (
    anger,
    answer,
    ask_anyway,
    claim,
    expect,
    give_back,
    goes_to,
    handed_on_too_often,
    join,
    leave,
    offer,
    pass_on,
    sort,
    step,
)
from playbooks.questions.waiting import Reminder, next_at, read_targets, reminded, reminders

__all__ = [
    "ALIVE", "KINDS", "AnswerTimes", "Asking", "Department", "Kind", "Question", "Reason", "Reminder",
    "Said", "Targets", "Transfer", "anger", "answer", "answer_times", "answered", "ask_anyway", "claim",
    "default_targets", "department", "expect", "find_department", "find_reason", "give_back", "goes_to",
    "handed_on_too_often", "join", "kind_of", "kind_rule", "late_after", "leave", "likeness", "next_at",
    "offer", "pass_on", "read_angry", "read_answer", "read_ask", "read_note", "read_targets", "read_time",
    "reminded", "reminders", "rules", "sort", "step", "twin", "worth_keeping",
]  # fmt: skip
