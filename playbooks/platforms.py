"""The platforms 平台 a room can be on: what they are called, the tool buyers are spoken to with, answers asked for.

`data/platforms.toml` (REQUIREMENTS I10, A12). What else differs by platform stands with what it is for: wording in
quick_replies.toml, how unpaid buyers are reached in chase.toml, penalties in aftercare.toml, unpaid life and
words of the exports in orders.toml.
"""

from __future__ import annotations

from datetime import time

from playbooks.model import Model
from playbooks.rulebook import load


class Answering(Model):
    """How fast the platform wants a buyer answered 应答要求: within `seconds`, from `start` to `end` local time."""

    seconds: int
    start: time
    end: time
    source: str


class Platform(Model):
    """A platform; `tool` is its chat tool 聊天工具 as agents call it, '' where it has no name of its own."""

    id: str
    zh: str
    en: str
    words: tuple[str, ...] = ()
    tool: str = ""
    answering: Answering | None = None


class Platforms(Model):
    """`data/platforms.toml`."""

    source: str
    platform: tuple[Platform, ...]


def platforms() -> tuple[Platform, ...]:
    """Every platform the bot knows, in the order of the data file."""
    known: Platforms = load("platforms", Platforms)
    return known.platform


def platform(id: str) -> Platform:
    """The platform with this id; KeyError when there is none."""
    for known in platforms():
        if known.id == id:
            return known
    raise KeyError(id)


def find_platform(word: str) -> Platform | None:
    """The platform a person means by its id, Chinese or English name, or another word for it."""
    word = word.strip().lower()
    for known in platforms():
        if word in {known.id, known.zh.lower(), known.en.lower(), *known.words}:
            return known
    return None
