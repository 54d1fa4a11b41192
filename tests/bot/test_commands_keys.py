"""`shiftbot new-key` and `rotate-keys` say in a sentence what they did, and which key may go."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import Settings
from playbooks.orders import Personal
from storage.books import BOOKS, DeskBooks, RoomBooks
from storage.rows import Binding
from storage.store import DESK
from storage.tiny import TinyStore
from storage.vault import Vault, new_master, read_masters
from storage.vault_books import BuyerBooks, Origin

NOW = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
DAY = date(2026, 11, 11)
OLD, NEW = new_master("old"), new_master("new")
Capture = pytest.CaptureFixture[str]


def vault(*keys: str) -> Vault:
    return Vault(read_masters(",".join(keys)), 30)


def buyers(raw: object, of: Vault) -> BuyerBooks:
    return BuyerBooks(RoomBooks(raw), of, NOW, DAY)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of one room, with a buyer sealed under the old key."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", "data")
    monkeypatch.setenv("PII_KEYS", OLD)
    store = TinyStore(tmp_path / "data", BOOKS)
    store.run(DESK, lambda raw: DeskBooks(raw).bindings.put(Binding(id="-1001", room="a1")))
    known = Personal(receiver_name="李四")
    store.run("a1", lambda raw: buyers(raw, vault(OLD)).keep("1", known, Origin("a1-b1", DAY)))
    store.close()
    return tmp_path / "data"


def look(folder: Path, *keys: str) -> dict[str, str]:
    return buyers(TinyStore(folder, BOOKS, readonly=True).view("a1"), vault(*keys)).look("1")


def wrapped(folder: Path) -> str:
    rows = RoomBooks(TinyStore(folder, BOOKS, readonly=True).view("a1")).data_keys.scan()
    return next(rows).wrapped


def test_a_new_key_can_be_used_as_it_is_printed(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["new-key"]) == 0
    printed = capsys.readouterr().out.strip()
    monkeypatch.setenv("PII_KEYS", printed)
    assert Settings().vault().ids == (printed.partition(":")[0],)


def test_rotated_the_old_key_is_named_as_free_and_no_file_is_wrapped_with_it(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = wrapped(folder)
    monkeypatch.setenv("PII_KEYS", f"{NEW},{OLD}")
    assert main(["rotate-keys"]) == 0
    said = capsys.readouterr().out
    assert "wrapped anew with new: 1; already with it: 0." in said
    assert "remove from PII_KEYS now: old." in said
    assert look(folder, NEW) == {"receiver_name": "李四"}
    assert before not in "".join(one.read_text() for one in folder.rglob("*.json*"))
    assert main(["rotate-keys"]) == 0
    assert "wrapped anew with new: 0; already with it: 1." in capsys.readouterr().out


def test_with_one_key_alone_it_says_how_to_rotate(folder: Path, capsys: Capture) -> None:
    assert main(["rotate-keys"]) == 0
    assert "put its key in front in .env" in capsys.readouterr().out


def test_a_running_bot_is_left_alone(folder: Path, capsys: Capture) -> None:
    running = TinyStore(folder, BOOKS)
    assert main(["rotate-keys"]) == 2
    assert "in use by another process" in capsys.readouterr().err
    running.close()


def test_without_keys_it_says_how_to_begin(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PII_KEYS", "")
    assert main(["rotate-keys"]) == 2
    assert "run `shiftbot new-key`" in capsys.readouterr().err


def test_a_key_that_cannot_be_used_is_named_and_not_printed(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PII_KEYS", OLD[:-8])
    assert main(["rotate-keys"]) == 2
    said = capsys.readouterr().err
    assert "PII_KEYS: PII_KEYS takes id:key" in said
    assert OLD[4:20] not in said


def test_a_lost_key_is_named_kept_and_dropped_when_asked(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PII_KEYS", NEW)
    assert main(["rotate-keys"]) == 1
    assert "a1-b1-k cannot be opened: it needs the master key old." in capsys.readouterr().out
    assert look(folder, OLD) == {"receiver_name": "李四"}
    assert main(["rotate-keys", "--drop-lost"]) == 0
    assert "Deleted as lost: 1." in capsys.readouterr().out
    assert look(folder, OLD) == {}


def test_the_doctor_opens_what_is_sealed_and_names_the_key_that_is_missing(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PII_RETENTION_DAYS", "365")
    main(["doctor"])
    assert "cannot be opened" not in capsys.readouterr().out
    monkeypatch.setenv("PII_KEYS", NEW)
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "a1, data_keys, a1-b1-k, wrapped: It is sealed and cannot be opened" in said
    assert "the master key old is not in PII_KEYS" in said
    assert "李四" not in said
