"""How soon, how often and by whom buyers and carriers are followed up: `data/followup.toml`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from playbooks.contacts import Channel
from playbooks.model import Model
from playbooks.rulebook import load

Kind = Literal[
    "review_invite", "logistics", "pickup", "urge_ship", "gift", "price", "shipped_notice", "arrival",
    "return_visit", "lost_contact",
]  # fmt: skip
"""邀好评 · 催物流 · 催签收 · 催发货 · 补赠品 · 价格不符 · 发货告知 · 到货确认 · 签收回访 · 失联留言."""


class Stalled(Model):
    """When a parcel counts as stuck (REQUIREMENTS E04, E09)."""

    no_first_scan_hours: int
    no_scan_days: int
    not_signed_days: int


class Alarm(Model):
    """How often leads are told of perishable goods nobody has seen to (REQUIREMENTS E08)."""

    again_hours: int
    at_most: int


class Held(Model):
    """How long work that is late stays with who has it (REQUIREMENTS B22)."""

    least_minutes: int
    after_minutes: int


class Stale(Model):
    """From how many days after its time a lead may let optional work go (REQUIREMENTS B22)."""

    days: int


class Routes(Model):
    """How parcels are counted by carrier and region (REQUIREMENTS E09, E12)."""

    kept_days: int
    months: int
    fewest: int
    delay_from: int
    beside_hours: int


class Result(Model):
    """What an outcome leads to: back after some hours, or done; and how the buyer was reached, where they were.

    `registers`: the kind of case that goes on where this ends, and its type, as the command has them.
    """

    returns_after_hours: int | None = None
    note_required: bool = False
    channel: Channel = "message"
    after: str = ""
    registers: str = ""


class Eta(Model):
    """How the warehouse is asked when a product ships, and reminded (REQUIREMENTS L01)."""

    remind_minutes: int
    at_most: int
    hour: int
    days: tuple[int, ...]


class DelayRules(Model):
    """Notices of delay: the causes to press, and how their maker is reminded (REQUIREMENTS E12)."""

    due_hours: int
    at_most: int
    longest_cause: int
    any_carrier: dict[str, str]
    zh: tuple[str, ...] = Field(alias="zh-CN")
    en: tuple[str, ...]

    def causes(self, lang: str) -> tuple[str, ...]:
        """The causes in `lang`."""
        return self.zh if lang == "zh-CN" else self.en


class Carriers(Model):
    """How a carrier is reached (REQUIREMENTS E23)."""

    longest: int


class KindRules(Model):
    """What holds for a kind of work; `data/followup.toml` says what each field means."""

    letter: str
    due_hours: int
    food_due_hours: int | None = None
    after_hours: int = 0
    within_hours: int | None = None
    optional: bool = False
    without_buyer: bool = False
    platforms: tuple[str, ...] = ()
    outcomes: dict[str, Result]

    def wanted(self, platform: str, happened_at: datetime | None, now: datetime) -> bool:
        """Whether what happened then, on this platform, still makes such work; a time nobody knows counts as now."""
        if self.platforms and platform not in self.platforms:
            return False
        age = now - happened_at if happened_at else timedelta()
        return self.within_hours is None or age <= timedelta(hours=self.within_hours)


class Rules(Model):
    """`food`: words of a run sheet's category that mean goods which spoil."""

    source: str
    food: tuple[str, ...]
    busy_chases: int
    forget_days: int
    shown: int
    stalled: Stalled
    alarm: Alarm
    held: Held
    stale: Stale
    routes: Routes
    eta: Eta
    delay: DelayRules
    carriers: Carriers
    kinds: dict[Kind, KindRules]


def rules() -> Rules:
    """The rules as shipped."""
    data: Rules = load("followup", Rules)
    return data


def is_food(category: str) -> bool:
    """Whether goods of this category 类目 of the run sheet spoil (E07)."""
    return any(word in category for word in rules().food)


def outcomes(kind: Kind) -> tuple[str, ...]:
    """The outcomes of a kind in the order of their buttons; each has a text followup.outcome_<name>."""
    return tuple(rules().kinds[kind].outcomes)
