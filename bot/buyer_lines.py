"""What is kept of a buyer, opened for the one who may look: the fields, and the words that had the order held."""

from __future__ import annotations

from datetime import date, datetime

from bot.card import line
from playbooks.addresses.audit import excerpt
from playbooks.aftercare import DEALT_WITH, Hold
from playbooks.orders import Order, OrderState, Personal
from storage.books import RoomBooks
from storage.rows import Line
from storage.vault import Vault
from storage.vault_books import BuyerBooks


def buyer_lines(books: RoomBooks, vault: Vault, order_id: str, now: datetime, today: date) -> list[Line]:
    """The order's buyer as a few lines; nowhere stored. One line where nothing is kept any more."""
    fields = BuyerBooks(books, vault, now, today).look(order_id)
    known = [line(f"reveal.{name}", text=text) for name, text in fields.items()]
    if not known:
        return [line("reveal.gone")]
    room = books.raw.room
    hold, state = books.holds.get(f"{room}-h{order_id}"), books.orders.get(f"{room}-o{order_id}")
    if hold is None or state is None or hold.state in DEALT_WITH:
        return known
    return [*known, *_why(hold, state, fields)]


def _why(hold: Hold, state: OrderState, fields: dict[str, str]) -> list[Line]:
    """Each rule beside the words that triggered it, where words did."""
    order = Order(
        platform=state.platform, order_id=state.order_id, status=state.status, province=state.province, city=state.city
    )  # fmt: skip
    personal = Personal(**fields)
    said = (
        (found, excerpt(found, order, personal).strip()) for found in hold.findings if found.verdict != "PASS"
    )
    return [
        line("reveal.why", rule=line(f"audit.name_{found.rule}"), text=text) for found, text in said if text
    ]
