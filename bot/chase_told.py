"""What somebody has to hear of a chase they were at: it is over, or an export contradicts them (PRODUCT, settle)."""

from __future__ import annotations

from datetime import datetime

from bot.card import Card, button, copy, line, tell
from playbooks.chase import Chase
from storage.rows import Line


def over(one: Chase) -> Line:
    """How it ended."""
    if one.state == "paid":
        return line("chase.told_paid", order_id=one.order_id)
    return line("chase.told_lost", order_id=one.order_id, why=line(f"chase.closed_{one.closed_why}"))


def stop(who: str, gone: Chase, *, silent: bool = False) -> Card:
    """A new message to who (a person's id) had it in hand, since edits do not notify; the card before loses its
    buttons."""
    key = f"chase:{gone.id}:{who}"
    return tell(who, over(gone), key=key, rank="work", about=f"chase {gone.id}", silent=silent)


def stopped(before: Chase, gone: Chase, now: datetime) -> list[Card]:
    """To who is at it this minute; silently to who took it up and has said nothing since, though their lease is over:
    its card still stands before them. Of a table of many they look at the table."""
    at_it = before.held(now)
    if not before.owner or before.lease_until is None or (before.tabled_at and not at_it):
        return []
    return [stop(before.owner, gone, silent=not at_it)]


def told_otherwise(before: Chase, now: Chase) -> list[Card]:
    """An order somebody had said to be closed, or registered in error, that is paid or open again."""
    if not before.on_word or not before.owner or not (now.alive or now.state == "paid"):
        return []
    said = line(f"chase.outcome_{before.answer}")
    key = f"chase:{now.id}:{before.owner}"
    if not now.alive:
        return [
            tell(before.owner, line("chase.paid_after_all", order_id=now.order_id, said=said), rank="work")
        ]
    row = (copy("chase.copy_order", now.order_id), button("chase.claim", f"claim {now.id}"))
    told = line("chase.open_after_all", order_id=now.order_id, said=said)
    return [tell(before.owner, told, buttons=(row,), key=key, rank="work", about=f"chase {now.id}")]
