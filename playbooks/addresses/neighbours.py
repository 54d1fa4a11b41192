"""Another district or town of the order's own city, by a name that only the city makes one: 寄松江, 改到塘厦.

Alone such names say too little (和平, 长安 are everywhere), so `scan` leaves them out. Here the city is known from the
order, and a verb of sending leads to the name.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from playbooks.addresses import divisions, guards, towns
from playbooks.addresses.divisions import Division
from playbooks.addresses.findings import Span
from playbooks.addresses.roles import DOORS, after
from playbooks.addresses.text import Text
from playbooks.addresses.words import either, words

SHORT = 2
_SUFFIX = re.compile(r"(?:街道|[区县市旗镇乡])$")
_ALONE = re.compile(r"(?:\W|$|那边|那里|那个|这边|[吧呢啊哈呀]|的?(?:公司|单位|家里))")


def neighbour(text: Text) -> tuple[Span, Division] | None:
    """Where the first such name stands and what it means; None where the city is unknown or none is named."""
    city = text.case.places.city
    if city is None:
        return None
    own = f"{text.case.order.district}{text.case.personal.town}{text.case.personal.address}"
    for verb in sending().finditer(text.plain):
        name = _name_at(text.plain, verb.end(), city.code)
        if name and _SUFFIX.sub("", name) not in own and _is_place(text.plain, verb.end() + len(name), name):
            return (verb.end(), verb.end() + len(name)), names(city.code)[name]
    return None


@cache
def sending() -> re.Pattern[str]:
    speech = words().speech
    between = f"{either(speech.towards)}|{either(speech.between)}"
    return re.compile(rf"(?:{either(speech.send)})(?:{between}|\W)*")


def _name_at(text: str, start: int, city: str) -> str:
    """The longest name that stands there, '' for none."""
    known = names(city)
    for end in range(min(len(text), start + towns.LONGEST), start + SHORT - 1, -1):
        if text[start:end] in known:
            return text[start:end]
    return ""


def _is_place(text: str, end: int, name: str) -> bool:
    """Whether the name is meant: with its ending, or by itself, or before a door; not 和平路, 长安的米, 朝阳那款."""
    if guards.road().match(text, end) or after("goods").match(text, end):
        return False
    return bool(_SUFFIX.search(name) or _ALONE.match(text, end) or DOORS.match(text, end))


@lru_cache(maxsize=400)
def names(city: str) -> dict[str, Division]:
    """Full and short name of each district of a city -> it; where it has none, of each town -> the city."""
    unit = divisions.table().by_code[city]
    parts = divisions.table().children.get(city, [])
    if not parts:
        return dict.fromkeys(towns.names(city), unit)
    found = {name: part for part in parts for name in (part.name, divisions.stem(part.name))}
    return {name: part for name, part in found.items() if len(name) >= SHORT and not divisions.generic(name)}
