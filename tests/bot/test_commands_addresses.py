"""`shiftbot addresses` and `shiftbot parse` on real files."""

from __future__ import annotations

import csv
import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from bot.address_siblings import MOST, Siblings
from playbooks.addresses.regions import RegionRule
from playbooks.orders import Order, Personal, ReadOrder
from playbooks.room import Room
from storage.books import BOOKS, RoomBooks
from storage.tiny import TinyStore
from tests.bot.test_commands_orders import seen_on
from tests.support.command import SHIFTBOT, Done, environment, shiftbot, started
from tests.support.evening import START

SAMPLES = Path(__file__).parents[1] / "data" / "orders"
HEADINGS = [
    "主订单编号", "子订单编号", "选购商品", "商品数量", "订单应付金额", "收件人", "收件人手机号", "省", "市", "区",
    "详细地址", "买家留言", "订单提交时间", "支付完成时间", "订单状态",
]  # fmt: skip
HOME = ("浙江省", "杭州市", "西湖区", "文三路478号华星大厦3幢402室")
TAIWAN = ("台湾省", "台北市", "信义区", "市府路1号12楼")
TIBET = ("西藏自治区", "拉萨市", "城关区", "北京中路35号2单元301室")


def row(
    number: str,
    place: tuple[str, ...] = HOME,
    *,
    phone: str = "13800001234",
    message: str = "",
    status: str = "待发货",
) -> list[str]:
    paid = "" if status == "待支付" else "2026-11-11 20:02:00"
    return [
        number, number, "云雾绿茶", "1", "39.90", "林小满", phone, *place, message, "2026-11-11 20:01:00", paid, status,
    ]  # fmt: skip


def export(folder: Path, *rows: list[str], name: str = "订单.csv") -> str:
    with (folder / name).open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *rows])
    return name


def canonical(folder: Path, *orders: dict[str, object] | str, name: str = "a.jsonl") -> str:
    lines = (one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in orders)
    (folder / name).write_text("\n".join(lines), encoding="utf-8")
    return name


def objects(done: Done) -> list[dict[str, object]]:
    return [json.loads(one) for one in done.stdout.splitlines()]


# -- addresses -------------------------------------------------------------------------------------------


def test_clean_orders_end_with_0_and_it_is_said_whose_rules_were_taken(tmp_path: Path) -> None:
    done = shiftbot(tmp_path, "addresses", export(tmp_path, row("6917926768823643001")))
    assert (done.returncode, done.stderr) == (0, "")
    assert "拦下 0 单，待查 0 单，放行 1 单" in done.stdout
    assert "没有指定直播间" in done.stdout
    assert [one.name for one in tmp_path.iterdir()] == ["订单.csv"]


def test_a_change_said_at_the_second_sub_order_of_an_export_holds_the_order(tmp_path: Path) -> None:
    first, second = (
        row("6917926768823643001"),
        row("6917926768823643001", message="改寄到上海市浦东新区世纪大道100号"),
    )
    first[HEADINGS.index("买家留言")] = "放门口就行"
    second[HEADINGS.index("子订单编号")] = "6917926768823643002"
    (one,) = objects(shiftbot(tmp_path, "addresses", "--json", export(tmp_path, first, second)))
    assert one["verdict"] == "HOLD"
    assert [found["text"] for found in one["findings"]] == ["上海市浦东新区"]  # type: ignore[attr-defined]


def test_people_get_a_table_by_verdict_rule_and_province_and_each_reason(tmp_path: Path) -> None:
    name = export(
        tmp_path, row("6917926768823643001"), row("6917926768823643002", TAIWAN, phone="13800000002"),
        row("6917926768823643003", TIBET, phone="13800000003"),
        row("6917926768823643004", phone="13800000004", message="麻烦改寄到上海市浦东新区世纪大道100号"),
    )  # fmt: skip
    done = shiftbot(tmp_path, "addresses", name)
    assert done.returncode == 1
    assert "拦下 2 单，待查 1 单，放行 1 单" in done.stdout
    rows = [" ".join(one.split()) for one in done.stdout.splitlines()]
    assert "拦下 HOLD 1 no_ship 停发地区：台湾省 1" in rows
    assert "待查 CHECK 1 remote 偏远地区：西藏自治区 1" in rows
    assert any("6917926768823643004（第 5 行）" in one and "上海市浦东新区" in one for one in rows)


