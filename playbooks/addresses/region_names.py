"""What a region of a rule is called and means: from a province down to one town of a district (REQUIREMENTS D01)."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from playbooks.addresses import divisions
from playbooks.addresses.divisions import Division
from playbooks.addresses.history import formerly
from playbooks.addresses.towns import town_at
from playbooks.model import Refusal

LEVEL_DISTRICT = 3


class Target(NamedTuple):
    """What a region of a rule aims at: divisions by code (none: abroad), within them one `town` or, '', all."""

    name: str
    codes: frozenset[str]
    town: str


@lru_cache(maxsize=2_000)
def target(name: str) -> Target:
    """What a rule's region means: 青海省, 北京市顺义区 (a path, for names there are several of), 三河市燕郊镇."""
    if units := divisions.called(name) or formerly(name):
        return Target(name, frozenset(unit.code for unit in units), "")
    unit, rest = path(name)
    return Target(name, frozenset([unit.code]) if unit else frozenset(), rest)


def path(text: str, outer: Division | None = None) -> tuple[Division | None, str]:
    """The innermost division a run of names leads to, each in the one before, and what is left of the text."""
    for end in range(len(text), 1, -1):
        for unit in divisions.also_called(text[:end]):
            if not unit.until and (outer is None or divisions.lies_in(unit, outer)) and unit != outer:
                return path(text[end:], unit)
    return outer, text


def region(word: str) -> str | None:
    """The name to keep for the region `word` says, None when there is no single one.

    A province goes before a city: 吉林 is the province, 吉林市 the city. A district or town is kept with what
    it lies in: 北京市顺义区, 河北省廊坊市三河市燕郊镇.
    """
    found = divisions.province(word) or divisions.city(word) or directly_administered(word)
    return found.name if found else district_or_town(word)


def district_or_town(word: str) -> str | None:
    """Raises Refusal audit.region_which where several districts are called so."""
    several = [unit for unit in divisions.called(word) if unit.level == LEVEL_DISTRICT]
    if len(several) > 1:
        raise Refusal(
            "audit.region_which", region=word, one=full_name(several[0]), other=full_name(several[1])
        )
    unit, rest = path(word)
    if unit is None or (unit.level < LEVEL_DISTRICT and divisions.has_parts(unit)):
        return None
    return full_name(unit) + rest if not rest or is_town(rest, unit) else None


def is_town(name: str, unit: Division) -> bool:
    """Whether a district (or a city without districts) has a town of this full name."""
    found = town_at(name, 0, unit)
    return found is not None and found.name == name


def full_name(unit: Division) -> str:
    """北京市顺义区: everything it lies in, then itself."""
    return "".join(dict.fromkeys(step.name for step in reversed(tuple(divisions.above(unit)))))


def directly_administered(word: str) -> divisions.Division | None:
    """A county that answers to its province itself (济源市, 仙桃市, 石河子市)."""
    found = divisions.called(word) or divisions.called(f"{word}市")
    return next((unit for unit in found if divisions.answers_to_province(unit)), None)
