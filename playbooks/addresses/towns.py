"""Towns 乡镇街道, the fourth level: which a district has, and in which district one lies.

The table `data/towns.tsv` (written by `make_divisions`) is kept as it stands, a line a district, and searched: a
dictionary of all names would cost ten times the memory for one look-up an address.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, lru_cache

from playbooks.addresses.divisions import Division, table
from playbooks.rulebook import DATA

LEVEL = 4
CODE = 3
"""Digits of a town's own number behind its district's code."""
LONGEST = 14
_ENDING = re.compile(r"(?:街道|地区|民族乡|镇|乡|苏木)$")

_LIKE_A_TOWN = re.compile("街道|[镇乡所]|苏木")
"""What towns' names end with: looked for first, because a district's line is long and seldom at hand."""
_OFFICE = re.compile("办事处|办")


@cache
def _lines() -> dict[str, str]:
    """District -> its towns as they stand in the file, a blank behind each: `001东华门街道 002景山街道 `."""
    text = (DATA / "towns.tsv").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in text.splitlines() if line[:1].isdigit())
    return {code: f"{names} " for code, names in lines}


def town_at(text: str, start: int, district: Division) -> Division | None:
    """The town whose full name stands at `start`, the longest, in a district or a city without districts (东莞市)."""
    if not _LIKE_A_TOWN.search(text, start, start + LONGEST):
        return None
    line = _lines().get(district.code, "")
    found = ""
    at = line.find(text[start : start + 2])
    while at >= 0:
        name = line[at : line.find(" ", at)]
        if len(name) > len(found) and line[at - 1].isdigit() and text.startswith(name, start):
            found, number = name, line[at - CODE : at]
        at = line.find(text[start : start + 2], at + 1)
    return _town(found, district.code, number) if found else None


def end_of(text: str, end: int) -> int:
    """The end of a town's name with the word for its office: 永丰街道|办事处."""
    office = _OFFICE.match(text, end)
    return office.end() if office and text[end - 2 : end] == "街道" else end


@lru_cache(maxsize=4096)
def _town(name: str, district: str, number: str) -> Division:
    return Division.model_construct(code=district + number, level=LEVEL, name=name, parent=district, until="")


@lru_cache(maxsize=256)
def _below(code: str) -> dict[str, str]:
    """Full and short name of a town -> its district, where only one in the province or city `code` has it."""
    found: dict[str, set[str]] = defaultdict(set)
    for district in _districts(code):
        for word in _lines().get(district, "").split():
            name = word[CODE:]
            found[name].add(district)
            found[_ENDING.sub("", name)].add(district)
    return {name: codes.pop() for name, codes in found.items() if len(codes) == 1 and len(name) > 1}


def names(code: str) -> tuple[str, ...]:
    """Full and short names of the towns right in a district, or in a city without districts (东莞市); short ones of
    two characters or more."""
    full = [word[CODE:] for word in _lines().get(code, "").split()]
    return tuple(name for name in (*full, *(_ENDING.sub("", one) for one in full)) if len(name) > 1)


def _districts(code: str) -> list[str]:
    """The unit itself and all in it."""
    below = [step for unit in table().children.get(code, ()) for step in _districts(unit.code)]
    return [code, *below]


def district_of_town_at(
    text: str, start: int, outer: Division
) -> tuple[Division, Division | None, int] | None:
    """(district, town, end) for a town's name at `start` that only one district in `outer` has: 河北 燕郊 -> 三河市.

    The town is None where only its stem stands there; whether that means the town is the caller's to judge.
    """
    known = _below(outer.code)
    for end in range(min(len(text), start + LONGEST), start + 1, -1):
        code = known.get(text[start:end])
        if code is not None:
            unit = table().by_code[code]
            return unit, town_at(text[:end], start, unit), end
    return None