def test_programs_get_a_line_an_order_with_what_triggered_each_rule(tmp_path: Path) -> None:
    message = "麻烦改寄到上海市浦东新区世纪大道100号"
    name = export(
        tmp_path, row("6917926768823643001"), row("6917926768823643002", phone="13900000002", message=message)
    )
    done = shiftbot(tmp_path, "addresses", name, "--json")
    clean, held = objects(done)
    assert done.returncode == 1
    assert list(clean) == ["platform", "line", "order_id", "status", "verdict", "findings"]
    assert (clean["order_id"], clean["verdict"], clean["findings"]) == ("6917926768823643001", "PASS", [])
    assert (held["line"], held["verdict"]) == (3, "HOLD")
    findings = held["findings"]
    assert isinstance(findings, list)
    found = next(one for one in findings if one["verdict"] == "HOLD")
    assert list(found) == ["rule", "verdict", "field", "span", "text"]
    assert (found["rule"], found["field"]) == ("double_address", "buyer_message")
    assert found["text"] == message[slice(*found["span"])]
    assert "上海市浦东新区" in found["text"]


def test_what_does_not_ship_is_looked_at_only_with_all(tmp_path: Path) -> None:
    name = export(
        tmp_path, row("6917926768823643001", TAIWAN, status="待支付"),
        row("6917926768823643002", TAIWAN, phone="13800000002", status="已发货"),
    )  # fmt: skip
    done = shiftbot(tmp_path, "addresses", name)
    assert done.returncode == 0
    assert "没有查：2 单" in done.stdout
    assert objects(shiftbot(tmp_path, "addresses", name, "--json")) == []
    every = shiftbot(tmp_path, "addresses", name, "--json", "--all")
    assert every.returncode == 1
    assert [one["verdict"] for one in objects(every)] == ["HOLD", "HOLD"]


def test_all_tells_every_finding_where_else_ten_of_a_rule_are_told(tmp_path: Path) -> None:
    name = export(
        tmp_path, *(row(str(6917926768823643001 + n), TAIWAN, phone=f"138{n:08}") for n in range(12))
    )
    told = shiftbot(tmp_path, "addresses", name).stdout
    assert told.count("台湾省 发不到") == 10
    assert "还有 2 条" in told
    assert shiftbot(tmp_path, "addresses", name, "--all").stdout.count("台湾省 发不到") == 12


def test_json_lines_of_the_canonical_fields_are_read_and_what_orders_prints_is_such_a_file(
    tmp_path: Path,
) -> None:
    name = export(
        tmp_path, row("6917926768823643001", TAIWAN), row("6917926768823643002", phone="13800000002")
    )
    lines = shiftbot(tmp_path, "orders", name, "--json", "--with-personal").stdout
    (tmp_path / "orders.jsonl").write_text(lines, encoding="utf-8")
    from_lines = objects(shiftbot(tmp_path, "addresses", "orders.jsonl", "--json"))
    assert [(one["order_id"], one["verdict"], one["findings"]) for one in from_lines] == [
        (one["order_id"], one["verdict"], one["findings"])
        for one in objects(shiftbot(tmp_path, "addresses", name, "--json"))
    ]
    assert [one["verdict"] for one in from_lines] == ["HOLD", "PASS"]


def test_a_bad_line_is_named_with_its_cure_and_the_good_ones_count(tmp_path: Path) -> None:
    good = {"order_id": "1", "province": HOME[0], "city": HOME[1], "district": HOME[2], "address": HOME[3]}
    name = canonical(tmp_path, good, '{"order_id": ', {**good, "order_id": "3", "status": "待发货"})
    done = shiftbot(tmp_path, "addresses", name, "--json")
    assert done.returncode == 1
    order, torn, status = objects(done)
    assert (order["order_id"], order["verdict"]) == ("1", "PASS")
    assert (torn["line"], torn["column"]) == (2, None)
    assert "JSON" in str(torn["error"])
    assert (status["line"], status["column"]) == (3, "status")
    told = shiftbot(tmp_path, "addresses", name).stdout
    assert "第 2 行：这一行不是 JSON 对象" in told
    assert "paid_unshipped" in told


