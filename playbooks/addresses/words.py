"""The phrases of `data/message_words.toml`, ready to be looked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from playbooks.model import Model
from playbooks.rulebook import load

GAP = r"[^,，。;；!！?？\n]{0,8}?"
"""What `…` stands for."""


class Speech(Model):
    speaks: tuple[str, ...]
    send: tuple[str, ...]
    towards: tuple[str, ...]
    between: tuple[str, ...]
    somewhere: tuple[str, ...]
    no: tuple[str, ...]
    being: tuple[str, ...]
    people: tuple[str, ...]
    from_after: tuple[str, ...]
    goods: tuple[str, ...]
    wish: tuple[str, ...]
    carriers: tuple[str, ...]


class Written(Model):
    instructions: tuple[str, ...]
    tests: tuple[str, ...]
    consolidation: tuple[str, ...]
    beyond: tuple[str, ...]
    virtual_prefixes: tuple[str, ...]


class Words(Model):
    harmless: tuple[str, ...]
    cues: dict[str, tuple[str, ...]]
    speech: Speech
    address: Written


@cache
def words() -> Words:
    data: Words = load("message_words", Words)
    return data


@cache
def cue(name: str) -> re.Pattern[str]:
    """Any phrase of [cues] `name`. Raises KeyError for a name the file does not have."""
    return re.compile(either(words().cues[name]))


def either(phrases: Iterable[str]) -> str:
    """A pattern for any of the phrases, long ones first, `…` in them a gap."""
    longest = sorted(phrases, key=len, reverse=True)
    return "|".join(GAP.join(map(re.escape, phrase.split("…"))) for phrase in longest)


@cache
def harmless() -> re.Pattern[str]:
    return re.compile(either(words().harmless))


@cache
def written(name: str) -> re.Pattern[str]:
    """Any word of [address] `name`. Raises AttributeError for a name the file does not have."""
    return re.compile(either(getattr(words().address, name)))
