"""A backup is whole or not there, and putting it back gives what was there, with what may repeat itself marked."""

from __future__ import annotations

import errno
import itertools
import json
import os
import shutil
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from playbooks.journal import Entry
from storage.backup import NotPossible, back_up
from storage.books import BOOKS, JOURNAL, OUTBOX, DeskBooks, RoomBooks
from storage.restore import restore
from storage.rows import Binding, Card, Outgoing
from storage.store import DESK, Books, StoreDamaged, StoreLocked
from storage.tiny import HALF, TinyStore
from storage.tiny_disk import Disk, RealDisk
from tests.storage.tiny_rooms import FaultyDisk

NOW = datetime(2026, 11, 11, 21, 30, tzinfo=UTC)
RESTORE_STEP = int(os.environ.get("RESTORE_STEP", "3"))
"""Every how many of its operations on the disk a restore is killed; `make soak` kills it at each."""


def entry(id: str) -> Entry:
    return Entry(id=id, at=NOW, kind="live")


def write(*entries: Entry) -> object:
    def unit(raw: Books) -> None:
        for one in entries:
            RoomBooks(raw).journal.put(one)

    return unit


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(data: Path) -> TinyStore:
    """A desk, two rooms, one archive."""
    store = TinyStore(data, BOOKS)
    store.run(DESK, lambda raw: DeskBooks(raw).bindings.put(Binding(id="-1001", room="a1")))
    for room in ("a1", "a2"):
        store.run(room, write(entry(f"{room}-j1"), entry(f"{room}-j2")))  # type: ignore[arg-type]
    store.put_away("a1", "a1-b1", {JOURNAL: ["a1-j1"]})
    return store


def ids(store: TinyStore, room: str) -> list[str]:
    return [one.id for one in store.view(room).shelf(JOURNAL).scan()]


def test_a_backup_made_beside_a_running_store_is_put_back_elsewhere_as_it_was(
    store: TinyStore, tmp_path: Path
) -> None:
    stands, manifest = back_up(tmp_path / "data", tmp_path / "safe", now=NOW, version="1.0")
    store.run("a1", write(entry("a1-j3")))  # type: ignore[arg-type]
    store.close()
    assert (stands, list(manifest.rooms)) == (tmp_path / "safe" / "20261111-213000Z", ["desk", "a1", "a2"])
    assert restore(stands, tmp_path / "new", now=NOW, replace=False) == (manifest, None)
    again = TinyStore(tmp_path / "new", BOOKS)
    assert (ids(again, "a1"), ids(again, "a2")) == (["a1-j1", "a1-j2"], ["a2-j1", "a2-j2"])
    assert DeskBooks(again.view(DESK)).bindings.get("-1001") == Binding(id="-1001", room="a1")
    kept = again.archived("a1", "a1-b1")
    assert kept
    assert kept.shelf(JOURNAL).get("a1-j1") == entry("a1-j1")
    again.run("a1", write(entry("a1-j3")))  # type: ignore[arg-type]
    again.close()


