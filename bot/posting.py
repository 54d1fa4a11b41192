"""How cards come into the outbox: where each goes, what it replies to, and which message it edits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.call import Call
from bot.card import Card
from storage.books import RoomBooks
from storage.rows import Outgoing

ANSWER = "answer"
"""Instead of an id: an answer that is sent at once and never stored."""


def post(
    books: RoomBooks,
    cards: Iterable[Card],
    now: datetime,
    call: Call | None = None,
    *,
    missed: datetime | None = None,
) -> None:
    """Put cards into the outbox: they leave once the unit holds. `missed`: when they should have left before."""
    for card in cards:
        if (
            call is not None
            and card.edit
            and card.person == call.who.id
            and not _pressed_there(books, card, call)
        ):
            card = card.changed(edit=False)  # noqa: PLW2901 - a press edits its own card; all else is said anew below
        # A newer edit of a message takes the place of one still waiting.
        id = f"{books.raw.room}-oe:{card.key}" if card.edit else books.new_id("o")
        going = outgoing(call, card, id, now)
        books.outbox.put(going.changed(missed=True, due_at=missed) if missed else going)


def outgoing(call: Call | None, card: Card, id: str, now: datetime) -> Outgoing:
    """The card as it leaves: where to, and what it replies to."""
    if card.toast and call is not None:  # typed words have nothing to toast: answer them privately
        card = card.changed(toast=False, person=call.who.id)
    asked_here = call is not None and not call.private and card.person == call.who.id
    return Outgoing(
        id=id, card=card, at=now, not_before=card.not_before,
        chat_id=call.chat_id if call and asked_here else 0,
        thread=call.thread if call and asked_here else 0,
        reply_to=call.message_id if call and asked_here and not call.press_id else 0,
        again=bool(call and call.replayed and id == ANSWER),
    )  # fmt: skip


def _pressed_there(books: RoomBooks, card: Card, call: Call) -> bool:
    """Whether the call is a press on the very message that shows this card now."""
    stands = books.sent.get(card.key)
    return bool(
        call.press_id and stands and (stands.chat_id, stands.message_id) == (call.chat_id, call.message_id)
    )
