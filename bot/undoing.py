"""What ops may take back right now 撤销: the newest change or switch of the room, for a minute."""

from __future__ import annotations

from dataclasses import dataclass

from bot.card import button, line
from bot.desk import Desk
from bot.offer import change_line
from playbooks import announce, in_force, undo
from playbooks.announce import Listing, OfferVersion
from playbooks.broadcast import Broadcast
from playbooks.in_force import Aired
from playbooks.model import Moment
from playbooks.on_air import rules
from storage.rows import Button


@dataclass(frozen=True)
class Undoable:
    """What would be taken back: `id` is a revision's or a switch's; `button` says it and does it."""

    id: str
    at: Moment
    button: Button


def offer_undo(desk: Desk) -> None:
    """Something was just done: the pads show 撤销 with it, and are drawn again when the minute is over."""
    desk.later("undo_over", desk.now + rules().undo_within, desk.room.id)


def aired(here: Broadcast, desk: Desk) -> list[Aired]:
    """The switches of a broadcast."""
    kept = (e for kind in ("on_air", "off") for e in desk.books.journal.by("kind", kind))
    return in_force.switches(e for e in kept if e.broadcast == here.id)


def newest(desk: Desk) -> Undoable | None:
    """The newest thing that may be taken back; None for most of the evening."""
    here = desk.broadcast()
    if here is None or here.stage not in ("live", "closing"):
        return None
    recent = (one for one in desk.listings() if undo.may_undo(one.offer.at, desk.now))
    found = [_change(one, desk) for one in recent]
    if here.on_air_since and undo.may_undo(here.on_air_since, desk.now):
        found.append(_switch(here, desk))
    return max((one for one in found if one), key=lambda one: one.at, default=None)


def _change(listing: Listing, desk: Desk) -> Undoable | None:
    versions = desk.books.offers.by("listing", listing.id)
    last = undo.undoable(versions, desk.now)
    if last is None:
        return None
    before = _before(last, versions)
    changes = tuple(change_line(c) for c in announce.diff(before.offer, last.offer))
    caption = button("undo.change", f"undo {last.id}", number=listing.link_no, changes=changes)
    return Undoable(last.id, last.offer.at, caption)


def _before(version: OfferVersion, versions: list[OfferVersion]) -> OfferVersion:
    return next(one for one in versions if one.offer.revision == version.offer.revision - 1)


def _switch(here: Broadcast, desk: Desk) -> Undoable | None:
    past = aired(here, desk)
    if not past or past[-1].undoes or not past[-1].listing:
        return None
    last = past[-1]
    return Undoable(last.id, last.at, button("undo.switch", f"undo {last.id}", product=_named(last)))


def _named(one: Aired) -> object:
    return line("air.product", number=one.link_no, name=one.name)
