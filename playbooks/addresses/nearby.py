"""What a bare name means near a city: one of its own parts, a county of its province, a county-level city anywhere."""

from __future__ import annotations

from functools import cache, lru_cache

from playbooks.addresses import divisions, towns
from playbooks.addresses.divisions import Division
from playbooks.addresses.findings import Span

Found = tuple[Span, Division]
"""Where a name stands and what it means."""
SHORT, COUNTY = 2, 3


def name_at(text: str, start: int, city: str) -> Found | None:
    """The longest name that stands there."""
    own, wider = within(city), _around(_province(city))
    for end in range(min(len(text), start + towns.LONGEST), start + SHORT - 1, -1):
        name = text[start:end]
        if unit := own.get(name) or wider.get(name):
            return (start, end), unit
    return None


def name_before(text: str, end: int, city: str) -> Found | None:
    """The longest name that ends there."""
    own, wider = within(city), _around(_province(city))
    for start in range(max(0, end - towns.LONGEST), end - SHORT + 1):
        name = text[start:end]
        if unit := own.get(name) or wider.get(name):
            return (start, end), unit
    return None


@lru_cache(maxsize=400)
def _province(city: str) -> str:
    return list(divisions.above(divisions.table().by_code[city]))[-1].code


@lru_cache(maxsize=40)
def _around(province: str) -> dict[str, Division]:
    """What is known in a whole province: its counties, and county-level cities anywhere."""
    return {**_far(), **_near(province)}


@cache
def _far() -> dict[str, Division]:
    """Bare names of county-level cities that only one place bears: 义乌, 昆山."""
    every = divisions.table().by_code.values()
    cities = (unit for unit in every if unit.level == COUNTY and unit.name.endswith("市") and not unit.until)
    return {divisions.stem(unit.name): unit for unit in cities if _only(unit)}


def _near(province: str) -> dict[str, Division]:
    """Bare names of a province's districts and counties that only one place bears: 桐庐, 余杭."""
    table = divisions.table()
    parts = (
        part
        for city in table.children.get(province, ())
        for part in (city, *table.children.get(city.code, ()))
    )
    return {divisions.stem(unit.name): unit for unit in parts if unit.level == COUNTY and _only(unit)}


def _only(unit: Division) -> bool:
    stem = divisions.stem(unit.name)
    same = [one for one in divisions.table().short[stem] if not one.until]
    return SHORT <= len(stem) < len(unit.name) and len(same) == 1 and not divisions.generic(unit.name)


@lru_cache(maxsize=400)
def within(city: str) -> dict[str, Division]:
    """Full and short name of each district of a city -> it; where it has none, of each town -> the city."""
    unit = divisions.table().by_code[city]
    parts = divisions.table().children.get(city, [])
    if not parts:
        return dict.fromkeys(towns.names(city), unit)
    found = {name: part for part in parts for name in (part.name, divisions.stem(part.name))}
    return {name: part for name, part in found.items() if len(name) >= SHORT and not divisions.generic(name)}
