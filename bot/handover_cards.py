"""What a hand-over 交接 looks like: offered item by item, dealt out, its record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.card import Card, Row, button, line, lines, tell
from bot.desk import Desk
from playbooks.daily import HandOver, Item
from storage.rows import Line


def kept_true(whole: HandOver, desk: Desk) -> list[Card]:
    """The cards it stands on, edited in place."""
    stand = (m.id for m in desk.members() if desk.books.sent.get(_key(whole, m.id)))
    return [offer_card(whole, who, desk).changed(edit=True) for who in stand]


def _key(whole: HandOver, person: str) -> str:
    return f"handover:{whole.id}:{person}"


def offer_card(whole: HandOver, person: str, desk: Desk) -> Card:
    """What is left behind, each with the button that takes it on; at which time the rest is dealt out."""
    left = line("handover.deal_at", at=desk.clock(whole.again_at)) if whole.state == "open" else None
    said = lines(head(whole, desk), (item_line(item, desk) for item in whole.items), left)
    rows: tuple[Row, ...] = tuple(
        (button("handover.take", f"hotake {whole.id} {place}", what=_short(item)),)
        for place, item in whole.waiting()
    )
    return tell(person, said, buttons=rows, key=_key(whole, person), rank="work")


def head(whole: HandOver, desk: Desk) -> Line:
    """Whose it was and when."""
    return line("handover.head", name=desk.name(whole.by), at=desk.clock(whole.at), count=len(whole.items))


def item_line(item: Item, desk: Desk) -> Line:
    """What it is, by when, and who has it now."""
    what = line(f"handover.{item.kind}", order_id=item.order_id, text=item.text, due=due(item.due_at, desk))
    if not item.outcome:
        return line("handover.waits", what=what)
    return line(f"handover.is_{item.outcome}", what=what, name=desk.name(item.to) if item.to else "")


def due(at: datetime | None, desk: Desk) -> Line | str:
    """`，18:30 前`; '' where nothing is due."""
    return line("handover.due", at=desk.clock(at)) if at else ""


def _short(item: Item) -> Line:
    return line(f"handover.short_{item.kind}", order=item.order_id[-4:], text=item.text[:12])


def given_card(whole: HandOver, to: str, items: Sequence[Item], desk: Desk) -> Card:
    said = line("handover.given", name=desk.name(whole.by))
    return tell(to, said, (item_line(item, desk) for item in items), rank="work")


def record(desk: Desk, most: int) -> list[Line]:
    """The last hand-overs, the newest first, with what became of each item (I08)."""
    known = sorted(desk.books.hand_overs.scan(), key=lambda one: (one.at, one.id), reverse=True)[:most]
    return [said for one in known for said in (head(one, desk), *(item_line(i, desk) for i in one.items))]
