"""What a press of /messages costs with a big evening's orders paid: the first one, and one after half were written to.

    python -m benchmarks.messages

20,000 paid orders of 16,000 buyers, paid within three hours; the next twenty buyers are found and their messages made,
in one unit of the store, as the command does it. Processor time of the process, the least of a few rounds.

Claimed in docs/after-purchase.md: at most 0.15 s a press.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.desk import Desk
from bot.post_purchase_lists import messaged_of, next_messages
from playbooks.orders import OrderState
from playbooks.post_purchase import rules
from playbooks.room import Member, Room
from storage.books import BOOKS, DeskBooks, RoomBooks
from storage.store import Books
from storage.tiny import TinyStore

ORDERS, BUYERS, TOGETHER, ROUNDS = 20_000, 16_000, 500, 3
CLAIMED = 0.15
OPENS = datetime(2026, 11, 11, 2, 0, tzinfo=UTC)
NOW = OPENS + timedelta(hours=4)
ROOM = Room(id="a1", shop="小满优选", platform="douyin", chat_id=-1, made_at=OPENS, made_by="101")
MEI = Member(id="103", name="小美", roles=("agent",))


def order(number: int) -> OrderState:
    """One that was paid."""
    return OrderState(
        id=f"a1-o{number}", order_id=str(number), platform="douyin", as_of=NOW,
        title=f"商品 {number % 12}", paid_at=OPENS + timedelta(seconds=number * 10_800 // ORDERS),
        status="paid_unshipped", buyer_key=f"b{number % BUYERS}",
    )  # fmt: skip


def fill(store: TinyStore) -> None:
    """The orders, in units of as many as a file brings at once."""
    for first in range(0, ORDERS, TOGETHER):

        def put(raw: Books, first: int = first) -> None:
            books = RoomBooks(raw)
            books.room.put(ROOM)
            for number in range(first, first + TOGETHER):
                books.orders.put(order(number))

        store.run("a1", put)


def press(store: TinyStore) -> float:
    """Seconds of one press."""
    front = DeskBooks(store.view("desk"))

    def unit(raw: Books) -> int:
        desk = Desk(RoomBooks(raw), front, ROOM, MEI, None, now=NOW)
        return len(next_messages(desk, rules().at_once))

    begun = time.process_time()
    found = store.run("a1", unit)
    spent = time.process_time() - begun
    assert found == rules().at_once
    return spent


def half_written_to(store: TinyStore) -> None:
    """The first half of the orders are told of."""
    front = DeskBooks(store.view("desk"))
    for first in range(0, ORDERS // 2, TOGETHER):

        def tell(raw: Books, first: int = first) -> None:
            desk = Desk(RoomBooks(raw), front, ROOM, MEI, None, now=NOW)
            for number in range(first, first + TOGETHER):
                messaged_of(str(number), desk)

        store.run("a1", tell)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        store = TinyStore(Path(folder), BOOKS)
        fill(store)
        first = min(press(store) for _ in range(ROUNDS))
        half_written_to(store)
        later = min(press(store) for _ in range(ROUNDS))
        store.close()
    print(
        f"/messages with {ORDERS:,} orders paid: {first * 1000:.0f} ms; half of them told: {later * 1000:.0f} ms"
    )
    good = max(first, later) <= CLAIMED
    print("as claimed" if good else "NOT as claimed")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
