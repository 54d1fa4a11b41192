"""Which broadcast and which of its products an order of an export belongs to."""

from __future__ import annotations

from bot.desk import Desk
from playbooks.announce import Listing
from playbooks.broadcast import Broadcast, of_order
from playbooks.orders import Order


class Placing:
    """The room's broadcasts and their products, read once for a batch."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._broadcasts = list(desk.books.broadcasts.scan())
        self._listings: dict[str, list[Listing]] = {}

    def broadcast(self, order: Order) -> Broadcast | None:
        """The broadcast it was placed in; None where the export does not say when."""
        if order.created_at is None:
            return None
        return of_order(self._broadcasts, order.created_at, self._desk.zone)

    def listings(self, broadcast: Broadcast | None) -> list[Listing]:
        """The products of a broadcast, also the withdrawn ones."""
        if broadcast is None:  # another broadcast's numbers mean other products
            return []
        if broadcast.id not in self._listings:
            self._listings[broadcast.id] = self._desk.books.listings.by("broadcast", broadcast.id)
        return self._listings[broadcast.id]

    def links(self, order: Order, broadcast: Broadcast | None) -> tuple[int, ...]:
        """Products are joined by product id, then code, then exact title (facts/runsheet.yaml sku_code)."""
        found = (
            one.link_no
            for bought in order.lines
            if not bought.gift
            for one in self.listings(broadcast)
            if (bought.product_id and bought.product_id == one.product.product_id)
            or (bought.sku_code and bought.sku_code == one.product.sku_code)
            or (bought.title and bought.title == one.name)
        )
        return tuple(dict.fromkeys(found))
