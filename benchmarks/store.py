"""What one update costs in the embedded store, beside SQLite and stock TinyDB, in the same run.

    python -m benchmarks.store

An update is what a press does at least: read one document by its id, change it, keep it, on disk before the
next begins. Each store keeps the same order-like document; SQLite runs WAL with synchronous=FULL, one row
a transaction, its row being the same JSON text, once with the look-ups ours keeps too (order number, state,
claimant, due moment) and once bare. The stores take turns, and the middle of all is shown, so that a busy
machine slows them alike. Claimed: cost independent of how much is stored (50k at most 1.3 times 1k) and at
most twice that of SQLite doing the same.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from tinydb import TinyDB, where

from playbooks.model import Moment, Money
from storage.store import Book, Books, Document
from storage.tiny import TinyStore

SIZES = (1_000, 10_000, 50_000)
ROUNDS, UPDATES = 30, 20
START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
Update = Callable[[int], None]


class Order(Document):
    """About as large as an open order with its chase."""

    order_id: str
    product: str = "三色堇纯棉四件套 1.8m 床品套装 送同款枕套一对"
    state: str = "open"
    claimant: str | None = None
    revision: int = 0
    amount: Money = Decimal("79.90")
    ordered_at: Moment = START
    due_at: Moment | None = None
    city: str = "杭州市"
    remarks: tuple[str, ...] = ("20:14 小美 第1次 未接", "20:31 小美 第2次 说晚点付")


ORDERS = Book("orders", Order, indexes=("order_id", "state", "claimant"), due="due_at")


def order(number: int) -> Order:
    due = START + timedelta(seconds=number * 7919 % 86_400)
    return Order(id=f"a1-{number}", order_id=f"6917{number:015}", claimant=f"p{number % 25}", due_at=due)


def later(number: int) -> datetime:
    return START + timedelta(seconds=number * 31 % 86_400)


def ours(folder: Path, size: int) -> Update:
    store = TinyStore(folder / f"ours{size}", [ORDERS])

    def fill(start: int) -> Callable[[Books], None]:
        def unit(books: Books) -> None:
            for number in range(start, min(start + 500, size)):
                books.shelf(ORDERS).put(order(number))

        return unit

    for start in range(0, size, 500):
        store.run("a1", fill(start))

    def update(number: int) -> None:
        def unit(books: Books) -> None:
            shelf = books.shelf(ORDERS)
            found = shelf.get(f"a1-{number}")
            assert found
            revision = found.revision + 1
            shelf.put(found.changed(revision=revision, claimant=f"p{number % 7}", due_at=later(number)))

        store.run("a1", unit)

    return update


def sqlite(folder: Path, size: int, *, listed: bool) -> Update:
    """One row of text; `listed`: with the columns and indexes for the look-ups our book declares."""
    db = sqlite3.connect(folder / f"sqlite{size}{listed}.db", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    lookups = ("order_id", "state", "claimant", "due_at") if listed else ()
    columns = ("id", "document", *lookups)
    db.execute(f"CREATE TABLE orders (id TEXT PRIMARY KEY, {', '.join(columns[1:])})")
    for column in lookups:
        db.execute(f"CREATE INDEX by_{column} ON orders ({column})")
    db.execute("BEGIN")
    for number in range(size):
        row = order(number)
        values = (row.id, row.model_dump_json(), *(str(getattr(row, column)) for column in lookups))
        db.execute(f"INSERT INTO orders VALUES ({', '.join('?' * len(values))})", values)
    db.execute("COMMIT")
    # The log SQLite writes into is at its full length from here on, as in a process that has run for a while.
    for number in range(1200):
        db.execute("UPDATE orders SET document = document || ' ' WHERE id = ?", (f"a1-{number % size}",))
    sets = "document = ?, claimant = ?, due_at = ?" if listed else "document = ?"

    def update(number: int) -> None:
        db.execute("BEGIN IMMEDIATE")
        (text,) = db.execute("SELECT document FROM orders WHERE id = ?", (f"a1-{number}",)).fetchone()
        changed = text.replace('"claimant":"p', '"claimant":"q')
        said = (changed, f"p{number % 7}", later(number).isoformat()) if listed else (changed,)
        db.execute(f"UPDATE orders SET {sets} WHERE id = ?", (*said, f"a1-{number}"))
        db.execute("COMMIT")

    return update


def stock_tinydb(folder: Path, size: int) -> Update:
    table = TinyDB(folder / f"stock{size}.json").table("orders")
    table.insert_multiple(order(number).model_dump(mode="json") for number in range(size))

    def update(number: int) -> None:
        table.update({"state": "paid"}, where("id") == f"a1-{number}")

    return update


def timed(update: Update, numbers: list[int]) -> tuple[float, float]:
    """Microseconds an update: by the wall clock, and of this process's CPU."""
    wall, cpu = perf_counter(), process_time()
    for number in numbers:
        update(number)
    return (perf_counter() - wall) * 1e6 / len(numbers), (process_time() - cpu) * 1e6 / len(numbers)


def measure(folder: Path) -> dict[str, tuple[float, float]]:
    """Name -> (wall, CPU) microseconds, the median of ROUNDS turns."""
    stores = {f"ours {size:>6}": (ours(folder, size), size) for size in SIZES}
    stores |= {f"SQLite {size:>6}": (sqlite(folder, size, listed=False), size) for size in SIZES}
    stores |= {f"SQLite, indexed {size:>6}": (sqlite(folder, size, listed=True), size) for size in SIZES}
    chance = random.Random(7)
    turns: dict[str, list[tuple[float, float]]] = {name: [] for name in stores}
    for _ in range(ROUNDS):
        for name, (update, size) in stores.items():
            turns[name].append(timed(update, chance.sample(range(size), UPDATES)))
    stock = stock_tinydb(folder, SIZES[0])
    turns[f"stock TinyDB {SIZES[0]:>6}"] = [timed(stock, [number]) for number in range(15)]
    return {name: (median(w for w, _ in all_), median(c for _, c in all_)) for name, all_ in turns.items()}


def reopened(folder: Path, size: int) -> tuple[float, float]:
    """Seconds from closed to open, and milliseconds of the first 100 due of all."""
    began = perf_counter()
    store = TinyStore(folder / f"ours{size}", [ORDERS], readonly=True)
    opened = perf_counter()
    found = store.view("a1").shelf(ORDERS).due(START + timedelta(days=1), 100)
    assert len(found) == 100
    return opened - began, (perf_counter() - opened) * 1e3


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = measure(folder)
        print(f"{'one update':24}{'µs':>10}{'µs CPU':>10}")
        for label, (wall, cpu) in found.items():
            print(f"{label:24}{wall:10.0f}{cpu:10.0f}")
        small, large = found[f"ours {SIZES[0]:>6}"][0], found[f"ours {SIZES[-1]:>6}"][0]
        print(f"\n50k / 1k           {large / small:6.2f}   (claimed: at most 1.3)")
        for size in SIZES:
            mine = found[f"ours {size:>6}"][0]
            bare, indexed = (mine / found[f"SQLite{kind} {size:>6}"][0] for kind in ("", ", indexed"))
            said = f"(claimed: at most 2; unindexed {bare:.2f})"
            print(f"ours / SQLite {size // 1000:>3}k {indexed:6.2f}   {said}")
        print(f"stock TinyDB / ours{found[f'stock TinyDB {SIZES[0]:>6}'][0] / small:6.1f}   at 1k")
        for size in SIZES:
            seconds, milliseconds = reopened(folder, size)
            print(f"open {size // 1000:>3}k: {seconds:.2f} s, first 100 due: {milliseconds:.1f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
