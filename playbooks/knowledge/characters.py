"""How a character is read: `data/readings.tsv`, written by `make_readings`, a row for each rank and sound.

The rows are kept as three long texts and searched: 2 µs a character, in a hundredth of the memory a dict takes.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from itertools import accumulate, groupby
from operator import itemgetter
from typing import NamedTuple

from playbooks.rulebook import rows


class Rank(NamedTuple):
    """The likeliest readings of all characters; or the second, or the third, of those that have one."""

    characters: str
    ends: tuple[int, ...]
    """Where in `characters` those of each sound end."""
    sounds: tuple[str, ...]

    def of(self, char: str) -> str:
        """How it is read; '' where it has no such reading."""
        at = self.characters.find(char)
        return self.sounds[bisect_right(self.ends, at)] if at >= 0 else ""


@cache
def ranks() -> tuple[Rank, ...]:
    """The readings, likeliest first."""
    return tuple(_rank(list(some)) for _, some in groupby(rows("readings"), itemgetter("rank")))


def readings(char: str) -> tuple[str, ...]:
    """The common readings of one character without tones, likeliest first; none of what is no character."""
    return tuple(sound for rank in ranks() if (sound := rank.of(char)))


def _rank(table: list[dict[str, str]]) -> Rank:
    texts = [row["characters"] for row in table]
    return Rank("".join(texts), tuple(accumulate(map(len, texts))), tuple(row["sound"] for row in table))
