"""Action items in the room's books: who may touch one, how it is said, what is open before the next stream (G03)."""

from __future__ import annotations

from bot.card import line
from bot.desk import Desk
from playbooks import actions
from playbooks.actions import ActionItem
from playbooks.model import Refusal
from playbooks.room import IN_CHARGE
from storage.rows import Line


def need_item(id: str, desk: Desk) -> ActionItem:
    """One's own, or anybody's for who is in charge. Raises Refusal `actions.unknown`, `actions.not_yours`."""
    one = desk.books.action_items.get(id)
    if one is None:
        raise Refusal("actions.unknown")
    if desk.me.id not in (one.owner, one.by) and not desk.me.may(IN_CHARGE):
        raise Refusal("actions.not_yours", owner=desk.name(one.owner))
    return one


def item_line(one: ActionItem, desk: Desk) -> Line:
    """The item with owner and due time, or how it ended."""
    late = one.state == "open" and one.due_at <= desk.now
    key = "actions.line_late" if late else f"actions.line_{one.state}"
    return line(
        key, text=one.text, owner=desk.name(one.owner), due=desk.clock(one.due_at), by=desk.name(one.ended_by),
        at=desk.clock(one.ended_at), why=one.ended_why or line("review.nothing"),
    )  # fmt: skip


def open_before(desk: Desk) -> tuple[str, ...]:
    """What is open still, by name and owner: the checklist of the next stream brings it up again."""
    found = actions.open_ones(desk.books.action_items.by("state", "open"))
    return tuple(f"{one.text}（{desk.name(one.owner)}）" for one in found)
