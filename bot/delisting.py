"""Asking ops to take a sold-out product off the shelf: buyers must not be able to order what is gone (K05)."""

from __future__ import annotations

from datetime import timedelta

from bot.card import Card, button, line, tell
from bot.desk import Desk
from bot.offer import name_of
from playbooks.announce import Listing
from playbooks.runsheet import RULES


def asked(listing: Listing) -> Card:
    """The request, with the button that says it is done."""
    done = button("delist.done", f"delisted {listing.link_no}", number=listing.link_no)
    return Card(lines=(line("delist.please", product=name_of(listing)),), buttons=((done,),))


def ask_to_delist(listing: Listing, desk: Desk) -> list[Card]:
    """Ask who said that it is sold out; ops are reminded once after `delist_minutes`."""
    desk.later("delist", desk.now + timedelta(minutes=RULES.delist_minutes), listing.id)
    return [tell(desk.me.id, asked(listing).lines, buttons=asked(listing).buttons, silent=True)]


def due_row(listing: Listing, desk: Desk) -> str:
    """The id of the reminder that waits."""
    return f"{desk.room.id}-d:delist:{listing.id}"
