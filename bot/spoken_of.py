"""The product a sentence about a buyer begins with, where it begins with one."""

from __future__ import annotations

from bot.desk import Desk
from playbooks import products
from playbooks.announce import Listing
from playbooks.privacy import checked_note


def spoken_of(args: str, desk: Desk, *, never: frozenset[str] = frozenset()) -> tuple[Listing | None, str]:
    """(`3`, `太贵`) of `3 太贵`, (None, all) of a sentence that names no product; a word in `never` is no product.

    Raises Refusal `product.*` where the first word can be nothing but a product and is none of those buyers ask
    about, and `common.personal_note` before anything of the sentence is said back.
    """
    first, _, rest = checked_note(args).strip().partition(" ")
    listings = desk.asked_about()
    if first in never or not (products.is_number(first) or products.names_one(listings, first)):
        return None, args
    return products.find(listings, first), rest.strip()
