"""The words and numbers of exports kept as data: `playbooks/data/orders.toml` read into checked models."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from playbooks.followup import ParcelStatus
from playbooks.model import Model
from playbooks.rulebook import load

Refund = Literal["none", "refunding", "refunded"]


class UnpaidLife(Model):
    """How long an unpaid order lives, in seconds: an ordinary one and one of a flash sale 秒杀."""

    seconds: int
    flash_seconds: int


class ParcelWords(Model):
    """Words of logistics lists 物流 -> canonical, and those that tell of a pick-up point in a message."""

    pickup_words: tuple[str, ...]
    states: dict[str, ParcelStatus]


class Words(Model):
    """The whole of `orders.toml`."""

    empty: frozenset[str]
    unpaid: dict[str, UnpaidLife]
    parcels: ParcelWords


WORDS = load("orders", Words)


def unpaid_life(platform: str, flash: bool = False) -> timedelta | None:
    """How long an unpaid order of `platform` lives; None where nobody knows and a manager must set it."""
    life = WORDS.unpaid.get(platform)
    if life is None:
        return None
    return timedelta(seconds=life.flash_seconds if flash else life.seconds)
