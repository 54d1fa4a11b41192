"""`shiftbot review` and `export` write beside a running bot what the bot itself would say, and nothing of a buyer."""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from bot import review_page
from bot.cli import main
from playbooks.journal import Entry
from playbooks.room import Member, Room
from storage.books import BOOKS, JOURNAL, ORDERS, DeskBooks, RoomBooks
from storage.rows import Binding
from storage.store import DESK
from storage.tiny import TinyStore
from tests.support.review_evening import NOW, PEOPLE, Evening, full_evening

NIGHT = full_evening(4)
PHONE = "13800001234"
VOID = frozenset({"meta", "br", "hr", "img", "link"})


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinyStore:
    """A running store with one invented evening."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", "data")
    store = TinyStore(tmp_path / "data", BOOKS)
    store.run(DESK, lambda raw: DeskBooks(raw).bindings.put(Binding(id="-1001", room="a1")))
    store.run("a1", lambda raw: fill(RoomBooks(raw), NIGHT))
    return store


def fill(books: RoomBooks, night: Evening) -> None:
    books.room.put(
        Room(id="a1", shop="小满优选", platform="douyin", chat_id=-1001, made_at=NOW, made_by="31")
    )
    books.broadcasts.put(night.broadcast)
    for id, name in PEOPLE.items():
        books.members.put(Member(id=id, name=name, roles=("agent",)))
    shelves = (
        (books.listings, night.listings), (books.notices, night.notices), (books.journal, night.journal),
        (books.chases, night.chases), (books.orders, night.orders), (books.holds, night.holds),
    )  # fmt: skip
    for shelf, rows in shelves:
        for one in rows:
            shelf.put(one)


def test_the_review_is_written_as_picture_text_workbook_and_page(
    store: TinyStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["review", "--out", "out"]) == 0
    files = [Path(one) for one in capsys.readouterr().out.split()]
    assert [file.suffix for file in files] == [".png", ".txt", ".xlsx", ".html"]
    assert {file.stem for file in files} == {"review-2026-11-11-b1-v1"}
    picture, text, book, page = (file.read_bytes() for file in files)
    assert Image.open(BytesIO(picture)).width == 1080
    count = NIGHT.tally.recovered.total()
    assert f"催回 {count} 单" in text.decode()
    assert f"催回 {count} 单" in page.decode()
    assert "催付明细" in openpyxl.load_workbook(BytesIO(book)).sheetnames


def test_programs_read_the_figures_as_one_line_a_review(
    store: TinyStore, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["review", "--room", "小满优选", "--last", "3", "--out", "out", "--json"]) == 0
    (told,) = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
    assert told["figures"]["recovered"] == str(NIGHT.tally.recovered.total())
    assert told["not_entered"] == ["goals", "traffic", "service", "posts", "actions"]


def test_a_room_nobody_knows_is_said_with_2(store: TinyStore, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", "--out", "out", "--room", "b9"]) == 2
    assert "没有直播间「b9」。有：a1 (小满优选)" in capsys.readouterr().err
    assert not Path("out").exists()


@pytest.mark.parametrize("number", ["0", "x", "-1", "367"])
def test_a_number_of_broadcasts_that_is_none_is_refused(
    store: TinyStore, capsys: pytest.CaptureFixture[str], number: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["review", "--out", "out", "--last", number])
    assert stopped.value.code == 2
    assert f"{number} is no number of broadcasts" in capsys.readouterr().err


def test_a_room_that_was_never_on_air_has_no_review(
    store: TinyStore, capsys: pytest.CaptureFixture[str]
) -> None:
    store.run("a1", lambda raw: RoomBooks(raw).broadcasts.drop("a1-b1"))
    assert main(["review", "--out", "out"]) == 2
    assert "还没有播过" in capsys.readouterr().err


class Tags(HTMLParser):
    """Fails on a tag that is closed and was not open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_the_page_is_whole_and_names_every_product_as_it_is(lang: str) -> None:
    night = full_evening(3, products=60, orders=200, names=("<script>口红 & 唇釉", '"x" onload=1'))
    page = review_page.page(night.review(), lang)
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert "<script" not in page
    text = "".join(tags.text)
    assert text.count("<script>口红 & 唇釉") >= 30
    assert "http" not in page  # nothing is fetched: it can be printed anywhere


@pytest.mark.parametrize("form", ["xlsx", "csv", "jsonl"])
def test_every_order_and_entry_is_exported_once_with_personal_fields_masked(
    store: TinyStore, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    order = NIGHT.orders[0]
    store.run("a1", lambda raw: put_personal(RoomBooks(raw)))
    store.put_away("a1", "a1-b1", {JOURNAL: [NIGHT.journal[0].id], ORDERS: [NIGHT.orders[1].id]})
    assert main(["export", "--out", "out", "--format", form]) == 0
    files = {Path(one).name: Path(one).read_bytes() for one in capsys.readouterr().out.split()}
    orders, journal = records(files, form, "orders"), records(files, form, "journal")
    assert sorted(one["order_id"] for one in orders) == sorted(one.order_id for one in NIGHT.orders)
    assert len(journal) == len(NIGHT.journal) + 1
    told = next(one for one in orders if one["order_id"] == order.order_id)
    assert (told["buyer_key"], told["city"]) == ("***", "***")
    assert told["amount"] == str(order.amount)
    everything = "".join(json.dumps(one, ensure_ascii=False) for one in (*orders, *journal))
    assert PHONE not in everything
    assert "杭州" not in everything
    assert not {"outbox", "inbox", "buyers", "data_keys"} & {name.partition(".")[0] for name in files}


def put_personal(books: RoomBooks) -> None:
    books.orders.put(NIGHT.orders[0].changed(buyer_key="k1", city="杭州市"))
    spoken = {"text": f"=HYPERLINK(1) 电话 {PHONE}"}
    books.journal.put(Entry(id="a1-j99999", at=NOW, kind="need", broadcast="a1-b1", values=spoken))


def records(files: dict[str, bytes], form: str, book: str) -> list[dict[str, str]]:
    if form == "jsonl":
        return [json.loads(one) for one in files[f"{book}.jsonl"].decode().splitlines()]
    if form == "csv":
        return list(csv.DictReader(io.StringIO(files[f"{book}.csv"].decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(BytesIO(files["books.xlsx"]))[book]
    heads, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


@pytest.mark.parametrize("typed", ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", "＠A1"])
def test_nothing_people_typed_is_a_formula_in_what_is_exported(
    store: TinyStore, tmp_path: Path, typed: str
) -> None:
    entry = Entry(id="a1-j9.9", at=NOW, kind="note", who="31", broadcast="a1-b1", about=typed, values={})
    store.run("a1", lambda raw: RoomBooks(raw).journal.put(entry))
    for form in ("csv", "xlsx"):
        assert main(["export", "--out", str(tmp_path / "out"), "--format", form]) == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out/a1/journal.csv").read_text("utf-8-sig"))))
    assert next(row["about"] for row in rows if row["id"] == "a1-j9.9") == f"'{typed}"
    book = openpyxl.load_workbook(tmp_path / "out/a1/books.xlsx")
    assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
