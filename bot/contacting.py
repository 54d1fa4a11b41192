"""Contacts with buyers after the order 联系台账: all in the ledger of the chase (REQUIREMENTS K02, H21)."""

from __future__ import annotations

from bot.desk import Desk
from playbooks import contacts
from playbooks.contacts import Ledger, Purpose, Touch


def may_reach(purpose: Purpose, order_id: str, desk: Desk) -> bool:
    """Whether the order's buyer may be contacted once more for `purpose`; a parcel of no known order may."""
    known = desk.books.contacts.get(_id(order_id, desk)) if order_id else None
    return contacts.open_for(known, purpose, order_id, desk.now)


def reached(purpose: Purpose, order_id: str, outcome: str, desk: Desk) -> None:
    """Keep what `outcome` says of a contact with the buyer: there was one, or there is to be none any more."""
    if not order_id:
        return
    known = desk.books.contacts.get(_id(order_id, desk)) or Ledger(id=_id(order_id, desk))
    if outcome in contacts.rules().purposes[purpose].reached_by:
        touch = Touch(at=desk.now, who=desk.me.id, channel="message", purpose=purpose, order_id=order_id)
        desk.books.contacts.put(contacts.with_touch(known, touch))
    elif outcome == "opted_out":
        desk.books.contacts.put(known.changed(opted_out_at=desk.now))


def _id(order_id: str, desk: Desk) -> str:
    state = desk.books.orders.get(f"{desk.room.id}-o{order_id}")
    return contacts.ledger_id(desk.room.id, state.buyer_key if state else "", order_id)
