"""Every name a division goes by in running text, and what it may mean there: full, short, former and loose names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from playbooks.addresses import divisions, guards, history
from playbooks.addresses.divisions import Division, Names
from playbooks.rulebook import load


class Sense(NamedTuple):
    """One thing a name may mean.

    `code` is what its parts lie in, `within` every code it lies or lay in; `units` today's (several where a former
    unit was divided); `full` a name with its ending (杭州市, 恩施州), not a bare stem; `former` a name of the past.
    """

    code: str
    level: int
    within: frozenset[str]
    units: tuple[Division, ...]
    full: bool
    former: bool


class Word(NamedTuple):
    """A name with its meanings, those of today and the widest first.

    `full` and `level` are the first one's; of two names that overlap the one of greater `weight` stands; `other`
    matches what follows where the name is part of another word (上海|路, 东方市|场).
    """

    name: str
    length: int
    senses: tuple[Sense, ...]
    full: bool
    level: int
    weight: tuple[int, bool]
    other: re.Pattern[str]


class Lexicon(NamedTuple):
    """`find`: a text -> (number of the word, start, end) of every name in it, by their ends; `senses`: name ->
    meanings."""

    words: tuple[Word, ...]
    find: Callable[..., list[tuple[int, int, int]]]
    senses: dict[str, tuple[Sense, ...]]


LOOSE = {"自治州": ("州", "自治州"), "自治县": ("县", "自治县"), "自治旗": ("旗",), "新区": ("区",)}
"""An ending -> what people put behind the stem instead: 恩施州, 恭城县, 浦东区."""
DISTRICT, SHORT_DISTRICT = 3, 3
ENDINGS = "省市区县旗州盟镇乡"
"""What a full name ends with; 九龙 and 澳门半岛 are names of divisions, but no more evidence than a bare stem."""


@cache
def lexicon() -> Lexicon:
    meanings: dict[str, list[Sense]] = defaultdict(list)
    for name, sense in _all():
        if not any(sense.code == known.code for known in meanings[name]):
            meanings[name].append(sense)
    senses = {name: tuple(sorted(found, key=_rank)) for name, found in meanings.items()}
    words = tuple(_word(name, found) for name, found in senses.items())
    # 8,000 names at every place of a text: the automaton takes a third of what looking up each place did.
    return Lexicon(words, AhoCorasick(senses).find_matches_as_indexes, senses)


def _word(name: str, senses: tuple[Sense, ...]) -> Word:
    """Full names weigh more than bare ones, but a short 区 (海南区 in 上海南区) no more than a city's stem."""
    first = senses[0]
    short = first.level == DISTRICT and len(name) <= SHORT_DISTRICT
    weight = 3 if first.full and not short else 2 if first.level < DISTRICT else 1
    other = guards.goes_on(name) if first.full else guards.thing()
    return Word(name, len(name), senses, first.full, first.level, (weight, first.full), other)


def _rank(sense: Sense) -> tuple[bool, bool, int]:
    return sense.former, not sense.full, sense.level


def _all() -> Iterator[tuple[str, Sense]]:
    for unit in divisions.table().by_code.values():
        if not unit.until:
            yield from _today(unit)
    for former in history.formers():
        yield from _of_then(former)


def _today(unit: Division) -> Iterator[tuple[str, Sense]]:
    outer = frozenset(step.code for step in divisions.above(unit)) - {unit.code}
    within = outer.union(*(history.lay_in().get(code, ()) for code in (unit.code, *outer)))
    full = Sense(unit.code, unit.level, within, (unit,), full=True, former=False)
    also = load("division_names", Names).also.get(unit.code, ())
    for name in (unit.name, *_loose(unit.name), *also):
        yield name, full._replace(full=name[-1] in ENDINGS)
    yield from _bare(unit.name, full)


def _of_then(former: history.Former) -> Iterator[tuple[str, Sense]]:
    """The names of a unit of the past that its successors do not bear; a divided one is the part that kept its stem
    (淮阳县: 淮阳区)."""
    now = former.now
    if not now or former.name in {unit.name for unit in now}:
        return
    same = tuple(unit for unit in now if divisions.stem(unit.name) == divisions.stem(former.name))
    now = same if len(same) == 1 else now
    one = now[0] if len(now) == 1 else None
    within = former.within.union(*(_outer(unit) for unit in now)) if one else former.within
    sense = Sense(
        one.code if one and one.level == former.level else former.code,
        former.level, within, now, full=True, former=True,
    )  # fmt: skip
    for name in (former.name, *_loose(former.name)):
        yield name, sense
    yield from _bare(former.name, sense)


def _outer(unit: Division) -> frozenset[str]:
    return frozenset(step.code for step in divisions.above(unit)) - {unit.code}


def _loose(name: str) -> tuple[str, ...]:
    """恩施州 for 恩施土家族苗族自治州, 广西省 for 广西壮族自治区, 浦东区 for 浦东新区."""
    for ending, others in LOOSE.items():
        if name.endswith(ending) and len(name) > len(ending) + 1:
            short = divisions.stem(name) if ending != "新区" else name.removesuffix(ending)
            return tuple(f"{short}{other}" for other in others if f"{short}{other}" != name)
    return (f"{divisions.stem(name)}省",) if name.endswith("自治区") else ()


def _bare(name: str, full: Sense) -> Iterator[tuple[str, Sense]]:
    """The stem, unless it is one that says nothing (城关, 新市)."""
    short = name.removesuffix("新区") if name.endswith("新区") else divisions.stem(name)
    if len(short) > 1 and short != name and not divisions.generic(name):
        yield short, full._replace(full=False)
    if full.level == 1:
        said = load("division_names", Names).alias
        yield from ((word, full._replace(full=False)) for word, whole in said.items() if whole == name)
