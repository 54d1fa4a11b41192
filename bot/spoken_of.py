"""The product a sentence about a buyer begins with, where it begins with one."""

from __future__ import annotations

import re

from bot.desk import Desk
from playbooks import products
from playbooks.announce import Listing
from playbooks.model import Refusal
from playbooks.privacy import checked_note

GLUED = re.compile(
    r"((?:#\s*\d{1,3}|[\d一二三四五六七八九十]{1,3}号(?:链接)?))[:：,，]?(?=\D)(.+)", re.DOTALL
)
"""`3号太贵`, `#3太贵`: typed without the blank. A bare `3太贵` stays a sentence, for `3点再联系` is one."""


def spoken_of(args: str, desk: Desk, *, never: frozenset[str] = frozenset()) -> tuple[Listing | None, str]:
    """(`3`, `太贵`) of `3 太贵`, (None, all) of a sentence that names no product; a word in `never` is no product.

    Raises Refusal `product.*` where the first word can be nothing but a product and is none of those buyers ask
    about, and `common.personal_note` before anything of the sentence is said back.
    """
    said = checked_note(args).strip()
    first, _, rest = said.partition(" ")
    listings = desk.asked_about()
    if (glued := GLUED.fullmatch(said)) and (listing := _on_the_sheet(listings, glued[1])):
        return listing, glued[2].strip()
    if first in never or not (products.is_number(first) or products.names_one(listings, first)):
        return None, args
    return products.find(listings, first), rest.strip()


def _on_the_sheet(listings: list[Listing], number: str) -> Listing | None:
    """The product of that number; a number of none (`15号再联系`) is no product's."""
    try:
        return products.find(listings, number)
    except Refusal:
        return None
