"""Whether English words are the same but for slips of the hand: `watreproof`, `water proof`, `watterproof`."""

from __future__ import annotations

from collections.abc import Collection
from itertools import permutations

SHORTEST = 7
"""Letters of a word that may be misspelt: a letter makes another word of shorter ones (small, smell; light, night)."""


def same_words(some: Collection[str], others: Collection[str]) -> bool:
    """Whether each word of one stands in the other, as it is, misspelt by one letter, or written in two words."""
    mine, theirs = set(some) - set(others), set(others) - set(some)
    for word in sorted(mine):
        meant = next((other for other in sorted(theirs) if misspelt(word, other)), None)
        if meant:
            mine.discard(word)
            theirs.discard(meant)
    return mine == theirs or _apart(mine, theirs) or _apart(theirs, mine)


def _apart(two: set[str], one: set[str]) -> bool:
    """`water proof` and `waterproof`, the parts in either order for sets have none."""
    return len(two) == 2 and len(one) == 1 and any(_meant("".join(parts), one) for parts in permutations(two))


def _meant(word: str, one: set[str]) -> bool:
    return any(word == other or misspelt(word, other) for other in one)


def misspelt(one: str, other: str) -> bool:
    """Whether one letter is wrong, missing, too many, or two neighbours are swapped, in words long enough for it."""
    if max(len(one), len(other)) < SHORTEST or one[0] != other[0] or not (one + other).isalpha():
        return False
    longer, shorter = sorted((one, other), key=len, reverse=True)
    if len(longer) - len(shorter) > 1:
        return False
    at = next(
        (n for n, pair in enumerate(zip(longer, shorter, strict=False)) if pair[0] != pair[1]), len(shorter)
    )
    rest, other_rest = longer[at:], shorter[at:]
    if len(longer) > len(shorter):
        return rest[1:] == other_rest
    swapped = rest[:2] == other_rest[:2][::-1] and rest[2:] == other_rest[2:]
    return swapped or rest[1:] == other_rest[1:]
