"""What somebody may have meant to type who found nothing: the same sounds in other characters, letters swapped."""

from __future__ import annotations

from collections.abc import Iterator

from playbooks.knowledge.grams import bare
from playbooks.knowledge.pinyin import readings, sounds

LONGEST = 12
"""Characters or letters: a slip hides the whole of one short word; of a sentence the rest is found all the same."""
SHORTEST = 4
"""Letters in which two may be swapped: of fewer, any two make another word."""


def meant(typed: str) -> tuple[str, ...]:
    """Other spellings of a short word, the likeliest first: 演水 as `yanshui`, `yanshiu` as `yanshui`.

    () for what is long, mixed, or letters that are whole syllables as they stand.
    """
    said = bare(typed)
    if not 1 < len(said) <= LONGEST:
        return ()
    if not any(char.isascii() for char in said):
        heard = [sounds(char) for char in said]
        return ("".join(one[0] for one in heard),) if all(heard) else ()
    letters = len(said) >= SHORTEST and all("a" <= char <= "z" for char in said)
    return () if not letters or _whole(said) else tuple(_swapped(said))


def _swapped(said: str) -> Iterator[str]:
    """Two neighbours the other way round, where that makes whole syllables."""
    for at in range(len(said) - 1):
        other = said[:at] + said[at + 1] + said[at] + said[at + 2 :]
        if other != said and _whole(other):
            yield other


def _whole(letters: str) -> bool:
    return all(step.kind == "syllable" for step in readings(letters).likeliest)
