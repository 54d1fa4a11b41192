"""What is put away is all there, rests in a file stock TinyDB opens, and is never half there."""

from __future__ import annotations

import os
from errno import EIO
from pathlib import Path
from random import Random

import pytest
from tinydb import TinyDB, where

from storage.store import Books, NotSaved, ReadOnly, StoreDamaged
from storage.tiny import TinyStore
from tests.storage.store_contract import BOOKS, CHASES, EIGHT, NOTES, Chase, Note, ids, put
from tests.support.power import luck, power_cuts
from tests.support.simulated_disk import ROOT, Mark, SimulatedDisk, no_fault


@pytest.fixture
def store(tmp_path: Path) -> TinyStore:
    store = TinyStore(tmp_path / "data", BOOKS)
    store.run(
        "a1", put(*(Chase(id=f"a1-{n}", state="paid", tags=("flash",), due_at=EIGHT) for n in range(1, 5)))
    )
    return store


def file_of(tmp_path: Path, name: str = "a1-b1") -> Path:
    return tmp_path / "data" / "a1" / "archive" / f"{name}.json"


def test_an_archive_holds_the_named_documents_in_their_order_and_answers_like_the_room(
    store: TinyStore,
) -> None:
    kept = store.put_away("a1", "a1-b1", {CHASES: ["a1-3", "a1-1", "a1-unknown"]})
    shelf = kept.shelf(CHASES)
    assert (
        ids(list(shelf.scan()))
        == ids(shelf.by("tags", "flash"))
        == ids(shelf.due(EIGHT, 9))
        == ["a1-1", "a1-3"]
    )
    assert shelf.get("a1-1") == store.view("a1").shelf(CHASES).get("a1-1")
    assert shelf.get("a1-2") is None
    assert len(kept.shelf(NOTES)) == 0


def test_documents_stay_in_the_room_until_a_unit_drops_them(store: TinyStore) -> None:
    store.put_away("a1", "a1-b1", {CHASES: ["a1-1"]})
    assert len(store.view("a1").shelf(CHASES)) == 4
    store.run("a1", lambda books: books.shelf(CHASES).drop("a1-1"))
    kept = store.archived("a1", "a1-b1")
    assert kept
    assert ids(list(kept.shelf(CHASES).scan())) == ["a1-1"]


def test_an_archive_outlives_the_process_and_is_read_beside_it(store: TinyStore, tmp_path: Path) -> None:
    store.put_away("a1", "a1-b1", {CHASES: ["a1-1"]})
    beside = TinyStore(tmp_path / "data", BOOKS, readonly=True)
    store.close()
    again = TinyStore(tmp_path / "data", BOOKS)
    for one in (beside, again):
        kept = one.archived("a1", "a1-b1")
        assert kept
        assert kept.shelf(CHASES).get("a1-1") == Chase(id="a1-1", state="paid", tags=("flash",), due_at=EIGHT)
        assert one.archives("a1") == ["a1-b1"]
    again.close()


def test_what_is_put_away_later_joins_what_was_there_and_a_newer_version_takes_its_place(
    store: TinyStore,
) -> None:
    store.put_away("a1", "a1-b1", {CHASES: ["a1-1", "a1-2"]})
    store.run("a1", lambda books: books.shelf(CHASES).drop("a1-1"))
    store.run("a1", put(Chase(id="a1-2", state="lost")))
    store.run("a1", lambda books: books.shelf(NOTES).put(Note(id="a1-n", text="老客")))
    kept = store.put_away("a1", "a1-b1", {CHASES: ["a1-2"], NOTES: ["a1-n"]})
    assert [(one.id, one.state) for one in kept.shelf(CHASES).scan()] == [("a1-1", "paid"), ("a1-2", "lost")]
    assert kept.shelf(NOTES).get("a1-n") == Note(id="a1-n", text="老客")


def test_a_document_dropped_and_put_anew_is_in_the_archive_once(store: TinyStore) -> None:
    store.put_away("a1", "a1-b1", {CHASES: ["a1-1", "a1-2"]})
    store.run("a1", lambda books: books.shelf(CHASES).drop("a1-1"))
    store.run("a1", put(Chase(id="a1-1", state="lost")))
    kept = store.put_away("a1", "a1-b1", {CHASES: ["a1-1"]})
    assert [(one.id, one.state) for one in kept.shelf(CHASES).scan()] == [("a1-2", "paid"), ("a1-1", "lost")]


def test_to_put_the_same_away_again_writes_nothing(store: TinyStore, tmp_path: Path) -> None:
    store.put_away("a1", "a1-b1", {CHASES: ["a1-1"]})
    written = file_of(tmp_path).stat()
    store.put_away("a1", "a1-b1", {CHASES: ["a1-1"]})
    assert file_of(tmp_path).stat().st_ino == written.st_ino


def test_there_is_no_archive_until_something_is_put_away(store: TinyStore) -> None:
    assert store.archives("a1") == []
    assert store.archived("a1", "a1-b1") is None


def test_an_archive_cannot_be_written_to(store: TinyStore) -> None:
    kept = store.put_away("a1", "a1-b1", {CHASES: ["a1-1"]})
    with pytest.raises(ReadOnly):
        kept.shelf(CHASES).drop("a1-1")


def test_a_store_opened_for_reading_puts_nothing_away(store: TinyStore, tmp_path: Path) -> None:
    beside = TinyStore(tmp_path / "data", BOOKS, readonly=True)
    with pytest.raises(ReadOnly):
        beside.put_away("a1", "a1-b1", {CHASES: ["a1-1"]})


