"""Whom to write to after a purchase: the next buyers, each with one message for all they bought."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.contacting import may_reach
from bot.desk import Desk
from playbooks import contacts, post_purchase
from playbooks.announce import Listing
from playbooks.contacts import Ledger, Purpose
from playbooks.orders import AlsoBought, OrderState
from playbooks.post_purchase import Bought, HandedOut, Message, OwnText

PURPOSE: Purpose = "post_purchase"


def next_messages(desk: Desk, most: int) -> list[Message]:
    """The messages for the next buyers, who paid longest ago first; none that is in somebody's hands."""
    return Next(desk).messages(most)


def in_hand(desk: Desk, who: str) -> HandedOut | None:
    """The list a person was handed and has not ended, if its time is not over."""
    return next((one for one in handed_out(desk) if one.by == who), None)


def handed_out(desk: Desk) -> list[HandedOut]:
    """Every list that is in somebody's hands now."""
    return [one for one in desk.books.post_lists.by("state", "out") if desk.now < one.until]


def own_texts(desk: Desk) -> dict[str, OwnText]:
    """The managers' own sentences, by product name."""
    return {one.product: one for one in desk.books.post_texts.scan()}


def messaged_of(order_id: str, desk: Desk) -> None:
    """Nothing is left to tell of the order: it is not looked at again, however many have been written to."""
    state = desk.books.orders.get(f"{desk.room.id}-o{order_id}")
    if state is not None and not state.messaged:
        desk.books.orders.put(state.changed(messaged=True))


@dataclass(frozen=True)
class _Open:
    """An order to write about and what of it is still to be told."""

    order: OrderState
    bought: tuple[Bought, ...]


class Next:
    """One look through the books."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.own = own_texts(desk)
        self.taken = {number for one in handed_out(desk) for number in one.orders}
        self._listings: dict[str, dict[int, Listing]] = {}

    def messages(self, most: int) -> list[Message]:
        """At most `most`."""
        found: list[Message] = []
        seen: set[str] = set()
        for order in self._waiting():
            id = contacts.ledger_id(self.desk.room.id, order.buyer_key, order.order_id)
            ledger = self.desk.books.contacts.get(id)
            if id in seen:
                continue
            if not self._open(order, ledger).bought:
                messaged_of(order.order_id, self.desk)
                continue
            seen.add(id)
            if message := self._message(ledger, order):
                found.append(message)
            if len(found) == most:
                break
        return found

    def _waiting(self) -> Iterator[OrderState]:
        """Who paid longest ago first; no more orders are read than are asked for, but for those of one slot."""
        for slot in post_purchase.slots(self.desk.now):
            some = filter(self._waits, self.desk.books.orders.by("message_slot", slot))
            yield from sorted(some, key=lambda one: (one.paid_at, one.order_id))

    def _waits(self, order: OrderState) -> bool:
        if order.order_id in self.taken or not post_purchase.waits(order, None, self.desk.now):
            return False
        hold = self.desk.books.holds.get(f"{self.desk.room.id}-h{order.order_id}")
        return post_purchase.waits(order, hold, self.desk.now)

    def _message(self, ledger: Ledger | None, order: OrderState) -> Message | None:
        """One message about all that waits of the order's buyer; None where they may not be written to now."""
        if not may_reach(PURPOSE, order.order_id, self.desk):
            return None
        orders = self.desk.books.orders.by("buyer_key", order.buyer_key) if order.buyer_key else [order]
        every = (self._open(one, ledger) for one in filter(self._waits, orders))
        new = [one for one in every if one.bought]
        bought = list(dict.fromkeys(piece for one in new for piece in one.bought))
        room = self.desk.room
        return Message(
            orders=tuple(one.order.order_id for one in new),
            bought=tuple(tuple(piece.name for piece in one.bought) for one in new),
            parts=post_purchase.message(bought, self.own, room.platform, room.lang),
        )  # fmt: skip

    def _open(self, order: OrderState, ledger: Ledger | None) -> _Open:
        """The order with its products as the run sheet has them, else by the title in the export; those the buyer was
        told of before left out."""
        known = dict.fromkeys(self._bought(order.broadcast, one) for one in order.bought)
        return _Open(
            order, tuple(one for one in known if not post_purchase.told(ledger, order.order_id, one.name))
        )

    def _bought(self, broadcast: str, piece: AlsoBought) -> Bought:
        listing = self._of(broadcast).get(piece.link_no or 0)
        if listing is None:
            return Bought(name=piece.title)
        return Bought(name=listing.name, category=listing.product.category)

    def _of(self, broadcast: str) -> dict[int, Listing]:
        """A broadcast's products by number, read once."""
        if broadcast not in self._listings:
            known = self.desk.books.listings.by("broadcast", broadcast) if broadcast else []
            self._listings[broadcast] = {one.link_no: one for one in known}
        return self._listings[broadcast]
