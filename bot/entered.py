"""What people entered for a broadcast's review, in the room's books, and which broadcast they mean."""

from __future__ import annotations

from bot.card import Card, button, line, tell
from bot.desk import Desk
from playbooks.broadcast import Broadcast
from playbooks.model import Refusal
from playbooks.review_entered import FEELINGS, Entered


def entered_of(broadcast: str, desk: Desk) -> Entered:
    """What was entered; empty before anybody did."""
    return desk.books.review_entries.get(broadcast) or Entered(id=broadcast)


def aired(desk: Desk) -> Broadcast:
    """The newest broadcast that has been on air. Raises Refusal `review.none`."""
    found = [b for b in desk.books.broadcasts.scan() if b.live_at or b.ended_at]
    if not found:
        raise Refusal("review.none")
    return max(found, key=lambda b: b.number)


def named_first(args: str, desk: Desk) -> tuple[Broadcast | None, str]:
    """The broadcast whose id the words begin with, as buttons carry it, and the rest; (None, all) of other words."""
    first, _, rest = args.strip().partition(" ")
    here = desk.books.broadcasts.get(first) if first else None
    return (here, rest.strip()) if here else (None, args.strip())


def feedback_card(person: str, here: Broadcast) -> Card:
    """How was the shift? Answered in one tap; silent, for it comes when people go home."""
    row = tuple(button(f"feedback.{how}", f"feedback {here.id} {how}") for how in FEELINGS)
    day = f"{here.opened_on:%m-%d}"
    return tell(
        person, line("feedback.ask", day=day), buttons=(row,), key=f"feedback:{here.id}:{person}", silent=True,
        rank="digest",
    )  # fmt: skip
