"""Places named in a text: `scan` finds chains of province, city, district and town with their offsets.

No name list is exact about language: what is found is marked by how far it is certain, so that a road called 上海路 is
never taken for Shanghai and a lone 新华区 accuses nobody (TRAPS, Addresses; REQUIREMENTS D01).
"""

from __future__ import annotations

from typing import NamedTuple

from playbooks.addresses import guards, towns
from playbooks.addresses.chains import Chain, chains
from playbooks.addresses.divisions import Division, has_parts
from playbooks.addresses.hits import hits
from playbooks.addresses.meaning import DISTRICT, chain_of
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
    if not is_odd(text):
        return tuple([_mention(chain, text) for chain in chains(text, hits(text))])
    folded = fold(text)
    plain = folded.text
    return tuple(_moved_back(_mention(chain, plain), folded) for chain in chains(plain, hits(plain)))


def _moved_back(one: Mention, folded: Folded) -> Mention:
    start, end = folded.back(one.start, one.end)
    return one._replace(start=start, end=end)


def _mention(chain: Chain, text: str) -> Mention:
    """The chain with the town behind it."""
    begin, name, end, said = chain
    units, sure, candidates = said.units, said.sure, said.candidates
    written = text[name:end]
    start = guards.skip(text, end)
    if start == len(text):
        return Mention(units, begin, end, said.sure_at_edge, said.outdated, candidates, written)
    if start > end:
        sure = said.sure_at_edge
    inner = said.means[0] if len(said.means) == 1 else _with_town(text, start, said.means)
    found = _inward(text, start, inner, written_on=start == end) if inner else None
    if found is not None:
        district, town, end = found
        units = (*chain_of(district.code), town) if town else chain_of(district.code)
        sure, candidates = (said.sure_in_town if town else sure), ()
    return Mention(units, begin, end, sure, said.outdated, candidates, written)


def _with_town(text: str, start: int, means: tuple[Division, ...]) -> Division | None:
    """The only one of several units that has the town written behind: 鼓楼区|洪山镇 is in 福州."""
    having = [unit for unit in means if towns.town_at(text, start, unit)]
    return having[0] if len(having) == 1 else None


def _inward(
    text: str, start: int, unit: Division, *, written_on: bool
) -> tuple[Division, Division | None, int] | None:
    """(district, town, end): as far in as the town at `start` leads from `unit`; None where no town is known there.

    A stem alone (河北|燕郊) leads to its district, if it is `written_on` and no road's or building's name.
    """
    if unit.level == DISTRICT or not has_parts(unit):
        town = towns.town_at(text, start, unit)
        return (unit, town, towns.end_of(text, start + len(town.name))) if town else None
    found = towns.district_of_town_at(text, start, unit)
    if found is None:
        return None
    district, town, end = found
    if town is None and (not written_on or guards.thing().match(text, end)):
        return None
    return district, town, towns.end_of(text, end)
