"""Crashes, and damage that came later: what is read again, and what is refused with a word on what to do."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.store import DESK, NotSaved, StoreDamaged
from storage.tiny import TinyStore
from tests.storage.store_contract import BOOKS, CHASES, Chase, ids, put
from tests.storage.tiny_rooms import LOG, SNAPSHOT, crashed, crashed_while_folding, files, found, leave


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_a_log_torn_anywhere_gives_the_last_whole_unit_and_goes_on(data: Path) -> None:
    log = crashed(data, units=3)
    head = log.index(b"\n") + 1
    for length, behind in itertools.product(range(head, len(log) + 1), (b"", b"\0\0\0", b"\n\n\n")):
        leave(data, log=log[:length] + behind)
        kept = (log[:length] + behind[:1]).count(b"}}}}\n")
        assert found(data) == [f"a1-{number}" for number in range(1, kept + 1)]
    leave(data, log=log[:-5] + b"\0\0\0\0\0")
    store = TinyStore(data, BOOKS)
    store.run("a1", put(Chase(id="a1-9")))
    assert found(data) == ["a1-1", "a1-2", "a1-9"]
    store.close()
    assert found(data) == ["a1-1", "a1-2", "a1-9"]


def test_a_changed_byte_before_the_last_unit_is_refused_with_file_and_line(data: Path) -> None:
    log = crashed(data, units=3)
    last = log.rindex(b"\n", 0, -1) + 1
    for at in range(last):
        leave(data, log=log[:at] + bytes([log[at] ^ 4]) + log[at + 1 :])
        line = log.count(b"\n", 0, at) + 1
        with pytest.raises(StoreDamaged, match=rf"a1/log\.jsonl, line {line}:.*backup"):
            found(data)


def test_damage_refuses_to_start_changes_nothing_and_leaves_no_lock(data: Path) -> None:
    log = crashed(data, units=3).replace(b'"open"', b'"paid"', 1)
    leave(data, log=log)
    for _ in range(2):
        with pytest.raises(StoreDamaged):
            TinyStore(data, BOOKS)
    assert (data / "a1" / "log.jsonl").read_bytes() == log


@pytest.mark.parametrize(("kept", "line"), [((0, 1, 3), 3), ((0, 2, 3), 2), ((0, 1, 2, 2), 4)])
def test_a_unit_missing_from_the_log_is_refused(data: Path, kept: tuple[int, ...], line: int) -> None:
    lines = crashed(data, units=3).splitlines(keepends=True)
    leave(data, log=b"".join(lines[number] for number in kept))
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
    leave(data, log=log)
    store = TinyStore(data, BOOKS)
    assert store.view("a1").sequence == 3
    store.run("a1", put(Chase(id="a1-4")))
    assert found(data) == ["a1-1", "a1-2", "a1-3", "a1-4"]
    store.close()


def test_a_log_older_than_its_snapshot_is_refused(data: Path) -> None:
    log = crashed(data, units=3)
    TinyStore(data, BOOKS).close()
    leave(data, log=b"".join(log.splitlines(keepends=True)[:2]))
    with pytest.raises(StoreDamaged, match=r"log\.jsonl, line 1: snapshot\.json ends with unit 3"):
        found(data)


# -- files that are gone


def closed(data: Path) -> None:
    """A room with two chases, closed in peace: everything is in its snapshot."""
    store = TinyStore(data, BOOKS)
    store.run("a1", put(Chase(id="a1-1"), Chase(id="a1-2")))
    store.close()


def refused(data: Path, said: str) -> None:
    """Neither a bot nor a reader starts, and both say `said` and what to do."""
    before = {path: path.read_bytes() for path in data.rglob("*.js*")}
    for readonly in (True, False):
        with pytest.raises(StoreDamaged, match=f"(?s){said}.*backup"):
            TinyStore(data, BOOKS, readonly=readonly)
    assert {path: path.read_bytes() for path in data.rglob("*.js*")} == before


def test_a_snapshot_that_is_gone_is_missed_though_the_log_is_empty(data: Path) -> None:
    closed(data)
    leave(data, snapshot=None)
    refused(data, r"a1/snapshot\.json is missing")


def test_a_log_that_is_gone_is_missed_beside_its_snapshot(data: Path) -> None:
    closed(data)
    leave(data, log=None)
    refused(data, r"a1/log\.jsonl is missing")


def test_a_snapshot_of_an_earlier_time_is_refused(data: Path) -> None:
    closed(data)
    earlier = files(data)[SNAPSHOT]
    store = TinyStore(data, BOOKS)
    store.run("a1", put(Chase(id="a1-3")))
    store.close()
    leave(data, snapshot=earlier)
    refused(data, r"log\.jsonl, line 1: snapshot\.json ends with unit 1, the log has those after 2")


def test_the_desk_that_is_gone_is_missed_beside_its_rooms(data: Path) -> None:
    closed(data)
    shutil.rmtree(data / DESK)
    refused(data, f"{DESK} is missing.*a1")


def test_an_emptied_desk_is_missed_too(data: Path) -> None:
    closed(data)
    for path in (data / DESK).iterdir():
        path.unlink()
    refused(data, f"{DESK} is missing.*a1")


def test_a_store_whose_first_start_was_cut_short_starts(data: Path) -> None:
    (data / DESK).mkdir(parents=True)
    TinyStore(data, BOOKS).close()
    assert found(data) == []


def test_a_changed_head_is_refused(data: Path) -> None:
    closed(data)
    head = files(data)[LOG]
    for at in range(head.index(b'"after"')):
        leave(data, log=head[:at] + bytes([head[at] ^ 1]) + head[at + 1 :])
        refused(data, r"log\.jsonl, line 1:")


@pytest.mark.parametrize("log", [b"", b'{"crc":"0badca', b"\0\0\0\0", b"\n\n\n"])
@pytest.mark.parametrize("snapshot", ["stands", "is not there yet"])
def test_an_emptied_log_is_refused_like_one_that_is_gone(data: Path, log: bytes, snapshot: str) -> None:
    crashed(data, units=3)
    if snapshot == "stands":
        closed(data)
    leave(data, log=log)
    refused(data, r"log\.jsonl, line 1: the file is empty, or its head is gone")


# -- files that go under a store that is open


def lose_the_log(data: Path) -> None:
    (data / "a1" / LOG).unlink()


def lose_the_room(data: Path) -> None:
    shutil.rmtree(data / "a1")


def lose_everything(data: Path) -> None:
    shutil.rmtree(data)


def put_back_a_copy(data: Path) -> None:
    leave(data, log=files(data)[LOG])


def move_the_room(data: Path) -> None:
    (data / "a1").rename(data / "elsewhere")


@pytest.mark.parametrize(
    "harm", [lose_the_log, lose_the_room, lose_everything, put_back_a_copy, move_the_room]
)
def test_a_room_whose_log_was_taken_away_acknowledges_nothing_more(
    data: Path, harm: Callable[[Path], None]
) -> None:
    store = TinyStore(data, BOOKS)
    store.run("a1", put(Chase(id="a1-1")))
    harm(data)
    for _ in range(2):
        with pytest.raises(NotSaved, match=r"a1/log\.jsonl was removed or replaced.*restart") as refusal:
            store.run("a1", put(Chase(id="a1-2")))
        assert refusal.value.reason == "broken"
    assert ids(list(store.view("a1").shelf(CHASES).scan())) == ["a1-1"]
    store.close()


def test_a_log_taken_away_is_noticed_while_nobody_writes_and_by_those_who_wait_for_the_disk_later(
    data: Path,
) -> None:
    store = TinyStore(data, BOOKS)
    store.run("a1", put(Chase(id="a1-1")))
    store.run("a2", put(Chase(id="a2-1")))
    assert store.troubles() == {}
    store.run_all("a2", [put(Chase(id="a2-2"))], durable=False)
    lose_everything(data)
    with pytest.raises(NotSaved):
        store.flush()
    assert sorted(store.troubles()) == ["a1", "a2", DESK]
    store.close()


# -- a crash while a log is folded


@pytest.fixture
def folding(data: Path) -> dict[str, bytes]:
    return crashed_while_folding(data)


FIVE = [f"a1-{number}" for number in range(1, 6)]


def test_units_of_both_logs_are_read_and_the_older_is_folded_first(
    data: Path, folding: dict[str, bytes]
) -> None:
    assert found(data) == FIVE
    store = TinyStore(data, BOOKS)
    store.run("a1", put(Chase(id="a1-6")))
    store.close()
    assert set(files(data)) == {SNAPSHOT, LOG}
    assert found(data) == [*FIVE, "a1-6"]


def test_a_crash_before_the_new_log_got_its_name_is_no_damage(data: Path, folding: dict[str, bytes]) -> None:
    head = folding[LOG][: folding[LOG].index(b"\n") + 1]
    leave(data, log=None, fresh=head)
    assert found(data) == FIVE[:3]
    store = TinyStore(data, BOOKS)
    store.run("a1", put(Chase(id="a1-9")))
    assert found(data) == [*FIVE[:3], "a1-9"]
    store.close()
    assert found(data) == [*FIVE[:3], "a1-9"]


def test_a_log_put_aside_that_the_snapshot_has_already_is_skipped(
    data: Path, folding: dict[str, bytes]
) -> None:
    TinyStore(data, BOOKS).close()
    snapshot = files(data)[SNAPSHOT]
    leave(data, snapshot=snapshot, old=folding["log.old.jsonl"], log=folding[LOG])
    assert found(data) == FIVE


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ("old", r"snapshot\.json is missing: it, or log\.old\.jsonl, had the units up to 3"),
        ("log", r"log\.jsonl is missing: it went on where log\.old\.jsonl ends, with unit 3"),
    ],
)
def test_either_log_is_missed_when_it_is_gone(
    data: Path, folding: dict[str, bytes], gone: str, said: str
) -> None:
    leave(data, **{gone: None})
    refused(data, said)


def test_a_log_put_aside_is_whole_up_to_its_end_or_refused(data: Path, folding: dict[str, bytes]) -> None:
    old = folding["log.old.jsonl"].rstrip(b"\n")
    last = old.rindex(b"\n") + 1
    for length in (*range(1, last - 1, 37), *range(last, len(old))):
        leave(data, old=old[:length])
        refused(data, r"log(\.old)?\.jsonl, line \d:")
    leave(data, old=old + b"\n\n\0\0")
    refused(data, r"log\.old\.jsonl, line 5:")


# -- the first format, whose logs had no head


def headless(log: bytes) -> bytes:
    return log[log.index(b"\n") + 1 :]


def test_a_log_of_the_first_format_is_read_and_gets_a_head_when_it_is_folded(data: Path) -> None:
    leave(data, log=headless(crashed(data, units=3)))
    store = TinyStore(data, BOOKS)
    store.run("a1", put(Chase(id="a1-4")))
    store.close()
    assert b'"after":4' in files(data)[LOG]
    assert found(data) == ["a1-1", "a1-2", "a1-3", "a1-4"]
