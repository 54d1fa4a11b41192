"""Names that stand together in a text, gathered into places: 浙江省|杭州市|西湖区, 河北|三河市, 上海 上海市|浦东区."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from playbooks.addresses import guards
from playbooks.addresses.hits import Hit
from playbooks.addresses.meaning import DISTRICT, Meaning, meaning

# What may stand between two names of a chain: signs, blanks and the Ministry's stand-ins for no unit.
_SIGNS = r"[\s,，、。.;；:：/\\|>\-—·]{0,8}"
_BETWEEN = re.compile(
    rf"{_SIGNS}(?:市辖区|(?:省|自治区)?直辖县级行政(?:区划|单位)|省直辖县?)?{_SIGNS}"
)
LONGEST_GAP = 30
SHORT = 2
"""Characters of a name that alone says nothing: 沙县, 东区."""


class Chain(NamedTuple):
    """Names from `start` to `end` that lie in each other, and what they mean; the innermost begins at `inner`."""

    start: int
    inner: int
    end: int
    names: tuple[str, ...]
    meaning: Meaning


def chains(text: str, found: Iterable[Hit]) -> list[Chain]:
    """The names of a text gathered into places, in their order."""
    done: list[Chain] = []
    for hit in found:
        if done and (grown := _grown(text, done[-1], hit)):
            done[-1] = grown
        elif _may_begin(text, hit) and (said := meaning((hit.word.name,))):
            done.append(Chain(hit.start, hit.start, hit.end, (hit.word.name,), said))
    return done


def _grown(text: str, chain: Chain, hit: Hit) -> Chain | None:
    """The chain with one name more, or with the same name once more (桂东县桂东县); None where it is another place."""
    if chain.end != hit.start and not _joined(text, chain.end, hit.start):
        return None
    names = (*chain.names, hit.word.name)
    said = meaning(names)
    return Chain(chain.start, hit.start, hit.end, names, said) if said else None


def _joined(text: str, end: int, start: int) -> bool:
    return start - end <= LONGEST_GAP and bool(_BETWEEN.fullmatch(text, end, start))


def _may_begin(text: str, hit: Hit) -> bool:
    """Whether a name may stand first: not 东区 or 沙县 in the middle of a word, a bare district's stem only by itself;
    a town's name (Taiwan's districts) may be any town's."""
    word = hit.word
    if word.full:
        long = len(word.name) > SHORT and word.name[-1] not in "镇乡"
        return long or (len(word.name) == SHORT and guards.edge_before(text, hit.start))
    if word.level < DISTRICT:
        return True
    return guards.edge_before(text, hit.start) and guards.at_edge(text, hit.end)
