"""What the cards of a knowledge entry say, and what puts it before the managers to decide (A13, B03)."""

from __future__ import annotations

from bot.card import Card, Line, button, line, lines, tell
from bot.desk import Desk
from playbooks.knowledge import KnowledgeEntry


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


def approval_cards(entry: KnowledgeEntry, desk: Desk, *, silent: bool = False) -> list[Card]:
    """Every manager decides with one tap; the first to do so decides for all."""
    rows = ((button("kb.approve", f"kbok {entry.id}"),), (button("kb.decline", f"kbno {entry.id}"),))
    said = lines(line("kb.proposed", by=desk.name(entry.owner)), entry_body(entry))
    return [
        tell(m.id, said, buttons=rows, key=approval_key(entry, m.id), rank="work", silent=silent)
        for m in desk.with_role("manager")
    ]
