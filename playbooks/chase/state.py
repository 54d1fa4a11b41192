"""What is kept of one chased order 催付单, and the one table of its states."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from pydantic import model_validator

from playbooks.model import Document, Model, Moment, Money, Refusal

State = Literal["open", "claimed", "contacted", "waiting", "paid", "lost", "dropped"]
"""待领 open · 已领 claimed · 已联系 contacted · 约定稍后 waiting · 已付 paid · 流失 lost · 作罢 dropped."""
Move = Literal["claim", "release", "contact", "note", "answer", "wait", "pay", "lose", "drop", "reopen"]
StepKind = Literal["phone", "button", "message", "sms", "remark"]

# A note is the remark on the order: it reaches no buyer, so it is owed in every state. An order thought lost
# or dropped may still turn out paid, or alive where an agent's word alone had ended it; nothing else leaves the ends.
NEXT: dict[State, dict[Move, State]] = {
    "open": {"claim": "claimed", "contact": "contacted", "note": "open", "answer": "contacted",
             "wait": "waiting", "pay": "paid", "lose": "lost", "drop": "dropped"},
    "claimed": {"claim": "claimed", "release": "open", "contact": "contacted", "note": "claimed",
                "answer": "contacted", "wait": "waiting", "pay": "paid", "lose": "lost", "drop": "dropped"},
    "contacted": {"claim": "claimed", "release": "open", "contact": "contacted", "note": "contacted",
                  "answer": "contacted", "wait": "waiting", "pay": "paid", "lose": "lost", "drop": "dropped"},
    "waiting": {"claim": "claimed", "contact": "contacted", "note": "waiting", "answer": "contacted",
                "wait": "waiting", "pay": "paid", "lose": "lost", "drop": "dropped"},
    "paid": {"note": "paid"},
    "lost": {"note": "lost", "pay": "paid", "reopen": "open"},
    "dropped": {"note": "dropped", "pay": "paid", "reopen": "open"},
}  # fmt: skip
ALIVE: frozenset[State] = frozenset(["open", "claimed", "contacted", "waiting"])

Reason = Literal[
    "new_user", "pay_cert", "pay_balance", "browsing", "shop_competitor", "shop_page", "shop_unsolved",
    "attitude", "price",
]  # fmt: skip
"""Why a buyer does not pay 未付原因 (REQUIREMENTS C14-C19)."""
Answer = Literal[
    "paid_said", "closed_said", "will_pay", "refused", "no_answer", "inconvenient", "wrong", "malicious",
    "opted_out",
]  # fmt: skip
"""What came of a chase 反馈: 说已付 说已关 答应付 不付 没接没回 不方便 登记错 恶意 不愿被联系."""


Standing = Literal["fresh", "begun"]
"""Nobody was ever at it and nothing is agreed: it waits until it dies; or somebody was."""
BEGUN = ("contacts", "answer", "lease_until", "returns_at")
"""An open chase in which none of these stands is fresh."""


class AnswerRule(NamedTuple):
    """Where an answer leads, and what must be there first."""

    move: Move
    needs_reason: bool = False
    needs_contact: bool = False
    """Only somebody who was contacted can have not answered."""
    needs_steps: bool = False
    """Button and message are due after a phone call (REQUIREMENTS C11) while the order is worked on."""
    final: bool = False
    """The buyer is to be left alone: kept whoever says it, whoever has the order in hand."""
    until_seen: bool = False
    """An agent's word on the order itself: a newer export that shows it otherwise is right."""


ANSWERS: dict[Answer, AnswerRule] = {
    "paid_said": AnswerRule("answer"),
    "closed_said": AnswerRule("lose", until_seen=True),
    "will_pay": AnswerRule("wait", needs_steps=True),
    "refused": AnswerRule("lose", needs_reason=True),
    "no_answer": AnswerRule("wait", needs_contact=True, needs_steps=True),
    "inconvenient": AnswerRule("wait", needs_contact=True, needs_steps=True),
    "wrong": AnswerRule("drop", until_seen=True),
    "malicious": AnswerRule("drop", final=True),
    "opted_out": AnswerRule("drop", final=True),
}


class Contact(Model):
    """One step taken 催付动作: when, by whom (a person's id), which, and in which round (from 1)."""

    at: Moment
    who: str
    step: StepKind
    round: int
    text: str = ""
    """The key of the text the buyer was told; '' where it said none of ours."""


