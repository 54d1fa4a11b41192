"""Folding the log into the snapshot: units go on meanwhile, nothing is lost, what fails is tried again."""

from __future__ import annotations

import errno
import logging
from pathlib import Path
from threading import Event

import pytest

from storage.tiny import TinyStore
from storage.tiny_disk import RealDisk
from tests.storage.store_contract import BOOKS, CHASES, PATIENCE, Chase, ids, put
from tests.storage.tiny_rooms import FRESH, LOG, OLD, SNAPSHOT, FaultyDisk, files, found


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


class Held(RealDisk):
    """The room's snapshot waits, written but without its name, until `go`; `there` tells that it has come so far."""

    def __init__(self) -> None:
        self.there = Event()
        self.go = Event()

    def rename(self, old: Path, new: Path) -> None:
        """See Disk."""
        if new.name == SNAPSHOT and new.parent.name == "a1":
            self.there.set()
            assert self.go.wait(PATIENCE)
        super().rename(old, new)


def test_units_go_on_while_the_snapshot_is_written(data: Path) -> None:
    disk = Held()
    store = TinyStore(data, BOOKS, disk=disk, compact_at=1)
    store.run("a1", put(Chase(id="a1-1")))
    assert disk.there.wait(PATIENCE)
    for number in (2, 3):
        store.run("a1", put(Chase(id=f"a1-{number}")))
    store.run_all("a1", [put(Chase(id="a1-4"))], durable=False)
    assert set(files(data)) == {OLD, LOG, "snapshot.tmp"}
    assert found(data) == ids(list(store.view("a1").shelf(CHASES).scan())) == ["a1-1", "a1-2", "a1-3", "a1-4"]
    disk.go.set()
    store.close()
    assert set(files(data)) == {SNAPSHOT, LOG}
    assert found(data) == ["a1-1", "a1-2", "a1-3", "a1-4"]


def test_the_snapshot_has_the_room_as_it_was_when_the_log_was_put_aside(data: Path) -> None:
    disk = Held()
    store = TinyStore(data, BOOKS, disk=disk, compact_at=1)
    store.run("a1", put(Chase(id="a1-1")))
    assert disk.there.wait(PATIENCE)
    store.run("a1", put(Chase(id="a1-2")))
    written = files(data)["snapshot.tmp"]
    assert (b'"seq":1,' in written, b"a1-2" in written) == (True, False)
    disk.go.set()
    store.close()


def test_only_one_log_is_put_aside_at_a_time(data: Path) -> None:
    disk = Held()
    store = TinyStore(data, BOOKS, disk=disk, compact_at=1)
    for number in range(1, 4):
        store.run("a1", put(Chase(id=f"a1-{number}")))
        assert disk.there.wait(PATIENCE)
    assert [files(data)[name].count(b'"seq"') for name in (OLD, LOG)] == [1, 2]
    disk.go.set()
    store.close()


def test_a_closed_store_has_everything_in_snapshots(data: Path) -> None:
    store = TinyStore(data, BOOKS)
    store.run("a1", put(Chase(id="a1-1")))
    store.close()
    content = files(data)
    assert set(content) == {SNAPSHOT, LOG}
    assert (b'"a1-1"' in content[SNAPSHOT], content[LOG].count(b"\n")) == (True, 1)


def test_the_log_may_grow_as_long_as_the_snapshot(data: Path) -> None:
    """Else a large room would be written anew for every handful of units."""
    store = TinyStore(data, BOOKS, compact_at=2_000)
    store.run("a1", put(*(Chase(id=f"a1-{number}") for number in range(200))))
    store.close()
    store = TinyStore(data, BOOKS, compact_at=2_000)
    sizes = []
    for number in range(150):
        store.run("a1", put(Chase(id="a1-0", state=str(number), claimant="x" * 100)))
        sizes.append((data / "a1" / LOG).read_bytes().count(b'"seq"'))
    store.close()
    assert len(files(data)[SNAPSHOT]) > 15_000
    assert max(sizes) * 200 > 15_000


