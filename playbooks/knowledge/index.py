"""The index: which entries hold which grams, and the search over it. Built once, never changed, safe to share."""

from __future__ import annotations

from collections.abc import Iterable
from math import log1p
from typing import NamedTuple

from playbooks.knowledge import slips
from playbooks.knowledge.grams import LONGEST_QUERY, bare, of_query, of_text, of_words

TEXT_COUNTS = 0.45
"""What a match within an entry's text counts beside one within its question or another name for it."""
LONGER = 0.05
"""What each character a phrase has beyond the query's takes away: of two that hold the query the shorter is meant."""
SLIPPED = 0.8
"""How much a hit counts that what was typed had to be corrected for."""
LEAST = 0.34
"""Of what a full match would count, what a hit must reach: less is chance."""


class Searched(NamedTuple):
    """What is searched: an id, the `phrases` it goes by (question, other names), and its longer `text`."""

    id: str
    phrases: tuple[str, ...]
    text: str = ""


class Hit(NamedTuple):
    """An entry found; `score` is 1 for a full match, more never."""

    id: str
    score: float


class Index:
    """Over many entries; see `search`."""

    def __init__(self, entries: Iterable[Searched]) -> None:
        self._ids: list[str] = []
        self._lengths: list[int] = []
        self._counts: list[float] = []
        self._holds: dict[str, list[int]] = {}
        for entry in entries:
            for phrase in entry.phrases:
                self._add(entry.id, phrase, 1.0)
            if entry.text:
                self._add(entry.id, entry.text, TEXT_COUNTS)

    def __len__(self) -> int:
        return len(self._ids)

    def _add(self, id: str, text: str, counts: float) -> None:
        number = len(self._ids)
        self._ids.append(id)
        self._lengths.append(len(bare(text)))
        self._counts.append(counts)
        for gram in of_text(text, by_initials=counts == 1.0):
            self._holds.setdefault(gram, []).append(number)

    def search(self, typed: str, most: int = 5) -> list[Hit]:
        """At most `most` entries that hold what was typed, best first: characters, pinyin, initials, with slips.

        Where that is nothing, what a short word may have been meant to be.
        """
        if hits := self._hits(typed, most):
            return hits
        found = (self._hits(other, most) for other in slips.meant(typed))
        return [Hit(hit.id, hit.score * SLIPPED) for hit in next((hits for hits in found if hits), [])]

    def _hits(self, typed: str, most: int) -> list[Hit]:
        grams, full = of_query(typed)
        words = of_words(typed[:LONGEST_QUERY])
        found = self._scored(grams, full, typed, most)
        if words:
            found += self._scored(words, words, typed, most)
        best: dict[str, float] = {}
        for id, score in found:
            best[id] = max(best.get(id, 0.0), score)
        ranked = sorted(best.items(), key=lambda one: -one[1])
        return [Hit(id, score) for id, score in ranked[:most]]

    def _scored(self, grams: dict[str, float], full: dict[str, float], typed: str, most: int) -> list[Hit]:
        """The hits of the entries that hold `grams`, measured by what all of `full` would count."""
        needed = sum(counts * self._rare(gram) for gram, counts in full.items())
        if not needed:
            return []
        scores: dict[int, float] = {}
        for gram, counts in grams.items():
            worth = counts * self._rare(gram)
            for number in self._holds.get(gram, ()):
                scores[number] = scores.get(number, 0.0) + worth
        return self._best(scores, needed, len(bare(typed)), most)

    def _rare(self, gram: str) -> float:
        return log1p(len(self._ids) / (1 + len(self._holds.get(gram, ()))))

    def _best(self, scores: dict[int, float], needed: float, length: int, most: int) -> list[Hit]:
        best: dict[str, float] = {}
        for number, score in scores.items():
            reached = score / needed * self._counts[number]  # beyond 1 where a second reading matches too
            if reached < LEAST:
                continue
            reached /= 1 + LONGER * log1p(max(0, self._lengths[number] - length))
            id = self._ids[number]
            best[id] = max(best.get(id, 0.0), reached)
        ranked = sorted(best.items(), key=lambda one: -one[1])
        return [Hit(id, min(1.0, score)) for id, score in ranked[:most]]
