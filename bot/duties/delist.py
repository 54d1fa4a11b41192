"""Sold out on air is taken off the shelf in the back office too (REQUIREMENTS K05, H35): asked once, reminded once."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, tell, toast
from bot.delisting import asked, due_row
from bot.desk import Desk
from bot.duty import Command, DutySpec
from playbooks import products
from playbooks.model import Refusal
from playbooks.room import CONTROL
from storage.rows import Due


def delisted(call: Call, desk: Desk) -> list[Card]:
    """`/delisted 3`: it is off the shelf; nobody is reminded any more."""
    if not call.args:
        raise Refusal("on.which")
    listing = products.find(desk.listings(), call.args)
    desk.books.due.drop(due_row(listing, desk))
    desk.note("delisted", listing.id, number=str(listing.link_no), name=listing.name)
    return [toast("delist.noted", number=listing.link_no)]


def remind(row: Due, desk: Desk) -> list[Card]:
    """Still sold out and nobody said it is off the shelf: ops on duty are reminded, this once."""
    listing = desk.books.listings.get(row.about)
    here = desk.broadcast()
    if listing is None or here is None or listing.broadcast != here.id or not listing.offer.sold_out:
        return []
    if here.stage not in ("live", "closing") or listing.withdrawn_at is not None:
        return []
    people = desk.on_duty("ops") or desk.with_role("ops")
    return [tell(m.id, asked(listing).lines, buttons=asked(listing).buttons, rank="work") for m in people]


DUTY = DutySpec(
    "delist",
    commands=(Command("delisted", delisted, words=("已下架",), roles=CONTROL, listed=False),),
    due={"delist": remind},
)
