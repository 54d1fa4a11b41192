"""A process that writes is killed for real, again and again: what it said it had done is there afterwards.

A helper process forks one after the other, so that each begins at once. Each goes on with the room it finds and
tells on a pipe what it asks of the store and what has returned.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from storage.tiny import TinyStore
from tests.storage.commands import COMPACT_AT, Command, State, found
from tests.storage.store_contract import BOOKS

ROOT = Path(__file__).parents[2]
ROOMS = ("a1", "b2")
KILLS = 10
SEED = 20261121


def command(number: int) -> Command:
    """The unit number `number` of a room: it puts three documents and drops another."""
    puts = {f"n{(number + more) % 7}": f"text {number}" for more in range(3)}
    return Command(puts, (f"n{(number + 4) % 7}",))


def works(folder: Path) -> None:
    """What a process does until it is killed: units in either room, some together, some not waiting for the disk.

    It tells `asks ROOM LAST` before and `has ROOM LAST` after, LAST being the number of the newest unit.
    """
    store = TinyStore(folder, BOOKS, compact_at=COMPACT_AT)
    rng = Random(os.getpid())
    while True:
        room = rng.choice(ROOMS)
        first = store.view(room).sequence + 1
        last = first + rng.randrange(3)
        os.write(1, f"asks {room} {last}\n".encode())
        store.run_all(room, [command(n) for n in range(first, last + 1)], durable=rng.random() < 0.7)
        os.write(1, f"has {room} {last}\n".encode())


def forks(folder: Path) -> None:
    """For each line it reads: fork a process that works, tell its number, and wait until it is dead."""
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            try:
                works(folder)
            finally:
                os._exit(1)
        os.write(1, f"forked {child}\n".encode())
        os.waitpid(child, 0)
        os.write(1, b"dead\n")


@contextmanager
def helper(folder: Path) -> Iterator[subprocess.Popen[str]]:
    program = (
        f"from pathlib import Path; from tests.storage.test_kill import forks; forks(Path({str(folder)!r}))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.stdin.close()  # type: ignore[union-attr]


def killed_after(process: subprocess.Popen[str], asked: int) -> list[tuple[str, str, int]]:
    """What a process said until it was killed, which is when it had asked so many times, or a little later."""
    assert process.stdin
    assert process.stdout
    process.stdin.write("go\n")
    process.stdin.flush()
    child = int(process.stdout.readline().split()[1])
    said: list[tuple[str, str, int]] = []
    for line in process.stdout:
        if line == "dead\n":
            return said
        word, room, last = line.split()
        said.append((word, room, int(last)))
        asked -= word == "asks"
        if not asked:
            os.kill(child, signal.SIGKILL)
            asked = -1
    raise AssertionError("the helper died")


def test_a_killed_process_leaves_all_it_said_it_had_done_and_no_unit_by_half(tmp_path: Path) -> None:
    rng = Random(SEED)
    folder = tmp_path / "data"
    stands = dict.fromkeys(ROOMS, 0)
    with helper(folder) as process:
        for _ in range(KILLS):
            said = killed_after(process, rng.randrange(1, 40))
            store = TinyStore(folder, BOOKS, compact_at=COMPACT_AT)
            for room in ROOMS:
                state = found(store, room)
                assert (
                    newest(said, "has", room, stands) <= state.sequence <= newest(said, "asks", room, stands)
                )
                assert state == after(state.sequence)
                stands[room] = state.sequence
            store.close()


def after(units: int) -> State:
    """A room after that many units."""
    state = State()
    for number in range(1, units + 1):
        state = command(number).after(state)
    return state


def newest(said: list[tuple[str, str, int]], word: str, room: str, stands: dict[str, int]) -> int:
    """The newest unit of the room of which the process said this; the one that stood before if it did not."""
    return max((last for each, where, last in said if (each, where) == (word, room)), default=stands[room])
