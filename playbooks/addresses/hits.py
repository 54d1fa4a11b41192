"""Where names of divisions stand in a text: the leftmost longest of each, a full name before a bare one."""

from __future__ import annotations

from playbooks.addresses import guards, towns
from playbooks.addresses.lexicon import DISTRICT, Sense, Word, lexicon

Hit = tuple[int, int, Word]
"""A name in the text: where it starts, where it ends, and the word. Plain tuples: an address has four of them."""


def hits(text: str) -> list[Hit]:
    """The names that may be places, in the order of the text; those that go on as another word are left out."""
    found = _longest(text)
    return _places(text, found) if found else found


def _longest(text: str) -> list[Hit]:
    """The longest name at each place, no two overlapping."""
    words, find = lexicon().words, lexicon().find
    # Every name that stands anywhere, by its end: of those that start together the last is the longest.
    longest = {start: (start, end, words[number]) for number, start, end in find(text, overlapping=True)}
    found: list[Hit] = []
    taken = 0
    for start in sorted(longest):
        if start >= taken:
            found.append(longest[start])
        else:
            _resolve(found, longest[start])
        taken = found[-1][1]
    return found


def _resolve(found: list[Hit], new: Hit) -> None:
    """Take a name that overlaps the last one if it is the better of the two: 山西省 rather than 君山 in 君山西省."""
    last = found[-1]
    if last[1] <= new[0]:
        found.append(new)
    elif (short := _shorter(last, new)) is not None:
        found[-1:] = [short, new]
    elif new[2].weight > last[2].weight:
        found.pop()
        if found:
            _resolve(found, new)
        else:
            found.append(new)


def _shorter(last: Hit, new: Hit) -> Hit | None:
    """济南市中区 is 济南 and 市中区: the last character of the one begins the other, which lies in it."""
    (start, end, outer), (begin, _, inner) = last, new
    if not (outer.full and inner.full and begin == end - 1 and _inside(inner, outer)):
        return None
    bare = next((word for _, _, word in _longest(outer.name[:-1]) if word.name == outer.name[:-1]), None)
    return (start, begin, bare) if bare else None


def _places(text: str, found: list[Hit]) -> list[Hit]:
    """Without the names that are part of another word, judged from the last to the first: what stays behind a name
    makes it a place (江西|上饶市), what goes does not (河南|南阳路)."""
    follows = len(text) + 1
    for place in range(len(found) - 1, -1, -1):
        start, end, word = found[place]
        if end == follows or not word.other.match(text, end) or _stands(text, found, place):
            follows = start
        else:
            del found[place]
    return found


def _stands(text: str, found: list[Hit], place: int) -> bool:
    """Whether a name that may be part of another word is a place, because it lies in the one right before it or its
    own town is behind it (东莞|塘厦镇)."""
    start, end, word = found[place]
    if not word.full and town_follows(text, end, word):
        return True
    if place == 0 or found[place - 1][1] != start:
        return False
    inside = _inside(word, found[place - 1][2])
    if word.full:
        return bool(inside)
    return any(sense.level < DISTRICT for sense in inside) and not guards.road().match(text, end)


def _inside(inner: Word, outer: Word) -> list[Sense]:
    """The meanings of a name that lie in a meaning of another."""
    codes = {sense.code for sense in outer.senses}
    return [sense for sense in inner.senses if codes & sense.within]


def town_follows(text: str, end: int, word: Word) -> bool:
    """昆山|花桥镇: the town behind it is one of the district's, or of the city's that has no districts."""
    return any(towns.town_at(text, end, unit) for sense in word.senses for unit in sense.units)
