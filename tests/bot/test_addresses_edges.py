"""`shiftbot addresses`: options that cannot be right, orders that are over, a room's products, files in parts."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from bot import address_files, commands_addresses
from bot.address_parts import PartFailed, spread
from playbooks.aftercare import Shortage
from playbooks.announce import Listing, Offer
from playbooks.broadcast import Broadcast
from playbooks.promotion import parse
from playbooks.room import Room
from playbooks.runsheet import Product
from storage.books import BOOKS, RoomBooks
from storage.store import Books
from storage.tiny import TinyStore
from tests.bot.test_commands_addresses import (
    HEADINGS,
    HOME,
    TAIWAN,
    canonical,
    export,
    objects,
    row,
)
from tests.support.command import shiftbot
from tests.support.evening import START

FAR = {"province": "台湾省", "city": "台北市", "district": "信义区", "address": "市府路1号12楼"}
HERE = {"province": HOME[0], "city": HOME[1], "district": HOME[2], "address": HOME[3]}


@pytest.mark.parametrize("name", ["a.jsonl", "订单.csv"])
@pytest.mark.parametrize(
    ("option", "given", "said"),
    [("--as", "mars", "不认识平台「mars」"), ("--password-file", "missing", "missing")],
)
def test_an_option_that_cannot_be_right_is_refused_whatever_the_file_is(
    tmp_path: Path, name: str, option: str, given: str, said: str
) -> None:
    canonical(tmp_path, {"order_id": "1", **HERE})
    export(tmp_path, row("6917926768823643001"))
    done = shiftbot(tmp_path, "addresses", name, option, given)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_misspelt_field_is_named_with_its_line_and_what_was_meant(tmp_path: Path) -> None:
    name = canonical(tmp_path, {"order_id": "1", **HERE}, {"order_id": "2", "adress": HOME[3]})
    done = shiftbot(tmp_path, "addresses", name)
    assert done.returncode == 1
    assert "第 2 行「adress」：没有这个字段，您要写的可能是「address」" in done.stdout
    told = objects(shiftbot(tmp_path, "addresses", name, "--json", "--lang", "en"))
    assert (told[1]["line"], told[1]["column"]) == (2, "adress")
    assert "Did you mean “address”" in str(told[1]["error"])


@pytest.mark.parametrize("status", ["closed", "refunded", "shipped"])
@pytest.mark.parametrize("swapped", [False, True])
def test_an_order_that_is_over_by_any_of_its_rows_is_not_held(
    tmp_path: Path, status: str, swapped: bool
) -> None:
    paid = {"platform": "douyin", "order_id": "1", "sub_order_id": "1", "status": "paid_unshipped", **FAR}
    between = {"platform": "douyin", "order_id": "2", "status": "paid_unshipped", **HERE}
    rows = [paid, between, {**paid, "status": status}]
    done = shiftbot(
        tmp_path, "addresses", canonical(tmp_path, *(reversed(rows) if swapped else rows)), "--json"
    )
    assert (done.returncode, [one["order_id"] for one in objects(done)]) == (0, ["2"])


def test_two_rows_of_an_export_of_which_one_is_closed_hold_nothing(tmp_path: Path) -> None:
    number = "6917926768823643001"
    name = export(
        tmp_path, row(number, TAIWAN), row("6917926768823643002"), row(number, TAIWAN, status="已关闭")
    )
    done = shiftbot(tmp_path, "addresses", name, "--json")
    assert (done.returncode, [one["order_id"] for one in objects(done)]) == (0, ["6917926768823643002"])


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A data folder with a room on air: 1 is 云雾绿茶, sold ahead; 2 is 茶杯, which has run out."""
    store = TinyStore(tmp_path / "data", BOOKS)
    here = Broadcast(id="a1-b1", number=1, stage="live", opened_on=START.date(), live_at=START)
    ahead = parse("定金10元抵20元").promotions

    def fill(raw: Books) -> None:
        books = RoomBooks(raw)
        books.room.put(
            Room(id="a1", shop="小满优选", platform="douyin", chat_id=-1, made_at=START, made_by="101")
        )
        books.broadcasts.put(here)
        for number, name in ((1, "云雾绿茶"), (2, "茶杯")):
            product = Product(seq=number, link_no=number, duration=5, name=name, live_price=Decimal("39.90"))
            offer = Offer(revision=1, at=START, by="102", live_price=product.live_price)
            if number == 1:
                offer = offer.model_copy(update={"promotions": ahead})
            books.listings.put(
                Listing(id=f"a1-l{number}", broadcast=here.id, link_no=number, product=product, offer=offer)
            )
        books.shortages.put(
            Shortage(
                id="a1-x2", listing="a1-l2", broadcast=here.id, link_no=2, name="茶杯", by="105", at=START
            )
        )

    store.run("a1", fill)
    store.close()
    return tmp_path


