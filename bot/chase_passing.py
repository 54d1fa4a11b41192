"""Handing chases to people 派单: who has a hand free, and an unhappy buyer's order to another agent."""

from __future__ import annotations

from bot import chase_book
from bot.card import Card, button, copy, line, tell
from bot.desk import Desk
from bot.questioning import seniors
from playbooks import chase
from playbooks.chase import Chase, Hand


def hands(desk: Desk) -> list[Hand]:
    """Those on duty who chase, with what each has in hand; after-sales agents only where nobody else is (I01)."""
    there = desk.on_duty("agent", "lead")
    first = [m for m in there if m.side != "after_sales"]
    return [Hand(who=m.id, held=_held(m.id, desk), capacity=m.capacity) for m in first or there]


def _held(who: str, desk: Desk) -> int:
    return len(chase.pieces(one for one in desk.books.chases.by("open_owner", who) if one.held(desk.now)))


def hand_to(one: Chase, who: str, desk: Desk) -> Chase:
    """The chase claimed for `who`, and noted."""
    desk.note("chase_claim", one.id, broadcast=one.broadcast, order_id=one.order_id, dealt=who)
    return desk.books.chases.put(chase.claim(one, who, desk.now, many=chase_book.many(desk)))


def looker(one: Chase, desk: Desk) -> str | None:
    """Who (a person's id) looks at an order whose time has come: who had it, unless they are gone and others are here.

    None where all who are here have their hands full: it waits in the queue.
    """
    there = hands(desk)
    if not there or desk.member(one.owner).presence != "out":
        return one.owner
    taken = chase.deal([chase.for_buyer(one, chase_book.of_buyer(one, desk))], there)
    if not taken:
        return None
    hand_to(one, taken[0][1], desk)
    return taken[0][1]


def pass_on(one: Chase, desk: Desk) -> list[Card]:
    """A buyer unhappy with the caller hears an apology from somebody else (C18).

    With nobody else there the lead is told; who was first stays accountable for its closing (K15).
    """
    taken = chase.deal([one], hands(desk))
    if not taken:
        said = line("chase.nobody_else", order_id=one.order_id, name=desk.me.name)
        return [tell(m.id, said, rank="work") for m in seniors(desk)]
    who = taken[0][1]
    hand_to(one, who, desk)
    said = line("chase.passed", order_id=one.order_id, name=desk.me.name)
    row = (copy("chase.copy_order", one.order_id), button("chase.claim", f"claim {one.id}"))
    return [
        tell(who, said, buttons=(row,), key=f"chase:{one.id}:{who}", rank="work", about=f"chase {one.id}")
    ]
