"""The pieces of an address pasted as one text: what labels announce, and which piece is the receiver's name."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from playbooks.model import Model
from playbooks.rulebook import load

LONGEST_NAME = 10
HAN = r"\u4e00-\u9fff"


class Pasted(Model):
    names: tuple[str, ...]
    phones: tuple[str, ...]
    regions: tuple[str, ...]
    details: tuple[str, ...]
    others: tuple[str, ...]
    ends: str
    never_names: str
    talk: str
    titles: str
    zones: str
    surnames: str
    compounds: tuple[str, ...]


def words() -> Pasted:
    data: Pasted = load("pasted_addresses", Pasted)
    return data


class Label(NamedTuple):
    """A word like 收货人： from `start` to `end`; `kind` names, phones, regions, details or others."""

    kind: str
    start: int
    end: int


@cache
def _labels() -> re.Pattern[str]:
    kinds = ("names", "phones", "regions", "details", "others")
    return re.compile(
        "|".join(
            f"(?P<{kind}>{'|'.join(sorted(getattr(words(), kind), key=len, reverse=True))})" for kind in kinds
        )
    )


_SIGN = r"[\s,，;；。、|]"
_COLON = re.compile(r"\s*[:：]\s*")
LOOSE = 3
"""Characters up to which a label needs a colon or a sign before it: 电话, 地址, 姓名 may be part of other words."""


def labels(text: str) -> list[Label]:
    """The labels in a pasted text, in their order."""
    found = []
    for match in _labels().finditer(text):
        colon = _COLON.match(text, match.end())
        free = match.start() == 0 or re.match(_SIGN, text[match.start() - 1])
        if colon or free or len(match[0]) >= LOOSE:
            end = colon.end() if colon else match.end()
            found.append(Label(match.lastgroup or "", match.start(), end))
    return found


@cache
def _name() -> re.Pattern[str]:
    """One to four characters, a title perhaps, a name with a dot, or a nickname with Latin letters or stars in it."""
    return re.compile(
        rf"[{HAN}]{{1,4}}(?:{words().titles})?|[{HAN}]{{1,10}}(?:·[{HAN}]{{1,10}})+"
        rf"|(?=[{HAN}]*[A-Za-z*])[{HAN}A-Za-z·*]{{1,{LONGEST_NAME}}}"
    )


def may_be_name(piece: str) -> bool:
    """Whether a piece that stands by itself can be a name: not one that ends as addresses do, nor 麻烦发."""
    if not _name().fullmatch(piece) or re.search(rf"(?:{words().never_names})$", piece):
        return False
    return not re.fullmatch(words().talk, piece) and (len(piece) > 1 or family(piece) > 0)


def is_name(piece: str) -> bool:
    """Whether it looks like one: it begins with a family name and is short, or ends with a title."""
    titled = re.fullmatch(rf"[{HAN}]{{1,4}}(?:{words().titles})", piece)
    return bool(titled) or (
        may_be_name(piece) and bool(re.fullmatch(rf"[{HAN}]{{2,4}}", piece)) and family(piece) > 0
    )


def beside_phone(piece: str) -> bool:
    """Whether a piece that stands behind the number is a name: there even 云层 is one."""
    return may_be_name(piece) or (len(piece) <= 3 and family(piece) > 0)


def family(piece: str) -> int:
    """The characters of the family name a piece begins with, 0 where it begins with none."""
    if piece.startswith(words().compounds):
        return 2
    return int(piece[:1] in words().surnames and bool(piece))


@cache
def _end() -> re.Pattern[str]:
    return re.compile(f"[{words().ends}]")


def name_written_on(text: str) -> int:
    """Where a name begins that ends the text without a blank before it (…168号宓文会); the text's length for none."""
    found = [len(text) - length for length in (4, 3, 2) if _fits(text, len(text) - length)]
    if not found:
        return len(text)
    if len(found) > 1 and _end().match(text, found[0]) and family(text[found[0] :]) == 1:
        return found[1]  # 南园区|盛驰: the longer one begins with what may end the address
    return found[0]


def _fits(text: str, start: int) -> bool:
    """Whether a family name and one or two characters more stand behind what may end an address."""
    if start < 1 or not _end().match(text, start - 1):
        return False
    piece = text[start:]
    return (
        bool(re.fullmatch(f"[{HAN}]+", piece)) and family(piece) > 0 and len(piece) - family(piece) in (1, 2)
    )


@cache
def _zone() -> re.Pattern[str]:
    return re.compile(words().zones)


def zone_at(text: str, start: int) -> str:
    """The development zone that stands in a district's place, "" for none."""
    found = _zone().match(text, start)
    return found[0] if found else ""


_TOWN = re.compile(rf"[{HAN}]{{1,7}}?(?:街道办事处|街道办|街道|镇|乡|苏木)")


def town_at(text: str, start: int) -> str:
    """A town by the shape of its name, "" for none."""
    found = _TOWN.match(text, start)
    return found[0] if found else ""
