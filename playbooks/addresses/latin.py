"""An address in Latin letters 拼音地址: compared with the order's by its sound."""

from __future__ import annotations

import re
from functools import cache

from playbooks.addresses import divisions
from playbooks.addresses.findings import Span
from playbooks.addresses.text import Text
from playbooks.knowledge.pinyin import sounds

_UNITS = "sheng|shi|qu|xian|zhen|xiang|lu|jie|dadao|dao|hao|cun|dizhi"
_WORDS = re.compile(r"[a-z]+|\d+")
DISTRICT = 3
NAME = 4
"""Letters a place's name in pinyin has at least; shorter words are ba, ma, le, xie."""
_WHOLE = re.compile(r"[a-z][a-z\s,.:'\d-]{9,}")
FEWEST = 2
"""Words for parts of an address that make a run of Latin letters one; or names of places that are not the order's,
where the run begins with a verb of sending or changing."""
_LEADS = re.compile(
    r"^\s*(?:qing |bang |wo |yao )*(?:di\s?zhi|shou\s?huo|gai|huan|ji|fa|song)\s?(?:dao|wei|cheng|huan|gai|di\s?zhi)\b"
)
_ENGLISH = re.compile(r"\b(?:send|ship|deliver|change)\b.{0,20}\bto\b(.*)")
_ENGLISH_UNITS = re.compile(
    r"\b(?:road|rd|street|st|avenue|ave|district|building|bldg|room|rm|no\.?\s?\d+)\b"
)


def latin_address(text: Text) -> Span | None:
    """Where an address in pinyin stands that is not the order's own; None where there is none.

    hangzhou xihu qu wensan lu 90 hao: every name before such a word, and every number, must sound in the
    order's address.
    """
    for found in _WHOLE.finditer(text.plain):
        said = _WORDS.findall(found[0])
        units = [at for at, word in enumerate(said) if re.fullmatch(_UNITS, word)]
        order = text.case.order
        own = sound(f"{order.province}{order.city}{order.district}{text.case.personal.address}")
        if led := led_to(found[0]):
            strange = [word for word in _WORDS.findall(led) if len(word) >= NAME and word not in own]
            if len(strange) >= FEWEST or (strange and units):
                return found.span()
        if len(units) < FEWEST:
            continue
        names = {said[at - 1] for at in units if at and not re.fullmatch(_UNITS, said[at - 1])}
        if not all(name in own for name in names):
            return found.span()
    return None


def led_to(run: str) -> str:
    """What follows a verb of sending or changing at the head of a run, '' without one: gai wei|chongqing jiangbei,
    please send to|no.5 nanjing west road."""
    if pinyin := _LEADS.search(run):
        return run[pinyin.end() :]
    english = _ENGLISH.search(run)
    if english and (
        _ENGLISH_UNITS.search(english[1]) or not _cities().isdisjoint(_WORDS.findall(english[1]))
    ):
        return english[1]
    return ""


@cache
def _cities() -> frozenset[str]:
    """Names of provinces and cities as they are written in Latin letters."""
    units = (unit for unit in divisions.table().by_code.values() if unit.level < DISTRICT)
    return frozenset("".join(sounds(one)[0] for one in divisions.stem(unit.name)) for unit in units)


def sound(text: str) -> str:
    """Its readings without blanks: every character by its likeliest, then all by their rarest (重庆 is two ways)."""
    read = [sounds(character) for character in text if not character.isspace()]
    return "".join(one[0] for one in read if one) + " " + "".join(one[-1] for one in read if one)
