"""What the cards of a knowledge entry say, and what puts it before the managers to decide (A13, B03)."""

from __future__ import annotations

from bot.card import Card, Line, Row, button, line, lines, tell
from bot.desk import Desk
from bot.entries import origin, standing_of, until_line
from playbooks import knowledge
from playbooks.knowledge import KnowledgeEntry
from playbooks.room import MANAGERS


def entry_body(entry: KnowledgeEntry) -> tuple[Line, ...]:
    """Question, other names, product, answer."""
    return lines(
        line("kb.question", text=entry.question),
        line("kb.aliases", text="、".join(entry.aliases)) if entry.aliases else None,
        line("kb.product", text=entry.product) if entry.product else None,
        line("kb.answer", text=entry.answer),
    )


def approval_key(entry: KnowledgeEntry, manager: str) -> str:
    """The key of a manager's card of a proposed entry."""
    return f"kb:{entry.id}:{manager}"


def decided_by(entry: KnowledgeEntry, said: tuple[Line, ...], desk: Desk) -> list[Card]:
    """The managers' cards of an entry that was decided, without buttons."""
    keys = ((m.id, approval_key(entry, m.id)) for m in desk.with_role("manager"))
    whole = (*said, *entry_body(entry))
    return [tell(id, whole, key=key, edit=True, rank="work") for id, key in keys if desk.books.sent.get(key)]


def approval_cards(entry: KnowledgeEntry, desk: Desk) -> list[Card]:
    """Every manager decides with one tap; the first to do so decides for all."""
    head = line("kb.proposed", by=desk.name(entry.owner))
    return [_to_approve(entry, m.id, head, desk) for m in desk.with_role("manager")]


def edited_card(entry: KnowledgeEntry, desk: Desk) -> Card:
    """What the caller has just written anew, as it was understood, to approve."""
    return _to_approve(entry, desk.me.id, line("kb.edited_look"), desk)


def _to_approve(entry: KnowledgeEntry, manager: str, head: Line, desk: Desk) -> Card:
    rows = (
        (button("kb.approve", f"kbok {entry.id}"),),
        (button("kb.edit", f"kbedit {entry.id}"),),
        (button("kb.decline", f"kbno {entry.id}"),),
    )
    said = lines(
        head,
        entry_body(entry),
        line("kb.owner", name=desk.name(entry.owner)),
        until_line(entry, desk) or line("kb.no_end"),
    )
    return tell(manager, said, buttons=rows, key=approval_key(entry, manager), rank="work")


def added_card(entry: KnowledgeEntry, desk: Desk) -> Card:
    """What was just put in."""
    return tell(desk.me.id, line("kb.added"), entry_body(entry), buttons=care_rows(entry, desk))


def entry_card(entry: KnowledgeEntry, desk: Desk) -> Card:
    """One entry: whose it is, until when, and why it is not offered where it is not."""
    how = standing_of(entry, desk)
    said = lines(
        entry_body(entry),
        origin(entry, desk),
        until_line(entry, desk),
        line(f"kb.stands_{how}") if how != "good" else None,
    )
    return tell(desk.me.id, said, buttons=care_rows(entry, desk))


def care_rows(entry: KnowledgeEntry, desk: Desk) -> tuple[Row, ...]:
    """Its owner and managers say that it still holds, or take it away."""
    if entry.state == "proposed" or not may_care(entry, desk):
        return ()
    days = knowledge.rules().keep_days
    return (
        (button("kb.keep", f"kbkeep {entry.id}", days=days),),
        (button("kb.drop", f"kbdrop {entry.id}"),),
    )


def may_care(entry: KnowledgeEntry, desk: Desk) -> bool:
    """Whether it is the caller's to look after."""
    return entry.owner == desk.me.id or desk.me.may(MANAGERS)
