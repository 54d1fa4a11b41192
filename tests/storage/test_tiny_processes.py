"""Processes beside each other: one writes, others look on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.store import DESK, ReadOnly, Store, StoreLocked
from storage.tiny import TinyStore
from storage.tiny_disk import RealDisk
from tests.storage.store_contract import BOOKS, CHASES, Chase, ids, put
from tests.storage.tiny_rooms import crashed

ROOT = Path(__file__).parents[2]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(data: Path) -> Iterator[TinyStore]:
    store = TinyStore(data, BOOKS)
    yield store
    store.close()


OPEN = "import sys, pathlib; from storage.tiny import TinyStore; TinyStore(pathlib.Path(sys.argv[1]), ())"


def other_process(data: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", OPEN, data], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_a_second_process_is_refused_until_the_first_has_closed(data: Path) -> None:
    store = TinyStore(data, BOOKS)
    refused = other_process(data)
    assert refused.returncode
    assert "StoreLocked" in refused.stderr
    assert f"number {os.getpid()}" in refused.stderr
    store.close()
    assert other_process(data).returncode == 0


def test_a_second_store_in_the_same_process_is_refused_too(data: Path, store: TinyStore) -> None:
    with pytest.raises(StoreLocked, match="data is in use"):
        TinyStore(data, BOOKS)


def test_a_reader_beside_a_running_bot_sees_the_units_so_far_and_writes_nothing(
    data: Path, store: TinyStore
) -> None:
    store.run("a1", put(Chase(id="a1-1")))
    store.run(DESK, put(Chase(id="desk-1")))
    before = {path: path.read_bytes() for path in data.rglob("*.js*")}
    reader: Store = TinyStore(data, BOOKS, readonly=True)
    store_before = reader.view("a1").sequence
    assert (reader.rooms(), store_before, len(reader.view(DESK).shelf(CHASES))) == (["a1"], 1, 1)
    with pytest.raises(ReadOnly):
        reader.run("a1", put(Chase(id="a1-2")))
    reader.close()
    assert {path: path.read_bytes() for path in data.rglob("*.js*")} == before
    store.run("a1", put(Chase(id="a1-2")))


def test_a_reader_begins_again_when_the_log_was_folded_away_under_it(data: Path) -> None:
    store = TinyStore(data, BOOKS, compact_at=1)
    for number in (1, 2):
        store.run("a1", put(Chase(id=f"a1-{number}")))

    class Interrupted(RealDisk):
        """Between reading the snapshot and the log, the bot writes two more units and folds them in."""

        numbers = iter((3, 4))

        def read(self, path: Path, most: int = -1) -> bytes | None:
            if path.name == "log.jsonl":
                for number in self.numbers:
                    store.run("a1", put(Chase(id=f"a1-{number}")))
            return super().read(path, most)

    reader = TinyStore(data, BOOKS, readonly=True, disk=Interrupted())
    assert ids(list(reader.view("a1").shelf(CHASES).scan())) == ["a1-1", "a1-2", "a1-3", "a1-4"]
    store.close()


def test_a_reader_that_caught_a_line_being_written_looks_again(data: Path) -> None:
    log = crashed(data, units=3)
    head, first, second, third = log.splitlines(keepends=True)

    class Caught(RealDisk):
        """The first look passed the second line before it was written and the third one after."""

        looks = iter([head + first + b"\n" * len(second) + third])

        def read(self, path: Path, most: int = -1) -> bytes | None:
            if path != data / "a1" / "log.jsonl" or most >= 0:
                return super().read(path, most)
            return next(self.looks, log)

    reader = TinyStore(data, BOOKS, readonly=True, disk=Caught())
    assert reader.view("a1").sequence == 3


def test_a_reader_of_a_folder_that_is_not_there_is_told_so(data: Path) -> None:
    with pytest.raises(FileNotFoundError):
        TinyStore(data, BOOKS, readonly=True)
    assert not data.exists()
