"""The divisions an order's province, city and district fields name, and how other places lie to them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

from playbooks.addresses import divisions
from playbooks.addresses.divisions import Division
from playbooks.addresses.history import formerly, lies_or_lay_in

Relation = Literal["same", "other", "unknown"]
PlaceField = Literal["province", "city", "district"]


class Places(NamedTuple):
    """What the fields name, None where unknown; `outdated` the fields that hold a name of the past.

    `here` is what the innermost of them means today (several where a former unit was split); `codes` the unit and
    all it lies in, outermost first.
    """

    province: Division | None
    city: Division | None
    district: Division | None
    here: tuple[Division, ...]
    codes: tuple[str, ...]
    outdated: tuple[PlaceField, ...] = ()

    @property
    def said(self) -> str:
        """浙江省 杭州市: as far as the group needs it; the district is left to whoever works on it."""
        return " ".join(dict.fromkeys(unit.name for unit in (self.province, self.city) if unit))


NOWHERE = Places(None, None, None, (), ())
Found = tuple[Division | None, tuple[Division, ...], bool]
"""What a field names, what that means today, whether the name is of the past."""


@lru_cache(maxsize=20_000)
def places(province: str, city: str, district: str) -> Places:
    """Field texts as divisions; the names recur in thousands of orders, so each set is looked up once."""
    outer = divisions.province(province)
    middle, cities, old_city = known(city, divisions.city(city, outer), outer)
    area = cities[0] if cities else outer
    inner, parts, old_part = known(district, divisions.district(district, area) if area else None, area)
    here = parts or cities or ((outer,) if outer else ())
    codes = tuple(unit.code for unit in reversed(tuple(divisions.above(here[0])))) if here else ()
    old: tuple[tuple[PlaceField, bool], ...] = (("city", old_city), ("district", old_part))
    return Places(outer, middle, inner, here, codes, tuple(field for field, is_old in old if is_old))


def known(text: str, found: Division | None, outer: Division | None) -> Found:
    """What a field names inside `outer`, today or at any time since 1990 (公主岭市 in 四平市, 下城区 in 杭州市)."""
    if found is not None and not found.until:
        return found, (found,), False
    if divisions.stands_in(text) or outer is None:
        return found, (), False
    moved = tuple(unit for unit in divisions.called(text) if unit != outer and lies_or_lay_in(unit, outer))
    today = formerly(text, outer) or moved
    if found is None and not today:
        return None, (), False
    return found or today[0], today or (outer,), True


def of_unit(unit: Division) -> Places:
    """The places of an order whose fields say nothing and whose address begins with `unit`."""
    chain = tuple(reversed(tuple(divisions.above(unit))))
    by_level = {step.level: step for step in chain}
    city = by_level.get(2) or (chain[0] if divisions.municipal(chain[0]) else None)
    return Places(chain[0], city, by_level.get(3), (unit,), tuple(step.code for step in chain))


def relation(options: Iterable[Division], own: Places) -> Relation:
    """How what a text may mean (`options`) lies to where the order goes: one that fits makes it the same.

    西湖区 in a text is 杭州's when the order goes to 杭州; a city says nothing against a district within it.
    """
    units = tuple(options)
    if not own.here or not units:
        return "unknown"
    fits = any(
        lies_or_lay_in(unit, here) or lies_or_lay_in(here, unit) for unit in units for here in own.here
    )
    return "same" if fits else "other"


def nearest(options: Iterable[Division], own: Places) -> Division:
    """Of several places of a name, the one that shares most with where the order goes."""
    return max(options, key=lambda unit: sum(step.code in own.codes for step in divisions.above(unit)))


def said(unit: Division) -> str:
    """江苏省 南京市 鼓楼区; a municipality is named once, a town not at all."""
    steps = [step.name for step in divisions.above(unit) if step.level < 4]
    return " ".join(dict.fromkeys(reversed(steps)))
