"""Whether a text puts a house, stairs or flat right: 5号改成15号601; 是302,不是301 (REQUIREMENTS D01)."""

from __future__ import annotations

import re
from functools import cache

from playbooks.addresses.findings import Span
from playbooks.addresses.normal import fold
from playbooks.addresses.spot import numbers
from playbooks.addresses.text import Text
from playbooks.addresses.words import cue, either, words

Numbers = tuple[str, ...]
PART = r"(?:号楼|栋|单元|号|室|楼|层|座|弄|门)"
GOODS = "[色款链样码味线球字]|口味|小样|赠品|产品|商品|直播"
"""Behind a number and 号: goods of that number, no house."""
_COUNT = "[码件个片瓶盒包斤克g年元块点]"
"""Behind a number: it counts something."""
_PAIR = re.compile(
    rf"(\d+)\s*({PART}?+)(?!{GOODS})[^,，。;；\d]{{0,6}}?(?:改(?:成|为|到)?|换(?:成|到)|不是|写成|→|->)"
    rf"[^,，。;；\d]{{0,4}}(\d+)(?!\d*{_COUNT})\s*({PART}?+)(?!{GOODS})"
)
_HOUSE = re.compile(
    r"(?<![\da-z])(\d{1,4}|[a-z])(?:号楼|栋|座|单元|室|弄)(?!装|沙发|椅|汽车|轿车|位|一厅|两厅|的窗)"
)
_FLAT = re.compile(
    r"(?<![\da-z])(?:\d{1,3}|[a-z])(?:号楼|栋|座|单元)[ -]{0,2}"
    rf"(?:\d{{1,2}}(?:单元|门)?[ -]{{0,2}})?[a-z]?\d{{1,4}}(?!\d|{_COUNT})"
)
"""House, stairs and flat in one: 1单元2011, 3栋2单元801."""
_PLATE = re.compile(r"(?:门牌号?|门号|房号|房间号?)(?:应该)?(?:是|为|:)?\s*(\d{1,4})(?!\d)")
_ON_ROAD = re.compile(
    r"([\u4e00-\u9fff]{2,8}(?:[路街巷弄区院村里园苑]|大道|花园)(?:[东西南北中一二三四五六七八九十]{1,2}段)?)"
    r"\s*(\d{1,4})(?=号|弄|-|\W|$)"
)
_MEANT = re.compile(rf"(?:是|为|改成)\s*(\d{{3,4}}|\d+-\d[\d-]*)(?!\d|{_COUNT})")
_WRONG = re.compile(r"错|不对|有误|反了|颠倒|[多少漏]了")
_NOT_HERE = re.compile(r"(?:不是|别[写送发填]成?|不要[写送发填]成?)$")
_NOT_THIS = re.compile(r"(?:不是|不要送|别送|不在)\s*(\d{1,4}|[a-z])(?![\da-z码件个片瓶盒包])")
_LEFT = re.compile(r"(?<!\d)(\d{2,4})[室房号]?(?:已经)?(?:不是我|不住|没住|退租|搬走|卖了)")
_CORRECTED = re.compile(rf"(?:是|改成|改为|应该是|应为|换成)\s*(?:第)?\d+\s*{PART}")


def door_changed(text: Text) -> Span | None:
    """Where a house, stairs or flat is put right, and no place named: 门牌写错了,是1302不是1202."""
    own = fold(text.case.personal.address).text.lower()
    ours = numbers(own)
    for rule in (other_pair, other_house, other_flat, refused_house):
        if found := rule(text, ours):
            return found
    return other_number(text, own) or other_of_form(text, own) or said_wrong(text)


def other_pair(text: Text, ours: Numbers) -> Span | None:
    """One number for another: 401改402. Where the order has the first of "18不是13" all is well."""
    for found in _PAIR.finditer(text.plain):
        if "不是" in found[0] and found[1] in ours and found[3] not in ours:
            continue
        if found[2] or found[4] or found[1] in ours or found[3] in ours:
            return found.span()
    return None


def other_house(text: Text, ours: Numbers) -> Span | None:
    """A house, stairs or flat that the order does not have: 请送B座."""
    houses = (found for found in _HOUSE.finditer(text.plain) if ours and found[1] not in ours)
    return next((found.span() for found in houses if is_meant(text, found)), None)


def other_flat(text: Text, ours: Numbers) -> Span | None:
    """A flat whose numbers the order does not all have: 1单元2011 where it is 1单元2001; 门牌304."""
    for found in _FLAT.finditer(text.plain):
        if ours and not set(numbers(found[0])) <= set(ours) and is_meant(text, found):
            return found.span()
    plate = _PLATE.search(text.plain)
    return plate.span() if plate and ours and plate[1] not in ours else None


def is_meant(text: Text, found: re.Match[str]) -> bool:
    """Not where the courier may leave it (驿站, 柜, 门卫), nor a number named as the wrong one (别写成8栋)."""
    about = text.plain[slice(*text.clause(found.start()))]
    return not _NOT_HERE.search(text.plain, 0, found.start()) and not cue("drop").search(about)


def refused_house(text: Text, ours: Numbers) -> Span | None:
    """301 said to be left, or not the one, where the order has 301: 不是301; 301不是我家了."""
    refused = _NOT_THIS.search(text.plain) or _LEFT.search(text.plain)
    return refused.span() if refused and refused[1] in ours else None


def other_number(text: Text, own: str) -> Span | None:
    """A number the order does not have, on a road it has: 嵩山南路86号 where it is 嵩山南路85号."""
    ours = numbers(own)
    for found in _ON_ROAD.finditer(text.plain):
        if found[1][-3:] in own and found[2] not in ours and not cue("drop").search(text.right(found.end())):
            return found.span()
    return None


def other_of_form(text: Text, own: str) -> Span | None:
    """A number as long as one of the order's, or numbers with dashes, where one is said to be wrong: 写错了,是2011."""
    meant = _MEANT.search(text.plain) if _WRONG.search(text.plain) else None
    if meant is None or meant[1] in own:
        return None
    form = r"\d+(?:-\d+)+" if "-" in meant[1] else rf"\d{{{len(meant[1])}}}"
    return meant.span() if re.search(rf"(?<!\d){form}(?!\d)", own) else None


def said_wrong(text: Text) -> Span | None:
    """A word of the door said to be wrong (楼层错了, 改楼号); where what is right is said too, that."""
    named = _said_wrong().search(text.plain)
    if named is None:
        return None
    return (_CORRECTED.search(text.plain) or named).span()


@cache
def _said_wrong() -> re.Pattern[str]:
    """A word of the door with a word of change beside it, in either order."""
    door, change = either(words().cues["door"]), either(words().cues["door_change"])
    return re.compile(
        rf"(?:{door})[^,，。;；\d]{{0,5}}?(?<!已)(?:{change})|(?<!已)(?:{change})(?:一下|下|个)?(?:{door})"
        rf"|\d\s*{PART}?(?:写错|写成|填成|填错|弄错|错了)"
    )
