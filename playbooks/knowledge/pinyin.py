"""How characters are read, and what letters typed without a blank may stand for.

Characters are read one by one, with every common reading of a polyphone 多音字, never by phrases: a person types
the reading they have in mind.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from playbooks.knowledge import characters
from playbooks.model import Model
from playbooks.rulebook import load

LONGEST = 6
"""Letters of the longest syllable, `zhuang`."""
COSTS = {"char": 1.0, "syllable": 1.0, "sign": 1.0, "letter": 1.4}
"""What a reading of typed letters costs per step: whole syllables are likelier than a row of initials."""
SLACK = 1.0
"""How much dearer than the cheapest a reading may be: `xian` is 先 and 西安."""


class Syllables(Model):
    """`data/pinyin.toml`: every syllable of Mandarin, without tones."""

    source: str
    syllables: tuple[str, ...]


class Step(NamedTuple):
    """From `start` to `end` of what was typed, read as one of `sounds`; `kind` is a key of COSTS."""

    start: int
    end: int
    kind: str
    sounds: tuple[str, ...]


@cache
def syllables() -> frozenset[str]:
    """Every syllable there is; ü is typed v."""
    known: Syllables = load("pinyin", Syllables)
    return frozenset(known.syllables)


@lru_cache(maxsize=8192)
def sounds(char: str) -> tuple[str, ...]:
    """The common readings of a character without tones, likeliest first; a letter or digit is its own."""
    if char.isascii():
        return (char,)
    return characters.readings(char)


@lru_cache(maxsize=8192)
def initials(char: str) -> tuple[str, ...]:
    """The first letters of its readings: 重 is z and c."""
    return tuple(dict.fromkeys(sound[0] for sound in sounds(char)))


class Readings(NamedTuple):
    """What was typed, read: every likely step, every two in a row of one reading, and the likeliest reading."""

    steps: tuple[Step, ...]
    pairs: tuple[tuple[Step, Step], ...]
    likeliest: tuple[Step, ...]


def readings(typed: str) -> Readings:
    """How `typed` (small letters, digits, characters; no blanks) may be read."""
    steps = _steps(typed)
    ahead = _costs([(s.start, s.end, s.kind) for s in steps], len(typed))
    back = [(len(typed) - s.end, len(typed) - s.start, s.kind) for s in steps]
    behind = _costs(sorted(back), len(typed))[::-1]
    most = ahead[-1] + SLACK

    def likely(*some: Step) -> bool:
        return ahead[some[0].start] + sum(COSTS[s.kind] for s in some) + behind[some[-1].end] <= most

    kept = tuple(s for s in steps if likely(s))
    pairs = tuple((a, b) for a in kept for b in kept if a.end == b.start and likely(a, b))
    return Readings(kept, pairs, _likeliest(kept, ahead, len(typed)))


def _steps(typed: str) -> list[Step]:
    """Every step there is, by where it starts."""
    found = []
    for at, char in enumerate(typed):
        if not "a" <= char <= "z":
            found.append(Step(at, at + 1, "sign" if char.isascii() else "char", sounds(char)))
            continue
        found.append(Step(at, at + 1, "letter", (char,)))
        ends = range(at + 1, min(len(typed), at + LONGEST) + 1)
        found += [Step(at, end, "syllable", (typed[at:end],)) for end in ends if typed[at:end] in syllables()]
    return found


def _costs(steps: list[tuple[int, int, str]], length: int) -> list[float]:
    """The least cost of reading up to each place."""
    costs = [0.0] + [float("inf")] * length
    for start, end, kind in steps:
        costs[end] = min(costs[end], costs[start] + COSTS[kind])
    return costs


def _likeliest(steps: tuple[Step, ...], ahead: list[float], length: int) -> tuple[Step, ...]:
    path: list[Step] = []
    while length:
        ending = (s for s in steps if s.end == length)
        path.append(min(ending, key=lambda s: ahead[s.start] + COSTS[s.kind]))
        length = path[-1].start
    return tuple(reversed(path))


def in_twos(path: tuple[Step, ...]) -> tuple[tuple[Step, Step], ...]:
    """The steps of one reading two by two."""
    return tuple(pairwise(path))
