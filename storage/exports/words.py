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


ParcelField = Literal[
    "order_id", "tracking_no", "carrier", "state", "shipped_at", "signed_at", "collected_at", "scanned_at",
    "message",
]  # fmt: skip
"""What is read of a parcel."""


class Codes(Model):
    """The numbers a tracking service says states in; `headings` are such as no other list has."""

    name: str
    headings: tuple[str, ...]
    states: dict[str, ParcelStatus]


class ParcelWords(Model):
    """Headings of logistics lists 物流 no table of orders has, their words -> canonical, and those that tell of a
    pick-up point in a message."""

    columns: dict[ParcelField, tuple[str, ...]]
    guesses: dict[ParcelField, tuple[str, ...]]
    """Headings a mapping may begin with, too unsure to be read without a person."""
    pickup_words: tuple[str, ...]
    states: dict[str, ParcelStatus]
    codes: dict[str, Codes]


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


LONGEST_STATE = 10
"""Characters: no platform's state word is longer; a longer one is somebody's name and street."""


def can_be_state(word: str) -> bool:
    """Whether what stands in a state's column may be a state, and so may be said and kept."""
    return len(word) <= LONGEST_STATE and not any(c.isdigit() or c.isspace() for c in word)
