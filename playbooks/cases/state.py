"""What is kept of one case 工单, and the tables of its states."""

from __future__ import annotations

from typing import Literal

from playbooks.cases.rules import Kind, rules
from playbooks.model import Document, Model, Moment, Money, Refusal

State = Literal["open", "accepted", "cause", "proposed", "tracking", "closed"]
"""A complaint goes through 受理 accepted · 了解原因 cause · 提出方案 proposed · 跟踪反馈 tracking; others are open."""
Step = Literal["cause", "propose", "track", "review", "withdraw", "close", "reopen"]
OPEN: tuple[State, ...] = ("open", "accepted", "cause", "proposed", "tracking")

COMPLAINT: dict[State, dict[Step, State]] = {
    "accepted": {"cause": "cause", "withdraw": "closed"},
    "cause": {"cause": "cause", "propose": "proposed", "withdraw": "closed"},
    "proposed": {"cause": "proposed", "propose": "proposed", "track": "tracking", "withdraw": "closed"},
    "tracking": {
        "cause": "tracking", "propose": "proposed", "review": "cause", "withdraw": "closed", "close": "closed",
    },
    "closed": {"reopen": "cause"},
}  # fmt: skip
"""REQUIREMENTS E24; a buyer who is not satisfied leads back to the cause (E26)."""
PLAIN: dict[State, dict[Step, State]] = {
    "open": {"cause": "open", "review": "open", "withdraw": "closed", "close": "closed"},
    "closed": {"reopen": "open"},
}
What = Literal[
    "new", "cause", "proposed", "tracking", "note", "rehearsed", "contact", "missed", "replied", "unsatisfied",
    "closed", "reopened", "passed", "visited", "put_off",
    "drafted",
]  # fmt: skip
"""What can happen to a case, as the journal names it too."""


class Happened(Model):
    """Something done about a case: when, by whom, and a sentence free of personal fields."""

    at: Moment
    who: str
    what: What
    text: str = ""


class Case(Document):
    """`number` is what people call it by. `owner` answers for it until it is closed with an `outcome`.

    `due_at`, `cap_at`: the day's end and the hard end. `explain_by`: when the review window closes. `second`: the
    buyer complained before. `manager_only`: an agent may work on it, but not close it (L02).
    """

    number: int
    kind: Kind
    state: State
    order_id: str = ""
    title: str = ""
    buyer_key: str = ""
    type: str = ""
    cause: str = ""
    stars: int | None = None
    amount: Money | None = None
    text: str = ""
    owner: str
    by: str
    at: Moment
    event_at: Moment | None = None
    """When the review was written, or the buyer complained, as a file says."""
    broadcast: str = ""
    due_at: Moment
    cap_at: Moment
    explain_by: Moment | None = None
    happened: tuple[Happened, ...] = ()
    rehearsed_at: Moment | None = None
    contacted_at: Moment | None = None
    """When the buyer was first reached, or left a message."""
    replied_at: Moment | None = None
    """When the public reply was published."""
    heard_at: Moment
    """When the buyer last heard of it, or it was last worked on."""
    unsatisfied: int = 0
    reopened: int = 0
    second: bool = False
    manager_only: bool = False
    visit_at: Moment | None = None
    visited_at: Moment | None = None
    outcome: str = ""
    closed_at: Moment | None = None
    closed_by: str = ""

    @property
    def open(self) -> bool:
        """Whether something is still to be done, a return visit aside."""
        return self.state != "closed"

    @property
    def to_visit(self) -> bool:
        """Whether the buyer is still to be asked how it is (E25)."""
        return not self.open and self.visit_at is not None and self.visited_at is None


def first_state(kind: Kind, cause: str = "") -> State:
    """The state a case of `kind` begins in; a complaint whose cause is known from the start is past its first."""
    if kind != "complaint":
        return "open"
    return COMPLAINT["accepted"]["cause"] if cause else "accepted"


def step(case: Case, name: Step) -> State:
    """The state after `name`. Raises Refusal `case.step` where the table does not know it."""
    table = COMPLAINT if case.kind == "complaint" else PLAIN
    following = table[case.state].get(name)
    if following is None:
        raise Refusal("case.step", number=case.number)
    return following


def may_end_as(case: Case) -> tuple[str, ...]:
    """The outcomes that may close it, in the order of their buttons."""
    return rules().kinds[case.kind].outcomes
