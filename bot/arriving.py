"""What somebody who comes late to the shift has to know at once: on air, open changes, prices in dispute (B04)."""

from __future__ import annotations

from bot import disputes
from bot.card import Card, line, lines, tell
from bot.desk import Desk
from bot.disputes import dispute_lines, open_reports
from bot.offer import change_line, name_of, offer_lines
from bot.question_cards import at_sign_in
from bot.reminding import to_know
from storage.rows import Line

CHANGES_TOLD = 10


def catch_up(desk: Desk) -> list[Card]:
    """One private card with the current on-air card and the changes that still stand, and how many know them.

    Then what waits for the person's own answer: questions, prices in dispute.
    """
    asked = at_sign_in(desk.me, desk)
    here = desk.broadcast()
    if here is None or here.stage not in ("live", "closing"):
        return asked
    listing = desk.on_air()
    now = (
        lines(
            line("arrive.on_air", product=name_of(listing)),
            dispute_lines(listing, desk),
            offer_lines(listing),
        )
        if listing
        else ()
    )
    others = [
        line("quote.board", number=one.link_no, price=one.price, ours=one.ours)
        for one in open_reports(desk, here.id)
        if listing is None or one.listing != listing.id
    ]
    said = lines(now, others, _changes(here.id, desk))
    told = [tell(desk.me.id, said)] if said else []
    return [*told, *disputes.at_sign_in(desk.me, here.id, desk), *asked]


def _changes(broadcast: str, desk: Desk) -> list[Line]:
    stand = to_know(desk.books.notices.by("broadcast", broadcast), desk)
    if not stand:
        return []
    newest = sorted(stand, key=lambda n: n.at, reverse=True)[:CHANGES_TOLD]
    told = [
        line(
            "arrive.change" if n.asked else "arrive.change_only",
            at=desk.clock(n.at), number=n.link_no, changes=tuple(map(change_line, n.changes)),
            known=len(set(n.known) & set(n.asked)), asked=len(n.asked),
        )
        for n in newest
    ]  # fmt: skip
    return [line("arrive.changes"), *told]