@pytest.mark.parametrize("name", ["nothing.csv", "nothing.jsonl", "empty.jsonl", "notes.txt"])
def test_what_is_no_order_file_ends_with_2_and_the_others_are_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty.jsonl").write_text("\n\n")
    (tmp_path / "notes.txt").write_text("今天大家辛苦了", encoding="utf-8")
    done = shiftbot(tmp_path, "addresses", name, export(tmp_path, row("6917926768823643001")))
    assert done.returncode == 2
    assert name in done.stderr
    assert "放行 1 单" in done.stdout


def test_two_addresses_of_one_buyer_are_found_across_the_files(tmp_path: Path) -> None:
    first = export(tmp_path, row("6917926768823643001"))
    second = export(
        tmp_path,
        row("6917926768823643002", ("上海市", "上海市", "浦东新区", "世纪大道100号5楼")),
        name="b.csv",
    )
    done = shiftbot(tmp_path, "addresses", first, second, "--json")
    told = objects(done)
    assert [(one["verdict"], one["file"]) for one in told] == [("CHECK", "订单.csv"), ("CHECK", "b.csv")]
    assert all("double_address" in json.dumps(one["findings"]) for one in told)
    assert objects(shiftbot(tmp_path, "addresses", first, "--json"))[0]["verdict"] == "PASS"


def test_what_a_platform_hides_is_not_missing_and_what_a_file_shows_is(tmp_path: Path) -> None:
    hidden = [row(f"69179267688236430{n:02}", phone=f"$$cipher{n}==") for n in range(10)]
    clear = [row(f"69179267688236431{n:02}", phone=f"138000011{n:02}") for n in range(10)]
    without = row("6917926768823643200", phone="")
    assert shiftbot(tmp_path, "addresses", export(tmp_path, *hidden, without)).stdout.count("HOLD") == 0
    done = shiftbot(tmp_path, "addresses", export(tmp_path, *clear, without, name="b.csv"), "--json")
    assert [one["order_id"] for one in objects(done) if one["verdict"] == "HOLD"] == ["6917926768823643200"]


