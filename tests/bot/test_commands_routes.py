"""`shiftbot routes`: slow carriers by region for people and for scripts, beside a bot that runs."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli import main
from playbooks.followup.routes import KeptParcel, Route, months
from playbooks.room import Room
from storage.books import BOOKS, RoomBooks
from storage.tiny import TinyStore

NOW = datetime.now(UTC)


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinyStore:
    """A running store of a room with three parcels on one route, two of them stuck, and ten signed for on it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", "data")
    store = TinyStore(tmp_path / "data", BOOKS)

    def fill(books: RoomBooks) -> None:
        books.room.put(
            Room(id="a1", shop="小满优选", platform="douyin", chat_id=-1, made_at=NOW, made_by="101")
        )
        for n, days in enumerate((9, 8, 1)):
            sent = NOW - timedelta(days=days)
            books.parcels.put(
                KeptParcel(
                    id=f"a1-kYT{n}", order_id=f"69170{n}", tracking_no=f"YT{n}", carrier="圆通", province="西藏自治区",
                    state="in_transit", shipped_at=sent, last_scan_at=sent,
                )
            )  # fmt: skip
        month = months(NOW)[0]
        books.routes.put(
            Route(id=f"a1-w{month}:圆通:西藏自治区", carrier="圆通", province="西藏自治区", month=month, signed=10,
                  hours=1500, over_seven=4)
        )  # fmt: skip

    store.run("a1", lambda raw: fill(RoomBooks(raw)))
    return store


def test_the_table_is_printed_and_tells_a_script_that_parcels_are_stuck(
    room: TinyStore, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["routes", "--room", "小满优选"]) == 1
    assert "圆通 → 西藏自治区：停滞 2 · 在途 3 · 签收 10，平均 6.3 天，超 7 天 4" in capsys.readouterr().out
    assert main(["routes", "--room", "a1", "--json"]) == 1
    (one,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert one == {
        "carrier": "圆通", "province": "西藏自治区", "under_way": 3, "stuck": 2, "signed": 10, "days": "6.3",
        "over_seven": 4,
    }  # fmt: skip


def test_a_room_nobody_knows_and_one_without_parcels_are_refused(
    room: TinyStore, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["routes", "--room", "别家"]) == 2
    assert "别家" in capsys.readouterr().err
    room.run("a1", lambda raw: [RoomBooks(raw).parcels.drop(f"a1-kYT{n}") for n in range(3)])
    room.run(
        "a1", lambda raw: [RoomBooks(raw).routes.drop(one.id) for one in list(RoomBooks(raw).routes.scan())]
    )
    assert main(["routes", "--room", "a1", "--lang", "en"]) == 2
    assert "logistics list" in capsys.readouterr().err
