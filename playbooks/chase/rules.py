"""The chase's rules 催付规则: `data/chase.toml` as a checked model."""

from __future__ import annotations

from datetime import time, timedelta
from decimal import Decimal
from typing import Literal

from playbooks import contacts
from playbooks.contacts import Channel
from playbooks.model import Model, Money
from playbooks.rulebook import load

Consequence = Literal["guide", "soft", "another", "offer", "end"]
"""Where a reason leads: help and look again · one soft touch and no more · another agent · the offer ladder · lost."""


class Window(Model):
    """Local times between which buyers may be phoned; `end` is outside."""

    start: time
    end: time


class ClosedBy(Model):
    """Words of a platform's close reason that tell a time-out from a buyer's cancelling."""

    expired: tuple[str, ...]
    buyer: tuple[str, ...]


class LineRules(Model):
    """Words and patterns by which a typed or pasted line is read."""

    commands: tuple[str, ...]
    order_labels: tuple[str, ...]
    product_labels: tuple[str, ...]
    amount_labels: tuple[str, ...]
    note_labels: tuple[str, ...]
    order_id: str
    damaged: str
    phone: str
    link: str
    link_sign: str
    amount: str
    money_sign: str
    money_unit: str
    money_bare: str
    money: str
    status_labels: tuple[str, ...]
    unpaid_words: tuple[str, ...]
    paid_words: tuple[str, ...]
    paid_labels: tuple[str, ...]
    placed: str
    placed_labels: tuple[str, ...]
    ahead_minutes: int

    @property
    def ahead(self) -> timedelta:
        """How far a time typed may lie ahead of our clock and still mean now."""
        return timedelta(minutes=self.ahead_minutes)


class LadderRules(Model):
    """Patterns by which a line of the offer ladder is read, and the words that cancel it."""

    off: str
    gift: str
    most: str
    cap: str
    cancel: tuple[str, ...]


class Rules(Model):
    """Everything of `data/chase.toml`; minutes and hours as whole numbers, yuan exact."""

    source: str
    lease_minutes: int
    rounds: int
    retry_minutes: int
    success_hours: int
    first_touch_minutes: int
    bucket_minutes: int
    live_rows: int
    live_seconds: int
    unknown_amount: Money
    unknown_minutes: int
    remark_flag: str
    remark: str
    batch_over: int
    batch_size: int
    deal_each: int
    unsay_seconds: int
    soft_share: Decimal
    consequences: dict[str, Consequence]
    scripts: dict[str, int]
    life_choices: tuple[int, ...]
    also_exports: dict[str, tuple[str, ...]]
    phone_windows: tuple[Window, ...]
    channels: dict[str, tuple[Channel, ...]]
    closed_by: ClosedBy
    cut_words: dict[str, tuple[str, ...]]
    feedback: dict[str, str]
    line: LineRules
    ladder: LadderRules

    @property
    def lease(self) -> timedelta:
        """How long a claim holds without another step."""
        return timedelta(minutes=self.lease_minutes)

    @property
    def unsay_within(self) -> timedelta:
        """How long an outcome may be taken back (PRODUCT: whatever changes state carries 撤销 for a minute)."""
        return timedelta(seconds=self.unsay_seconds)

    @property
    def round_length(self) -> timedelta:
        """Contacts this close to the round's first are the same round (REQUIREMENTS K02)."""
        return contacts.rules().round_length

    @property
    def first_touch(self) -> timedelta:
        """How old an unpaid order is before it counts as one to be chased."""
        return timedelta(minutes=self.first_touch_minutes)

    def channels_of(self, platform: str, *, sms: bool = False) -> tuple[Channel, ...]:
        """The channels a platform leaves open (REQUIREMENTS K08); SMS where the room has it and phones are clear."""
        known = self.channels.get(platform, self.channels["default"])
        return (*known, "sms") if sms and "phone" in known else known


def rules() -> Rules:
    """The rules as shipped."""
    shipped: Rules = load("chase", Rules)
    return shipped