def test_units_are_in_a_backup_whole_or_not_at_all_while_many_are_committed(
    tmp_path: Path, data: Path
) -> None:
    store = TinyStore(data, BOOKS, compact_at=20_000)  # so that logs are folded again and again meanwhile
    store.run("a1", write(entry("a1-j0"), entry("a1-k0")))  # type: ignore[arg-type]
    done = threading.Event()

    def busy() -> None:
        for number in range(1, 2000):
            store.run("a1", write(entry(f"a1-j{number}"), entry(f"a1-k{number}")))  # type: ignore[arg-type]
            if done.is_set():
                return

    writer = threading.Thread(target=busy)
    writer.start()
    try:
        made = [
            back_up(data, tmp_path / "safe", now=NOW + timedelta(seconds=n), version="1.0") for n in range(5)
        ]
    finally:
        done.set()
        writer.join()
        store.close()
    seqs = [manifest.rooms["a1"].seq for _, manifest in made]
    assert seqs == sorted(seqs)
    for number, (stands, manifest) in enumerate(made):
        restore(stands, tmp_path / f"new{number}", now=NOW, replace=False)
        again = TinyStore(tmp_path / f"new{number}", BOOKS, readonly=True)
        there = ids(again, "a1")
        assert there == [f"a1-{kind}{n}" for n in range(len(there) // 2) for kind in "jk"]
        assert manifest.rooms["a1"].documents == len(there)


def test_a_backup_and_what_is_restored_can_be_read_by_their_owner_alone(
    store: TinyStore, tmp_path: Path
) -> None:
    stands, _ = back_up(tmp_path / "data", tmp_path / "safe", now=NOW, version="1.0")
    restore(stands, tmp_path / "new", now=NOW, replace=False)
    for folder in (tmp_path / "safe", tmp_path / "new"):
        for path in (folder, *folder.rglob("*")):
            assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


def test_each_backup_is_a_folder_of_its_own(store: TinyStore, tmp_path: Path) -> None:
    for later in (0, 1):
        back_up(tmp_path / "data", tmp_path / "safe", now=NOW + timedelta(seconds=later), version="1.0")
    assert [one.name for one in sorted((tmp_path / "safe").iterdir())] == [
        "20261111-213000Z",
        "20261111-213001Z",
    ]
    with pytest.raises(NotPossible, match="is there already"):
        back_up(tmp_path / "data", tmp_path / "safe", now=NOW, version="1.0")


def test_a_damaged_room_is_not_taken_for_a_backup_and_leaves_no_trace_of_one(
    store: TinyStore, tmp_path: Path
) -> None:
    store.close()
    snapshot = tmp_path / "data" / "a2" / "snapshot.json"
    snapshot.write_text(snapshot.read_text().replace("a2-j1", "a2-j9"))
    with pytest.raises(StoreDamaged, match=r"a2/snapshot\.json"):
        back_up(tmp_path / "data", tmp_path / "safe", now=NOW, version="1.0")
    assert list((tmp_path / "safe").iterdir()) == []


@pytest.mark.parametrize(
    ("gone", "said"),
    [("a1", "lacks what there was of a1"), (DESK, "desk is missing"), (HALF, "did not come to")],
)
def test_what_the_bot_would_not_start_on_is_not_taken_for_a_backup(
    store: TinyStore, tmp_path: Path, data: Path, gone: str, said: str
) -> None:
    store.close()
    if gone == HALF:
        (data / HALF).mkdir()
    else:
        shutil.rmtree(data / gone)
    with pytest.raises(StoreDamaged, match=said):
        back_up(data, tmp_path / "safe", now=NOW, version="1.0")
    assert list((tmp_path / "safe").iterdir()) == []


@pytest.mark.parametrize(("where", "said"), [("data/backups", "inside the data folder"), ("data", "inside")])
def test_a_backup_inside_the_data_folder_is_refused(
    store: TinyStore, tmp_path: Path, where: str, said: str
) -> None:
    with pytest.raises(NotPossible, match=said):
        back_up(tmp_path / "data", tmp_path / where, now=NOW, version="1.0")


def test_without_a_data_folder_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotPossible, match="There is no data folder"):
        back_up(tmp_path / "data", tmp_path / "safe", now=NOW, version="1.0")
    (tmp_path / "data").mkdir()
    with pytest.raises(NotPossible, match="holds no room"):
        back_up(tmp_path / "data", tmp_path / "safe", now=NOW, version="1.0")


# -- put back


@pytest.fixture
def backup(store: TinyStore, tmp_path: Path) -> Path:
    def wait(raw: Books) -> None:
        books, card = RoomBooks(raw), Card(key="air")
        books.outbox.put(Outgoing(id="a1-o1", at=NOW, card=card, leaving=True))
        books.outbox.put(Outgoing(id="a1-o2", at=NOW, card=card.changed(edit=True)))
        books.outbox.put(Outgoing(id="a1-o3", at=NOW, card=card, does="delete", message_id=7))
        books.outbox.put(Outgoing(id="a1-o4", at=NOW, card=card, state="failed"))

    store.run("a1", wait)
    stands, _ = back_up(tmp_path / "data", tmp_path / "safe", now=NOW, version="1.0")
    store.close()
    return stands


def test_cards_that_may_have_been_said_since_are_marked_and_edits_are_not(
    backup: Path, tmp_path: Path
) -> None:
    restore(backup, tmp_path / "new", now=NOW, replace=False)
    rows = TinyStore(tmp_path / "new", BOOKS, readonly=True).view("a1").shelf(OUTBOX).scan()
    assert {row.id: (row.again, row.leaving) for row in rows} == {
        "a1-o1": (True, False), "a1-o2": (False, False), "a1-o3": (False, False), "a1-o4": (False, False),
    }  # fmt: skip


def test_data_that_is_there_is_replaced_only_when_asked_and_moved_aside_whole(
    backup: Path, tmp_path: Path, data: Path
) -> None:
    store = TinyStore(data, BOOKS)
    store.run("a1", write(entry("a1-later")))  # type: ignore[arg-type]
    store.close()
    with pytest.raises(NotPossible, match="is not empty: with --replace"):
        restore(backup, data, now=NOW, replace=False)
    _, aside = restore(backup, data, now=NOW, replace=True)
    assert aside == data / "before-20261111-213000Z"
    old, new = (TinyStore(one, BOOKS, readonly=True) for one in (aside, data))
    assert (ids(old, "a1"), ids(new, "a1")) == (["a1-j1", "a1-j2", "a1-later"], ["a1-j1", "a1-j2"])
    assert not (data / HALF).exists()


def test_a_restore_killed_at_any_moment_lets_no_store_open_until_it_was_run_again(
    backup: Path, data: Path, tmp_path: Path
) -> None:
    store = TinyStore(data, BOOKS)
    store.run("a1", write(entry("a1-later")))  # type: ignore[arg-type]
    store.close()
    former, restored = ["a1-j1", "a1-j2", "a1-later"], ["a1-j1", "a1-j2"]
    refused, looks = 0, set()
    for until in itertools.count(1, RESTORE_STEP):
        place = tmp_path / "killed" / str(until)
        shutil.copytree(data, place)
        if not killed(backup, place, until):
            break
        if (place / HALF).exists():
            for readonly in (True, False):
                with pytest.raises(StoreDamaged, match="run `shiftbot restore` again"):
                    TinyStore(place, BOOKS, readonly=readonly)
            refused += 1
        else:
            assert ids(TinyStore(place, BOOKS, readonly=True), "a1") in (former, restored)
        # What is in `new` by then is thrown away, so the rest tells one moment from another.
        look = tuple(
            path.relative_to(place) for path in sorted((*place.glob("*"), *place.glob(f"{HALF}/*/*")))
        )
        if look in looks:
            continue
        looks.add(look)
        restore(backup, place, now=NOW, replace=True)
        assert ids(TinyStore(place, BOOKS, readonly=True), "a1") == restored
        kept = [
            TinyStore(one, BOOKS, readonly=True) for one in place.glob("before-*") if (one / DESK).is_dir()
        ]
        assert former in [ids(one, "a1") for one in kept]
    assert (refused > 100 // RESTORE_STEP, len(looks) > 10) == (True, True), (refused, len(looks))


class Mortal(RealDisk):
    """The disk of a process that is killed at its operation number `until`."""

    def __init__(self, until: int) -> None:
        self.left = until

    def __getattribute__(self, name: str) -> Any:
        if hasattr(Disk, name) and not name.startswith("_"):
            self.left -= 1
            if not self.left:
                os._exit(9)
        return super().__getattribute__(name)


def killed(backup: Path, data: Path, until: int) -> bool:
    """Whether a process that restores was killed at its operation number `until`; else it came to its end."""
    child = os.fork()
    if not child:
        try:
            restore(backup, data, now=NOW, replace=True, disk=Mortal(until))
            os._exit(0)
        finally:
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 9)
    return code == 9


def test_a_restore_the_disk_has_no_room_for_leaves_all_as_it_was(backup: Path, data: Path) -> None:
    disk = FaultyDisk()
    disk.fault, disk.at = errno.ENOSPC, "write"
    before = {path.name for path in data.iterdir()}
    with pytest.raises(OSError, match="No space left"):
        restore(backup, data, now=NOW, replace=True, disk=disk)
    assert {path.name for path in data.iterdir()} == before
    TinyStore(data, BOOKS).close()


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT TESTED: only root may give files away")
def test_what_root_restores_belongs_to_the_owner_of_the_data_folder(backup: Path, data: Path) -> None:
    for path in (data, *data.rglob("*")):
        os.chown(path, 1234, 1235)
    restore(backup, data, now=NOW, replace=True)
    owners = {path: (path.stat().st_uid, path.stat().st_gid) for path in (data, *data.rglob("*"))}
    assert set(owners.values()) == {(1234, 1235)}, owners


def test_a_data_folder_that_is_a_mount_point_is_swapped_from_within(backup: Path, data: Path) -> None:
    same = data.stat().st_ino
    (data / "lost+found").mkdir()
    _, aside = restore(backup, data, now=NOW, replace=True)
    assert aside
    assert data.stat().st_ino == same
    assert sorted(path.name for path in data.iterdir()) == [
        "a1", "a2", aside.name, DESK, "lost+found", "store.lock",
    ]  # fmt: skip


def test_a_backup_without_the_desk_is_refused(backup: Path, data: Path) -> None:
    manifest = json.loads((backup / "backup.json").read_text())
    del manifest["rooms"][DESK]
    (backup / "backup.json").write_text(json.dumps(manifest))
    with pytest.raises(NotPossible, match="holds no desk"):
        restore(backup, data, now=NOW, replace=True)


def test_a_store_that_is_in_use_is_left_alone(backup: Path, data: Path) -> None:
    store = TinyStore(data, BOOKS)
    with pytest.raises(StoreLocked, match="in use by another process"):
        restore(backup, data, now=NOW, replace=True)
    store.run("a1", write(entry("a1-later")))  # type: ignore[arg-type]
    store.close()
    assert ids(TinyStore(data, BOOKS, readonly=True), "a1") == ["a1-j1", "a1-j2", "a1-later"]


def test_an_empty_folder_is_filled_in_place(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    assert restore(backup, tmp_path / "new", now=NOW, replace=False)[1] is None
    assert TinyStore(tmp_path / "new", BOOKS, readonly=True).rooms() == ["a1", "a2"]


@pytest.mark.parametrize("name", ["a1/snapshot.json", "a1/archive/a1-b1.json", "backup.json"])
@pytest.mark.parametrize("harm", ["changed", "cut", "gone"])
def test_a_backup_that_is_not_what_was_written_changes_nothing(
    backup: Path, data: Path, name: str, harm: str
) -> None:
    file = backup / name
    text = file.read_bytes()
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(text[: len(text) // 2] if harm == "cut" else text.replace(b'"a1', b'"a9', 1))
    with pytest.raises(NotPossible, match=r"damaged|missing|is no backup"):
        restore(backup, data, now=NOW, replace=True)
    assert ids(TinyStore(data, BOOKS, readonly=True), "a1") == ["a1-j1", "a1-j2"]


def test_the_folder_above_backups_names_the_newest(backup: Path, data: Path) -> None:
    with pytest.raises(NotPossible, match=r"the newest is .*20261111-213000Z"):
        restore(backup.parent, data, now=NOW, replace=True)


def test_a_manifest_of_a_later_format_is_refused(backup: Path, data: Path) -> None:
    manifest = json.loads((backup / "backup.json").read_text())
    (backup / "backup.json").write_text(json.dumps({**manifest, "format": 2}))
    with pytest.raises(NotPossible, match="of a newer version"):
        restore(backup, data, now=NOW, replace=True)