class Chase(Document):
    """One unpaid order being worked. `amount` in yuan; personal fields are only `city` and `phone_tail`."""

    order_id: str
    platform: str
    link_no: int | None = None
    title: str = ""
    amount: Money | None = None
    city: str = ""
    phone_tail: str = ""
    buyer_key: str = ""
    """Who the buyer is, as a keyed hash; '' where the platform does not tell."""
    first_time: bool | None = None
    """Whether it is the buyer's first order here; None where nobody knows (REQUIREMENTS C08)."""
    created_at: Moment | None = None
    """When the buyer ordered; None while only known by hand."""
    expires_at: Moment | None = None
    """When the platform drops the order; by hand the latest it can be; None where the life is unknown."""
    dies_at: Moment | None = None
    """`expires_at` while it is in none of its ends, else None: the books find by it what dies next."""
    seen_at: Moment
    """When the bot first knew of it."""
    data_as_of: Moment
    """How old the newest word on its payment is: the export's moment, else that of registering."""
    source: Literal["hand", "file"]
    broadcast: str = ""
    state: State = "open"
    owner: str = ""
    open_owner: str | None = None
    """`owner` while it is in none of its ends, else None: the books find by it what somebody has to do."""
    standing: Standing | None = None
    """None in its ends. The books count by it what waits, however many thousand, without reading them."""
    minute: str | None = None
    """The minute (UTC, `2026-11-11T12:20`) it was placed in, else first seen in, while it is in none of its ends: the
    books find by it what came in lately."""
    hurried: bool = False
    """Whether many waited when it was claimed: its steps keep their order while somebody is at it."""
    avoid: tuple[str, ...] = ()
    """Whom the buyer was unhappy with: another agent takes over (REQUIREMENTS C18)."""
    accountable: str = ""
    """The first of them: it stays on their account that it is closed (REQUIREMENTS K15)."""
    lease_until: Moment | None = None
    tabled_at: Moment | None = None
    """When the table was made it was last worked from (REQUIREMENTS B10)."""
    contacts: tuple[Contact, ...] = ()
    answer: Answer | None = None
    answered_at: Moment | None = None
    reason: Reason | None = None
    promised_at: Moment | None = None
    """When the buyer said they would pay."""
    returns_at: Moment | None = None
    """When a waiting chase comes back to the queue."""
    offer: str = ""
    """What the buyer was offered out of the ladder, as people read it (REQUIREMENTS B11)."""
    offer_cost: Money | None = None
    """What the offer takes off, yuan; None for none, or a gift."""
    offered_at: Moment | None = None
    note: str = ""
    paid_at: Moment | None = None
    closed_at: Moment | None = None
    closed_why: str = ""
    """`paid`, `expired`, `buyer` (cancelled by the buyer), an order status, or the answer that ended it."""

    @model_validator(mode="before")
    @classmethod
    def _looked_up_while_alive(cls, fields: Any) -> Any:
        """Kept in step here, so that no move can leave a dead order among those that are to die, or to be done."""
        if isinstance(fields, dict):
            state = fields.get("state", "open")
            alive = state in ALIVE
            began = fields.get("created_at") or fields.get("seen_at")
            ends = {
                "dies_at": fields.get("expires_at"),
                "open_owner": fields.get("owner") or None,
                "standing": "begun" if state != "open" or any(map(fields.get, BEGUN)) else "fresh",
                "minute": minute_of(began) if began else None,
            }
            return {**fields, **(ends if alive else dict.fromkeys(ends))}
        return fields

    @property
    def touches(self) -> tuple[Contact, ...]:
        """The contacts that reached the buyer; a remark reaches nobody."""
        return tuple(contact for contact in self.contacts if contact.step != "remark")

    @property
    def first_contact_at(self) -> datetime | None:
        """When the buyer was first contacted."""
        return self.touches[0].at if self.touches else None

    @property
    def alive(self) -> bool:
        """Whether it is in none of the three ends."""
        return self.state in ALIVE

    def expired(self, now: datetime) -> bool:
        """Whether the platform has dropped the unpaid order by `now`."""
        return self.expires_at is not None and self.expires_at <= now

    def held(self, now: datetime) -> bool:
        """Whether somebody's lease is running."""
        return self.lease_until is not None and self.lease_until > now

    def waits(self, now: datetime) -> bool:
        """Whether its time to come back to the queue is still to come."""
        return self.state == "waiting" and self.returns_at is not None and self.returns_at > now

    @property
    def soft(self) -> bool:
        """Whether the buyer was only looking round: low priority, one touch (REQUIREMENTS C16)."""
        return self.reason == "browsing"

    @property
    def on_word(self) -> bool:
        """Whether an agent's word alone ended it: registered in error, or seen closed."""
        answer = self.answer if self.closed_why == self.answer else None
        return not self.alive and answer is not None and ANSWERS[answer].until_seen

    @property
    def doubted(self) -> bool:
        """Whether somebody said it is paid and no newer export says otherwise."""
        said = self.answered_at if self.answer == "paid_said" else None
        return said is not None and self.data_as_of <= said


def minute_of(moment: datetime | str) -> str:
    """As `Chase.minute` has it; a moment that comes from the store is its text. ValueError where it is none."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return at.astimezone(UTC).isoformat()[:16]


def chase_id(room: str, order_id: str) -> str:
    """The id of an order's chase, beginning with the room's short key: `a1-c6917926768823643751`."""
    return f"{room}-c{order_id}"


def moved(chase: Chase, move: Move, **fields: Any) -> Chase:
    """`chase` in the state the table gives for `move`, with `fields` replaced.

    Raises Refusal `chase.step` (order_id, state, move) and changes nothing where the table has no such move.
    """
    state = NEXT[chase.state].get(move)
    if state is None:
        raise Refusal("chase.step", order_id=chase.order_id, state=chase.state, move=move)
    return chase.changed(state=state, **fields)


def ended(chase: Chase, move: Move, *, why: str, at: datetime, **fields: Any) -> Chase:
    """`chase` in one of its ends: nobody holds it and nothing is due any more."""
    return moved(chase, move, closed_why=why, closed_at=at, lease_until=None, returns_at=None, **fields)