@pytest.mark.parametrize("operation", ["write", "sync", "rename"])
def test_a_snapshot_that_fails_costs_no_unit_and_is_tried_again(
    data: Path, operation: str, caplog: pytest.LogCaptureFixture
) -> None:
    class FailingSnapshot(FaultyDisk):
        """Fails at the next operation after a snapshot was begun."""

        def open(self, path: Path, *, fresh: bool = False) -> int:
            """See Disk."""
            self.fault = errno.ENOSPC if path.name == "snapshot.tmp" and self.at else 0
            return super().open(path, fresh=fresh)

    disk = FailingSnapshot()
    store = TinyStore(data, BOOKS, disk=disk)
    disk.at = operation
    store.run("a1", put(Chase(id="a1-1")))
    with caplog.at_level(logging.WARNING):
        store.close()
    assert "no snapshot" in caplog.text
    assert set(files(data)) == {OLD, LOG}
    assert found(data) == ["a1-1"]
    store = TinyStore(data, BOOKS)
    for number in (2, 3):
        store.run("a1", put(Chase(id=f"a1-{number}")))
    assert found(data) == ["a1-1", "a1-2", "a1-3"]
    store.close()
    assert set(files(data)) == {SNAPSHOT, LOG}
    assert found(data) == ["a1-1", "a1-2", "a1-3"]


def test_no_log_takes_the_place_of_one_that_no_snapshot_has(
    data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class NoSnapshot(RealDisk):
        """The room's snapshot never gets its name."""

        def rename(self, old: Path, new: Path) -> None:
            """See Disk."""
            if (new.parent.name, new.name) == ("a1", SNAPSHOT):
                raise OSError(errno.ENOSPC, "no space")
            super().rename(old, new)

    for number in (1, 2, 3):
        store = TinyStore(data, BOOKS, disk=NoSnapshot(), compact_at=1)
        store.run("a1", put(Chase(id=f"a1-{number}")))
        store.close()
    assert [files(data)[name].count(b'"seq"') for name in (OLD, LOG)] == [1, 2]
    assert found(data) == ["a1-1", "a1-2", "a1-3"]
    assert "no snapshot" in caplog.text


@pytest.mark.parametrize("step", [(LOG, OLD), (FRESH, LOG)], ids=["the old one", "the new one"])
def test_a_log_that_cannot_be_put_aside_goes_on(
    data: Path, step: tuple[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    class NoRename(RealDisk):
        """Refuses to give one name for another, once."""

        refused: tuple[str, str] | None = None

        def rename(self, old: Path, new: Path) -> None:
            """See Disk."""
            if (old.name, new.name) == self.refused:
                self.refused = None
                raise OSError(errno.ENOSPC, "no space")
            super().rename(old, new)

    disk = NoRename()
    store = TinyStore(data, BOOKS, disk=disk, compact_at=1000)
    store.run("a1", put(Chase(id="a1-1")))
    disk.refused = step
    store.run("a1", put(Chase(id="a1-2", claimant="x" * 1000)))
    assert "no snapshot" in caplog.text
    assert (disk.refused, store.troubles(), OLD in files(data)) == (None, {}, False)
    store.run("a1", put(Chase(id="a1-3")))
    assert found(data) == ["a1-1", "a1-2", "a1-3"]
    store.close()
    assert set(files(data)) == {SNAPSHOT, LOG}
    assert found(data) == ["a1-1", "a1-2", "a1-3"]


def test_a_reader_looks_again_when_a_log_was_put_aside_under_it(data: Path) -> None:
    """Between any two files it reads, the bot writes a unit, puts the log aside and folds it."""
    store = TinyStore(data, BOOKS, compact_at=1)
    store.run("a1", put(Chase(id="a1-1")))

    class Interrupted(RealDisk):
        """Writes on before each of the first reads of the room."""

        numbers = iter(range(2, 9))

        def read(self, path: Path, most: int = -1) -> bytes | None:
            """See Disk."""
            number = next(self.numbers, None) if path.parent.name == "a1" else None
            if number:
                store.run("a1", put(Chase(id=f"a1-{number}")))
            return super().read(path, most)

    reader = TinyStore(data, BOOKS, readonly=True, disk=Interrupted())
    seen = ids(list(reader.view("a1").shelf(CHASES).scan()))
    assert seen == [f"a1-{number}" for number in range(1, 9)]
    store.close()
