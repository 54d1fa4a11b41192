"""The embedded store: the contract of every store, and what is its own: files, damage, locks, TinyDB."""

from __future__ import annotations

import errno
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tinydb import TinyDB, where

from storage.store import DESK, Book, Books, ReadOnly, Store, StoreDamaged, StoreLocked
from storage.tiny import TinyStore
from storage.tiny_disk import RealDisk
from tests.storage.store_contract import (
    BOOKS,
    CHASES,
    EIGHT,
    NOTES,
    Chase,
    Note,
    Opener,
    Places,
    StoreContract,
    ids,
    put,
)

ROOT = Path(__file__).parents[2]


class TestTinyStore(StoreContract):
    @pytest.fixture(params=[1 << 20, 1, 700], ids=["log", "snapshot each unit", "both"])
    def places(self, tmp_path: Path, request: pytest.FixtureRequest) -> Places:
        numbers = itertools.count()

        def fresh() -> Opener:
            path = tmp_path / f"data{next(numbers)}"
            return lambda: TinyStore(path, BOOKS, compact_at=request.param)

        return fresh


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(data: Path) -> Iterator[TinyStore]:
    store = TinyStore(data, BOOKS)
    yield store
    store.close()


def crashed(data: Path, *, units: int) -> bytes:
    """A room whose process died after `units` units, each putting one chase; its log."""
    store = TinyStore(data, BOOKS)
    for number in range(1, units + 1):
        store.run("a1", put(Chase(id=f"a1-{number}", claimant="小美")))
    log = (data / "a1" / "log.jsonl").read_bytes().rstrip(b"\n") + b"\n"
    store.close()
    (data / "a1" / "snapshot.json").unlink()
    (data / "a1" / "log.jsonl").write_bytes(log)
    return log


def found(data: Path) -> list[str]:
    store = TinyStore(data, BOOKS, readonly=True)
    return ids(list(store.view("a1").shelf(CHASES).scan()))


# -- files


def test_stock_tinydb_opens_the_snapshot_and_finds_documents(data: Path) -> None:
    store = TinyStore(data, BOOKS)
    store.run("a1", put(Chase(id="a1-1", claimant="小美"), Chase(id="a1-2", state="paid")))
    store.close()
    with TinyDB(data / "a1" / "snapshot.json", access_mode="r") as db:
        assert db.tables() == {"_room", "chases", "notes"}
        assert [doc["id"] for doc in db.table("chases").search(where("claimant") == "小美")] == ["a1-1"]
        assert db.table("chases").get(doc_id=2)["id"] == "a1-2"


def test_a_person_can_query_the_committed_room_with_tinydb_but_not_write(store: TinyStore) -> None:
    store.run("a1", put(Chase(id="a1-1"), Chase(id="a1-2", state="paid")))
    chases = store.tiny("a1").table("chases")
    assert [doc["id"] for doc in chases.search(where("state") == "paid")] == ["a1-2"]
    assert [(doc.doc_id, doc["id"]) for doc in chases] == [(1, "a1-1"), (2, "a1-2")]
    assert len(store.tiny("b2").table("chases")) == 0
    for write in (
        lambda: chases.insert({"id": "a1-3"}),
        lambda: chases.update({"state": "paid"}),
        chases.truncate,
        lambda: store.tiny("a1").drop_tables(),
    ):
        with pytest.raises(ReadOnly):
            write()
    assert len(store.view("a1").shelf(CHASES).by("state", "paid")) == 1


def test_a_dropped_documents_place_is_never_given_again(data: Path) -> None:
    for number in (1, 2):
        store = TinyStore(data, BOOKS)
        store.run("a1", put(Chase(id=f"a1-{number}")))
        store.run("a1", lambda books: books.shelf(CHASES).drop("a1-1"))
        store.close()
    with TinyDB(data / "a1" / "snapshot.json", access_mode="r") as db:
        assert [(doc.doc_id, doc["id"]) for doc in db.table("chases")] == [(2, "a1-2")]


def test_only_the_owner_can_read_what_is_stored(data: Path, store: TinyStore) -> None:
    store.run("a1", put(Chase(id="a1-1")))
    modes = {path.name: path.stat().st_mode & 0o777 for path in [data, *data.rglob("*")]}
    assert modes == {"data": 0o700, "a1": 0o700, "store.lock": 0o600, "log.jsonl": 0o600}


