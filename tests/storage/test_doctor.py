"""The doctor finds what is wrong, names it with the cure, and touches nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from playbooks.broadcast import Broadcast
from playbooks.journal import Entry
from playbooks.model import Moment
from storage.backup import NotPossible
from storage.books import BOOKS, JOURNAL, DeskBooks, RoomBooks
from storage.doctor import Finding, Report, examine
from storage.ready import refuse_unready
from storage.rows import Binding, Due, Incoming
from storage.store import DESK, Book, Books, Document, StoreDamaged
from storage.tiny import HALF, TinyStore
from storage.tiny_disk import RealDisk
from storage.tiny_snapshot import read_room, write_snapshot
from storage.tiny_state import RoomState
from storage.vault import NO_KEYS

NOW = datetime(2026, 11, 11, 21, 30, tzinfo=UTC)
KINDS = ("chase_sweep",)


class OtherEntry(Document):
    """An entry as another version might write it."""

    at: Moment
    kind: int = 7


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A desk, a bound room with an archive, nothing wrong."""
    data = tmp_path / "data"
    store = TinyStore(data, BOOKS)
    store.run(DESK, lambda raw: DeskBooks(raw).bindings.put(Binding(id="-1001", room="a1")))
    store.run("a1", lambda raw: RoomBooks(raw).journal.put(Entry(id="a1-j1", at=NOW, kind="live")))
    store.put_away("a1", "a1-b1", {JOURNAL: ["a1-j1"]})
    archived = Broadcast(id="a1-b1", number=1, opened_on=date(2026, 11, 11), stage="archived")
    store.run("a1", lambda raw: RoomBooks(raw).broadcasts.put(archived))
    store.run(
        "a1", lambda raw: RoomBooks(raw).due.put(Due(id="a1-d", kind="chase_sweep", due_at=NOW, about="a1"))
    )
    store.close()
    return data


def look(data: Path, **more: int) -> Report:
    return examine(data, KINDS, NO_KEYS, NOW, **more)


def only(data: Path, **more: int) -> Finding:
    (finding,) = look(data, **more).findings
    return finding


def change(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))


def test_nothing_is_found_where_nothing_is_wrong_also_beside_a_running_store(data: Path) -> None:
    assert look(data) == Report(rooms=2, documents=4, findings=[])
    store = TinyStore(data, BOOKS)
    store.run("a1", lambda raw: RoomBooks(raw).journal.put(Entry(id="a1-j2", at=NOW, kind="off")))
    assert look(data) == Report(rooms=2, documents=5, findings=[])
    store.close()


def test_looking_changes_nothing(data: Path) -> None:
    change(data / "a1" / "snapshot.json", "a1-j1", "a1-j9")
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    look(data)
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("name", ["a1/snapshot.json", "a1/archive/a1-b1.json"])
def test_a_damaged_file_is_named_with_its_line_and_the_cure(data: Path, name: str) -> None:
    change(data / name, "live", "lose")
    found = only(data)
    assert (found.room, found.file, found.line) == ("a1", str(data / name), 1)
    assert found.what == "the file is not what was written."
    assert "last backup" in found.cure
    assert (str(found).count(str(data)), str(found).count("backup")) == (1, 1)


def test_a_document_its_book_cannot_read_is_named_without_what_it_says(data: Path) -> None:
    other = Book(JOURNAL.name, OtherEntry, ())
    store = TinyStore(data, [other if book is JOURNAL else book for book in BOOKS])
    store.run("a1", lambda raw: raw.shelf(other).put(OtherEntry(id="a1-j5", at=NOW, kind=13800000000)))
    store.close()
    found = only(data)
    assert (found.room, found.book, found.id, found.field) == ("a1", "journal", "a1-j5", "kind")
    assert "13800000000" not in str(found)


def test_an_id_that_stands_for_two_documents_is_named(data: Path) -> None:
    stored = read_room(data / "a1", RealDisk())
    (row,) = stored.rows["journal"].values()
    stored.rows["journal"][9] = row
    write_snapshot(stored.state(RoomState.empty(())), data / "a1", RealDisk())
    found = only(data)
    assert (found.book, found.id) == ("journal", "a1-j1")
    assert "2 times" in found.what


