"""Messages after a purchase: `data/post_purchase.toml` as a checked model."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cached_property

from playbooks.model import Model
from playbooks.rulebook import load


class Frame(Model):
    """What every message begins and ends with; `closing` by platform, `default` for the others."""

    greeting: str
    greeting_bare: str
    several: str
    between: str
    """What stands between two sentences."""
    about: str
    closing: dict[str, str]

    def closing_on(self, platform: str) -> str:
        """The last sentence on a platform."""
        return self.closing.get(platform, self.closing["default"])


class ProductKind(Model):
    """A kind of goods by words of its category, and what is said of it: language -> text."""

    id: str
    words: tuple[str, ...]
    use: dict[str, str]
    receipt: dict[str, str]


class Never(Model):
    """What no message may say: patterns, and what lets a match pass that it overlaps."""

    id: str
    patterns: tuple[str, ...]
    unless: tuple[str, ...] = ()

    @cached_property
    def found_by(self) -> tuple[re.Pattern[str], ...]:
        """The patterns, compiled."""
        return tuple(map(re.compile, self.patterns))

    @cached_property
    def passed_by(self) -> tuple[re.Pattern[str], ...]:
        """The exceptions, compiled."""
        return tuple(map(re.compile, self.unless))


class Rules(Model):
    """Everything of `data/post_purchase.toml`."""

    source: str
    paid_within_hours: int
    at_once: int
    held_minutes: int
    longest: int
    frame: dict[str, Frame]
    kind: tuple[ProductKind, ...]
    never: tuple[Never, ...]

    @property
    def paid_within(self) -> timedelta:
        """How long after the payment a message is sent."""
        return timedelta(hours=self.paid_within_hours)

    @property
    def held(self) -> timedelta:
        """How long a list that was handed out is its agent's."""
        return timedelta(minutes=self.held_minutes)


def rules() -> Rules:
    """The rules as shipped."""
    known: Rules = load("post_purchase", Rules)
    return known


def kind_of(category: str) -> ProductKind:
    """The kind of goods a run sheet's category names; the last one for any other."""
    said = category.lower()
    kinds = rules().kind
    return next((one for one in kinds if any(word in said for word in one.words)), kinds[-1])
