"""The chase 催付, one door to its parts: unpaid orders come in, are claimed, contacted, answered and settled.

Pure functions over `Chase`; `now` is passed in. Times in UTC, money in yuan, people and orders by id.
An illegal step raises a Refusal and changes nothing.
"""

from playbooks.chase.contact import record
from playbooks.chase.figures import Funnel, funnel
from playbooks.chase.intake import end_of, expire, is_unpaid, register, settle, take_in
from playbooks.chase.line import Registered, read_line
from playbooks.chase.outcomes import outcome
from playbooks.chase.queue import claim, due, release, urgency, workable
from playbooks.chase.remarks import check_remark, remark, remark_flag, script_key
from playbooks.chase.rounds import Step, owed, round_at, rounds_left, steps
from playbooks.chase.state import ALIVE, ANSWERS, NEXT, Answer, Chase, Contact, Reason, StepKind, chase_id
from playbooks.chase.windows import next_phone_window, phone_open

__all__ = [
    "ALIVE", "ANSWERS", "NEXT", "Answer", "Chase", "Contact", "Funnel", "Reason", "Registered", "Step", "StepKind",
    "chase_id", "check_remark", "claim", "due", "end_of", "expire", "funnel", "is_unpaid", "next_phone_window",
    "outcome", "owed", "phone_open", "read_line", "record", "register", "release", "remark",
    "remark_flag", "round_at", "rounds_left", "script_key", "settle", "steps", "take_in", "urgency",
    "workable",
]  # fmt: skip