def test_what_is_due_and_nobody_handles_is_named(data: Path) -> None:
    (found,) = examine(data, (), NO_KEYS, NOW).findings
    assert (found.book, found.id, found.field) == ("due", "a1-d", "kind")
    assert "chase_sweep" in found.what


def test_an_archive_that_is_missing_is_named(data: Path) -> None:
    (data / "a1" / "archive" / "a1-b1.json").unlink()
    found = only(data)
    assert (found.id, found.file) == ("a1-b1", str(data / "a1" / "archive" / "a1-b1.json"))


def test_a_bound_room_without_its_folder_is_named_and_the_bot_does_not_start(data: Path) -> None:
    (data / "a1").rename(data.parent / "a1")
    found = only(data)
    assert (found.room, found.what) == ("a1", "A group is bound to this room, and its folder is missing.")
    store = TinyStore(data, BOOKS, readonly=True)
    with pytest.raises(StoreDamaged, match="lacks what there was of a1: put the folder back"):
        refuse_unready(store, data)


def test_a_room_about_to_be_made_is_not_missed(data: Path) -> None:
    def bound(raw: Books) -> None:
        books = DeskBooks(raw)
        books.bindings.put(Binding(id="-1002", room="a2", made=False))

    store = TinyStore(data, BOOKS)
    store.run(DESK, bound)
    refuse_unready(store, data)
    store.close()
    assert look(data).findings == []


@pytest.mark.parametrize("left", ["nothing", "an empty folder"])
def test_a_desk_that_is_missing_is_named(data: Path, left: str) -> None:
    (data / DESK).rename(data.parent / DESK)
    if left == "an empty folder":
        (data / DESK).mkdir(mode=0o700)
    found = only(data)
    assert (found.room, found.what[:30]) == (DESK, "The folder of the desk is miss")


def test_a_room_no_group_is_bound_to_is_named(data: Path) -> None:
    store = TinyStore(data, BOOKS)
    store.run(DESK, lambda raw: DeskBooks(raw).bindings.drop("-1001"))
    store.close()
    found = only(data)
    assert (found.room, found.what[:26]) == ("a1", "No group is bound to this ")


def test_a_data_folder_nobody_wrote_to_is_ready(tmp_path: Path) -> None:
    store = TinyStore(tmp_path / "data", BOOKS)
    refuse_unready(store, tmp_path / "data")
    store.close()


def test_half_a_restore_is_named_and_the_bot_does_not_start(data: Path) -> None:
    (data / HALF).mkdir(mode=0o700)
    assert "did not come to its end" in only(data).what
    with pytest.raises(StoreDamaged, match="did not come to its end"):
        TinyStore(data, BOOKS)


def test_an_update_set_aside_is_named_without_its_payload(data: Path) -> None:
    aside = Incoming(
        id="7", at=NOW, state="aside", tries=3, error="KeyError", payload='{"text":"王女士 13800000000"}'
    )
    store = TinyStore(data, BOOKS)
    store.run(DESK, lambda raw: DeskBooks(raw).inbox.put(aside))
    store.close()
    found = only(data)
    assert (found.book, found.id) == ("inbox", "7")
    assert "2026-11-11 21:30 UTC" in found.what
    assert "KeyError" in found.what
    assert "13800000000" not in str(found)


@pytest.mark.parametrize(
    ("name", "mode", "cure"), [("a1", 0o750, "chmod 700"), ("store.lock", 0o644, "chmod 600")]
)
def test_what_others_may_read_is_named(data: Path, name: str, mode: int, cure: str) -> None:
    (data / name).chmod(mode)
    found = only(data)
    assert found.file == str(data / name)
    assert found.cure.startswith(cure)


def test_a_disk_that_is_almost_full_is_named(data: Path) -> None:
    assert "MB are free" in only(data, low_space=1 << 62).what


def test_without_a_data_folder_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotPossible, match="There is no data folder"):
        look(tmp_path / "data")
