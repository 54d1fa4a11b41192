"""A disk that is full or fails: what is not saved is said, and a full disk is no end."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from storage.store import NotSaved
from storage.tiny import TinyStore
from storage.tiny_disk import RealDisk
from tests.storage.store_contract import BOOKS, CHASES, Chase, ids, put
from tests.storage.tiny_rooms import LOG, FaultyDisk, files, found

ROOT = Path(__file__).parents[2]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO])
def test_a_write_that_fails_fails_the_units_and_the_room_goes_on(data: Path, error: int) -> None:
    disk = FaultyDisk()
    store = TinyStore(data, BOOKS, disk=disk)
    store.run("a1", put(Chase(id="a1-1")))
    store.run_all("a1", [put(Chase(id="a1-2"))], durable=False)
    disk.at, disk.fault = "write", error
    with pytest.raises(NotSaved) as caught:
        store.run_all("a1", [put(Chase(id="a1-3", claimant="x" * 5000)), put(Chase(id="a1-4"))])
    assert caught.value.reason == "full"
    assert (store.troubles(), store.view("a1").sequence) == ({}, 2)
    assert b"xx" not in files(data)[LOG]
    store.run("a1", put(Chase(id="a1-5")))
    assert found(data) == ids(list(store.view("a1").shelf(CHASES).scan())) == ["a1-1", "a1-2", "a1-5"]
    store.close()


def test_half_a_line_that_cannot_be_taken_back_closes_the_room(data: Path) -> None:
    disk = FaultyDisk()
    store = TinyStore(data, BOOKS, disk=disk)
    store.run("a1", put(Chase(id="a1-1")))
    disk.at, disk.fault = "cut", errno.EIO
    for _ in range(2):
        with pytest.raises(NotSaved) as caught:
            store.run("a1", put(Chase(id="a1-2")))
        assert caught.value.reason == "broken"
    assert set(store.troubles()) == {"a1"}
    store.close()
    assert found(data) == ["a1-1"]


@pytest.mark.parametrize("how", ["unit", "flush"])
def test_after_a_failed_sync_nothing_more_is_said_to_be_saved(data: Path, how: str) -> None:
    disk = FaultyDisk()
    store = TinyStore(data, BOOKS, disk=disk)
    store.run("a1", put(Chase(id="a1-1")))
    store.run_all("a1", [put(Chase(id="a1-2"))], durable=False)
    disk.at, disk.fault = "sync", errno.EIO
    with pytest.raises(NotSaved, match="Input/output error") as caught:
        store.flush() if how == "flush" else store.run("a1", put(Chase(id="a1-3")))
    assert caught.value.reason == "broken"
    with pytest.raises(NotSaved, match="restart"):
        store.run("a1", put(Chase(id="a1-4")))
    with pytest.raises(NotSaved, match="restart"):
        store.flush()
    assert ids(list(store.view("a1").shelf(CHASES).scan())) == ["a1-1", "a1-2"]
    assert list(store.troubles()) == ["a1"]
    assert "Input/output error" in store.troubles()["a1"]
    store.run("b2", put(Chase(id="b2-1")))
    store.close()
    assert found(data)[:1] == ["a1-1"]
    assert "a1-4" not in found(data)


@pytest.mark.parametrize("at", ["make_folder", "open", "write", "rename"])
def test_a_new_room_without_a_place_on_the_disk_gets_one_later(data: Path, at: str) -> None:
    disk = FaultyDisk()
    store = TinyStore(data, BOOKS, disk=disk)
    disk.at, disk.fault = at, errno.ENOSPC
    with pytest.raises(NotSaved, match="No space") as caught:
        store.run("a1", put(Chase(id="a1-1")))
    assert (caught.value.reason, store.troubles(), store.rooms()) == ("full", {}, [])
    store.run("a1", put(Chase(id="a1-2")))
    assert found(data) == ["a1-2"]
    store.close()
    assert found(data) == ["a1-2"]


def test_a_new_room_whose_first_sync_failed_takes_nothing(data: Path) -> None:
    disk = FaultyDisk()
    store = TinyStore(data, BOOKS, disk=disk)
    disk.at, disk.fault = "sync", errno.EIO
    for _ in range(2):
        with pytest.raises(NotSaved) as caught:
            store.run("a1", put(Chase(id="a1-1")))
        assert caught.value.reason == "broken"
    assert list(store.troubles()) == ["a1"]
    store.close()
    assert found(data) == []


def test_a_new_room_whose_folder_may_vanish_takes_nothing(data: Path) -> None:
    class Vanishing(RealDisk):
        """The folder stands, but its parent could not be synced."""

        def make_folder(self, path: Path) -> None:
            """See Disk."""
            super().make_folder(path)
            if path.name == "a1":
                raise OSError(errno.EIO, "Input/output error")

    store = TinyStore(data, BOOKS, disk=Vanishing())
    with pytest.raises(NotSaved) as caught:
        store.run("a1", put(Chase(id="a1-1")))
    assert (caught.value.reason, list(store.troubles())) == ("broken", ["a1"])
    store.close()


def test_a_room_in_trouble_runs_no_unit(data: Path) -> None:
    disk = FaultyDisk()
    store = TinyStore(data, BOOKS, disk=disk)
    disk.at, disk.fault = "sync", errno.EIO
    with pytest.raises(NotSaved):
        store.run("a1", put(Chase(id="a1-1")))
    ran = []
    with pytest.raises(NotSaved):
        store.run("a1", lambda books: ran.append(books.sequence))
    assert ran == []
    store.close()


def test_a_unit_that_only_reads_asks_nothing_of_the_disk_and_units_together_one_sync(data: Path) -> None:
    class Counting(RealDisk):
        """Counts."""

        syncs = 0

        def sync(self, handle: int) -> None:
            """See Disk."""
            self.syncs += 1
            super().sync(handle)

    disk = Counting()
    store = TinyStore(data, BOOKS, disk=disk)
    store.run("a1", put(Chase(id="a1-1")))
    before = disk.syncs
    store.run("a1", lambda books: books.shelf(CHASES).get("a1-1"))
    store.run("a1", put(Chase(id="a1-1")))
    store.run_all("a1", [put(Chase(id=f"a1-{n}")) for n in range(20, 36)], durable=False)
    assert disk.syncs == before
    store.run_all("a1", [put(Chase(id=f"a1-{n}")) for n in range(2, 18)])
    assert disk.syncs == before + 1
    store.flush()
    assert disk.syncs == before + 1
    store.run_all("a1", [put(Chase(id="a1-99"))], durable=False)
    store.flush()
    assert disk.syncs == before + 2
    store.close()


LIMITED = """
import pathlib, resource, signal, sys
from storage.store import NotSaved
from storage.tiny import TinyStore
from tests.storage.store_contract import BOOKS, Chase, put

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = TinyStore(pathlib.Path(sys.argv[1]), BOOKS)
store.run("a1", put(Chase(id="a1-1")))
most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, most))
try:
    store.run("a1", put(Chase(id="a1-2", claimant="x" * 200_000)))
except NotSaved as error:
    print(error.reason, store.troubles(), len(store.view("a1").shelf(BOOKS[0])))
store.run("a1", put(Chase(id="a1-3")))
resource.setrlimit(resource.RLIMIT_FSIZE, (10, most))
try:
    store.run("b2", put(Chase(id="b2-1")))
except NotSaved as error:
    print(error.reason, store.troubles(), store.rooms())
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
store.run("b2", put(Chase(id="b2-2")))
store.close()
"""


def test_a_real_limit_on_the_size_of_files_is_a_full_disk(data: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, data], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["full {} 1", "full {} ['a1']"]
    assert found(data) == ["a1-1", "a1-3"]
    assert ids(list(TinyStore(data, BOOKS, readonly=True).view("b2").shelf(CHASES).scan())) == ["b2-2"]