@pytest.mark.parametrize("sample", sorted(path.name for path in SAMPLES.glob("*.csv")))
def test_every_sample_is_audited_or_said_to_need_a_person(tmp_path: Path, sample: str) -> None:
    read = shiftbot(tmp_path, "orders", str(SAMPLES / sample))
    done = shiftbot(tmp_path, "addresses", str(SAMPLES / sample), "--all", "--lang", "en")
    assert (done.returncode == 2) == (read.returncode == 2)
    assert ("orders looked at" in done.stdout) == (read.returncode != 2)


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A data folder with a room that does not ship to Tibet, and one without rules."""
    store = TinyStore(tmp_path / "data", BOOKS)
    rule = RegionRule(id="a1-r1", kind="no_ship", regions=("西藏自治区",), from_at=START)
    for key, shop in (("a1", "小满优选"), ("a2", "空空")):
        made = Room(id=key, shop=shop, platform="douyin", chat_id=-1001, made_at=START, made_by="101")
        store.run(key, lambda raw, made=made: RoomBooks(raw).room.put(made))  # type: ignore[misc]
    store.run("a1", lambda raw: RoomBooks(raw).region_rules.put(rule))
    store.close()
    return tmp_path


def test_a_rooms_own_rules_stand_in_place_of_the_defaults(room: Path) -> None:
    name = export(
        room, row("6917926768823643001", TIBET), row("6917926768823643002", TAIWAN, phone="13800000002")
    )
    data = {"DATA_DIR": str(room / "data")}
    done = shiftbot(room, "addresses", name, "--json", "--room", "a1", **data)
    assert [one["verdict"] for one in objects(done)] == ["HOLD", "PASS"]
    assert "本直播间的 1 条规则" in done.stderr
    defaults = shiftbot(room, "addresses", name, "--json", "--room", "空空", **data)
    assert [one["verdict"] for one in objects(defaults)] == ["CHECK", "HOLD"]
    assert "还没有规则" in defaults.stderr


def test_a_room_that_is_none_is_said_with_those_there_are(room: Path) -> None:
    done = shiftbot(room, "addresses", export(room, row("1")), "--room", "b9", DATA_DIR=str(room / "data"))
    assert done.returncode == 2
    assert "小满优选" in done.stderr


@pytest.mark.parametrize("words", [["--json"], ["--lang", "en", "--all"]])
def test_who_reads_only_the_first_lines_gets_no_error(tmp_path: Path, words: list[str]) -> None:
    name = export(tmp_path, *[row(f"69179267688{n:06}07", TAIWAN, phone=f"138{n:08}") for n in range(2_000)])
    done = started(tmp_path, "addresses", name, *words, then="head -n 1")
    assert len(done.stdout.splitlines()) == 1
    assert "rror" not in done.stderr


def test_how_far_it_is_goes_to_a_terminal_alone_and_is_gone_in_the_end(tmp_path: Path) -> None:
    name = export(tmp_path, *[row(f"69179267688{n:06}07", phone=f"138{n:08}") for n in range(1_200)])
    terminal, theirs = pty.openpty()
    done = subprocess.run(
        [*SHIFTBOT, "addresses", name], cwd=tmp_path, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=theirs,
        text=True, check=False,
    )  # fmt: skip
    os.close(theirs)
    said = seen_on(terminal)
    assert "正在比对「订单.csv」的买家：1000 单" in said
    assert "正在审「订单.csv」：1000 单" in said
    assert said.endswith("\r\x1b[K")
    assert "正在" not in done.stdout


# -- buyers within a run ---------------------------------------------------------------------------------


def read(number: str, phone: str, nick: str = "", street: str = "文三路1号") -> ReadOrder:
    order = Order(
        platform="douyin",
        order_id=number,
        status="paid_unshipped",
        province="浙江省",
        city="杭州市",
        district="西湖区",
    )
    return ReadOrder(order=order, personal=Personal(phone=phone, nick=nick, address=street), line=1)


def test_buyers_are_known_by_nickname_and_by_phone_and_nothing_of_them_is_kept_in_clear() -> None:
    siblings = Siblings()
    mine, same_phone, same_nick, other = (
        read("1", "13800001234", "小猫"), read("2", "138 0000 1234"), read("3", "13900005678", "小猫"),
        read("4", "13700000000", "小狗"),
    )  # fmt: skip
    everybody = (mine, same_phone, same_nick, other)
    for hears in (siblings.meet, siblings.add):
        for one in everybody:
            hears(one)
    assert {one.order_id for one in siblings.others(mine)} == {"2", "3"}
    assert siblings.others(other) == ()
    kept = repr(vars(siblings))
    assert not [secret for secret in ("13800001234", "小猫", "文三路") if secret in kept]


def test_who_buys_by_the_hundred_costs_no_more_than_who_buys_twenty_times() -> None:
    siblings = Siblings()
    for hears in (siblings.meet, siblings.add):
        for number in range(300):
            hears(read(str(number), "13800001234"))
    assert len(siblings.others(read("5", "13800001234"))) <= MOST + 1


# -- parse -----------------------------------------------------------------------------------------------

PASTED = "浙江省杭州市西湖区翠苑街道文三路478号华星大厦3幢402室 林小满 13800001234"


def test_a_pasted_address_a_line_is_taken_apart(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        f"{PASTED}\n\n上海市浦东新区世纪大道100号 13900001234\n", encoding="utf-8"
    )
    done = shiftbot(tmp_path, "parse", "a.txt", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    first, second = objects(done)
    assert first == {
        "line": 1, "province": "浙江省", "city": "杭州市", "district": "西湖区", "town": "翠苑街道",
        "detail": "文三路478号华星大厦3幢402室", "name": "林小满", "phone": "13800001234",
    }  # fmt: skip
    assert (second["line"], second["district"], second["name"]) == (3, "浦东新区", None)


@pytest.mark.parametrize("words", [[], ["-"]])
def test_without_a_file_it_reads_what_is_piped_in(tmp_path: Path, words: list[str]) -> None:
    done = started(tmp_path, "parse", *words, "--lang", "en", said=PASTED)
    assert done.returncode == 0
    assert "district  西湖区" in done.stdout
    assert "phone     13800001234" in done.stdout


def test_what_cannot_be_read_is_named_and_ends_with_2(tmp_path: Path) -> None:
    (tmp_path / "gbk.txt").write_bytes(PASTED.encode("gbk"))
    done = shiftbot(tmp_path, "parse", "gbk.txt")
    assert done.returncode == 2
    assert "UTF-8" in done.stderr
    gone = shiftbot(tmp_path, "parse", "gone.txt")
    assert gone.returncode == 2
    assert "gone.txt" in gone.stderr
