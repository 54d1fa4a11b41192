"""Unpaid orders registered by hand 手工登记: one line, several lines, or pasted from the platform's desk."""

from __future__ import annotations

from bot import refusals
from bot.card import line
from bot.chase_book import Lives, watch
from bot.desk import Desk
from playbooks import chase, products
from playbooks.announce import Listing
from playbooks.chase import Chase, Registered
from playbooks.model import Refusal
from storage.rows import Line


def enter(text: str, desk: Desk) -> tuple[list[Chase], list[Line], list[Line]]:
    """The orders `text` registers, kept; a line for each one it does not, with the reason and the cure; and one
    for each whose note was not kept.

    Raises the Refusal itself where there is only one order.
    """
    read = chase.read_lines(text)
    entered: list[Chase] = []
    problems: list[Line] = []
    dropped: list[Line] = []
    lives = Lives(desk)
    for number, seen in enumerate(read, 1):
        try:
            if isinstance(seen, Refusal):
                raise seen
            entered.append(_one(seen, lives, desk))
            if seen.note_dropped:
                dropped.append(line("chase.note_dropped", order_id=seen.order_id))
        except Refusal as refused:
            if len(read) == 1:
                raise
            why = refusals.said(refused, desk.room, desk.books, desk.now)
            problems.append(line("chase.line_bad", number=number, what=why))
    return list({one.id: one for one in entered}.values()), problems, dropped


def _one(seen: Registered, lives: Lives, desk: Desk) -> Chase:
    listing = _listing(seen, desk)
    created = chase.placed_at(seen.placed, desk.now, desk.zone)
    known = desk.books.chases.get(chase.chase_id(desk.room.id, seen.order_id))
    state = desk.books.orders.get(f"{desk.room.id}-o{seen.order_id}")
    platform = state.platform if state else known.platform if known else desk.room.platform
    placed = (state.created_at if state else None) or created or desk.now
    new = chase.register(
        known, room=desk.room.id, order_id=seen.order_id, platform=desk.room.platform, now=desk.now,
        life=lives.of(listing, placed, platform),
        link_no=seen.link_no or (listing.link_no if listing else None),
        title=listing.name if listing else "", note=seen.note, created_at=created,
        amount=seen.amount or (lives.price(listing, placed) if listing else None), broadcast=desk.broadcast_id(),
        state=state,
    )  # fmt: skip
    if known is None:
        desk.note("chase_new", new.id, source="hand", order_id=new.order_id)
    desk.books.chases.put(new)
    watch(new, desk)
    return new


def _listing(seen: Registered, desk: Desk) -> Listing | None:
    """The product named, if the run sheet has it: a chase is worth having without one.

    Raises Refusal `chase.link_unknown` (order_id, number, numbers) for a number nobody sells under: a slip of the
    finger would put the order on no product, or on another's account.
    """
    word = str(seen.link_no) if seen.link_no is not None else seen.product
    known = desk.listings()
    try:
        return products.find(known, word) if word else None
    except Refusal as refusal:
        if seen.link_no is None or not known:
            return None
        if refusal.key != "product.missing":
            raise
        numbers = refusal.values["numbers"]
        raise Refusal("chase.link_unknown", order_id=seen.order_id, number=word, numbers=numbers) from None
