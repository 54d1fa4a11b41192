"""What a review 复盘 says, as frozen figures: the sections of facts/metrics.yaml review_report_sections.

A figure nobody entered or recorded is None. People stand as ids; `Review.people` has their names.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from playbooks.actions import ActionItem
from playbooks.announce import Change
from playbooks.broadcast import Segment
from playbooks.chase import Funnel
from playbooks.corrections import Correction
from playbooks.followup import Kind
from playbooks.model import Model, Moment, Money
from playbooks.price_report import Disputes
from playbooks.questions import AnswerTimes
from playbooks.references import Yardstick
from playbooks.review_cases import CaseFigures
from playbooks.review_entered import FigureKind, Remark
from playbooks.review_marks import Changed, Compared
from playbooks.review_work import Worked
from playbooks.rulebook import load

Section = Literal[
    "basics", "goals", "traffic", "products", "chase", "anomalies", "service", "handoff", "posts",
    "follow_ups", "actions",
]  # fmt: skip
"""1 to 11: 基础信息 目标与实际 流量与互动 商品 催付 订单异常 客服 衔接 岗位复盘 跟进 改进项."""

IssueKind = Literal[
    "nobody_asked", "nobody_knew", "some_unknown", "slow", "crowded", "never_announced", "announced_late"
]  # fmt: skip
"""无人在岗 · 无人知悉 · 有人未知悉 · 知悉太慢 · 改得太密 · 有单未播 · 先有单后播."""


class Rules(Model):
    """`data/review.toml`: from when on a hand-off is an issue."""

    source: str
    slow_seconds: int
    crowded_seconds: int
    late_orders: int


def rules() -> Rules:
    """The rules as shipped."""
    shipped: Rules = load("review", Rules)
    return shipped


class Basics(Model):
    """Section 1. `duration` is time on air over all segments, None where it never went live.

    `hosts` are names as ops wrote them; `ops` and `agents` are ids of those who were there.
    """

    shop: str
    platform: str
    opened_on: date
    segments: tuple[Segment, ...]
    duration: timedelta | None
    hosts: tuple[str, ...]
    ops: tuple[str, ...]
    agents: tuple[str, ...]


class Sales(Model):
    """What the newest exports say was sold; all None before any export (facts/metrics.yaml live)."""

    orders: int | None = None
    """Orders created."""
    paid: int | None = None
    """Orders paid at any time, also those refunded since."""
    gmv: Money | None = None
    """成交额: yuan of all orders created, unpaid ones too, where the amount is known."""
    net_sales: Money | None = None
    """净销售: yuan of paid orders, not of those refunded or closed since."""
    unpriced: int = 0
    """Orders without a known amount, hence not in the yuan."""
    refunded: int | None = None
    """Paid orders that were refunded or closed since."""


class Metric(Model):
    """One figure by the id of its text `entry.figure_<id>`. `worked_out`: from others, nobody entered it."""

    id: str
    kind: FigureKind
    value: Decimal | None
    worked_out: bool = False


class Goal(Model):
    """A goal beside what came of it; `reached` = result / goal, None where either is unknown.

    One that is not to be exceeded (`at_most`, as refunds) has no such share: `kept` says whether it was not.
    """

    id: str
    kind: FigureKind
    goal: Decimal
    result: Decimal | None
    reached: Decimal | None
    at_most: bool = False

    @property
    def kept(self) -> bool | None:
        """Of one that is not to be exceeded; None where the result is not known."""
        return None if self.result is None else self.result <= self.goal


class Spoken(Model):
    """What buyers and texts told, of section 8: lost inquiries by reason, needs by sort, answers gone stale.

    `lost` and `needs`: (id of the reason or sort, how many), most first. `stale`: questions whose approved answer
    quotes an offer of this broadcast that is in force no more (REQUIREMENTS B23, L05, A07).
    """

    lost: tuple[tuple[str, int], ...] = ()
    needs: tuple[tuple[str, int], ...] = ()
    stale: tuple[str, ...] = ()


class Mood(Model):
    """How those on duty found the shift 班次反馈: how many said what, and what was said besides, without names."""

    said: tuple[tuple[str, int], ...] = ()
    words: tuple[str, ...] = ()


class Revised(Model):
    """An offer changed on air: when, by whom (id), and what."""

    at: Moment
    who: str
    change: Change


class ProductFigures(Model):
    """Section 4, one product; `link_no` None gathers orders whose product is unclear.

    The chase's counts are None while no order is known at all. `natural_rate` stands beside `success_rate`.
    """

    link_no: int | None
    name: str
    live_price: Money | None
    sales: Sales
    unpaid: int | None
    contacted: int | None
    recovered: int | None
    recovered_amount: Money | None
    success_rate: Decimal | None
    natural_rate: Decimal | None
    announced: tuple[Moment, ...] = ()
    first_order_at: Moment | None = None
    revised: tuple[Revised, ...] = ()

    @property
    def price_changes(self) -> int:
        """How often the live price changed on air."""
        return sum(one.change.field == "live_price" for one in self.revised)

    @property
    def sold_out_at(self) -> Moment | None:
        """When it was first said to be sold out 售罄."""
        said = (one.at for one in self.revised if one.change.field == "sold_out" and one.change.after)
        return next(said, None)


class Quarter(Model):
    """Fifteen minutes from `at`: orders that began unpaid, payments recovered, the product longest on air."""

    at: Moment
    new: int
    recovered: int
    link_no: int | None = None


class Chased(Model):
    """Section 5. `quarters` run through the broadcast without a gap; what lies outside is counted beside."""

    funnel: Funnel
    quarters: tuple[Quarter, ...]
    new_outside: int
    recovered_outside: int


class RuleFigures(Model):
    """Orders one rule of the audit found; an order of two rules counts with both."""

    rule: str
    found: int
    solved: int
    open: int


class Anomalies(Model):
    """Section 6; `found`, `solved` and `open` are None before any file was audited.

    `solved` counts solved by a later file, waived by name and approved as an exception; a hold handed to the
    next shift is open. `exposure` = open HOLDs × `penalty` in yuan, true on `penalty_as_of` (REQUIREMENTS
    D02); None where no penalty is known for the platform.
    """

    found: int | None
    solved: int | None
    open: int | None
    handed: int
    rules: tuple[RuleFigures, ...]
    regions: tuple[tuple[str, int], ...]
    open_holds: int
    penalty: Money | None
    penalty_as_of: date | None
    exposure: Money | None


class PersonLag(Model):
    """How soon one person knew: asked so often, knew so often, median and longest wait."""

    who: str
    asked: int
    known: int
    median: timedelta | None
    worst: timedelta | None


class Issue(Model):
    """One thing that went wrong between the two teams, for people to talk about (REQUIREMENTS G01, G02).

    `people` are those who did not know or, for `slow`, knew last; `count` orders or changes.
    """

    kind: IssueKind
    at: Moment
    link_no: int
    name: str
    changes: tuple[Change, ...] = ()
    people: tuple[str, ...] = ()
    count: int = 0
    lag: timedelta | None = None
    repeated: int = 0
    """In how many of the last seven broadcasts the same went wrong with the same product."""


class Handoff(Model):
    """Section 8, what no other tool measures: how soon those asked knew of each binding change.

    A lag runs from the moment a change asked for 已知悉 to the moment the person pressed or looked it up.
    """

    changes: int
    confirmed: int
    """Changes of which every person asked knew, this revision or a later one."""
    answers: int
    median: timedelta | None
    worst: timedelta | None
    people: tuple[PersonLag, ...]
    issues: tuple[Issue, ...]
    disputes: Disputes
    """Prices somebody heard otherwise 价格不符."""
    corrections: tuple[Correction, ...]
    """The host's slips, as they were corrected 口误更正 (REQUIREMENTS K25)."""
    asked: AnswerTimes
    """Questions to ops and other departments."""


