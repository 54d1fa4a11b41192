"""`shiftbot orders` as its own process: for people, for programs, and into a room with a bot running or none."""

from __future__ import annotations

import csv
import json
import os
import pty
import signal
import subprocess
from asyncio import to_thread, wait_for
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msoffcrypto.format.ooxml import OOXMLFile

from bot.order_lines import FIELDS, as_records
from bot.rehearsal.telegram import TelegramCore
from bot.rehearsal.telegram.http import serve
from bot.texts import texts
from playbooks.orders import RANK, Order, OrderLine, Personal, ReadOrder
from playbooks.room import Member, Room
from storage.books import BOOKS, DeskBooks, RoomBooks
from storage.exports import Export
from storage.exports.mapping import Mapped
from storage.rows import Binding
from storage.spool import FOLDER, Gone, Header, Spool
from storage.store import DESK
from storage.tiny import TinyStore
from storage.vault import NO_KEYS, Vault, new_master, read_masters
from tests.bot.test_run import PATIENCE, TOKEN, running, until
from tests.support.command import SHIFTBOT, Done, environment, shiftbot, started
from tests.support.evening import BOSS, people
from tests.support.sheets import workbook

SAMPLES = Path(__file__).parents[1] / "data" / "orders"
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
HEADINGS = [
    "主订单编号", "子订单编号", "选购商品", "商品数量", "订单应付金额", "收件人", "收件人手机号", "详细地址",
    "买家留言", "订单提交时间", "支付完成时间", "订单状态",
]  # fmt: skip
GOOD = [
    "6917926768823643001", "6917926768823643001", "云雾绿茶", "2", "39.90", "林小满", "13800001234", "文三路 1 号",
    "放门口", "2026-11-11 20:01:00", "", "待支付",
]  # fmt: skip
SECOND = [
    "6917926768823643001", "6917926768823643002", "茶杯", "1", "39.90", "林小满", "13800001234", "文三路 1 号",
    "放门口", "2026-11-11 20:01:00", "", "待支付",
]  # fmt: skip
PASSWORD = "密码-Tea2026"
DAMAGED = ["6.91793E+18", "", "云雾绿茶", "1", "39.90", "", "", "", "", "2026-11-11 20:02:00", "", "待支付"]


def export(folder: Path, *rows: list[str], name: str = "订单.csv") -> str:
    text = StringIO()
    csv.writer(text).writerows([HEADINGS, *rows])
    (folder / name).write_text(text.getvalue(), encoding="utf-8-sig")
    return name


def orders(folder: Path, *words: str, **env: str) -> Done:
    return shiftbot(folder, "orders", *words, **env)


def objects(done: Done) -> list[dict[str, object]]:
    return [json.loads(one) for one in done.stdout.splitlines()]


# -- reading ---------------------------------------------------------------------------------------------


