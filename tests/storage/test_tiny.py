"""The embedded store: the contract of every store, and what is its own: files, models, TinyDB."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic_core import to_json
from tinydb import TinyDB, where

from storage.store import Book, Books, ReadOnly
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
from tests.storage.tiny_rooms import found, lines


class Hasty(RealDisk):
    """Real files that are never waited for: what a power cut leaves is not asked here."""

    def sync(self, handle: int) -> None:
        """See Disk."""

    def sync_folder(self, path: Path) -> None:
        """See Disk."""


class TestTinyStore(StoreContract):
    @pytest.fixture(params=[1 << 20, 1, 700], ids=["log", "snapshot each unit", "both"])
    def places(self, tmp_path: Path, request: pytest.FixtureRequest) -> Places:
        numbers = itertools.count()

        def fresh() -> Opener:
            path = tmp_path / f"data{next(numbers)}"
            return lambda: TinyStore(path, BOOKS, disk=Hasty(), compact_at=request.param)

        return fresh


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(data: Path) -> Iterator[TinyStore]:
    store = TinyStore(data, BOOKS)
    yield store
    store.close()


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
    assert modes == {"data": 0o700, "a1": 0o700, "desk": 0o700, "store.lock": 0o600, "log.jsonl": 0o600}


def test_the_log_is_one_line_a_unit_and_begins_again_after_a_snapshot(data: Path) -> None:
    store = TinyStore(data, BOOKS)
    store.run("a1", put(Chase(id="a1-1"), Chase(id="a1-2")))
    store.run("a1", put(Chase(id="a1-1", state="paid")))
    store.run("a1", put(Chase(id="a1-1", state="paid")))
    log = data / "a1" / "log.jsonl"
    assert [b'"after":0}' in lines(log.read_bytes())[0], len(lines(log.read_bytes()))] == [True, 3]
    store.close()
    assert [b'"after":2}' in log.read_bytes(), len(lines(log.read_bytes()))] == [True, 1]
    assert found(data) == ["a1-1", "a1-2"]


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


def test_what_rests_is_what_the_model_dumps_in_json_mode(data: Path, store: TinyStore) -> None:
    due = EIGHT + timedelta(microseconds=5)
    chase = Chase(id="a1-1", claimant='小"美\n', tags=("老客", "x"), amount=Decimal("79.90"), due_at=due)
    store.run("a1", put(chase))
    (_, line) = lines((data / "a1" / "log.jsonl").read_bytes())
    assert json.loads(line)["changes"] == {"chases": {"1": chase.model_dump(mode="json")}}
    assert to_json(chase.model_dump(mode="json")) in line
    (document,) = store.tiny("a1").table("chases")
    assert document == chase.model_dump(mode="json")


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


def test_a_log_goes_on_past_the_space_kept_for_it(data: Path, store: TinyStore) -> None:
    for number in range(3):
        store.run("a1", put(Chase(id=f"a1-{number}", claimant="x" * 50_000)))
    assert found(data) == ["a1-0", "a1-1", "a1-2"]
    assert (data / "a1" / "log.jsonl").stat().st_size < 300_000


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