def test_the_log_is_one_line_a_unit_and_begins_again_after_a_snapshot(data: Path) -> None:
    store = TinyStore(data, BOOKS)
    store.run("a1", put(Chase(id="a1-1"), Chase(id="a1-2")))
    store.run("a1", put(Chase(id="a1-1", state="paid")))
    store.run("a1", put(Chase(id="a1-1", state="paid")))
    log = data / "a1" / "log.jsonl"
    assert len(log.read_text().split()) == 2
    store.close()
    assert (log.read_bytes(), found(data)) == (b"", ["a1-1", "a1-2"])


def test_documents_of_a_book_nobody_declares_any_more_are_kept(data: Path) -> None:
    store = TinyStore(data, BOOKS)
    store.run("a1", lambda books: books.shelf(NOTES).put(Note(id="a1-9", text="keep me")))
    store.close()
    for books in ([CHASES], BOOKS):
        store = TinyStore(data, books)
        store.run("a1", put(Chase(id="a1-1", claimant=str(len(books)))))
        store.close()
    assert TinyStore(data, BOOKS, readonly=True).view("a1").shelf(NOTES).get("a1-9") == Note(
        id="a1-9", text="keep me"
    )


def test_an_index_declared_later_finds_the_documents_from_before(data: Path) -> None:
    store = TinyStore(data, [Book("chases", Chase)])
    store.run("a1", lambda books: books.shelf(Book("chases", Chase)).put(Chase(id="a1-1", due_at=EIGHT)))
    store.close()
    shelf = TinyStore(data, BOOKS, readonly=True).view("a1").shelf(CHASES)
    assert ids(shelf.by("state", "open")) == ids(shelf.due(EIGHT, 1)) == ["a1-1"]


def test_a_field_the_model_has_lost_goes_with_the_next_put(data: Path) -> None:
    class OldNote(Note):
        colour: str = "red"

    old = Book("notes", OldNote)
    store = TinyStore(data, [old])
    store.run("a1", lambda books: books.shelf(old).put(OldNote(id="a1-1", text="before")))
    store.close()
    store = TinyStore(data, BOOKS)
    store.run("a1", lambda books: books.shelf(NOTES).put(Note(id="a1-1", text="after")))
    assert store.view("a1").shelf(NOTES).get("a1-1") == Note(id="a1-1", text="after")
    store.close()


@pytest.mark.parametrize(
    "book", [Book("chases", Chase, indexes=("sate",)), Book("chases", Chase, due="due"), Book("_room", Chase)]
)
def test_a_book_that_cannot_be_kept_is_refused_when_the_store_opens(data: Path, book: Book[Chase]) -> None:
    with pytest.raises(ValueError, match=book.name):
        TinyStore(data, [book])


def test_a_document_of_another_model_is_refused(store: TinyStore) -> None:
    with pytest.raises(TypeError, match="chases"):
        store.run("a1", lambda books: books.shelf(CHASES).put(Note(id="a1-1", text="no chase")))  # type: ignore[arg-type]


# -- crashes and damage


def test_a_log_torn_anywhere_gives_the_last_whole_unit_and_goes_on(data: Path) -> None:
    log = crashed(data, units=3)
    for length, behind in itertools.product(range(len(log) + 1), (b"", b"\0\0\0", b"\n\n\n")):
        (data / "a1" / "log.jsonl").write_bytes(log[:length] + behind)
        kept = (log[:length] + behind[:1]).count(b"}}}}\n")
        assert found(data) == [f"a1-{number}" for number in range(1, kept + 1)]
    (data / "a1" / "log.jsonl").write_bytes(log[:-5] + b"\0\0\0\0\0")
    store = TinyStore(data, BOOKS)
    store.run("a1", put(Chase(id="a1-9")))
    assert found(data) == ["a1-1", "a1-2", "a1-9"]
    store.close()
    assert found(data) == ["a1-1", "a1-2", "a1-9"]


def test_a_changed_byte_before_the_last_unit_is_refused_with_file_and_line(data: Path) -> None:
    log = crashed(data, units=3)
    last = log.rindex(b"\n", 0, -1) + 1
    for at in range(last):
        (data / "a1" / "log.jsonl").write_bytes(log[:at] + bytes([log[at] ^ 4]) + log[at + 1 :])
        line = log.count(b"\n", 0, at) + 1
        with pytest.raises(StoreDamaged, match=rf"a1/log\.jsonl, line {line}:.*backup"):
            found(data)


