"""撤销: ops take back what was just done on air; the room hears of it as of any other change."""

from __future__ import annotations

from bot import airing, undoing
from bot.call import Call
from bot.card import Card, group, line, tell
from bot.changing import change
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.offer import name_of
from playbooks import broadcast, undo
from playbooks.announce import OfferVersion
from playbooks.model import Refusal
from playbooks.room import CONTROL
from storage.rows import Due


def take_back(call: Call, desk: Desk) -> list[Card]:
    """`/undo`, or the pad's button with what it means: the newest change or switch, for a minute.

    Raises Refusal `undo.nothing`, `undo.newer`, `undo.late`.
    """
    broadcast.step(desk.need_broadcast(), "sell")
    id = call.args or _newest(desk)
    version = desk.books.offers.get(id)
    return _restore(version, desk) if version else _switch_back(id, desk)


def _newest(desk: Desk) -> str:
    last = undoing.newest(desk)
    if last is None:
        raise Refusal("undo.nothing")
    return last.id


def _restore(version: OfferVersion, desk: Desk) -> list[Card]:
    """The former offer as a new revision: said as a diff, and asked to be known where it binds."""
    listing = desk.books.listings.get(version.listing)
    if listing is None or listing.broadcast != desk.broadcast_id():
        raise Refusal("undo.nothing")
    versions = desk.books.offers.by("listing", listing.id)
    fields = undo.restored(versions, version.offer.revision, desk.now)
    return change(listing, desk, undoes=version.offer.revision, **fields)


def _switch_back(id: str, desk: Desk) -> list[Card]:
    """What was on air before is on air again, since now: the journal keeps the slip."""
    here = desk.need_broadcast()
    former = undo.switched_from(undoing.aired(here, desk), id, desk.now)
    if former is None:
        return _off_air(desk)
    listing = desk.books.listings.get(former.listing)
    if listing is None:
        raise Refusal("undo.nothing")
    return airing.put_on(listing, here, desk, undone="undo.switched_back")


def _off_air(desk: Desk) -> list[Card]:
    """Nothing was on air before the slip: nothing is again, and the card says so in place."""
    here, wrong = desk.need_broadcast(), desk.on_air()
    desk.books.broadcasts.put(here.changed(on_air=None, on_air_since=None))
    desk.note("on_air", undone="yes")
    said = line("undo.off_air", product=name_of(wrong)) if wrong else line("undo.nothing_on_air")
    return [group(said, key=f"air:{here.id}", edit=True, rank="air"), tell(desk.me.id, said, silent=True)]


def over(row: Due, desk: Desk) -> list[Card]:
    """The minute is over. Nobody is told: with the row gone the pads are drawn anew, without 撤销."""
    return []


DUTY = DutySpec(
    "undo",
    commands=(Command("undo", take_back, words=("撤销", "撤回"), roles=CONTROL),),
    due={"undo_over": over},
)
