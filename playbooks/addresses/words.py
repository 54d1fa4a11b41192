"""The phrases of `data/message_words.toml`, ready to be looked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from playbooks.model import Model
from playbooks.rulebook import load

GAP = r"[^,，。;；!！?？\n]{0,8}?"
"""What `…` stands for."""
PIECES = {"…": GAP}
_PIECE = re.compile(r"(…|\{[a-z_]+\})")


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
    arrived: tuple[str, ...]
    by_now: tuple[str, ...]
    let_go: tuple[str, ...]
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
    groups: dict[str, tuple[str, ...]]
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


def blank(name: str, text: str) -> str:
    """The text with the phrases of a cue blanked out, as long as it was."""
    return cue(name).sub(lambda found: "□" * len(found[0]), text)


def either(phrases: Iterable[str]) -> str:
    """A pattern for any of the phrases, long ones first; `…` in them is a gap, {name} any word of a group."""
    return "|".join(map(pattern, sorted(phrases, key=len, reverse=True)))


def pattern(phrase: str) -> str:
    """One phrase as a pattern. Raises KeyError for a group the file does not have."""
    return "".join(PIECES.get(piece) or group(piece) or re.escape(piece) for piece in _PIECE.split(phrase))


def group(piece: str) -> str:
    """{name} as any of the group's words; '' for other pieces."""
    return f"(?:{'|'.join(words().groups[piece[1:-1]])})" if piece.startswith("{") else ""


@cache
def harmless() -> re.Pattern[str]:
    return re.compile(either(words().harmless))


@cache
def written(name: str) -> re.Pattern[str]:
    """Any word of [address] `name`. Raises AttributeError for a name the file does not have."""
    return re.compile(either(getattr(words().address, name)))