def test_a_log_goes_on_past_the_space_kept_for_it(data: Path, store: TinyStore) -> None:
    for number in range(3):
        store.run("a1", put(Chase(id=f"a1-{number}", claimant="x" * 50_000)))
    assert found(data) == ["a1-0", "a1-1", "a1-2"]
    assert (data / "a1" / "log.jsonl").stat().st_size < 300_000


def test_damage_refuses_to_start_changes_nothing_and_leaves_no_lock(data: Path) -> None:
    log = crashed(data, units=3).replace(b'"open"', b'"paid"', 1)
    (data / "a1" / "log.jsonl").write_bytes(log)
    for _ in range(2):
        with pytest.raises(StoreDamaged):
            TinyStore(data, BOOKS)
    assert (data / "a1" / "log.jsonl").read_bytes() == log


@pytest.mark.parametrize(("kept", "line"), [((0, 2), 2), ((1, 2), 1), ((0, 1, 1), 3)])
def test_a_unit_missing_from_the_log_is_refused(data: Path, kept: tuple[int, ...], line: int) -> None:
    lines = crashed(data, units=3).splitlines(keepends=True)
    (data / "a1" / "log.jsonl").write_bytes(b"".join(lines[number] for number in kept))
    with pytest.raises(StoreDamaged, match=rf"log\.jsonl, line {line}:"):
        found(data)


def test_a_changed_byte_anywhere_in_the_snapshot_is_refused(data: Path) -> None:
    store = TinyStore(data, BOOKS)
    store.run("a1", put(Chase(id="a1-1", claimant="小美"), Chase(id="a1-2")))
    store.close()
    snapshot = (data / "a1" / "snapshot.json").read_bytes()
    for at in range(len(snapshot)):
        (data / "a1" / "snapshot.json").write_bytes(
            snapshot[:at] + bytes([snapshot[at] ^ 1]) + snapshot[at + 1 :]
        )
        with pytest.raises(StoreDamaged, match=r"a1/snapshot\.json, line \d+:"):
            found(data)


def test_a_crash_between_the_snapshot_and_the_new_log_loses_and_doubles_nothing(data: Path) -> None:
    log = crashed(data, units=3)
    TinyStore(data, BOOKS).close()
    (data / "a1" / "log.jsonl").write_bytes(log)
    store = TinyStore(data, BOOKS)
    assert store.view("a1").sequence == 3
    store.run("a1", put(Chase(id="a1-4")))
    assert found(data) == ["a1-1", "a1-2", "a1-3", "a1-4"]
    store.close()


def test_a_log_older_than_its_snapshot_is_refused(data: Path) -> None:
    log = crashed(data, units=3)
    TinyStore(data, BOOKS).close()
    (data / "a1" / "log.jsonl").write_bytes(log[: log.index(b"\n") + 1])
    with pytest.raises(StoreDamaged, match=r"log\.jsonl"):
        found(data)


