"""A question to ops or another department 请教, and the rules of `data/questions.toml`."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import Field

from playbooks.model import Document, Model, Moment
from playbooks.room import Role
from playbooks.rulebook import load

Kind = Literal["product", "order", "logistics", "after_sale", "advice"]
"""商品咨询 product · 订单查询 order · 物流跟踪 logistics · 售后退换货 after_sale · 投诉建议 advice (B16)."""
KINDS: tuple[Kind, ...] = ("product", "order", "logistics", "after_sale", "advice")
Department = Literal["ops", "warehouse", "logistics", "tech", "senior"]
"""运营 ops · 仓库 warehouse · 物流 logistics · 技术 tech · 组长/主管 senior (B17)."""
Reason = Literal["not_ours", "not_known", "busy", "mood"]
State = Literal["open", "claimed", "answered", "withdrawn", "told"]
"""待答 open · 处理中 claimed · 已答 answered · 不用了 withdrawn · 已有答案 told: nobody was asked."""
ALIVE: tuple[State, ...] = ("open", "claimed")


class Said(Model):
    """What somebody asked or answered, and when."""

    who: str
    at: Moment
    text: str


class Transfer(Model):
    """Handed on 转交, with the reason and what the next one has to know (B13, B14)."""

    who: str
    at: Moment
    to: Department
    reason: Reason
    note: str


class Question(Document):
    """One question, by everybody who asked it; who first takes it up owns it (B13).

    `number` counts within the broadcast: what people call it by; 0 while nobody was asked. `told` is the answer that
    was there already. `named`: the asker said whom to ask. Response
    targets run from `since`, figures from each asking. `entry` is the knowledge entry made of its answer.
    `offered`: replied after it was answered, a correction only once the one who wrote it says so.
    """

    broadcast: str
    number: int
    kind: Kind
    to: Department
    named: bool = False
    link_no: int | None = None
    product: str = ""
    asks: tuple[Said, ...]
    state: State = "open"
    owner: str = ""
    since: Moment
    pings: int = 0
    lead_told: bool = False
    lead_pings: int = 0
    eta: Moment | None = None
    eta_told: bool = False
    answers: tuple[Said, ...] = ()
    offered: tuple[Said, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    angry: bool = False
    told: str = ""
    entry: str = ""

    @property
    def alive(self) -> bool:
        """Whether somebody still waits for an answer."""
        return self.state in ALIVE

    @property
    def text(self) -> str:
        """As it was first asked."""
        return self.asks[0].text if self.asks else ""

    @property
    def askers(self) -> tuple[str, ...]:
        """Who asked it, the first one first."""
        return tuple(dict.fromkeys(one.who for one in self.asks))

    @property
    def answer(self) -> Said | None:
        """The answer in force: the last correction."""
        return self.answers[-1] if self.answers else None


class Targets(Document):
    """A room's own response targets (`id`: the room), in seconds."""

    ping_seconds: int
    lead_seconds: int


class KindRule(Model):
    """What tells a kind, whom it goes to, and whether its answers may be kept for everybody.

    `unless`: longer words one of `words` stands in and does not mean the kind by.
    """

    id: Kind
    to: Department
    faq: bool
    words: tuple[str, ...]
    unless: tuple[str, ...] = ()


class DepartmentRule(Model):
    """Whom a department is in a room."""

    id: Department
    words: tuple[str, ...]
    roles: tuple[Role, ...]
    time_is_eta: bool


class ReasonRule(Model):
    """How a reason is typed."""

    id: Reason
    words: tuple[str, ...]


class Words(Model):
    """Some words."""

    words: tuple[str, ...]


class Units(Model):
    """What may follow a number that is no product's, and the words that only begin like it."""

    units: tuple[str, ...]
    words: tuple[str, ...]

    def counts(self, text: str) -> bool:
        """Whether `text`, which stood behind a number, begins with a unit: `件一起买`, not `支持退换吗`, not `gift`."""
        if text.startswith(self.words):
            return False
        return any(text.startswith(unit) and not _goes_on(text[len(unit) - 1 :]) for unit in self.units)


def _goes_on(text: str) -> bool:
    """Whether a Latin unit is only the beginning of a word."""
    return len(text) > 1 and text[:2].isascii() and text[:2].isalpha()


class Calm(Model):
    """What to say to an angry buyer, part by part."""

    parts: tuple[str, ...]


class Rules(Model):
    """`data/questions.toml`."""

    source: str
    ping_seconds: int
    lead_seconds: int
    again_seconds: int
    most_pings: int
    lead_again_seconds: int
    most_lead_pings: int
    shortest_seconds: int
    longest_seconds: int
    warn_transfers: int
    longest_question: int
    longest_answer: int
    longest_note: int
    alike: float = Field(gt=0, le=1)
    fill: tuple[str, ...]
    fill_words: tuple[str, ...]
    same: tuple[Words, ...]
    number: Units
    kind: tuple[KindRule, ...]
    department: tuple[DepartmentRule, ...]
    reason: tuple[ReasonRule, ...]
    calm: Calm


def rules() -> Rules:
    """`data/questions.toml`."""
    known: Rules = load("questions", Rules)
    return known


def default_targets(room: str) -> Targets:
    """What a room is held to that has set nothing of its own."""
    return Targets(id=room, ping_seconds=rules().ping_seconds, lead_seconds=rules().lead_seconds)


def late_after(targets: Targets) -> timedelta:
    """From when an answer is late."""
    return timedelta(seconds=targets.lead_seconds)


def kind_rule(id: Kind) -> KindRule:
    """The rule of a kind."""
    return next(one for one in rules().kind if one.id == id)


def department(id: Department) -> DepartmentRule:
    """The rule of a department."""
    return next(one for one in rules().department if one.id == id)
