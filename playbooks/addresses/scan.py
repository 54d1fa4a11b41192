"""Places named in a text: `scan` finds chains of province, city, district and town with their offsets.

No name list is exact about language: what is found is marked by how far it is certain, so that a road called 上海路 is
never taken for Shanghai and a lone 新华区 accuses nobody (TRAPS, Addresses; REQUIREMENTS D01).
"""

from __future__ import annotations

from typing import NamedTuple

from playbooks.addresses import guards, towns
from playbooks.addresses.chains import Chain, chains
from playbooks.addresses.divisions import Division
from playbooks.addresses.hits import hits
from playbooks.addresses.meaning import Meaning, chain_of
from playbooks.addresses.normal import Folded, fold, is_odd


class Mention(NamedTuple):
    """One place named in a text, from `start` to `end` of the text as given.

    `units` its chain of today, outermost first; it may end in a guess (科尔沁 in 通辽市科尔沁甘蓝子街). `sure` is the
    part certain enough to accuse with: suffixed names, or two consecutive levels. `candidates` are all it may mean
    where that is more than one; `units` then is what they share (鼓楼区: none). `outdated`: a former name, or a former
    parent. `said` is the innermost name as it is written, without the town.
    """

    units: tuple[Division, ...]
    start: int
    end: int
    sure: tuple[Division, ...]
    outdated: bool
    candidates: tuple[Division, ...]
    said: str = ""

    @property
    def evidence(self) -> bool:
        """Whether it may be held against an order that goes elsewhere."""
        return bool(self.sure)


def scan(text: str) -> tuple[Mention, ...]:
    """The places named in `text`, in their order. Any text is allowed."""
    folded = fold(text) if is_odd(text) else None
    plain = folded.text if folded else text
    found = tuple([_mention(chain, plain) for chain in chains(plain, hits(plain))])
    return tuple(_moved_back(one, folded) for one in found) if folded and folded.at else found


def _moved_back(one: Mention, folded: Folded) -> Mention:
    start, end = folded.back(one.start, one.end)
    return one._replace(start=start, end=end)


def _mention(chain: Chain, text: str) -> Mention:
    """The chain with the town behind it."""
    begin, name, end, said = chain
    written = text[name:end]
    start = end if end < len(text) and text[end] not in guards.SIGNS else guards.skip(text, end)
    sure = said.sure if start == end < len(text) else said.sure_at_edge
    found = _inward(text, start, end, said) if start < len(text) else None
    if found is None:
        return Mention(said.units, begin, end, sure, said.outdated, said.candidates, written)
    district, town, end = found
    inner = chain_of(district.code)
    if town is None:
        return Mention(inner, begin, end, sure, said.outdated, (), written)
    return Mention((*inner, town), begin, end, said.sure_in_town, said.outdated, (), written)


def _inward(text: str, start: int, end: int, said: Meaning) -> tuple[Division, Division | None, int] | None:
    """(district, town, end): as far in as the town at `start` leads; None where no town is known there."""
    if said.district is not None:
        town = towns.town_at(text, start, said.district)
        return (said.district, town, towns.end_of(text, start + len(town.name))) if town else None
    if len(said.means) > 1:
        return _with_town(text, start, said.means)
    return _through_town(text, start, said.means[0], written_on=start == end)


def _with_town(
    text: str, start: int, means: tuple[Division, ...]
) -> tuple[Division, Division | None, int] | None:
    """The only one of several units that has the town written behind: 鼓楼区|洪山镇 is in 福州."""
    having = [(unit, town) for unit in means if (town := towns.town_at(text, start, unit))]
    if len(having) != 1:
        return None
    unit, town = having[0]
    return unit, town, towns.end_of(text, start + len(town.name))


def _through_town(
    text: str, start: int, unit: Division, *, written_on: bool
) -> tuple[Division, Division | None, int] | None:
    """The district of a town that only one in a province or city has: 河北 燕郊, 深圳 龙华街道.

    A stem alone leads to its district, if it is `written_on` and no road's or building's name.
    """
    found = towns.district_of_town_at(text, start, unit)
    if found is None:
        return None
    district, town, end = found
    if town is None and (not written_on or guards.thing().match(text, end)):
        return None
    return district, town, towns.end_of(text, end)
