"""What a look-back reads: the orders of the product asked about, not those of the whole evening."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.desk import Desk
from bot.history import gift_count_at
from playbooks.orders import OrderState
from storage.books import RoomBooks
from storage.store import Book, Books
from tests.bot.test_undo_dialogue import selling
from tests.support.evening import MEI, OPS, SHANGHAI, Shift, evening


class Counting:
    """Books that count the orders they hand out."""

    def __init__(self, raw: Books) -> None:
        self._raw = raw
        self.room = raw.room
        self.read = 0

    def shelf(self, book: Book[Any]) -> Any:
        shelf = self._raw.shelf(book)
        return _Counted(shelf, self) if book.name == "orders" else shelf


class _Counted:
    def __init__(self, shelf: Any, count: Counting) -> None:
        self._shelf = shelf
        self._count = count

    def by(self, index: str, value: str) -> list[Any]:
        found: list[Any] = self._shelf.by(index, value)
        self._count.read += len(found)
        return found


async def bought(shift: Shift, link_no: int, count: int) -> None:
    """`count` paid orders of a product, at 20:12."""
    at = datetime(2026, 11, 11, 20, 12, tzinfo=SHANGHAI).astimezone(UTC)
    numbers = [f"69170000000000{link_no}{n:04}" for n in range(count)]
    (here,) = shift.here.bot.runner.view("a1").broadcasts.scan()

    def put(raw: Books) -> None:
        for number in numbers:
            RoomBooks(raw).orders.put(
                OrderState(
                    id=f"a1-o{number}", order_id=number, platform="douyin", status="paid_unshipped", as_of=at,
                    created_at=at, paid_at=at, broadcast=here.id, link_no=link_no,
                )
            )  # fmt: skip

    await shift.here.bot.runner.unit("a1", put)


async def test_the_gifts_left_then_are_counted_from_the_products_own_orders(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.at("20:10")
        await shift.says(OPS, "赠品 1 10")
        await bought(shift, 1, 3)
        await bought(shift, 2, 200)
        await shift.at("21:00")
        assert "赠品约剩 7" in (await shift.asks(MEI, "/p 1 @20:14"))[0]

        view = shift.here.bot.runner.view("a1")
        counting = Counting(view.raw)
        (room,) = view.room.scan()
        (mei,) = (m for m in view.members.scan() if m.id == str(MEI))
        now = shift.clock.now()
        desk = Desk(RoomBooks(counting), shift.here.bot.runner.front(), room, mei, None, now=now)  # type: ignore[arg-type]
        listing = next(one for one in view.listings.scan() if one.link_no == 1)
        left = gift_count_at(listing, now, desk)
        assert left is not None
        assert (left.left, counting.read) == (7, 3)
