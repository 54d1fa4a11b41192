"""How soon, how often and with which words buyers and carriers are followed up: `data/followup.toml`."""

from __future__ import annotations

from typing import Literal

from playbooks.model import Model
from playbooks.rulebook import load

Kind = Literal["review_invite", "logistics", "pickup"]


class Stalled(Model):
    no_first_scan_hours: int
    no_scan_days: int
    not_signed_days: int


class Result(Model):
    """What an outcome leads to: back after some hours, or done."""

    returns_after_hours: int | None = None
    note_required: bool = False


class KindRules(Model):
    letter: str
    due_hours: int
    food_due_hours: int | None = None
    outcomes: dict[str, Result]
    scripts: tuple[str, ...]


class Rules(Model):
    """`food`: words of a run sheet's category that mean goods which spoil."""

    food: tuple[str, ...]
    stalled: Stalled
    kinds: dict[Kind, KindRules]


def rules() -> Rules:
    data: Rules = load("followup", Rules)
    return data


def is_food(category: str) -> bool:
    """Whether goods of this category 类目 of the run sheet spoil (E07)."""
    return any(word in category for word in rules().food)


def scripts(kind: Kind) -> tuple[str, ...]:
    """Text keys of what the agent may copy to the buyer, in order, one message a part."""
    return rules().kinds[kind].scripts


def outcomes(kind: Kind) -> tuple[str, ...]:
    """The outcomes of a kind in the order of their buttons; each has a text followup.outcome_<name>."""
    return tuple(rules().kinds[kind].outcomes)
