"""How promotions are put in English: the words of `data/promotions_en.toml` and the patterns made of them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from playbooks.model import Model
from playbooks.promotion.grammar import Found, any_of
from playbooks.promotion.terms import Service
from playbooks.rulebook import load


class Words(Model):
    """`data/promotions_en.toml`."""

    numbers: dict[str, int]
    nth: dict[str, int]
    units: tuple[str, ...]
    from_: tuple[str, ...]
    same_item: tuple[str, ...]
    not_gift: tuple[str, ...]
    not_first: tuple[str, ...]
    members: tuple[str, ...]
    cross_shop: tuple[str, ...]
    begun: tuple[str, ...]
    goes_on: tuple[str, ...]
    limits: tuple[str, ...]
    limited: tuple[str, ...]
    services: dict[Service, tuple[str, ...]]
    audiences: dict[str, Literal["fans", "new", "member"]]


SAID = load("promotions_en", Words)
COUNT = rf"(?:\d{{1,4}}|{any_of(SAID.numbers)})(?![\w.])"
UNIT_WORD = any_of(SAID.units)
UNIT = rf"(?: {UNIT_WORD})"
SUM = r"\d{1,6}(?:\.\d{1,2})?"


def money(name: str) -> str:
    """A pattern for "¥20", "20 yuan", "20", its figures in group `name`."""
    return rf"(?:(?:¥|rmb|cny) ?)?(?P<{name}>{SUM})(?![\d.%]| ?%)(?: ?(?:yuan|rmb|cny))?"


FROM = rf"(?:,? ?\(?{any_of(SAID.from_)} {money('threshold')}\)?)"
CLOCK = r"\d{1,2}:\d{2}"
SPAN = rf"(?P<starts>{CLOCK}) ?(?:-|–|to) ?(?P<ends>{CLOCK})"
COUNTED = any_of((*SAID.units, "coupons", "gifts", "in all"))
QUOTA = rf"(?:,? ?\(?(?:limited to|limit|only|the first) (?P<quota>\d{{1,5}})(?: {COUNTED})?\)?)"
EACH = r"(?:,? ?\(?(?:max|limit) (?P<each>\d{1,3}) (?:each|per buyer|per person)\)?)"
AUDIENCE = rf"(?:(?P<who>{any_of(SAID.audiences)})(?:'s?)?(?: only)?:? )"
BEHIND = rf"(?:,? \(?(?P<behind>{any_of(SAID.audiences)}) only\)?)"
NTH = any_of(SAID.nth)
CONDITION = re.compile(rf"[¥$€£()\[\]:（）：]|^{any_of(SAID.not_first)}(?![\w-])", re.IGNORECASE)
"""In what a gift is called: a price, a remark or a condition that nobody may pack as a gift."""


def count_of(text: str | None) -> int | None:
    """ "2", "two", "a"; None for none."""
    if not text:
        return None
    return int(text) if text.isdigit() else SAID.numbers.get(text.casefold())


def yuan_of(found: Found, name: str) -> Decimal | None:
    """The amount of that group, None for none and for nothing."""
    text = found.groupdict().get(name)
    return (Decimal(text) or None) if text else None


def still_paid(found: Found, name: str = "percent") -> Decimal:
    """The part still paid: "20% off" is 0.8."""
    return 1 - Decimal(found[name]) / 100


def named(said: str) -> tuple[int, str] | None:
    """How many of what: "2 sample sachets", "sample sachet x2", "a tote bag"; None for what nobody packs."""
    ahead = re.fullmatch(rf"(?P<n>{COUNT}) (?P<what>.+)", said, re.IGNORECASE)
    behind = re.fullmatch(r"(?P<what>.+?) ?[x×*] ?(?P<n>\d{1,3})", said, re.IGNORECASE)
    found = ahead or behind
    qty, name = (count_of(found["n"]) or 0, found["what"].strip()) if found else (1, said.strip())
    words = set(re.findall(r"[a-z]+", name.casefold()))
    packed = (
        bool(re.search(r"[^\W\d_]", name)) and not words & set(SAID.not_gift) and not CONDITION.search(name)
    )
    return (qty, name) if qty and packed else None
