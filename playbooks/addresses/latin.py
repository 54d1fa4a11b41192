"""An address in Latin letters 拼音地址: compared with the order's by its sound."""

from __future__ import annotations

import re

from playbooks.addresses.findings import Span
from playbooks.addresses.text import Text
from playbooks.knowledge.pinyin import sounds

_UNITS = "sheng|shi|qu|xian|zhen|xiang|lu|jie|dadao|dao|hao|cun|dizhi"
_WORDS = re.compile(r"[a-z]+|\d+")
_WHOLE = re.compile(r"[a-z][a-z\s,.:'\d-]{9,}")
FEWEST = 2
"""Words for parts of an address that make a run of Latin letters one."""


def latin_address(text: Text) -> Span | None:
    """Where an address in pinyin stands that is not the order's own; None where there is none.

    hangzhou xihu qu wensan lu 90 hao: every name before such a word, and every number, must sound in the
    order's address.
    """
    for found in _WHOLE.finditer(text.plain):
        said = _WORDS.findall(found[0])
        units = [at for at, word in enumerate(said) if re.fullmatch(_UNITS, word)]
        if len(units) < FEWEST:
            continue
        names = {said[at - 1] for at in units if at and not re.fullmatch(_UNITS, said[at - 1])}
        order = text.case.order
        own = sound(f"{order.province}{order.city}{order.district}{text.case.personal.address}")
        if not all(name in own for name in names):
            return found.span()
    return None


def sound(text: str) -> str:
    """Its readings without blanks: every character by its likeliest, then all by their rarest (重庆 is two ways)."""
    read = [sounds(character) for character in text if not character.isspace()]
    return "".join(one[0] for one in read if one) + " " + "".join(one[-1] for one in read if one)
