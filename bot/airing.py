"""The on-air card 正在讲 of the group, and putting a product on air, for every duty that does it."""

from __future__ import annotations

from bot.card import Card, Row, button, line, lines
from bot.desk import Desk
from bot.disputes import dispute_lines, hold_on
from bot.offer import name_of, offer_lines
from bot.substitute import instead, said_once
from bot.undoing import offer_undo
from bot.upcoming import watch_the_clock
from playbooks import announce, broadcast
from playbooks.announce import Listing
from playbooks.broadcast import Broadcast
from storage.rows import Line


def put_on(listing: Listing, here: Broadcast, desk: Desk, *, undone: str = "") -> list[Card]:
    """`listing` is on air from now. One card in the group; the one before loses its buttons.

    `undone`: why it is there again, a text key.
    """
    put = desk.books.broadcasts.put(broadcast.put_on_air(here, listing.link_no, desk.now))
    values = {"number": str(listing.link_no), "name": listing.name}
    desk.note("on_air", listing.id, **values, **({"undone": "yes"} if undone else {}))
    offer_undo(desk)
    watch_the_clock(put, desk)
    return [air_card(listing, desk, line(undone) if undone else None)]


def air_card(listing: Listing, desk: Desk, *more: Line | None) -> Card:
    """The card as the books stand; `more` is said first."""
    after = announce.following(desk.listings(), listing.link_no)
    disputed, first = dispute_lines(listing, desk), instead(listing, desk)
    said = lines(
        (one for one in more if one),
        line("air.head", product=name_of(listing)),
        first,
        disputed,
        said_once(offer_lines(listing), first),
        line("air.link", url=listing.product.url) if listing.product.url else None,
        line("air.next", product=name_of(after)) if after else line("air.last"),
    )
    rows: list[Row] = [(button("air.details", f"promo {listing.link_no}"),)]
    rows.append((button("quote.report", f"quote {listing.link_no} ?"),))
    if disputed:
        rows.append((hold_on(desk),))
    here = listing.broadcast
    return Card(lines=said, buttons=tuple(rows), topic="announce", key=f"air:{here}", rank="air")


def card_kept_true(listing: Listing, desk: Desk) -> list[Card]:
    """The group's card of the product on air says what is so now; an edit notifies nobody.

    Until the card is out there is nothing to edit: what stands under its key is the product before.
    """
    here, stands = desk.broadcast(), desk.books.sent.get(f"air:{listing.broadcast}")
    if here is None or here.on_air != listing.link_no or stands is None or here.on_air_since is None:
        return []
    return [air_card(listing, desk).changed(edit=True)] if stands.sent_at >= here.on_air_since else []
