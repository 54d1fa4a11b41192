"""The chase's rules 催付规则: `data/chase.toml` as a checked model."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Literal

from playbooks.model import Model, Money
from playbooks.rulebook import load

Channel = Literal["phone", "button", "message"]
"""How a buyer is reached: 电话 phone · 提醒付款 remind button · 站内消息 message (REQUIREMENTS C01, C02)."""


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
    amount: str


class Rules(Model):
    """Everything of `data/chase.toml`; minutes and hours as whole numbers, yuan exact."""

    source: str
    lease_minutes: int
    round_minutes: int
    rounds: int
    retry_minutes: int
    success_hours: int
    first_touch_minutes: int
    bucket_minutes: int
    unknown_amount: Money
    unknown_minutes: int
    remark_flag: str
    remark: str
    phone_windows: tuple[Window, ...]
    channels: dict[str, tuple[Channel, ...]]
    closed_by: ClosedBy
    feedback: dict[str, str]
    line: LineRules

    @property
    def lease(self) -> timedelta:
        """How long a claim holds without another step."""
        return timedelta(minutes=self.lease_minutes)

    @property
    def round_length(self) -> timedelta:
        """Contacts this close to the round's first are the same round (REQUIREMENTS K02)."""
        return timedelta(minutes=self.round_minutes)

    @property
    def first_touch(self) -> timedelta:
        """How old an unpaid order is before it counts as one to be chased."""
        return timedelta(minutes=self.first_touch_minutes)

    def channels_of(self, platform: str) -> tuple[Channel, ...]:
        """The channels a platform leaves open (REQUIREMENTS K08)."""
        return self.channels.get(platform, self.channels["default"])


def rules() -> Rules:
    """The rules as shipped."""
    shipped: Rules = load("chase", Rules)
    return shipped
