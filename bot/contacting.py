"""Contacts with buyers after the order 联系台账: all in the ledger of the chase (REQUIREMENTS K02, H21)."""

from __future__ import annotations

from bot.desk import Desk
from playbooks import contacts
from playbooks.contacts import Channel, Ledger, Purpose, Touch
from playbooks.model import Refusal

BY: Channel = "message"
"""How buyers are followed up: by a message in the platform's chat."""


def may_reach(purpose: Purpose, order_id: str, desk: Desk) -> bool:
    """Whether the order's buyer may be contacted for `purpose` at this moment."""
    try:
        check(purpose, order_id, desk)
    except Refusal:
        return False
    return True


def check(purpose: Purpose, order_id: str, desk: Desk, *, channel: Channel = BY) -> None:
    """Raises Refusal `contacts.*` where the order's buyer may not be contacted for `purpose` at this moment.

    Of the buyer of a parcel of no known order only the hour is known.
    """
    ledger = _known(order_id, desk)
    contacts.check(ledger, purpose, channel, order_id=order_id, now=desk.now, zone=desk.zone)


def reaches(purpose: Purpose, outcome: str) -> bool:
    """Whether `outcome` means that the buyer was contacted."""
    return outcome in contacts.rules().purposes[purpose].reached_by


def reached(
    purpose: Purpose, order_id: str, outcome: str, desk: Desk, *, text: str = "", channel: Channel = BY
) -> None:
    """Keep what `outcome` says of a contact with the buyer: there was one, or there is to be none any more.

    `text`: what names the text the buyer was told, where none is told twice.
    """
    if not order_id:
        return
    known = _known(order_id, desk) or Ledger(id=_id(order_id, desk))
    if reaches(purpose, outcome):
        touch = Touch(
            at=desk.now, who=desk.me.id, channel=channel, purpose=purpose, order_id=order_id, text=text
        )
        desk.books.contacts.put(contacts.with_touch(known, touch))
    elif outcome == "opted_out":
        desk.books.contacts.put(known.changed(opted_out_at=desk.now))


def buyer_told(order_id: str, former: str, key: str, desk: Desk) -> None:
    """An export tells the order's buyer by `key` now, by `former` ('' for nobody) before: what was kept goes along.

    The order's own ledger becomes the buyer's; that of a former key stays as well while other orders have it.
    """
    ledgers, id = desk.books.contacts, contacts.ledger_id(desk.room.id, key, order_id)
    for one in dict.fromkeys(("", former)):
        old = ledgers.get(contacts.ledger_id(desk.room.id, one, order_id))
        if old is not None:
            ledgers.put(contacts.merged(ledgers.get(id) or Ledger(id=id), old))
            if not one or not desk.books.orders.by("buyer_key", one, 1):
                ledgers.drop(old.id)


def _known(order_id: str, desk: Desk) -> Ledger | None:
    return desk.books.contacts.get(_id(order_id, desk)) if order_id else None


def _id(order_id: str, desk: Desk) -> str:
    state = desk.books.orders.get(f"{desk.room.id}-o{order_id}")
    return contacts.ledger_id(desk.room.id, state.buyer_key if state else "", order_id)
