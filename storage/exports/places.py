"""Place fields at the door: a shifted column must not carry a name, phone or street into the store."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from playbooks.addresses import divisions
from playbooks.privacy import has_phone
from storage.exports import cells

LONGEST_PLACE = 15
"""Characters: the longest division names, 克孜勒苏柯尔克孜自治州 and the like, have fewer."""
LONGEST_ABROAD = 40
LONGEST_BRIEF = 40
"""Characters of a shop's, carrier's or talent's name, and of a flag's."""

CITY = re.compile(r"[\u4e00-\u9fff]{2,11}?(?:自治州|地区|盟|市|州)")
DISTRICT = re.compile(r"[\u4e00-\u9fff]{1,14}?(?:自治县|自治旗|[区县市旗])")
PACKED = re.compile(r"\s*([^,，]{1,40})[,，]\s*([\d*+() -]{5,25})[,，]\s*(.*?)[\s,，]*", re.DOTALL)
PARTS = 3


@lru_cache(maxsize=4096)
def place(text: str) -> str:
    """A province, city or district as it stands; "" where it is ciphered, masked, or can be no division's name."""
    clear = cells.clear(text).strip()
    chinese = any("\u4e00" <= c <= "\u9fff" for c in clear)
    longest = LONGEST_PLACE if chinese else LONGEST_ABROAD
    blank = chinese and any(c.isspace() for c in clear)  # "Jakarta Selatan" may have one
    return "" if blank or len(clear) > longest or any(c.isdigit() for c in clear) else clear


@lru_cache(maxsize=4096)
def title(text: str) -> str:
    """A product's title; "" where a phone slipped into it, for then a name and a street did as well."""
    return "" if has_phone(text) else text


@lru_cache(maxsize=4096)
def brief(text: str) -> str:
    """A short name or word that is no person's data; "" where it is too long for one or holds a phone."""
    return "" if len(text) > LONGEST_BRIEF else title(text)


def division(address: str) -> tuple[str, str, str]:
    """Province, city and district an address begins with: 浙江省 杭州市 西湖区 …, or written on, 广东深圳市福田区….

    "" for what it does not say. Only the divisions' own names count, so that no street or name is taken for one.
    """
    first, *rest = cells.clear(address).split() or [""]
    if divisions.province(first) and len(rest) >= PARTS - 1:
        return place(first), place(rest[0]), known_district(rest[1], rest[0])
    run = "".join((first, *rest))
    province = next((name for name in province_names() if run.startswith(name)), "")
    if not province:
        return "", "", ""
    unit, run = divisions.province(province), run.removeprefix(province)
    city = CITY.match(run)
    if city is None or divisions.city(city[0], unit) is None:
        return province, "", district_in(run) if unit and divisions.municipal(unit) else ""
    return province, city[0], district_in(run[city.end() :])


def district_in(run: str) -> str:
    """The district a text begins with, else ""."""
    found = DISTRICT.match(run)
    return known_district(found[0], "") if found else ""


def known_district(name: str, city: str) -> str:
    """`name` where a division is called so; a town or street in its place is none."""
    return place(name) if name in divisions.table().named and name != city else ""


@cache
def province_names() -> tuple[str, ...]:
    """Every province by full and short name, long ones first."""
    units = [unit.name for unit in divisions.table().by_code.values() if unit.level == 1]
    return tuple(sorted({*units, *map(divisions.stem, units)}, key=len, reverse=True))


def packed_address(text: str) -> tuple[str, str, str]:
    """Name, phone and address of 周强，86-139…，江苏省 扬州市 …, as 千牛 packs them; else just the address."""
    found = PACKED.fullmatch(text)
    name, phone, address = found.groups() if found else ("", "", text)
    return cells.clear(name), cells.clear(phone), cells.clear(address)
