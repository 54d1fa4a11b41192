"""Changing an offer in force: a new revision, its diff in the group, 已知悉 asked of those on duty.

Every duty that changes what is offered does it here, so that nothing changes without being said, kept and open
to 撤销.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.airing import card_kept_true
from bot.card import Card, button, line, lines, listed, toast
from bot.desk import Desk
from bot.disputes import overtaken
from bot.offer import change_line, name_of, offer_lines
from bot.substitute import instead, said_once
from bot.undoing import offer_undo
from playbooks import announce, broadcast, flash
from playbooks.announce import Change, Listing, Notice, Offer, OfferVersion
from playbooks.model import Refusal
from playbooks.on_air import rules
from playbooks.promotion import given_away
from playbooks.room import Role

ASKED: tuple[Role, ...] = ("agent", "lead", "ops")
COUNT_EVERY = timedelta(seconds=15)


def change(listing: Listing, desk: Desk, *, undoes: int | None = None, **fields: Any) -> list[Card]:
    """A new revision of the offer with `fields`; where it binds, its diff in the group.

    `undoes`: the revision it takes back. Raises Refusal `stage.*` off air and `change.same` where nothing changes.
    """
    broadcast.step(desk.need_broadcast(), "sell")
    fields = flash.overtaken(listing.offer, fields)
    after = announce.revise(listing.offer, desk.me.id, desk.now, **fields)
    changes = announce.diff(listing.offer, after)
    if not changes:
        raise Refusal("change.same", product=name_of(listing))
    changed = keep(listing, after, changes, undoes, desk)
    priced = any(c.field == "live_price" for c in changes)
    settled = overtaken(changed, after.live_price, desk) if priced else []
    done = [*settled, *card_kept_true(changed, desk)]
    told = toast("change.noted", product=name_of(listing), changes=tuple(map(change_line, changes)))
    if not announce.is_binding(changes):  # nobody has to know, but who pressed sees that it was done
        return [told, *done]
    notice = ask_known(changed, changes, undoes, desk)
    pressed = [told] if desk.call and desk.call.press_id else []
    return [*pressed, notice_card(notice, changed, desk), *done]


def gives_away(listing: Listing, **fields: Any) -> bool:
    """Whether with `fields` buyers would pay nothing (到手价 0.00) and did pay before: that is asked about first."""
    before = listing.offer
    after = before.changed(**flash.overtaken(before, fields))
    free = (given_away(one.live_price, one.promotions) for one in (after, before))
    return next(free) and not next(free)


def keep(
    listing: Listing, after: Offer, changes: tuple[Change, ...], undoes: int | None, desk: Desk
) -> Listing:
    """The revision `after` in force, noted under the product's own broadcast: the next one may be planned already."""
    version = OfferVersion(
        id=f"{listing.id}-r{after.revision}", listing=listing.id, offer=after, undoes=undoes
    )
    desk.books.offers.put(version)
    named = {"number": str(listing.link_no), "name": listing.name}
    for c in changes:
        told = {"field": c.field, "before": c.before, "after": c.after}
        desk.note("changed", listing.id, broadcast=listing.broadcast, **told, **named)
    offer_undo(desk)
    return desk.books.listings.put(listing.changed(offer=after))


def ask_known(listing: Listing, changes: tuple[Change, ...], undoes: int | None, desk: Desk) -> Notice:
    for old in desk.books.notices.by("listing", listing.id):
        if not old.superseded:
            desk.books.notices.put(old.changed(superseded=True))
    asked = tuple(m.id for m in desk.on_duty(*ASKED) if m.id != desk.me.id)
    desk.note("asked_known", listing.id, people=" ".join(asked), number=str(listing.link_no))
    notice = Notice(
        id=f"{listing.id}-r{listing.offer.revision}", broadcast=listing.broadcast, listing=listing.id,
        link_no=listing.link_no, revision=listing.offer.revision, at=desk.now, by=desk.me.id,
        changes=changes, asked=asked, undoes=undoes,
    )  # fmt: skip
    if asked:
        desk.later("nudge", desk.now + timedelta(seconds=rules().nudge_seconds), notice.id)
    return desk.books.notices.put(notice)


def notice_card(notice: Notice, listing: Listing, desk: Desk, **more: Any) -> Card:
    """The diff in the group with 已知悉 3/5 under it."""
    known, asked = len(set(notice.known) & set(notice.asked)), len(notice.asked)
    waiting, first = notice.waiting_for(), instead(listing, desk)
    terms = (one for one in offer_lines(listing) if one.key.startswith(("promo.", "air.sold_out_for")))
    said = lines(
        line("notice.head", product=name_of(listing), at=desk.clock(notice.at), by=desk.name(notice.by)),
        line("undo.notice") if notice.undoes is not None else None,
        first,
        said_once((*map(change_line, notice.changes), *terms), first),
        line("notice.waiting", names=listed(desk.names(waiting))) if waiting and known else None,
        line("notice.all_known", count=asked) if asked and not waiting else None,
    )
    caption = button("notice.known", f"known {notice.id}", known=known, asked=asked)
    return Card(
        lines=said,
        buttons=((caption,),) if asked else (),
        topic="announce",
        key=f"notice:{listing.id}",
        rank="air",
        **more,
    )


def count_at(notice: Notice, desk: Desk) -> datetime | None:
    """The card's count changes at most every 15 s, but at once when the last one knows."""
    stands = desk.books.sent.get(f"notice:{notice.listing}")
    if not notice.waiting_for() or stands is None:
        return None
    return max(desk.now, (stands.edited_at or stands.sent_at) + COUNT_EVERY)
