"""Whether what looks like a place's name is one: what follows it decides (TRAPS, Addresses).

A bare stem before a road or another thing is no place (上海路, 香港中路, 重庆大厦); an ending may belong to the next
word (东方市场, 青县道). The words stand in `data/address_words.toml`.
"""

from __future__ import annotations

import re
from functools import cache

from playbooks.model import Model
from playbooks.rulebook import load


class Follow(Model):
    roads: tuple[str, ...]
    directions: str
    things: tuple[str, ...]


class Words(Model):
    follow: Follow
    goes_on: dict[str, str]


def words() -> Words:
    data: Words = load("address_words", Words)
    return data


def _any(choices: tuple[str, ...]) -> str:
    """One of the words, the first character looked at before any word."""
    firsts = "".join(sorted({word[0] for word in choices}))
    return f"(?=[{firsts}])(?:{'|'.join(sorted(choices, key=len, reverse=True))})"


@cache
def road() -> re.Pattern[str]:
    """What makes the name before it a road's."""
    follow = words().follow
    return re.compile(f"{follow.directions}{_any(follow.roads)}")


@cache
def thing() -> re.Pattern[str]:
    """What makes the name before it a road's, a building's, a village's or a dish's."""
    follow = words().follow
    return re.compile(f"{_any(follow.things)}|{follow.directions}{_any(follow.roads)}")


_NOTHING = re.compile(r"(?!)")


@cache
def _by_last() -> dict[str, re.Pattern[str]]:
    return {last: re.compile(next_word) for last, next_word in words().goes_on.items()}


def goes_on(name: str) -> re.Pattern[str]:
    """What follows a full name where its ending belongs to the next word: 东方市|场, 海城市|广场."""
    return thing_or_market() if name.endswith("城市") else _by_last().get(name[-1], _NOTHING)


@cache
def thing_or_market() -> re.Pattern[str]:
    return re.compile(f"{thing().pattern}|{words().goes_on['市']}")


SIGNS = frozenset(" \t\n\r\f\v,，、。.;；:：!！?？()（）[]【】/|·-—+~\"'“”")


def at_edge(text: str, end: int) -> bool:
    """Whether nothing is written on to the name that ends at `end`."""
    return end == len(text) or text[end] in SIGNS


def edge_before(text: str, start: int) -> bool:
    return start == 0 or text[start - 1] in SIGNS


def skip(text: str, end: int) -> int:
    """Where the text goes on behind signs and blanks."""
    while end < len(text) and text[end] in SIGNS:
        end += 1
    return end