def bought(number: str, what: str) -> list[str]:
    said = row(number, phone=f"138{number[-8:]}")
    said[2] = what
    return said


def test_by_the_rules_of_a_room_its_products_count(room: Path) -> None:
    name = export(
        room, bought("6917926768823643001", "云雾绿茶"), bought("6917926768823643002", "茶杯"),
        bought("6917926768823643003", "茶叶罐"),
    )  # fmt: skip
    done = shiftbot(room, "addresses", name, "--json", "--room", "a1", DATA_DIR=str(room / "data"))
    ahead, gone, other = (one["findings"] for one in objects(done))
    assert [found["rule"] for found in ahead] == ["presale"]  # type: ignore[attr-defined]
    assert [(found["rule"], found["verdict"]) for found in gone] == [("out_of_stock", "HOLD")]  # type: ignore[attr-defined]
    assert other == []
    assert all(one["findings"] == [] for one in objects(shiftbot(room, "addresses", name, "--json")))


def test_a_presale_is_known_by_what_the_platform_says_of_it(tmp_path: Path) -> None:
    paid = {"order_id": "1", "status": "paid_unshipped", **HERE}
    name = canonical(tmp_path, {**paid, "presale": True}, {**paid, "order_id": "2"})
    told = objects(shiftbot(tmp_path, "addresses", name, "--json"))
    assert [[found["rule"] for found in one["findings"]] for one in told] == [["presale"], []]  # type: ignore[attr-defined]


# -- a long file in parts ----------------------------------------------------------------------------------


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Two processes, and a file long enough for them at once."""
    monkeypatch.setattr(address_files, "LONG", 10)
    monkeypatch.setattr(address_files, "PART", 4)
    monkeypatch.setattr(commands_addresses, "processes", lambda: 2)
    return monkeypatch


@pytest.mark.parametrize("words", [[], ["--json"], ["--all"], ["--all", "--json"]])
def test_several_processes_say_what_one_says_word_for_word(
    tmp_path: Path, in_parts: pytest.MonkeyPatch, words: list[str]
) -> None:
    rows = [
        row(str(6917926768823643001 + n), TAIWAN if n % 3 else HOME, phone=f"138{n // 2:08}")
        for n in range(29)
    ]
    rows[7][HEADINGS.index("订单应付金额")] = "很多"
    name = export(tmp_path, *rows)
    several = shiftbot(tmp_path, "addresses", name, *words)
    in_parts.setattr(commands_addresses, "processes", lambda: 1)
    assert several == shiftbot(tmp_path, "addresses", name, *words)
    assert several.returncode == 1


def test_parts_come_back_in_order_and_one_that_fails_is_not_passed_over() -> None:
    assert list(spread([lambda n=n: n * n for n in range(7)], 3)) == [n * n for n in range(7)]  # type: ignore[misc]
    found = spread([lambda: 1, lambda: 1 // 0, lambda: 3], 2)
    assert next(found) == 1
    with pytest.raises(PartFailed, match="part 2 of 3"):
        next(found)
