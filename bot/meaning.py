"""Which product somebody means who changes or reports something on air."""

from __future__ import annotations

import re

from bot.call import Call
from bot.card import line
from bot.desk import Desk
from bot.offer import name_of
from playbooks import products
from playbooks.announce import Listing
from playbooks.model import Refusal
from storage.rows import Line

GLUED = re.compile(r"(#?[\d一二三四五六七八九十]{1,3}号(?:链接)?)[:：]?(\d.*)")


def said_words(call: Call) -> list[str]:
    """What was typed, word by word; `4号88` are two, as a hand in a hurry leaves the blank out."""
    first, *rest = call.words() or [""]
    glued = GLUED.fullmatch(first)
    return [*(glued.groups() if glued else (first,)), *rest] if first else []


def meant(words: list[str], desk: Desk) -> Listing:
    """The product `words` name, else the one on air. Raises Refusal `product.*`, `on.nothing`."""
    if words:
        return products.find(desk.listings(), " ".join(words))
    listing = desk.on_air()
    if listing is None:
        raise Refusal("on.nothing")
    return listing


def moved_line(word: str, listing: Listing) -> Line | None:
    """`原 7 号，现在是 10号 …`, where a product was looked up by the number it had; buyers go on saying that one."""
    before = products.given_up(listing, word)
    return None if before is None else line("product.moved_now", before=before, product=name_of(listing))