def test_stock_tinydb_opens_an_archive(store: TinyStore, tmp_path: Path) -> None:
    store.put_away("a1", "a1-b1", {CHASES: ["a1-1", "a1-2"]})
    with TinyDB(file_of(tmp_path), encoding="utf-8", access_mode="r") as db:
        assert [row["id"] for row in db.table("chases").search(where("state") == "paid")] == ["a1-1", "a1-2"]


def test_an_archive_is_readable_by_its_owner_alone(store: TinyStore, tmp_path: Path) -> None:
    store.put_away("a1", "a1-b1", {CHASES: ["a1-1"]})
    assert file_of(tmp_path).stat().st_mode & 0o777 == 0o600
    assert file_of(tmp_path).parent.stat().st_mode & 0o777 == 0o700


def test_a_changed_archive_is_refused_and_named(store: TinyStore, tmp_path: Path) -> None:
    store.put_away("a1", "a1-b1", {CHASES: ["a1-1"]})
    file = file_of(tmp_path)
    file.write_text(file.read_text().replace('"paid"', '"open"'))
    with pytest.raises(StoreDamaged, match=r"a1-b1\.json, line 1: the file is not what was written"):
        store.archived("a1", "a1-b1")


@pytest.mark.parametrize("name", ["", "../b1", "a1/b1", "A1", "a1-b1.json", "a" * 41])
def test_what_is_no_name_never_becomes_a_file(store: TinyStore, name: str) -> None:
    with pytest.raises(ValueError, match="no name of an archive"):
        store.put_away("a1", name, {CHASES: ["a1-1"]})
    with pytest.raises(ValueError, match="no name of an archive"):
        store.archived("a1", name)


def test_where_the_disk_takes_nothing_the_archive_stays_as_it_was(store: TinyStore, tmp_path: Path) -> None:
    store.put_away("a1", "a1-b1", {CHASES: ["a1-1"]})
    os.mkdir(file_of(tmp_path).with_suffix(".tmp"))  # what is written first cannot be opened
    with pytest.raises(NotSaved):
        store.put_away("a1", "a1-b1", {CHASES: ["a1-2"]})
    kept = store.archived("a1", "a1-b1")
    assert kept
    assert ids(list(kept.shelf(CHASES).scan())) == ["a1-1"]


# -- power cuts

DATA = ROOT / "data"
ALL = {f"a1-{n}" for n in range(1, 5)}


def drop(store: TinyStore, *some: str) -> None:
    """As keeping does it: nobody waits for the disk."""

    def unit(books: Books) -> None:
        for id in some:
            books.shelf(CHASES).drop(id)

    store.run_all("a1", [unit], durable=False)


def archived_on(disk: SimulatedDisk, *, in_order: bool) -> None:
    """Four documents are saved, and three of them put away one after two; not `in_order`: dropped before that."""
    store = TinyStore(DATA, BOOKS, disk=disk)
    store.run("a1", put(*(Chase(id=id) for id in sorted(ALL))))
    disk.mark("saved")
    for some in (["a1-1", "a1-2"], ["a1-3"]):
        if in_order:
            store.put_away("a1", "a1-b1", {CHASES: some})
            drop(store, *some)
        else:
            drop(store, *some)
            store.flush()
            store.put_away("a1", "a1-b1", {CHASES: some})
    store.close()


def lost(disk: SimulatedDisk) -> set[str]:
    """The documents neither the room nor its archive has after a start on this disk."""
    store = TinyStore(DATA, BOOKS, disk=disk)
    kept = store.archived("a1", "a1-b1")
    there = {one.id for books in (store.view("a1"), kept) if books for one in books.shelf(CHASES).scan()}
    store.close()
    return ALL - there


def losses(disk: SimulatedDisk) -> tuple[int, set[str]]:
    """How many disks the power cuts left, and what was lost on any of them."""
    saved, count, gone = False, 0, set[str]()
    for stop, (operation, cut) in enumerate(power_cuts(disk)):
        saved = saved or operation == Mark("saved")
        for seed in range(12) if saved else ():
            rng = Random(f"{stop} {seed}")
            count, gone = count + 1, gone | lost(cut.leaves(luck(seed, rng), rng))
    return count, gone


def test_a_power_cut_at_any_moment_leaves_every_document_in_the_room_or_in_the_archive() -> None:
    disk = SimulatedDisk()
    archived_on(disk, in_order=True)
    count, gone = losses(disk)
    assert gone == set()
    assert count > 300


def test_documents_dropped_before_they_are_put_away_would_be_lost() -> None:
    disk = SimulatedDisk()
    archived_on(disk, in_order=False)
    assert losses(disk)[1] == {"a1-1", "a1-2", "a1-3"}


@pytest.mark.parametrize("operation", ["create", "write", "sync", "rename", "sync_folder"])
def test_whatever_fails_while_it_is_put_away_the_room_goes_on_and_it_can_be_put_away_later(
    operation: str,
) -> None:
    disk = SimulatedDisk()
    store = TinyStore(DATA, BOOKS, disk=disk)
    store.run("a1", put(*(Chase(id=id) for id in sorted(ALL))))
    disk.fault = lambda name, path: EIO if name == operation and "archive" in path.parts else 0
    with pytest.raises(NotSaved):
        store.put_away("a1", "a1-b1", {CHASES: ["a1-1"]})
    disk.fault = no_fault
    store.run("a1", put(Chase(id="a1-5")))
    assert ids(list(store.put_away("a1", "a1-b1", {CHASES: ["a1-1"]}).shelf(CHASES).scan())) == ["a1-1"]
    store.close()
