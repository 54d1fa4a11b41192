"""Products taken off the programme 撤下, said to the group in one message."""

from __future__ import annotations

from collections.abc import Sequence

from bot.card import Card, group, line
from bot.desk import Desk
from bot.offer import name_of
from playbooks.announce import Listing


def withdrawn_card(listings: Sequence[Listing], desk: Desk) -> list[Card]:
    """What is not sold any more, and who said so."""
    said = line("withdraw.done", products=tuple(map(name_of, listings)), by=desk.me.name)
    return [group(said, rank="air")]