class FollowUpFigures(Model):
    """Section 10, one kind: `rate` = done / created (facts/metrics.yaml ops_ours followup_done)."""

    kind: Kind
    created: int
    done: int
    dropped: int
    open: int
    rate: Decimal | None


class Review(Model):
    """The whole review, `version` counting from 1. Figures of `provisional` sections may still change."""

    broadcast: str
    version: int
    made_at: Moment
    zone: str
    """IANA name of the room's time zone."""
    data_until: Moment | None
    """The newest export's moment, None without one."""
    provisional: tuple[Section, ...]
    not_entered: tuple[Section, ...]
    people: dict[str, str]
    basics: Basics
    sales: Sales
    products: tuple[ProductFigures, ...]
    chase: Chased
    anomalies: Anomalies
    handoff: Handoff
    follow_ups: tuple[FollowUpFigures, ...]
    goals: tuple[Goal, ...] = ()
    traffic: tuple[Metric, ...] = ()
    service: tuple[Metric, ...] = ()
    posts: dict[str, Remark] = Field(default_factory=dict)
    mood: Mood = Mood()
    spoken: Spoken = Spoken()
    yardstick: Yardstick
    """What section 5 stands beside (C24, K24)."""
    cases: CaseFigures = CaseFigures()
    work: tuple[Worked, ...] = ()
    """Of sections 7, 9 and 10."""
    actions: tuple[ActionItem, ...] = ()
    compared: tuple[Compared, ...] = ()
    """Beside the last seven broadcasts."""
    changed_since: tuple[Changed, ...] = ()
    """What later data made other than the version before said."""

    @property
    def tz(self) -> ZoneInfo:
        """The room's time zone."""
        return ZoneInfo(self.zone)

    @property
    def orders_known(self) -> bool:
        """Whether any order came in, from a file or by hand; without one the chase has no figures."""
        funnel = self.chase.funnel
        return self.sales.orders is not None or bool(funnel.unpaid or funnel.excluded)

    def name(self, person: str) -> str:
        """What the room calls a person; the id where nobody has met them."""
        return self.people.get(person, person)