class FaultyDisk(RealDisk):
    """A disk that fails once with `fault` at the operation named; a write then gets half through."""

    def __init__(self) -> None:
        self.fault = 0
        self.at = ""

    def _fail(self, operation: str) -> None:
        if self.fault and self.at == operation:
            fault, self.fault = self.fault, 0
            raise OSError(fault, os.strerror(fault))

    def write(self, handle: int, data: bytes, at: int) -> None:
        if self.fault and self.at == "write":
            super().write(handle, data[: len(data) // 2], at)
        self._fail("write")
        super().write(handle, data, at)

    def sync(self, handle: int) -> None:
        self._fail("sync")
        super().sync(handle)

    def rename(self, old: Path, new: Path) -> None:
        self._fail("rename")
        super().rename(old, new)


def test_a_full_disk_fails_the_unit_and_the_store_goes_on(data: Path) -> None:
    disk = FaultyDisk()
    store = TinyStore(data, BOOKS, disk=disk)
    store.run("a1", put(Chase(id="a1-1")))
    disk.at, disk.fault = "write", errno.ENOSPC
    with pytest.raises(OSError, match="No space"):
        store.run("a1", put(Chase(id="a1-2", claimant="x" * 5000)))
    assert ids(list(store.view("a1").shelf(CHASES).scan())) == ["a1-1"]
    store.run("a1", put(Chase(id="a1-3")))
    assert found(data) == ["a1-1", "a1-3"]
    assert b"x" not in (data / "a1" / "log.jsonl").read_bytes()
    store.close()


def test_after_a_failed_sync_nothing_more_is_said_to_be_saved(data: Path) -> None:
    disk = FaultyDisk()
    store = TinyStore(data, BOOKS, disk=disk)
    store.run("a1", put(Chase(id="a1-1")))
    disk.at, disk.fault = "sync", errno.EIO
    with pytest.raises(OSError, match="error"):
        store.run("a1", put(Chase(id="a1-2")))
    with pytest.raises(OSError, match="restart"):
        store.run("a1", put(Chase(id="a1-3")))
    assert ids(list(store.view("a1").shelf(CHASES).scan())) == ["a1-1"]
    store.run("b2", put(Chase(id="b2-1")))
    store.close()
    assert found(data) in (["a1-1"], ["a1-1", "a1-2"])


@pytest.mark.parametrize("operation", ["write", "sync", "rename"])
def test_a_snapshot_that_fails_costs_no_unit(
    data: Path, operation: str, caplog: pytest.LogCaptureFixture
) -> None:
    class FailingSnapshot(FaultyDisk):
        def open(self, path: Path, *, fresh: bool = False) -> int:
            self.fault = errno.ENOSPC if fresh and self.at else 0
            return super().open(path, fresh=fresh)

    disk = FailingSnapshot()
    store = TinyStore(data, BOOKS, disk=disk, compact_at=1)
    disk.at = operation
    store.run("a1", put(Chase(id="a1-1")))
    assert "no snapshot" in caplog.text
    assert operation == "rename" or not (data / "a1" / "snapshot.tmp").read_bytes()
    disk.at = ""
    for number in (2, 3, 4):
        store.run("a1", put(Chase(id=f"a1-{number}")))
    assert found(data) == ["a1-1", "a1-2", "a1-3", "a1-4"]
    store.close()
    assert found(data) == ["a1-1", "a1-2", "a1-3", "a1-4"]


def test_a_unit_that_only_reads_asks_nothing_of_the_disk(data: Path) -> None:
    class Counting(RealDisk):
        syncs = 0

        def sync(self, handle: int) -> None:
            self.syncs += 1
            super().sync(handle)

    disk = Counting()
    store = TinyStore(data, BOOKS, disk=disk)
    store.run("a1", put(Chase(id="a1-1")))
    before = disk.syncs
    store.run("a1", lambda books: books.shelf(CHASES).get("a1-1"))
    store.run("a1", put(Chase(id="a1-1")))
    assert disk.syncs == before
    store.run("a1", put(Chase(id="a1-1", state="paid"), Chase(id="a1-2")))
    assert disk.syncs == before + 1
    store.close()


# -- processes

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
    first, second, third = log.splitlines(keepends=True)

    class Caught(RealDisk):
        """The first look passed the second line before it was written and the third one after."""

        looks = iter([first + b"\n" * len(second) + third])

        def read(self, path: Path, most: int = -1) -> bytes | None:
            return next(self.looks, log) if path.name == "log.jsonl" else super().read(path, most)

    reader = TinyStore(data, BOOKS, readonly=True, disk=Caught())
    assert reader.view("a1").sequence == 3


def test_a_reader_of_a_folder_that_is_not_there_is_told_so(data: Path) -> None:
    with pytest.raises(FileNotFoundError):
        TinyStore(data, BOOKS, readonly=True)
    assert not data.exists()


# -- many documents


def test_many_due_rows_and_one_crowded_index_stay_in_order(store: TinyStore) -> None:
    def fill(books: Books) -> None:
        for n in range(3000):
            books.shelf(CHASES).put(Chase(id=f"a1-{n}", due_at=EIGHT + timedelta(seconds=(n * 7919) % 3000)))

    def thin_out(books: Books) -> None:
        for n in range(0, 3000, 3):
            books.shelf(CHASES).drop(f"a1-{n}")

    store.run("a1", fill)
    store.run("a1", thin_out)
    shelf = store.view("a1").shelf(CHASES)
    due = shelf.due(EIGHT + timedelta(hours=1), 9999)
    moments = [chase.due_at for chase in due if chase.due_at]
    assert (len(moments), moments) == (2000, sorted(moments))
    assert ids(shelf.by("state", "open")) == [f"a1-{n}" for n in range(3000) if n % 3]
