"""What kinds of cases there are, how soon they are due, what may close them: `data/cases.toml`."""

from __future__ import annotations

import re
from datetime import time, timedelta
from functools import cache
from typing import Literal

from pydantic import Field

from playbooks.model import Model
from playbooks.rulebook import load

Kind = Literal["negative", "mixed", "aftersale", "complaint", "mistake"]
"""中差评 negative · 好评带问题 mixed · 售后 aftersale · 投诉 complaint · 工作失误 mistake."""
KINDS: tuple[Kind, ...] = ("negative", "mixed", "aftersale", "complaint", "mistake")
Script = Literal["negative", "solved", "missed", "mixed", "explain", "progress", "visit", "returns"]
Column = Literal[
    "order_id", "type", "stars", "review", "complaint", "text", "cause", "at", "explain_by", "owner", "amount"
]
Rating = Literal["good", "middling", "bad"]


class KindRules(Model):
    """`due_hours` None: by the room's hour the same day. Hours, days; `outcomes` may close it."""

    words: tuple[str, ...]
    due_hours: int | None = None
    cap_days: int
    progress_hours: int | None = None
    cause: bool = False
    outcomes: tuple[str, ...]


class TypeRules(Model):
    """A type of after-sales case; `returns`: the buyer sends something back; `pays`: the buyer gets money."""

    words: tuple[str, ...]
    due_hours: int
    returns: bool = False
    pays: bool = False


class CauseRules(Model):
    """Why; `manager`: only a manager may settle it (L02)."""

    words: tuple[str, ...]
    manager: bool = False


class Quiet(Model):
    """Local hours in which nobody is reminded, over midnight."""

    from_: time = Field(alias="from")
    until: time


class Weekly(Model):
    """When what was complained of is looked at; 0 is Monday."""

    weekday: int
    at: time


class Returns(Model):
    """Until when, in days, and with what something is sent back, by language."""

    days: int
    what: dict[str, str]


class Patterns(Model):
    """Regular expressions, for text in half-width and lower case."""

    patterns: tuple[str, ...]


class Personal(Patterns):
    """What is a buyer's own; in its patterns SURNAME and SURE stand for one of these characters."""

    surnames: str
    sure: str


class Words(Model):
    """Words that mean it, and those in which they do not."""

    words: tuple[str, ...]
    unless: tuple[str, ...] = ()


class Rules(Model):
    """Everything of `data/cases.toml`."""

    source: str
    longest_text: int
    longest_reply: int
    due_at: time
    nag_minutes: int
    nags: int
    explain_before_days: int
    visit_days: int
    visit_at: time
    second_days: int
    last_file_rows: int
    window_days: dict[str, int]
    quiet: Quiet
    weekly: Weekly
    kinds: dict[Kind, KindRules]
    types: dict[str, TypeRules]
    causes: dict[str, CauseRules]
    scripts: dict[str, dict[Script, str]]
    returns: Returns
    tied: tuple[Patterns, ...]
    personal: Personal
    numbers: Patterns
    columns: dict[Column, tuple[str, ...]]
    kind_by: dict[Kind, tuple[Column, ...]]
    star_words: dict[Rating, tuple[str, ...]]
    mixed_words: Words

    @property
    def nag(self) -> timedelta:
        """Between one reminder of what is late and the next."""
        return timedelta(minutes=self.nag_minutes)


def rules() -> Rules:
    """The rules as shipped."""
    shipped: Rules = load("cases", Rules)
    return shipped


@cache
def tied() -> tuple[re.Pattern[str], ...]:
    """What ties something to a review, or is a link (K16)."""
    return tuple(re.compile(one) for rule in rules().tied for one in rule.patterns)


@cache
def personal() -> tuple[re.Pattern[str], ...]:
    """What is a buyer's own, besides phones and places."""
    known = rules().personal
    few, all_ = (f"[{''.join(one.split())}]" for one in (known.sure, known.surnames))
    named = (one.replace("SURNAME", all_).replace("SURE", few) for one in known.patterns)
    return tuple(re.compile(one, re.IGNORECASE) for one in named)


@cache
def numbers() -> tuple[re.Pattern[str], ...]:
    """What names an order, a parcel or a buyer to whoever looks it up."""
    return tuple(re.compile(one) for one in rules().numbers.patterns)


def script(name: Script, lang: str) -> str:
    """What may be handed to a buyer, in the room's language."""
    return rules().scripts[lang][name]


def type_of(word: str) -> str:
    """The type of after-sales case a word or id means; '' for none."""
    return _meant(word, {id: one.words for id, one in rules().types.items()})


def cause_of(word: str) -> str:
    """The cause a word or id means; '' for none."""
    return _meant(word, {id: one.words for id, one in rules().causes.items()})


def _meant(word: str, known: dict[str, tuple[str, ...]]) -> str:
    said = word.strip().casefold()
    return next((id for id, words in known.items() if said == id or said in words), "")
