"""Folding the log into the snapshot: units go on meanwhile, nothing is lost, what fails is tried again."""

from __future__ import annotations

import errno
import logging
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.tiny import TinyStore
from storage.tiny_disk import RealDisk
from tests.storage.store_contract import BOOKS, CHASES, PATIENCE, Chase, ids, put
from tests.storage.tiny_rooms import FRESH, LOG, OLD, SNAPSHOT, FaultyDisk, files, found

DEEDS = st.sampled_from(["nothing", "unit", "put aside", "folded"])


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


class Interrupted(RealDisk):
    """What a reader stands on while a bot goes on writing room a1: before its next reads, the bot does `deeds`.

    The bot works in the reader's thread, so that what happens between two reads is the same every time. `known`
    is how many units stood when the reader last read the whole log.
    """

    def __init__(self, data: Path, deeds: Sequence[str]) -> None:
        self.units = self.known = 0
        self._bot = Refusing()
        self._deeds = iter(deeds)
        self._store = TinyStore(data, BOOKS, disk=self._bot)
        self.do("unit")

    def read(self, path: Path, most: int = -1) -> bytes | None:
        """See Disk."""
        if path.parent.name == "a1":
            self.do(next(self._deeds, "nothing"))
            if (path.name, most) == (LOG, -1):
                self.known = self.units
        return super().read(path, most)

    def stop(self) -> None:
        """The bot stops."""
        self._bot.refuses = False
        self._store.close()

    def do(self, deed: str) -> None:
        """Write a unit, and then put the log aside, with all before it folded or not; or do nothing."""
        if deed != "nothing":
            self.units += 1
            self._store.run("a1", put(Chase(id=f"a1-{self.units:02}")))
        if deed in {"put aside", "folded"}:
            self._bot.refuses = deed == "put aside"
            self._store.fold("a1")


class Refusing(RealDisk):
    """While it `refuses`, no snapshot gets its name: the log put aside stays."""

    refuses = False

    def rename(self, old: Path, new: Path) -> None:
        """See Disk."""
        if self.refuses and (new.parent.name, new.name) == ("a1", SNAPSHOT):
            raise OSError(errno.ENOSPC, "no space")
        super().rename(old, new)


def seen_by(disk: Interrupted, data: Path) -> list[str]:
    """The ids a reader finds while the bot goes on under it."""
    reader = TinyStore(data, BOOKS, readonly=True, disk=disk)
    return ids(list(reader.view("a1").shelf(CHASES).scan()))


def first(units: int) -> list[str]:
    """The ids of the first units."""
    return [f"a1-{number:02}" for number in range(1, units + 1)]


def test_a_reader_looks_again_when_a_log_was_put_aside_under_it(data: Path) -> None:
    """Between any two of its first reads, the bot writes a unit, puts the log aside and folds it."""
    disk = Interrupted(data, ["folded"] * 7)
    assert seen_by(disk, data) == first(8)
    disk.stop()


@settings(max_examples=80, deadline=None)
@given(
    before=st.lists(DEEDS, max_size=4),
    during=st.lists(DEEDS, min_size=1, max_size=20),
)
def test_a_reader_sees_every_unit_up_to_one_whatever_the_bot_does_between_its_reads(
    before: list[str], during: list[str]
) -> None:
    """And none is missing that stood when it read the log for the last time."""
    with TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        disk = Interrupted(data, during)
        for deed in before:
            disk.do(deed)
        assert seen_by(disk, data) == first(disk.known)
        disk.stop()
