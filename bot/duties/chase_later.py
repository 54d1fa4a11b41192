"""What becomes of chases with time: theirs is over, a promised time is here; and their cards before they leave."""

from __future__ import annotations

from bot import chase_book
from bot.card import Card, button, copy, line, lines, tell
from bot.chase_passing import looker
from bot.chase_told import over, stopped
from bot.desk import Desk
from bot.duty import DutySpec
from playbooks import chase, contacts
from storage.rows import Due

SWEPT_AT_ONCE = 500


def sweep(row: Due, desk: Desk) -> list[Card]:
    """Orders whose time is over are lost; who was at one is told once."""
    cards: list[Card] = []
    for one in desk.books.chases.due(desk.now, SWEPT_AT_ONCE):
        gone = desk.books.chases.put(chase.expire(one, desk.now))
        desk.note("chase_lost", one.id, broadcast=one.broadcast, why="expired", order_id=one.order_id)
        cards += stopped(one, gone, desk.now)
    rest = desk.books.chases.next_due()
    if rest:
        desk.sweep_at(rest)
    return cards


def returns(row: Due, desk: Desk) -> list[Card]:
    """The promised time is here: looked at again right before, then back to who promised to look.

    Where they have gone home it is somebody else's on duty, as far as anybody has a hand free, else the queue's.
    """
    one = desk.books.chases.get(row.about)
    if one is None or one.state != "waiting" or not chase.workable(one, desk.now):
        return []
    if not contacts.open_for(chase_book.ledger_of(one, desk), "chase", one.order_id, desk.now):
        return []
    who = looker(one, desk)
    if who is None:
        return []
    key = "chase.promise_due" if one.answer == "will_pay" else "chase.returned"
    said = lines(
        line(key, order_id=one.order_id, at=desk.clock(one.returns_at)),
        line("chase.in_place", name=desk.name(one.owner)) if who != one.owner else None,
    )
    buttons = ((copy("chase.copy_order", one.order_id), button("chase.claim", f"claim {one.id}")),)
    key = f"chase:{one.id}:{who}"
    return [tell(who, said, buttons=buttons, key=key, rank="work", about=f"chase {one.id}")]


def fresh(card: Card, desk: Desk) -> Card | None:
    """A card about a chase right before it leaves: paid or closed meanwhile, it says that and offers nothing."""
    one = desk.books.chases.get(card.about.partition(" ")[2])
    if one is None:
        return None
    now = chase.against(one, desk.books.orders.get(f"{desk.room.id}-o{one.order_id}"), desk.now)
    return card if now.alive else card.changed(lines=(over(now),), buttons=())


DUTY = DutySpec("chase_later", due={"chase_sweep": sweep, "chase_returns": returns}, fresh={"chase": fresh})
