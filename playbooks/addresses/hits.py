"""Where names of divisions stand in a text: the leftmost longest of each, a full name before a bare one."""

from __future__ import annotations

from operator import add
from typing import NamedTuple

from playbooks.addresses import guards
from playbooks.addresses.lexicon import Sense, Word, lexicon


class Hit(NamedTuple):
    """A name in the text from `start` to `end`."""

    start: int
    end: int
    word: Word


def hits(text: str) -> list[Hit]:
    """The names that may be places, in the order of the text; those that go on as another word are left out."""
    found = _longest(text)
    return _places(text, found) if found else found


def _longest(text: str) -> list[Hit]:
    """The longest name at each place, no two overlapping."""
    starts = lexicon().starts
    found: list[Hit] = []
    end = 0
    for start in [place for place, two in enumerate(map(add, text, text[1:])) if two in starts]:
        for word in starts[text[start : start + 2]]:
            if text.startswith(word.name, start):
                hit = Hit(start, start + len(word.name), word)
                if start >= end:
                    found.append(hit)
                else:
                    _resolve(found, hit)
                end = found[-1].end
                break
    return found


def _resolve(found: list[Hit], new: Hit) -> None:
    """Take a name that overlaps the last one if it is the better of the two: 山西省 rather than 君山 in 君山西省."""
    last = found[-1]
    if last.end <= new.start:
        found.append(new)
    elif (short := _shorter(last, new)) is not None:
        found[-1:] = [short, new]
    elif new.word.weight > last.word.weight:
        found.pop()
        if found:
            _resolve(found, new)
        else:
            found.append(new)


def _shorter(last: Hit, new: Hit) -> Hit | None:
    """济南市中区 is 济南 and 市中区: the last character of the one begins the other, which lies in it."""
    if not (last.word.full and new.word.full and new.start == last.end - 1 and _lies_in(new, last)):
        return None
    word = next((word for word in lexicon().starts[last.word.name[:2]] if word.name == last.word.name[:-1]), None)
    return Hit(last.start, new.start, word) if word else None


def _places(text: str, found: list[Hit]) -> list[Hit]:
    """Without the names that are part of another word, judged from the last to the first: what stays behind a name
    makes it a place (江西|上饶市), what goes does not (河南|南阳路)."""
    kept: list[Hit] = []
    follows = -1
    for place in range(len(found) - 1, -1, -1):
        hit = found[place]
        if hit.end == follows or _is_place(text, hit, found[place - 1] if place else None):
            kept.append(hit)
            follows = hit.start
    kept.reverse()
    return kept


def _is_place(text: str, hit: Hit, before: Hit | None) -> bool:
    word = hit.word
    suspect = guards.goes_on(text, hit.end) if word.full else bool(guards.thing().match(text, hit.end))
    if not suspect:
        return True
    inside = before is not None and before.end == hit.start and _lies_in(hit, before)
    return inside and (word.full or (word.level == 2 and not guards.road().match(text, hit.end)))


def _lies_in(hit: Hit, outer: Hit) -> bool:
    senses: tuple[Sense, ...] = outer.word.senses
    return any(one.code in sense.within for one in senses for sense in hit.word.senses)
