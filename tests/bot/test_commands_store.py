"""`shiftbot backup`, `restore` and `doctor` say in a sentence what they did or why they did not."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli import main
from bot.commands_store import NO_BUYERS_KEPT
from bot.serve import serve
from bot.settings import Settings
from playbooks.journal import Entry
from storage.books import BOOKS, JOURNAL, DeskBooks, RoomBooks
from storage.rows import Binding, Due
from storage.store import DESK, StoreDamaged
from storage.tiny import TinyStore

NOW = datetime(2026, 11, 11, 21, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinyStore:
    """A running store of one room, in the data folder of the settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", "data")
    store = TinyStore(tmp_path / "data", BOOKS)
    store.run(DESK, lambda raw: DeskBooks(raw).bindings.put(Binding(id="-1001", room="a1")))
    store.run("a1", lambda raw: RoomBooks(raw).journal.put(Entry(id="a1-j1", at=NOW, kind="live")))
    store.put_away("a1", "a1-b1", {JOURNAL: ["a1-j1"]})
    return store


def test_a_backup_says_where_it_stands_and_restore_puts_it_back(
    store: TinyStore, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["backup", "safe"]) == 0
    where, _, what = capsys.readouterr().out.partition(": ")
    assert what == f"2 rooms, 2 documents, 1 archive of {tmp_path / 'data'}\n"
    store.close()
    monkeypatch.setenv("DATA_DIR", "new")
    assert main(["restore", where]) == 0
    assert capsys.readouterr().out.startswith(f"{tmp_path / 'new'}: 2 rooms as of 20")
    assert TinyStore(tmp_path / "new", BOOKS, readonly=True).rooms() == ["a1"]


def test_restore_leaves_a_running_bot_and_data_that_is_there_alone(
    store: TinyStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", "safe"]) == 0
    where = capsys.readouterr().out.partition(": ")[0]
    assert main(["restore", where, "--replace"]) == 2
    assert "in use by another process" in capsys.readouterr().err
    store.close()
    assert main(["restore", where]) == 2
    assert "data is not empty: with --replace all in it is moved aside" in capsys.readouterr().err
    assert main(["restore", where, "--replace"]) == 0
    assert f"What was there before is in {tmp_path / 'data' / 'before-'}" in capsys.readouterr().out


def test_the_doctor_finds_nothing_beside_a_running_bot_that_is_well(
    store: TinyStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor"]) == 0
    assert (
        capsys.readouterr().out
        == f"{tmp_path / 'data'}: 2 rooms, 2 documents, 0 findings\n" + NO_BUYERS_KEPT + "\n"
    )


def test_the_doctor_tells_people_and_programs_what_it_found(
    store: TinyStore, capsys: pytest.CaptureFixture[str]
) -> None:
    row = Due(id="a1-d:tea:1", kind="tea", due_at=NOW, about="1")
    store.run("a1", lambda raw: RoomBooks(raw).due.put(row))
    assert main(["doctor"]) == 1
    assert "a1, due, a1-d:tea:1, kind: Nobody handles what is due there, a tea." in capsys.readouterr().out
    assert main(["doctor", "--json"]) == 1
    (found,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (found["room"], found["book"], found["id"], found["field"]) == ("a1", "due", "a1-d:tea:1", "kind")
    assert found["cure"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["backup", "data/safe"], "is inside the data folder"),
        (["backup", "a-file/safe"], "File exists: a-file. Check that the folder"),
        (["restore", "nowhere"], "nowhere is no backup: it holds no backup.json"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    store: TinyStore, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    (tmp_path / "a-file").touch()
    assert main(words) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("words", [["backup", "safe"], ["doctor"]])
def test_without_a_data_folder_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", "elsewhere")
    assert main(words) == 2
    assert f"There is no data folder {tmp_path / 'elsewhere'}: set DATA_DIR" in capsys.readouterr().err


async def test_the_bot_does_not_start_where_a_bound_room_is_missing(store: TinyStore, tmp_path: Path) -> None:
    store.close()
    (tmp_path / "data" / "a1").rename(tmp_path / "a1")
    settings = Settings(
        telegram_token="7000000001:AAexampleexampleexampleexampleexample", data_dir=tmp_path / "data"
    )
    with pytest.raises(
        StoreDamaged, match="lacks what there was of a1: put the folder back from the last backup"
    ):
        await serve(settings)
    TinyStore(tmp_path / "data", BOOKS).close()  # and the folder was let go of
