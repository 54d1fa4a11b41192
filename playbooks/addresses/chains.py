"""Names that stand together in a text, gathered into places: 浙江省|杭州市|西湖区, 河北|三河市, 上海 上海市|浦东区."""

from __future__ import annotations

import re

from playbooks.addresses import guards
from playbooks.addresses.hits import Hit, town_follows
from playbooks.addresses.lexicon import Word
from playbooks.addresses.meaning import DISTRICT, Meaning, meaning

# What may stand between two names of a chain: signs, blanks and the Ministry's stand-ins for no unit.
_SIGNS = r"[\s,，、。.;；:：/\\|>\-—·]{0,8}"
_BETWEEN = re.compile(rf"{_SIGNS}(?:市辖区|(?:省|自治区)?直辖县级行政(?:区划|单位)|省直辖县?)?{_SIGNS}")
LONGEST_GAP = 30
SHORT = 2
"""Characters of a name that alone says nothing: 沙县, 东区."""


Chain = tuple[int, int, int, Meaning]
"""Names that lie in each other: where the first starts, where the innermost starts, where it ends, what they mean."""


def chains(text: str, found: list[Hit]) -> list[Chain]:
    """The names of a text gathered into places, in their order."""
    if len(found) > 1 and (one := _unbroken(found)):
        return [one]
    return _gathered(text, found)


def _unbroken(found: list[Hit]) -> Chain | None:
    """Most addresses name one place without a gap: all names together, read at once."""
    end = found[0][0]
    for start, stop, _ in found:
        if start != end:
            return None
        end = stop
    first, last = found[0], found[-1]
    known = meaning(tuple([word.name for _, _, word in found])) if first[2].level < DISTRICT else None
    return (first[0], last[0], end, known) if known else None


def _gathered(text: str, found: list[Hit]) -> list[Chain]:
    """One name more or the same once more (桂东县桂东县) grows a chain; any other begins one, if it may."""
    done: list[Chain] = []
    begin = inner = end = 0
    names: tuple[str, ...] = ()
    known: Meaning | None = None
    for start, stop, word in found:
        grown = meaning((*names, word.name)) if known and _joined(text, end, start) else None
        if grown is not None:
            names, known, inner, end = (*names, word.name), grown, start, stop
        elif _may_begin(text, start, stop, word):
            if known:
                done.append((begin, inner, end, known))
            names, begin, inner, end = (word.name,), start, start, stop
            known = meaning(names)
    if known:
        done.append((begin, inner, end, known))
    return done


def _joined(text: str, end: int, start: int) -> bool:
    return start == end or (start - end <= LONGEST_GAP and bool(_BETWEEN.fullmatch(text, end, start)))


def _may_begin(text: str, start: int, end: int, word: Word) -> bool:
    """Whether a name may stand first: not 东区 or 沙县 in the middle of a word, a bare district's stem only by itself
    or before its town; a town's name (Taiwan's districts) may be any town's."""
    if word.full:
        long = word.length > SHORT and word.name[-1] not in "镇乡"
        return long or (word.length == SHORT and guards.edge_before(text, start))
    if word.level < DISTRICT:
        return True
    return guards.edge_before(text, start) and (guards.at_edge(text, end) or town_follows(text, end, word))
