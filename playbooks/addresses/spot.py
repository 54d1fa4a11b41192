"""The street part of an address written one way, so that two spellings of one door are equal."""

from __future__ import annotations

import re
from functools import lru_cache

from playbooks.addresses.normal import fold

_UNIT = re.compile(r"号楼|单元|栋|座|号|弄|室|房|户|[-#—_/]")
_NUMERAL = re.compile(r"[一二三四五六七八九十]+(?=栋|号|座|单元|室|楼|层|组|队|弄)")
_PART = re.compile(r"\d+|[a-z]+|[\u4e00-\u9fff]")
_DIGITS = {word: at for at, word in enumerate("〇一二三四五六七八九")}
_NUMBERED = re.compile(
    r"(?:街道|[镇乡区县市]|^|[,， ])((?:(?!街道|[镇乡区县市])[\u4e00-\u9fff]){2,8}?(?:大道|路|街|巷|弄|胡同)"
    r"(?:[东西南北中一二三四五六七八九十]{1,2}段)?)\s*(?=\d)"
)
_ROAD = re.compile(
    r"[\u4e00-\u9fff]{1,6}?(?:街道|大道|路|街|巷|弄|胡同|村|小区|花园|大厦|广场|苑|公寓|社区|镇|乡)"
)


def door(address: str) -> str:
    """What is compared of two addresses in one district. Where a number follows the road, town and compound add
    nothing: 长河街道江南大道100号创业园3幢402室 is 江南大道 100 3 402; elsewhere (村, 小区) all of it counts."""
    text = fold(address).text
    found = _NUMBERED.search(text)
    return f"{found[1]} {' '.join(numbers(text[found.end(1) :]))}" if found else spot(address)


@lru_cache(maxsize=4_000)
def spot(address: str) -> str:
    """江南大道100号3幢402室 and 江南大道100号三栋402 are both 江南大道 100 3 402."""
    text = _NUMERAL.sub(lambda found: str(number(found[0])), fold(address).text.lower())
    parts = " ".join(_PART.findall(_UNIT.sub(" ", text)))
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", parts)


def number(chinese: str) -> int:
    """Numerals up to 99 as an address has them: 三, 十二, 二十, 三十五."""
    tens, ten, ones = chinese.rpartition("十")
    if ten:
        return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)
    return int("".join(str(_DIGITS[word]) for word in chinese))


def numbers(text: str) -> tuple[str, ...]:
    """Its numbers and letters of buildings, in order: 7栋B座2003 has 7, b and 2003."""
    return tuple(re.findall(r"\d+|(?<![a-z])[a-z](?![a-z])", spot(text)))


def roads(text: str) -> tuple[str, ...]:
    """Its names of roads, villages and compounds, however much stands before them."""
    return tuple(_ROAD.findall(fold(text).text))
