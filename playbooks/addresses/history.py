"""What divisions were called and where they lay since 1990: renamed and moved units are the same place.

The rows are `data/division_history.tsv` (written by `make_history`). 襄樊市 is 襄阳市 of today, 公主岭市 lay in
四平市 and lies in 长春市, 郊区 of 长治市 came to two districts (TRAPS, Addresses).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from playbooks.addresses.divisions import Division, above, stem, table, tidy
from playbooks.rulebook import rows


class Former(NamedTuple):
    """A unit of then: `code` marked as former, `within` the codes it lay in, `until` a year, `now` today's units."""

    code: str
    level: int
    name: str
    within: frozenset[str]
    until: int
    now: tuple[Division, ...]


MARK = "former "


@cache
def formers() -> tuple[Former, ...]:
    """Every city and district that ended since 1990, under a code of its own that no unit of today has."""
    found = list(rows("division_history"))
    provinces = {unit.name: unit for unit in table().by_code.values() if unit.level == 1}
    cities = _cities(found)
    return tuple(_former(row, provinces[row["province"]], cities, found) for row in found)


def _cities(found: Iterable[dict[str, str]]) -> dict[tuple[str, str], str]:
    """(province, city) -> code, of today and of then; today's goes first."""
    then = {(row["province"], row["name"]): MARK + row["code"] for row in found if row["level"] == "2"}
    today = {
        (table().by_code[unit.parent].name, unit.name): unit.code
        for unit in table().by_code.values()
        if unit.level == 2
    }
    return then | today


def _former(
    row: dict[str, str],
    province: Division,
    cities: dict[tuple[str, str], str],
    found: Iterable[dict[str, str]],
) -> Former:
    now = tuple(table().by_code[code] for code in row["now"].split())
    if not now and row["level"] == "2":
        now = _came_to(row, province, found)
    within = {province.code, cities.get((row["province"], row["parent"]), province.code)}
    code = MARK + row["code"]
    return Former(code, int(row["level"]), row["name"], frozenset(within - {code}), int(row["until"]), now)


def _came_to(
    row: dict[str, str], province: Division, found: Iterable[dict[str, str]]
) -> tuple[Division, ...]:
    """Today's cities for a prefecture without a successor of its own: the one of its name, else its districts'."""
    same = [unit for unit in table().children[province.code] if stem(unit.name) == stem(row["name"])]
    cities = [unit for unit in same if unit.level == 2]
    if cities:
        return tuple(cities)
    parts = (part for part in found if part["parent"] == row["name"] and part["province"] == row["province"])
    codes = {table().by_code[code].parent for part in parts for code in part["now"].split()}
    return tuple(table().by_code[code] for code in sorted(codes))


@cache
def lay_in() -> dict[str, frozenset[str]]:
    """Code of a unit of today -> the codes of what it lay in since 1990, and of what that came to (柳州市)."""
    found: dict[str, set[str]] = defaultdict(set)
    heir = {former.code: former.now[0].code for former in formers() if len(former.now) == 1}
    for former in formers():
        for unit in former.now:
            found[unit.code] |= former.within | {heir[code] for code in former.within if code in heir}
    return {code: frozenset(codes - {code}) for code, codes in found.items()}


@cache
def _named() -> dict[str, tuple[Former, ...]]:
    found: dict[str, list[Former]] = defaultdict(list)
    for former in formers():
        found[former.name].append(former)
    return {name: tuple(units) for name, units in found.items()}


def formerly(text: str, outer: Division | None = None) -> tuple[Division, ...]:
    """The units of today that a former name means, in `outer` where it is given; empty where it is none.

    襄樊市 -> 襄阳市; 郊区 in 长治市 -> two districts. A name that is still in use there is not former.
    """
    found = [unit for former in _named().get(tidy(text), ()) if _in(former, outer) for unit in former.now]
    unique = {unit.code: unit for unit in found}
    return () if any(unit.name == tidy(text) for unit in found) else tuple(unique.values())


def _in(former: Former, outer: Division | None) -> bool:
    return outer is None or outer.code in former.within or any(_ever(unit, outer) for unit in former.now)


def lies_or_lay_in(unit: Division, outer: Division) -> bool:
    """Whether `unit` lies in `outer` today or did since 1990: 公主岭市 in 四平市 (until 2020)."""
    return _ever(unit, outer)


def _ever(unit: Division, outer: Division) -> bool:
    return outer.code in set(_codes(unit))


def _codes(unit: Division) -> Iterator[str]:
    """The codes of the unit and all it lies or lay in."""
    for step in above(unit):
        yield step.code
        yield from lay_in().get(step.code, ())
