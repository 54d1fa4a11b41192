"""How often and when buyers may be contacted: `data/contacts.toml` as a checked model."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Literal

from pydantic import Field

from playbooks.model import Model
from playbooks.rulebook import load

Purpose = Literal[
    "chase", "review_invite", "logistics", "pickup", "post_purchase", "urge_ship",
    "gift", "price", "shipped_notice", "arrival", "return_visit", "delay", "lost_contact", "case",
]  # fmt: skip
"""What for: 催付 · 邀好评 · 催物流 · 催签收 · 售后留言 ·
催发货 · 补赠品 · 价格不符 · 发货告知 · 到货确认 · 签收回访 · 延误告知 · 失联留言 · 工单."""
Channel = Literal["phone", "button", "message", "sms"]
"""By what: 电话 · 提醒付款 · 站内留言 · 短信 (REQUIREMENTS C02)."""


class Cap(Model):
    """At most `most` contacts in `hours` (None: ever)."""

    most: int
    hours: int | None = None

    def since(self, now: datetime) -> datetime | None:
        """From when on contacts count; None for all there ever were."""
        return now - timedelta(hours=self.hours) if self.hours else None


class PurposeRule(Cap):
    """A purpose's own cap, for each order or for the buyer; `quiet`: none of it in the quiet hours."""

    per_order: bool = False
    quiet: bool = False
    reached_by: tuple[str, ...] = ()
    """The outcomes of such a follow-up that mean the buyer was contacted."""


class Quiet(Model):
    """Local hours in which nobody is disturbed, from the evening into the morning; `until` is outside."""

    from_: time = Field(alias="from")
    until: time
    channels: tuple[Channel, ...]


class Rules(Model):
    """Everything of `data/contacts.toml`."""

    source: str
    round_minutes: int
    kept_days: int
    all: Cap
    quiet: Quiet
    purposes: dict[Purpose, PurposeRule]

    @property
    def round_length(self) -> timedelta:
        """Steps this close to a contact's first are the same contact (REQUIREMENTS K02)."""
        return timedelta(minutes=self.round_minutes)


def rules() -> Rules:
    """The rules as shipped."""
    shipped: Rules = load("contacts", Rules)
    return shipped


def quiet(purpose: Purpose, channel: Channel, now: datetime, zone: tzinfo) -> bool:
    """Whether the quiet hours forbid this now, in the room's own time (REQUIREMENTS K02)."""
    known = rules()
    if not (known.purposes[purpose].quiet or channel in known.quiet.channels):
        return False
    local = now.astimezone(zone).time()
    return local >= known.quiet.from_ or local < known.quiet.until


def quiet_until(now: datetime, zone: tzinfo) -> datetime:
    """When the quiet hours that run now, or come next, are over; in UTC."""
    local = now.astimezone(zone)
    day = local.date() + timedelta(days=local.time() >= rules().quiet.until)
    return datetime.combine(day, rules().quiet.until, tzinfo=zone).astimezone(UTC)
