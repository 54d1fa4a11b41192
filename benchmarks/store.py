"""What one update costs in the embedded store, beside SQLite, SQLAlchemy and stock TinyDB, in the same run.

    python -m benchmarks.store

An update is what a press does at least: read one document by its id, change it, keep it, on disk before the
next begins. Each store keeps the same order-like document; SQLite runs WAL with synchronous=FULL, one row
a transaction, its row being the same JSON text, once with the look-ups ours keeps too (order number, state,
claimant, due moment) and once bare, without any and without looking into the text. SQLAlchemy is a session of
its ORM on the same SQLite. The stores take turns, and the middle of all is shown, so that a busy machine slows
them alike; what has been loaded is out of the garbage collector's way, as in the running bot.

Claimed: cost independent of how much is stored (50k at most 1.3 times 1k), at most twice that of bare SQLite,
and less than SQLAlchemy. Units saved together, as the bot does with presses that come at the same time, share
one wait for the disk.
"""

from __future__ import annotations

import gc
import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from benchmarks._stores import (
    ORDERS,
    START,
    Update,
    one_by_one,
    ours,
    sqlalchemy,
    sqlite,
    stock_tinydb,
    together,
)
from storage.tiny import TinyStore

SIZES = (1_000, 10_000, 50_000)
ROUNDS, UPDATES = 40, 16
TOGETHER = f"ours, {UPDATES} together"

Turn = Callable[[Sequence[int]], None]
Cost = tuple[float, float]
"""Microseconds an update: by the wall clock, and of this process's CPU."""


def each(update: Update) -> Turn:
    """A turn of updates one after another."""

    def turn(numbers: Sequence[int]) -> None:
        for number in numbers:
            update(number)

    return turn


def timed(turn: Turn, numbers: Sequence[int]) -> Cost:
    wall, cpu = perf_counter(), process_time()
    turn(numbers)
    return (perf_counter() - wall) * 1e6 / len(numbers), (process_time() - cpu) * 1e6 / len(numbers)


def turns(folder: Path) -> dict[tuple[str, int], Turn]:
    """(Store, documents in it) -> how it makes a turn of updates."""
    found: dict[tuple[str, int], Turn] = {}
    for size in SIZES:
        store = ours(folder, size)
        found["ours", size] = each(one_by_one(store))
        found[TOGETHER, size] = together(store)
        found["SQLite", size] = each(sqlite(folder, size, listed=False))
        found["SQLite, indexed", size] = each(sqlite(folder, size, listed=True))
        found["SQLAlchemy", size] = each(sqlalchemy(folder, size))
    return found


def measure(folder: Path) -> dict[tuple[str, int], Cost]:
    """The median of ROUNDS turns."""
    stores = turns(folder)
    gc.collect()
    gc.freeze()
    chance = random.Random(7)
    costs: dict[tuple[str, int], list[Cost]] = {name: [] for name in stores}
    for _ in range(ROUNDS):
        for (name, size), turn in stores.items():
            costs[name, size].append(timed(turn, chance.sample(range(size), UPDATES)))
    stock = stock_tinydb(folder, SIZES[0])
    costs["stock TinyDB", SIZES[0]] = [timed(each(stock), [number]) for number in range(15)]
    return {name: (median(w for w, _ in all_), median(c for _, c in all_)) for name, all_ in costs.items()}


def reopened(folder: Path, size: int) -> tuple[float, float]:
    """Seconds from closed to open, and milliseconds of the first 100 due of all."""
    began = perf_counter()
    store = TinyStore(folder / f"ours{size}", [ORDERS], readonly=True)
    opened = perf_counter()
    found = store.view("a1").shelf(ORDERS).due(START + timedelta(days=1), 100)
    assert len(found) == 100
    return opened - began, (perf_counter() - opened) * 1e3


def ratios(found: dict[tuple[str, int], Cost]) -> None:
    """What is claimed, and how it came out here."""
    small, large = (found["ours", size][0] for size in (SIZES[0], SIZES[-1]))
    print(f"\n{'50k / 1k':28}{large / small:8.2f}   (claimed: at most 1.3)")
    said = {
        "SQLite": "claimed: at most 2",
        "SQLite, indexed": "the same look-ups",
        "SQLAlchemy": "claimed: below 1",
    }
    for rival, claim in said.items():
        for size in SIZES:
            wall, cpu = (found["ours", size][n] / found[rival, size][n] for n in (0, 1))
            print(f"{f'ours / {rival} {size // 1000}k':28}{wall:8.2f}   CPU {cpu:.2f}   ({claim})")
    for size in SIZES:
        wall = found["ours", size][0] / found[TOGETHER, size][0]
        print(f"{f'one by one / together {size // 1000}k':28}{wall:8.1f}")
    print(f"{'stock TinyDB / ours 1k':28}{found['stock TinyDB', SIZES[0]][0] / small:8.1f}")


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = measure(folder)
        print(f"{'one update':20}{'documents':>12}{'µs':>8}{'µs CPU':>8}")
        for (label, size), (wall, cpu) in found.items():
            print(f"{label:20}{size:12}{wall:8.0f}{cpu:8.0f}")
        ratios(found)
        for size in SIZES:
            seconds, milliseconds = reopened(folder, size)
            print(f"open {size // 1000:>3}k: {seconds:.2f} s, first 100 due: {milliseconds:.1f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
