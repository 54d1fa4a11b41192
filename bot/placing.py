"""Which broadcast and which of its products an order of an export belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from playbooks.announce import Listing
from playbooks.broadcast import Broadcast, of_order
from playbooks.orders import AlsoBought, Order, OrderLine
from storage.books import RoomBooks


class Placing:
    """The room's broadcasts and their products, read once for a batch."""

    def __init__(self, books: RoomBooks, zone: ZoneInfo) -> None:
        self._books, self._zone = books, zone
        self._broadcasts = list(books.broadcasts.scan())
        self._listings: dict[str, list[Listing]] = {}

    def broadcast(self, order: Order) -> Broadcast | None:
        """The broadcast it was placed in; None where the export does not say when."""
        if order.created_at is None:
            return None
        return of_order(self._broadcasts, order.created_at, self._zone)

    def listings(self, broadcast: Broadcast | None) -> list[Listing]:
        """The products of a broadcast, also the withdrawn ones."""
        if broadcast is None:  # another broadcast's numbers mean other products
            return []
        if broadcast.id not in self._listings:
            self._listings[broadcast.id] = self._books.listings.by("broadcast", broadcast.id)
        return self._listings[broadcast.id]

    def links(self, order: Order, broadcast: Broadcast | None) -> tuple[int, ...]:
        """The link numbers of an order's products, in the order of its lines."""
        found = (link for one in order.lines if not one.gift for link in self._links_of(one, broadcast))
        return tuple(dict.fromkeys(found))

    def also(self, order: Order, broadcast: Broadcast | None) -> tuple[AlsoBought, ...]:
        """What else was bought beside the product of the first link (without any: beside the first line's)."""
        if len(order.lines) < 2:
            return ()
        bought = [one for one in order.lines if not one.gift]
        links = [next(iter(self._links_of(one, broadcast)), None) for one in bought]
        pieces = [AlsoBought(link_no=link, title=one.title) for link, one in zip(links, bought, strict=True)]
        first = next((one for one in pieces if one.link_no is not None), pieces[0] if pieces else None)
        each = {one.link_no or one.title: one for one in pieces if one.link_no is not None or one.title}
        return tuple(one for key, one in each.items() if first and key != (first.link_no or first.title))

    def _links_of(self, bought: OrderLine, broadcast: Broadcast | None) -> Iterator[int]:
        """Products are joined by product id, then code, then exact title (facts/runsheet.yaml sku_code)."""
        return (
            one.link_no
            for one in self.listings(broadcast)
            if (bought.product_id and bought.product_id == one.product.product_id)
            or (bought.sku_code and bought.sku_code == one.product.sku_code)
            or (bought.title and bought.title == one.name)
        )
