"""What a text and a query are compared by: characters one by one and in twos, and the same by sound.

A gram is a text: `发`, `发货` by writing; `~fa`, `~fa huo` by sound, where either sound may be an initial (`~f huo`).
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from playbooks.knowledge.model import rules
from playbooks.knowledge.pinyin import Step, in_twos, initials, readings, sounds

LONGEST_QUERY = 40
"""Characters of a query that are looked at; nobody types more to find something."""

# How much a gram of a query counts, before how rare it is. A sound counts little where its character was typed.
WRITTEN, WRITTEN_TWO = 0.5, 1.0
SOUND = {"char": 0.15, "syllable": 0.5, "sign": 0.4, "letter": 0.0}
SOUND_TWO = {"char": 0.35, "syllable": 1.0, "sign": 0.8, "letter": 0.6}
WORD = re.compile("[a-z]{3,}")
WORD_WHOLE, WORD_PART = 0.6, 0.4


def bare(text: str) -> str:
    """Small letters, digits and characters alone: full-width made half-width, blanks and punctuation dropped."""
    said = unicodedata.normalize("NFKC", text).lower()
    return "".join(char for char in said if char.isalnum())


def of_text(text: str, *, by_initials: bool) -> frozenset[str]:
    """The grams a text is found by. `by_initials`: also by first letters, which of a long text find anything."""
    said = bare(text)
    found = {*said, *(a + b for a, b in pairwise(said))}
    heard = [(*sounds(char), *initials(char)) if by_initials else sounds(char) for char in said]
    found.update(f"~{sound}" for char in said for sound in sounds(char))
    found.update(f"~{a} {b}" for first, second in pairwise(heard) for a in first for b in second)
    return frozenset(found | of_words(text).keys())


def of_words(text: str) -> dict[str, float]:
    """The grams of the words written in letters, with what each counts: `=shipping` whole, `=shi` `=hip` … in threes,
    so that `shiping` is found too. Pinyin is typed without blanks and read by sound besides.
    """
    found: dict[str, float] = {}
    for word in WORD.findall(unicodedata.normalize("NFKC", text).lower()):
        if word not in rules().small:
            padded = f"{word}_"
            found |= {f"={padded[at : at + 3]}": WORD_PART for at in range(len(padded) - 2)}
            found[f"={word}"] = WORD_WHOLE
    return found


def of_query(typed: str) -> tuple[dict[str, float], dict[str, float]]:
    """(the grams of a query with what each counts, those of its likeliest reading: what a full match amounts to)."""
    said = bare(typed)[:LONGEST_QUERY]
    read = readings(said)
    written = {char: WRITTEN for char in said if not char.isascii()}
    # Where letters stand beside characters they are typed for other characters: nothing is written so.
    written |= {a + b: WRITTEN_TWO for a, b in pairwise(said) if not (_letter(a) or _letter(b))}
    return (
        {**_heard(read.steps, read.pairs), **written},
        {**_heard(read.likeliest, in_twos(read.likeliest)), **written},
    )


def _heard(steps: tuple[Step, ...], pairs: tuple[tuple[Step, Step], ...]) -> dict[str, float]:
    """The grams by sound. The readings of a polyphone share what it counts: the same character matches them all."""
    found = {f"~{sound}": SOUND[s.kind] / len(s.sounds) for s in steps if SOUND[s.kind] for sound in s.sounds}
    for a, b in pairs:
        counts = min((SOUND_TWO[s.kind] for s in (a, b) if s.kind != "char"), default=SOUND_TWO["char"])
        each = counts / (len(a.sounds) * len(b.sounds) or 1)
        found |= {f"~{x} {y}": each for x in a.sounds for y in b.sounds}
    return found


def _letter(char: str) -> bool:
    return "a" <= char <= "z"
