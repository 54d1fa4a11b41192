"""Which product somebody means who changes or reports something on air."""

from __future__ import annotations

from bot.desk import Desk
from playbooks import products
from playbooks.announce import Listing
from playbooks.model import Refusal


def meant(words: list[str], desk: Desk) -> Listing:
    """The product `words` name, else the one on air. Raises Refusal `product.*`, `on.nothing`."""
    if words:
        return products.find(desk.listings(), " ".join(words))
    listing = desk.on_air()
    if listing is None:
        raise Refusal("on.nothing")
    return listing
