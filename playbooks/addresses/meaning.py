"""What names mean that stand together: 浙江省 杭州市 西湖区 is one place, 巢湖市 庐江县 the one of before 2011.

Worked out once for each row of names and remembered: a day's orders name the same few thousand places.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise, takewhile
from typing import NamedTuple

from playbooks.addresses.divisions import Division, above, has_parts, table
from playbooks.addresses.lexicon import Sense, lexicon

Reading = tuple[Sense, ...]
"""One way to understand a row of names: the sense of each, outermost first."""
DISTRICT = 3
SHORT_DISTRICT = 3
"""Characters up to which a 区 standing alone says nothing: 新华区 occurs in many a town's speech."""
REMEMBERED = 8192
"""Rows of names kept in memory: more than there are districts."""


class Meaning(NamedTuple):
    """What a row of names means.

    `readings` every way to understand it, `means` the units of today the likeliest give the last name, `district` the
    only one of them if towns lie right in it, `units` their chain or what several share, `candidates` and `outdated` as
    in `scan.Mention`. The certain part of `units` is `sure` in the middle of a text, `sure_at_edge` where nothing is
    written on, `sure_in_town` before its town.
    """

    readings: tuple[Reading, ...]
    means: tuple[Division, ...]
    district: Division | None
    units: tuple[Division, ...]
    sure: tuple[Division, ...]
    sure_at_edge: tuple[Division, ...]
    sure_in_town: tuple[Division, ...]
    candidates: tuple[Division, ...]
    outdated: bool


@lru_cache(maxsize=REMEMBERED)
def meaning(names: tuple[str, ...]) -> Meaning | None:
    """What the names mean together; None where the last does not belong to those before it."""
    senses = lexicon().senses[names[-1]]
    if len(names) == 1:
        return _understood(tuple((sense,) for sense in senses))
    before = meaning(names[:-1])
    if before is None:
        return None
    longer = [(*one, sense) for one in before.readings for sense in senses if one[-1].code in sense.within]
    readings = (*longer, *_said_again(before.readings, senses))
    return _understood(readings) if readings else None


def _said_again(readings: Sequence[Reading], senses: Sequence[Sense]) -> list[Reading]:
    """北京北京市: the same once more, but not the bare name behind the full one (曲阜市|曲阜鼓楼北街)."""
    return [
        (*one[:-1], sense)
        for one in readings
        for sense in senses
        if one[-1].code == sense.code and (sense.full or not one[-1].full)
    ]


def _understood(readings: tuple[Reading, ...]) -> Meaning:
    likeliest = _likeliest(readings)
    means = _meant(likeliest)
    units = chain_of(means[0].code) if len(means) == 1 else _shared(means)
    first = likeliest[0]
    several = units if first[-1].full and len(first) > 1 else ()
    sure, at_edge, in_town = (
        (_sure(first, edge=edge, town=town) for edge, town in ((False, False), (True, False), (True, True)))
        if len(means) == 1
        else (several, several, several)
    )
    return Meaning(
        readings=readings,
        means=means,
        district=_district(means),
        units=units,
        sure=sure,
        sure_at_edge=at_edge,
        sure_in_town=in_town,
        candidates=_candidates(readings, means),
        outdated=_outdated(first),
    )


def _district(means: tuple[Division, ...]) -> Division | None:
    lone = means[0] if len(means) == 1 else None
    return lone if lone and (lone.level == DISTRICT or not has_parts(lone)) else None


def _likeliest(readings: tuple[Reading, ...]) -> list[Reading]:
    """Those of the best rank: names of today before former ones, a bare one rather a province's or city's."""
    ranks = [_rank(reading) for reading in readings]
    best = min(ranks)
    return [reading for reading, rank in zip(readings, ranks, strict=True) if rank == best]


def _rank(reading: Reading) -> tuple[int, bool, int]:
    last = reading[-1]
    return sum(sense.former for sense in reading), not last.full, 0 if last.full else last.level


def _meant(readings: Sequence[Reading]) -> tuple[Division, ...]:
    """The units of today the last name may mean, each once."""
    return tuple({unit.code: unit for reading in readings for unit in reading[-1].units}.values())


@cache
def chain_of(code: str) -> tuple[Division, ...]:
    """The unit of a code and those it lies in, outermost first."""
    return tuple(above(table().by_code[code]))[::-1]


def _shared(units: Sequence[Division]) -> tuple[Division, ...]:
    """What several units lie in, outermost first: the province of two of its districts."""
    lines = [chain_of(unit.code) for unit in units]
    same = takewhile(lambda step: len({unit.code for unit in step}) == 1, zip(*lines, strict=False))
    return tuple(step[0] for step in same)


def _sure(reading: Reading, *, edge: bool, town: bool) -> tuple[Division, ...]:
    """The chain down to the innermost name that is certain."""
    for place in range(len(reading) - 1, -1, -1):
        if _certain(reading, place, edge=edge, town=town):
            units = reading[place].units
            return chain_of(units[0].code) if len(units) == 1 else _shared(units)
    return ()


def _certain(reading: Reading, place: int, *, edge: bool, town: bool) -> bool:
    """A full name, or a bare one with something inside; a bare district's only with an edge or its town behind it.

    A single full name must say enough, unless its town follows.
    """
    sense, last = reading[place], place == len(reading) - 1
    if place > 0:
        return sense.full or not last or sense.level < DISTRICT or edge
    return sense.full and (not last or town or _says_enough(sense))


def _says_enough(sense: Sense) -> bool:
    name = sense.units[0].name
    return len(name) > (SHORT_DISTRICT if name.endswith("区") and sense.level == DISTRICT else 2)


def _outdated(reading: Reading) -> bool:
    """Whether a name is of the past, or lies no longer in the one before it."""
    moved = any(not _lies_in(inner.code, outer.code) for outer, inner in pairwise(reading))
    return moved or any(sense.former for sense in reading)


def _lies_in(inner: str, outer: str) -> bool:
    """Whether one lies in the other today, both by their codes; a former one lies in nothing."""
    return inner in table().by_code and outer in {unit.code for unit in chain_of(inner)}


def _candidates(readings: Sequence[Reading], means: tuple[Division, ...]) -> tuple[Division, ...]:
    """All a name may mean where that is more than one, also what a lone bare name is less likely to."""
    if len(means) > 1:
        return means
    lone = len(readings) > 1 and len(readings[0]) == 1 and not readings[0][0].full
    return _meant(readings) if lone else ()
