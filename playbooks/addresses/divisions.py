"""Administrative divisions 行政区划: province, city and district by full and by short name.

The table is `data/divisions.tsv` (written by `make_divisions`), the ways of shortening a name stand in
`data/division_names.toml`. A name that is in neither is unknown, which is never a contradiction
(TRAPS, Addresses).
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache

from playbooks.model import Model
from playbooks.rulebook import DATA, load, rows


class Division(Model):
    """One unit. `level` 1 province, 2 city, 3 district; `until` the year a former unit ended, else empty."""

    code: str
    level: int
    name: str
    parent: str
    until: str = ""


class Words(Model):
    endings: tuple[str, ...]
    stand_ins: tuple[str, ...]
    generic: tuple[str, ...]
    peoples: tuple[str, ...]


class Names(Model):
    alias: dict[str, str]
    also: dict[str, tuple[str, ...]]
    words: Words


def read_as_of() -> tuple[date, str]:
    """What day the Ministry's table is true for, and the month the overlay reaches, from the file's notes."""
    head = (DATA / "divisions.tsv").read_text(encoding="utf-8")[:2000]
    found = re.search(r"# true for (\d{4}-\d\d-\d\d), overlay (\d{4}-\d\d)", head)
    if found is None:
        raise ValueError("divisions.tsv does not say what day it is true for")
    return date.fromisoformat(found[1]), found[2]


AS_OF, OVERLAY = read_as_of()


class Table:
    """The divisions by code, by parent and by every name they go by."""

    def __init__(self, units: Iterator[Division]) -> None:
        self.by_code: dict[str, Division] = {}
        self.children: dict[str, list[Division]] = defaultdict(list)
        self.named: dict[str, list[Division]] = defaultdict(list)
        self.short: dict[str, list[Division]] = defaultdict(list)
        for unit in units:
            self.by_code[unit.code] = unit
            self.children[unit.parent].append(unit)
            self.named[unit.name].append(unit)
            self.short[stem(unit.name)].append(unit)


@cache
def table() -> Table:
    return Table(Division.model_validate(row) for row in rows("divisions"))


@cache
def endings() -> re.Pattern[str]:
    """At least two characters, then peoples (if any) and an ending: 恩施|土家族苗族|自治州."""
    words = load("division_names", Names).words
    longest = "|".join(sorted(words.endings, key=len, reverse=True))
    return re.compile(f"(.{{2,}}?)(?:{'|'.join(words.peoples)})*(?:{longest})")


def tidy(text: str) -> str:
    """Half-width, without blanks, other spellings replaced by the table's name."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    alias: dict[str, str] = load("division_names", Names).alias
    return alias.get(plain, plain)


@lru_cache(maxsize=20_000)
def stem(name: str) -> str:
    """杭州 of 杭州市, 新疆 of 新疆维吾尔自治区, 恩施 of 恩施州.

    A name that would leave one character stays whole (赵县).
    """
    if len(name) > 2 and name.endswith("州") and not name.endswith("自治州"):
        name = f"{name[:-1]}自治州"
    found = endings().fullmatch(name)
    return found[1] if found else name


def stands_in(text: str) -> bool:
    """Whether the cell only says that there is no unit of its own (市辖区, 省直辖县), or nothing."""
    plain = tidy(text)
    return not plain or plain in load("division_names", Names).words.stand_ins


def generic(text: str) -> bool:
    """Whether the name is used for a part of many a town (城区, 东区): no evidence of being elsewhere."""
    return tidy(text) in load("division_names", Names).words.generic


def above(unit: Division) -> Iterator[Division]:
    """The unit and those it lies in, up to its province."""
    current: Division | None = unit
    while current is not None:
        yield current
        current = table().by_code.get(current.parent)


def lies_in(unit: Division, outer: Division) -> bool:
    return any(step.code == outer.code for step in above(unit))


def has_parts(unit: Division) -> bool:
    """Whether the table knows units inside: 东莞市, 中山市 and Taiwan's cities have none."""
    return bool(table().children.get(unit.code))


def called(text: str) -> tuple[Division, ...]:
    """Every unit of today that has exactly this name."""
    return tuple(unit for unit in table().named.get(tidy(text), ()) if not unit.until)


def also_called(text: str) -> tuple[Division, ...]:
    """Every unit with this full or short name: exact names, then today's, then higher levels first."""
    plain = tidy(text)
    by_stem = table().short.get(stem(plain), ())
    return tuple(sorted(by_stem, key=lambda unit: (unit.name != plain, bool(unit.until), unit.level)))


KINDS = {1: ("省", "自治区", "特别行政区"), 2: ("市", "地区", "州", "盟")}
"""Endings a name of that level may be written with (广西省, 铜仁地区, 恩施州)."""
MUNICIPAL = frozenset(("110000", "120000", "310000", "500000", "810000", "820000"))


def may_mean(text: str, unit: Division) -> bool:
    """Whether `text` standing alone may mean a province or city: 吉林市 is not 吉林省, 朝阳区 not 朝阳市."""
    plain = tidy(text)
    return plain in (unit.name, stem(unit.name)) or plain.endswith(KINDS[unit.level])


def province(text: str) -> Division | None:
    """The province-level unit 省级: 新疆 and 新疆维吾尔自治区 alike; None when unknown."""
    return next((unit for unit in also_called(text) if unit.level == 1 and may_mean(text, unit)), None)


def city(text: str, province: Division | None = None) -> Division | None:
    """The unit the city column names inside `province`; None when it is not known there.

    A municipality 直辖市 is its own city (北京市/北京市, 北京市/市辖区). Directly administered
    counties (济源市) and county-level cities written as the city (义乌市) count. Without a province the
    name must be unique.
    """
    if province is None:
        found = [
            unit
            for unit in also_called(text)
            if (unit.level == 2 or municipal(unit)) and may_mean(text, unit)
        ]
        return found[0] if len(found) == 1 else None
    if municipal(province) and (stands_in(text) or stem(tidy(text)) == stem(province.name)):
        return province
    return inside(text, province)


def district(text: str, city: Division) -> Division | None:
    """The unit the district column names inside `city` (or inside a province, where no city is known).

    The city itself counts where it is a county or has no districts (仙桃市/仙桃市, 东莞市/东莞市).
    """
    own = city.level == 3 or not has_parts(city)
    if own and stem(tidy(text)) == stem(city.name):
        return city
    return inside(text, city)


def municipal(unit: Division) -> bool:
    """Whether a province is its own city: 北京 天津 上海 重庆, Hong Kong and Macau."""
    return unit.code in MUNICIPAL


def inside(text: str, outer: Division) -> Division | None:
    """The unit so called that lies in `outer`, not `outer` itself."""
    if stands_in(text):
        return None
    return next((unit for unit in also_called(text) if unit != outer and lies_in(unit, outer)), None)


def answers_to_province(unit: Division) -> bool:
    """Whether it is a county administered by a province itself (省直辖县): 济源市, not 北京市's 朝阳区."""
    parent = table().by_code.get(unit.parent)
    return unit.level == 3 and parent is not None and parent.level == 1 and not municipal(parent)


@cache
def region_names() -> tuple[str, ...]:
    """Full and short names of provinces and cities, to guess what a misspelt one meant."""
    names = [unit.name for unit in table().by_code.values() if unit.level < 3]
    return (*names, *map(stem, names))