def test_people_are_told_what_a_file_says_by_status_without_any_data_folder(tmp_path: Path) -> None:
    done = started(tmp_path, "orders", str(SAMPLES / "douyin_platform_orders.csv"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0].startswith("douyin_platform_orders.csv：抖店（抖音），3 单")
    assert "  已付待发货：1 单" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_in_english_too_with_the_bad_rows_and_their_cure(tmp_path: Path) -> None:
    done = orders(tmp_path, export(tmp_path, GOOD, DAMAGED), "--lang", "en")
    assert done.returncode == 1
    assert "1 orders" in done.stdout
    assert "  unpaid: 1" in done.stdout
    assert "row 3" in done.stdout
    assert "6.91793E+18" in done.stdout


def test_programs_get_a_line_an_order_in_a_fixed_order_with_personal_fields_masked(tmp_path: Path) -> None:
    done = orders(tmp_path, export(tmp_path, GOOD, DAMAGED), "--json")
    assert done.returncode == 1
    order, bad = objects(done)
    assert list(order) == list(FIELDS)
    assert list(order)[:5] == ["platform", "line", "order_id", "sub_order_id", "status"]
    assert [order[name] for name in list(order)[:5]] == [
        "douyin", 2, "6917926768823643001", "6917926768823643001", "pending_payment",
    ]  # fmt: skip
    assert (order["amount_due"], order["quantity"], order["paid_at"]) == ("39.90", 2, None)
    assert order["created_at"] == "2026-11-11T20:01:00+08:00"
    assert [order[name] for name in ("receiver_name", "receiver_phone", "address", "buyer_message")] == [
        "林**", "*******1234", "***", "***",
    ]  # fmt: skip
    assert list(bad) == ["line", "column", "error"]
    assert (bad["line"], bad["column"]) == (3, "主订单编号")
    assert "6.91793E+18" in str(bad["error"])


def test_with_personal_shows_them(tmp_path: Path) -> None:
    (order,) = objects(orders(tmp_path, export(tmp_path, GOOD), "--json", "--with-personal"))
    assert (order["receiver_name"], order["receiver_phone"]) == ("林小满", "13800001234")


def test_each_sub_order_is_a_line_and_the_orders_amounts_stand_on_the_first(tmp_path: Path) -> None:
    more = ["6917926768823643009", *GOOD[1:]]
    lines = objects(orders(tmp_path, export(tmp_path, GOOD, more, SECOND), "--json"))
    shown = ("line", "order_id", "sub_order_id", "product_title", "quantity")
    assert [[one[name] for name in shown] for one in lines] == [
        [2, "6917926768823643001", "6917926768823643001", "云雾绿茶", 2],
        [4, "6917926768823643001", "6917926768823643002", "茶杯", 1],
        [3, "6917926768823643009", "6917926768823643001", "云雾绿茶", 2],
    ]  # fmt: skip
    assert [one["amount_due"] for one in lines] == ["39.90", "39.90", "39.90"]


def test_an_amount_that_is_the_orders_is_said_once(tmp_path: Path) -> None:
    first, second = objects(orders(tmp_path, str(SAMPLES / "shopify_orders.csv"), "--json"))
    assert (first["order_id"], first["amount_due"], first["refund_amount"]) == ("#1001", "56.29", "0.00")
    assert (second["order_id"], second["amount_due"], second["refund_amount"]) == ("#1001", None, None)
    assert (first["line"], second["line"]) == (2, 3)


def test_of_several_files_each_line_names_its_own(tmp_path: Path) -> None:
    done = orders(tmp_path, export(tmp_path, GOOD), export(tmp_path, DAMAGED, name="b.csv"), "--json")
    assert [one["file"] for one in objects(done)] == ["订单.csv", "b.csv"]


@pytest.mark.parametrize("sample", sorted(path.name for path in SAMPLES.glob("*.csv")))
def test_every_sample_is_read_or_said_to_need_a_person(tmp_path: Path, sample: str) -> None:
    done = orders(tmp_path, str(SAMPLES / sample), "--json")
    if sample in ("douyin_kol_columns.csv", "tmall_new_export.csv"):
        assert done.returncode == 2
        assert done.stderr.startswith(f"「{sample}」：")
        assert "私聊发给机器人" in done.stderr
    else:
        assert (done.returncode, done.stderr) == (0, "")


def test_as_a_platform_reads_a_file_that_lacks_its_key_headings(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "主订单编号,选购商品,订单状态\n6917926768823643001,茶,待支付\n", encoding="utf-8"
    )
    assert orders(tmp_path, "a.csv").returncode == 2
    (order,) = objects(orders(tmp_path, "a.csv", "--json", "--as", "douyin"))
    assert (order["platform"], order["status"]) == ("douyin", "pending_payment")
    done = orders(tmp_path, str(SAMPLES / "pinduoduo_orders.csv"), "--as", "jd")
    assert done.returncode == 2
    assert "这份表是「拼多多」的，不是「京东 POP」的" in done.stderr
    done = orders(tmp_path, "a.csv", "--as", "mars")
    assert done.returncode == 2
    assert "不认识平台「mars」" in done.stderr


def test_what_is_no_order_file_ends_with_2_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\x00")
    done = orders(tmp_path, "a.pdf", "nowhere.csv", export(tmp_path, GOOD))
    assert done.returncode == 2
    assert "「a.pdf」不是表格" in done.stderr
    assert "打不开「nowhere.csv」" in done.stderr
    assert "待付款：1 单" in done.stdout
    assert "Traceback" not in done.stderr


def test_progress_goes_to_a_terminal_alone_and_is_gone_in_the_end(tmp_path: Path) -> None:
    rows = [[f"691792676882{n:06}7", *GOOD[1:]] for n in range(100_000)]
    name = export(tmp_path, *rows)
    terminal, theirs = pty.openpty()
    with subprocess.Popen(
        [*SHIFTBOT, "orders", name],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        said = seen_on(terminal)
    assert process.returncode == 0
    assert "已读" in said
    assert said.endswith("\r\x1b[K")
    assert orders(tmp_path, name).stderr == ""


def seen_on(terminal: int) -> str:
    """All that was written to it until it was closed."""
    said = b""
    with suppress(OSError):  # which is how a terminal says that nobody holds its other side any more
        while part := os.read(terminal, 65_536):
            said += part
    os.close(terminal)
    return said.decode()


def test_who_reads_only_the_first_lines_gets_no_error(tmp_path: Path) -> None:
    name = export(tmp_path, *[[f"691792676882{n:06}7", *GOOD[1:]] for n in range(3_000)])
    done = started(tmp_path, "orders", name, "--json", then="head -n 1")
    assert (len(done.stdout.splitlines()), done.stderr) == (1, "")


text = st.text("0123456789abcXYZ子丑寅卯 ", max_size=12)


@given(
    order=st.builds(
        Order, platform=st.just("douyin"), order_id=text, status=st.sampled_from(list(RANK)), phone_tail=text,
        amount=st.none() | st.decimals(0, 99_999, places=2),
        created_at=st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
        lines=st.lists(st.builds(OrderLine, sub_order_id=text, title=text), max_size=3).map(tuple),
    ),
    who=st.builds(Personal, **dict.fromkeys(Personal.model_fields, st.text("甲乙丙丁", min_size=4, max_size=9))),
)  # fmt: skip
@settings(deadline=None)
def test_whatever_an_order_holds_its_line_has_every_field_and_nothing_personal(
    order: Order, who: Personal
) -> None:
    read = ReadOrder(order=order, personal=who, line=2)
    records = list(as_records(read, SHANGHAI, personal=False))
    assert [tuple(one) for one in records] == [FIELDS] * max(1, len(order.lines))
    assert all("" not in one.values() for one in records)
    said = json.dumps(records, ensure_ascii=False)
    assert not [value for value in dict(who).values() if value in said]
    shown = list(as_records(read, SHANGHAI, personal=True))
    assert {(one["receiver_phone"], one["address"]) for one in shown} == {(who.phone, who.address)}
    assert json.loads(json.dumps(shown)) == shown


lines = st.builds(OrderLine, amount=st.none() | st.decimals(0, 999, places=2), quantity=st.integers(1, 9))


@given(some=st.lists(lines, min_size=1, max_size=4).map(tuple), paid=st.decimals(0, 9_999, places=2))
@settings(deadline=None)
def test_amounts_can_be_added_up_over_the_lines_of_an_order(
    some: tuple[OrderLine, ...], paid: Decimal
) -> None:
    own = [one.amount for one in some if one.amount is not None]
    due = sum(own, Decimal(0)) if own and len(some) > 1 else Decimal("12.30")
    order = Order(platform="jd", order_id="1", status="completed", lines=some, amount=due, amount_paid=paid)
    records = list(as_records(ReadOrder(order=order, personal=Personal(), line=2), SHANGHAI, personal=False))
    for name, whole in (("amount_due", due), ("amount_paid", paid)):
        assert sum(Decimal(str(one[name])) for one in records if one[name] is not None) == whole


def test_orders_in_doubt_are_told_to_people_and_to_programs(tmp_path: Path) -> None:
    doubted = [*GOOD[:11], "备货中"]
    late = ["6917926768823643009", *GOOD[1:9], "2099-11-11 20:01:00", "", "待支付"]
    name = export(tmp_path, doubted, late)
    done = orders(tmp_path, name)
    assert done.returncode == 0
    assert "1 单请先核对，订单状态和支付时间互相矛盾" in done.stdout
    assert "（6917926768823643001）" in done.stdout
    assert "时间比现在还晚" in done.stdout
    assert [one["doubt"] for one in objects(orders(tmp_path, name, "--json"))] == [
        "orders.status_disagrees", "orders.time_future",
    ]  # fmt: skip


# -- with a password -------------------------------------------------------------------------------------


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    """A workbook with one order, encrypted as Excel does."""
    plain, sealed = BytesIO(), BytesIO()
    plain.write(workbook({"订单": [tuple(HEADINGS), tuple(GOOD)]}))
    OOXMLFile(plain).encrypt(PASSWORD, sealed)
    (tmp_path / "锁.xlsx").write_bytes(sealed.getvalue())
    return tmp_path


def test_a_locked_file_is_opened_by_the_first_line_of_the_password_file(locked: Path) -> None:
    (locked / "pass.txt").write_text(f"{PASSWORD}\n另一行\n", encoding="utf-8")
    done = orders(locked, "锁.xlsx", "--json", "--password-file", "pass.txt")
    assert (done.returncode, done.stderr) == (0, "")
    assert [one["order_id"] for one in objects(done)] == ["6917926768823643001"]


@pytest.mark.parametrize(
    ("password", "said"), [(None, "请用 --password-file"), ("wrong", "这不是文件「锁.xlsx」的密码")]
)
def test_without_the_right_password_it_is_said_how_to_give_it(
    locked: Path, password: str | None, said: str
) -> None:
    words = []
    if password:
        (locked / "pass.txt").write_text(password, encoding="utf-8")
        words = ["--password-file", "pass.txt"]
    done = orders(locked, "锁.xlsx", *words)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_password_file_that_is_not_there_is_named(locked: Path) -> None:
    done = orders(locked, "锁.xlsx", "--password-file", "nowhere.txt")
    assert done.returncode == 2
    assert "打不开「nowhere.txt」" in done.stderr


def test_at_a_terminal_the_password_is_asked_for_and_not_shown(locked: Path) -> None:
    terminal, theirs = pty.openpty()
    with subprocess.Popen(
        [*SHIFTBOT, "orders", "锁.xlsx"], cwd=locked, env=environment(locked), stdin=theirs, stdout=subprocess.PIPE,
        stderr=theirs, start_new_session=True, text=True,
    ) as process:  # fmt: skip
        os.close(theirs)
        for answer in ("wrong", PASSWORD):
            heard(terminal, "（不显示）：")
            os.write(terminal, f"{answer}\n".encode())
        shown = seen_on(terminal)
        assert process.stdout is not None
        out = process.stdout.read()
    assert process.returncode == 0
    assert "待付款：1 单" in out
    assert PASSWORD not in shown


def heard(terminal: int, wanted: str) -> None:
    """Wait until that was written to it."""
    said = b""
    while wanted.encode() not in said:
        said += os.read(terminal, 1_024)


def test_every_status_has_a_word() -> None:
    assert {f"order_status.{status}" for status in RANK} <= texts("en").keys()


# -- into a room -----------------------------------------------------------------------------------------


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A folder with the data of one room; no bot runs."""
    store = TinyStore(tmp_path / "data", BOOKS)
    made = Room(id="a1", shop="小满优选", platform="douyin", chat_id=-1001, made_at=NOW, made_by="101")
    boss = Member(id="101", name="林主管", roles=("manager",))
    store.run(DESK, lambda raw: DeskBooks(raw).bindings.put(Binding(id="-1001", room="a1")))
    store.run("a1", lambda raw: (RoomBooks(raw).room.put(made), RoomBooks(raw).members.put(boss)))
    store.close()
    return tmp_path


def known(folder: Path) -> dict[str, str]:
    books = RoomBooks(TinyStore(folder / "data", BOOKS, readonly=True).view("a1"))
    return {one.order_id: one.status for one in books.orders.scan()}


def spooled(folder: Path) -> list[Path]:
    return list((folder / "data" / FOLDER).glob("*"))


@pytest.mark.parametrize("named", ["a1", "小满优选"])
def test_where_no_bot_runs_it_is_taken_in_here_and_told_later(room: Path, named: str) -> None:
    done = orders(room, export(room, GOOD), "--room", named)
    assert done.returncode == 0, done.stderr
    assert "「订单.csv」已收进" in done.stderr
    assert known(room) == {"6917926768823643001": "pending_payment"}
    assert spooled(room) == []
    books = RoomBooks(TinyStore(room / "data", BOOKS, readonly=True).view("a1"))
    assert "orders.taken" in [
        one.card.lines[0].key for one in books.outbox.scan() if one.card.person == "101"
    ]


def test_what_was_left_half_handed_over_goes_with_the_next(room: Path) -> None:
    (room / "data" / FOLDER).mkdir(mode=0o700)
    (room / "data" / FOLDER / "3f0c.part").write_text("林小满")
    assert orders(room, export(room, GOOD), "--room", "a1").returncode == 0
    assert spooled(room) == []


def test_an_order_given_twice_counts_once(room: Path) -> None:
    name = export(room, GOOD)
    orders(room, name, "--room", "a1")
    assert orders(room, name, "--room", "a1").returncode == 0
    assert len(known(room)) == 1


def test_what_the_room_has_mapped_is_read_by_its_mapping(room: Path) -> None:
    store = TinyStore(room / "data", BOOKS)
    columns = {"order_id": "单据", "status": "到哪了"}
    mapped = Mapped(
        id="a1-m1", name="仓库表", platform="douyin", headings=("单据", "到哪了"), columns=columns
    )
    store.run("a1", lambda raw: RoomBooks(raw).mappings.put(mapped))
    store.close()
    (room / "b.csv").write_text("单据,到哪了\n69170001,待发货\n", encoding="utf-8")
    assert orders(room, "b.csv", "--room", "a1").returncode == 0
    assert known(room) == {"69170001": "paid_unshipped"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--room", "z9"], "没有直播间「z9」。有：a1 (小满优选)"),
        (["--room", "z9", "--lang", "en"], "There is no room “z9”"),
    ],
)
def test_a_room_that_is_none_is_said_with_those_there_are(room: Path, words: list[str], said: str) -> None:
    done = orders(room, export(room, GOOD), *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert known(room) == {}


def test_without_a_data_folder_a_room_cannot_be_given_anything(tmp_path: Path) -> None:
    done = orders(tmp_path, export(tmp_path, GOOD), "--room", "a1")
    assert done.returncode == 2
    assert f"没有数据文件夹 {tmp_path / 'data'}" in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_report_without_any_state_is_not_handed_over(room: Path) -> None:
    (room / "宝贝.csv").write_text("订单编号,标题,购买数量\n3100000000000000001,茶,1\n", encoding="utf-8")
    done = orders(room, "宝贝.csv", "--room", "a1")
    assert done.returncode == 2
    assert "没有订单状态" in done.stderr
    assert spooled(room) == []


@pytest.mark.parametrize("keys", [True, False])
async def test_a_running_bot_takes_it_in_and_tells_a_manager(tmp_path: Path, keys: bool) -> None:
    more = {"PII_KEYS": new_master("k1")} if keys else {}
    core = TelegramCore(lambda: datetime.now(UTC), token=TOKEN)
    group = people(core)
    core.send_text(BOSS, group, "/setup 小满优选 抖音")
    async with serve(core) as base, running(tmp_path, base, **more) as process:
        await until(core, lambda: any("已绑定本群" in m.text for m in core.said(group)))
        core.start(BOSS)
        await until(core, lambda: any("私聊已打开" in m.text for m in core.said(BOSS)))
        done = await to_thread(orders, tmp_path, export(tmp_path, GOOD), "--room", "a1", **more)
        assert done.returncode == 0, done.stderr
        assert "已交给正在运行的机器人 1 份" in done.stderr
        await until(core, lambda: any("读到 1 单" in m.text for m in core.said(BOSS)))
        process.send_signal(signal.SIGTERM)
        await wait_for(process.wait(), PATIENCE)
    assert known(tmp_path) == {"6917926768823643001": "pending_payment"}
    # It may have been stopped between the message and the removal: whoever comes next removes the file.
    await to_thread(orders, tmp_path, export(tmp_path, GOOD), "--room", "a1", **more)
    assert spooled(tmp_path) == []


# -- the spool -------------------------------------------------------------------------------------------

HEADER = Header(room="a1", by="101", name="订单.csv", at=NOW)


def said(count: int = 3) -> Export:
    who = Personal(receiver_name="林小满", phone="13800001234", address="文三路 1 号")
    order = Order(platform="douyin", order_id="1", status="unknown", status_text="林小满 文三路 1 号")
    return Export(
        format="抖店", platform="douyin", exported_at=NOW, bad=(), unknown_statuses=("林小满 文三路 1 号", "待审核"),
        orders=tuple(
            ReadOrder(order=order.changed(order_id=str(6917_0000 + n)), personal=who, line=n + 2) for n in range(count)
        ),
    )  # fmt: skip


@pytest.fixture(params=[True, False])
def vault(request: pytest.FixtureRequest) -> Vault:
    return Vault(read_masters(new_master("k1")), 30) if request.param else NO_KEYS


def test_no_buyer_rests_in_the_spool_in_clear(tmp_path: Path, vault: Vault) -> None:
    id = Spool(tmp_path, vault).put(HEADER, said())
    (file,) = (tmp_path / FOLDER).iterdir()
    text = file.read_text()
    for secret in ("林小满", "13800001234", "文三路"):
        assert secret not in text
        assert json.dumps(secret)[1:-1] not in text
    assert (file.stat().st_mode & 0o777, (tmp_path / FOLDER).stat().st_mode & 0o777) == (0o600, 0o700)
    assert Spool(tmp_path, vault).waiting() == [id]


def test_with_keys_all_comes_back_and_without_all_but_the_buyers(tmp_path: Path, vault: Vault) -> None:
    spool, given = Spool(tmp_path, vault), said(1_203)
    id = spool.put(HEADER, given)
    got = spool.export(id)
    assert spool.header(id).changed(key="") == HEADER
    assert [one.order.order_id for one in got.orders] == [one.order.order_id for one in given.orders]
    if vault:
        assert tuple(got.orders) == given.orders
        assert got.unknown_statuses == given.unknown_statuses
    else:
        assert {one.personal for one in got.orders} == {Personal()}
        assert got.unknown_statuses == ("待审核",)


def test_what_a_killed_process_left_half_written_is_taken_away_and_what_one_is_writing_stays(
    tmp_path: Path,
) -> None:
    spool = Spool(tmp_path, NO_KEYS)
    whole = spool.put(HEADER, said())
    text = (tmp_path / FOLDER / f"{whole}.orders").read_text()
    fresh = HEADER.changed(at=NOW + timedelta(hours=1)).model_dump_json()
    for name, left in {"old": text[:300], "cut": text[:20], "empty": "", "fresh": f"{fresh}\n{{"}.items():
        (tmp_path / FOLDER / f"{name}.part").write_text(left)
    spool.sweep(NOW + timedelta(hours=1, minutes=5))
    assert {one.name for one in (tmp_path / FOLDER).iterdir()} == {"fresh.part", f"{whole}.orders"}


def test_what_is_gone_or_sealed_with_another_key_is_said_to_be(tmp_path: Path) -> None:
    one, other = (Vault(read_masters(new_master("k1")), 30) for _ in range(2))
    id = Spool(tmp_path, one).put(HEADER, said())
    with pytest.raises(Gone):
        Spool(tmp_path, other).export(id)
    Spool(tmp_path, one).remove(id)
    with pytest.raises(Gone):
        Spool(tmp_path, one).header(id)
