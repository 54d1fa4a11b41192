"""A table nobody declared is mapped once by its sender; a locked workbook is opened with a password nobody keeps."""

from __future__ import annotations

import csv
import json
import logging
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl import Workbook

from bot import mapping_cards
from bot.render import keyboard, text_html
from bot.texts import plain
from playbooks.room import Room
from storage.books import RoomBooks
from storage.exports.mapping import SHOWN_FIELDS, Column, Mapping, masked
from storage.rows import Job
from storage.vault import Vault, new_master, read_masters
from tests.support.evening import BOSS, CHEN, MEI, QIANG, START, Shift, evening

SAMPLES = Path(__file__).parents[1] / "data" / "orders"
PASSWORD = "密码-Tea2026"
ROOM = Room(id="a1", shop="小满优选", platform="douyin", chat_id=-1, made_at=START, made_by="101")


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def table(*rows: list[str]) -> bytes:
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def states(shift: Shift) -> dict[str, str]:
    """Order number -> status, as the room knows them."""
    return {one.order_id: one.status for one in shift.here.bot.runner.view("a1").orders.scan()}


async def test_the_douyin_fragment_goes_in_by_the_dialogue_and_the_next_one_straight(tmp_path: Path) -> None:
    data = sample("douyin_kol_columns.csv")
    async with evening(tmp_path) as shift:
        said = await shift.sends(MEI, "达人订单.csv", data)
        assert "不是我认识的标准报表，有 8 列" in said[-1]
        assert "订单号 ← 主订单编号（9**1、9**3）" in said[-1]
        assert "都齐了" in said[-1]
        assert states(shift) == {}
        await shift.press(MEI, "收下并记住")
        assert states(shift) == {"9001": "shipped", "9003": "refunded"}
        assert "已记住「达人订单」的对应" in shift.read(MEI)
        said = await shift.sends(QIANG, "又一份.csv", data.replace(b"9003", b"9004"))
        assert "「又一份.csv」是按本直播间对过的「达人订单」读的" in said[-1]
        assert states(shift)["9004"] == "refunded"


async def test_the_tmall_fragment_goes_in_with_its_platform_chosen(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        said = await shift.sends(MEI, "天猫新表.csv", sample("tmall_new_export.csv"))
        assert "13900000004" not in said[-1]
        await shift.press(MEI, "平台：抖音")
        await shift.press(MEI, "天猫")
        assert "平台：天猫" in shift.read(MEI)
        await shift.press(MEI, "收下并记住")
        (one, _) = shift.here.bot.runner.view("a1").orders.scan()
        assert (one.order_id, one.platform, one.city) == ("TM-EX-0001", "tmall", "扬州市")
        later = sample("tmall_new_export.csv").replace(b"TM-EX-0002", b"TM-EX-0003")
        assert "按本直播间对过的「天猫新表」读的" in (await shift.sends(QIANG, "第二份.csv", later))[-1]
        assert states(shift).keys() == {"TM-EX-0001", "TM-EX-0002", "TM-EX-0003"}


async def test_a_person_names_what_is_missing_one_field_at_a_time(tmp_path: Path) -> None:
    data = table(
        ["单据", "件", "实付", "付到哪了"],
        ["69170001", "1", "39.90", "待发货"],
        ["69170002", "1", "9", "已关闭"],
    )
    data = data.replace("件".encode(), "数量".encode())
    async with evening(tmp_path) as shift:
        said = await shift.sends(MEI, "仓库表.csv", data)
        assert "还缺：订单号" in said[-1]
        assert "还缺：订单状态或付款时间（有一个就行）" in said[-1]
        assert not [one for one in shift.buttons(MEI) if "收下" in one]
        await shift.press(MEI, "指明：订单号")
        await shift.press(MEI, "单据 · 6******1")
        await shift.press(MEI, "指明：订单状态")
        await shift.press(MEI, "付到哪了")
        assert "订单状态 ← 付到哪了" in shift.read(MEI)
        assert "还缺" not in shift.read(MEI)
        await shift.press(MEI, "收下并记住")
        assert states(shift) == {"69170001": "paid_unshipped", "69170002": "closed"}
        await shift.sends(MEI, "仓库表2.csv", data.replace(b"69170002", b"69170003"))
        assert "69170003" in states(shift)


async def test_a_table_of_eighty_columns_is_turned_page_by_page(tmp_path: Path) -> None:
    headings = [f"附加{number}" for number in range(80)]
    headings[3], headings[71], headings[75] = "订单号", "订单状态", "最后一次付钱"
    row = [f"值{number}" for number in range(80)]
    row[3], row[71], row[75] = "69170001", "待发货", "2026-11-11 19:00:00"
    async with evening(tmp_path) as shift:
        said = await shift.sends(MEI, "宽表.csv", table(headings, row))
        assert "没有用到的 78 列" in said[-1]
        await shift.press(MEI, "改某一项")
        await shift.press(MEI, "付款时间")
        for page in range(2, 5):
            await shift.press(MEI, "下一页")
            assert f"第 {page}/4 页" in shift.read(MEI)
        await shift.press(MEI, "最后一次付钱")
        assert "付款时间 ← 最后一次付钱（2" in shift.read(MEI)
        await shift.press(MEI, "改某一项")
        await shift.press(MEI, "✓ 付款时间")
        assert "第 4/4 页" in shift.read(MEI)
        await shift.press(MEI, "没有「付款时间」这一列")
        assert "付款时间 ←" not in shift.read(MEI)


async def test_the_dialogue_goes_on_after_a_restart(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(MEI, "达人订单.csv", sample("douyin_kol_columns.csv"))
        core, clock, group = shift.here.core, shift.clock, shift.group
    async with evening(tmp_path, core=core, clock=clock, group=group) as shift:
        await shift.press(MEI, "收下并记住")
        assert len(states(shift)) == 2


async def test_two_files_of_the_same_headings_are_asked_for_once(tmp_path: Path) -> None:
    data = sample("douyin_kol_columns.csv")
    async with evening(tmp_path) as shift:
        await shift.sends(MEI, "一.csv", data)
        await shift.sends(QIANG, "二.csv", data.replace(b"9003", b"9004"))
        await shift.press(MEI, "收下并记住")
        assert states(shift).keys() == {"9001", "9003", "9004"}
        answer = await shift.press(QIANG, "收下并记住")
        assert answer is not None
        assert "已经处理过了" in answer.text


async def test_a_mapping_is_redone_from_where_it_stood_and_forgotten(tmp_path: Path) -> None:
    data = table(
        ["订单号", "订单状态", "旧价", "应付金额"], ["69170001", "待付款", "12.00", "39.90"]
    )  # fmt: skip
    async with evening(tmp_path) as shift:
        await shift.sends(MEI, "表.csv", data)
        await shift.press(MEI, "改某一项")
        await shift.press(MEI, "✓ 应付")
        await shift.press(MEI, "旧价")
        await shift.press(MEI, "收下并记住")
        view = shift.here.bot.runner.view
        assert str(view("a1").orders.get("a1-o69170001").amount) == "12.00"  # type: ignore[union-attr]
        await shift.press(MEI, "重新对列")
        assert "应付 ← 旧价" in shift.read(MEI).rpartition("不是我认识的标准报表")[2]
        await shift.press(MEI, "改某一项")
        await shift.press(MEI, "✓ 应付")
        await shift.press(MEI, "应付金额")
        await shift.press(MEI, "收下并记住")
        assert str(view("a1").orders.get("a1-o69170001").amount) == "39.90"  # type: ignore[union-attr]
        assert "表（抖音，3 项）" in (await shift.asks(BOSS, "/columns"))[-1]
        await shift.press(BOSS, "忘掉：表")
        assert "没有对过的订单表" in (await shift.asks(BOSS, "对列"))[-1]
        said = await shift.sends(MEI, "表.csv", data)
        assert "不是我认识的标准报表" in said[-1]


async def test_a_tie_between_formats_is_asked_by_buttons(tmp_path: Path) -> None:
    data = table(
        ["订单编号", "买家会员名", "订单状态", "订单号", "小红书编码"],
        ["3100000000000000001", "小满", "等待买家付款", "P700000000000000001", "X1"],
    )
    async with evening(tmp_path) as shift:
        said = await shift.sends(MEI, "合表.csv", data)
        assert "同时符合下面几种订单表" in said[-1]
        assert {"淘宝订单报表 ExportOrderList", "小红书千帆"} <= set(shift.buttons(MEI))
        await shift.press(MEI, "淘宝订单报表")
        assert states(shift) == {"3100000000000000001": "pending_payment"}
        answer = await shift.press(MEI, "小红书千帆")
        assert answer is not None
        assert "已经处理过了" in answer.text


async def test_a_file_that_is_not_taken_changes_nothing(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(MEI, "达人订单.csv", sample("douyin_kol_columns.csv"))
        await shift.press(MEI, "不收这份")
        assert "「达人订单.csv」没有收" in shift.read(MEI)
        assert states(shift) == {}
        assert not [one for one in shift.buttons(MEI) if "收下" in one]


async def test_in_the_group_the_file_is_removed_and_its_columns_asked_for_in_private(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.here.sends(MEI, shift.group, "达人订单.csv", sample("douyin_kol_columns.csv"))
        assert not [m for m in shift.here.chat(shift.group) if m.document]
        assert "达人订单" not in shift.read(shift.group)
        await shift.press(MEI, "收下并记住")
        assert len(states(shift)) == 2


async def test_nobody_but_the_sender_and_a_manager_maps_a_file(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(MEI, "达人订单.csv", sample("douyin_kol_columns.csv"))
        job = next(iter(shift.here.bot.runner.view("a1").jobs.by("state", "asked"))).id
        assert "已经处理过了" in (await shift.asks(QIANG, f"/columns take {job}"))[-1]
        assert "不是您发的文件" in (await shift.asks(CHEN, f"/columns take {job}"))[-1]
        assert states(shift) == {}
        await shift.asks(BOSS, f"/columns take {job}")
        assert len(states(shift)) == 2


async def test_a_table_without_orders_is_not_asked_about(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        said = await shift.sends(MEI, "值班.csv", table(["日期", "班次", "客服"], ["11-11", "晚", "小美"]))
        assert "认不出是什么表" in said[-1]


@pytest.mark.parametrize(
    "words", ["columns field x order_id", "columns set", "columns dance a1-f1", "columns as"]
)
async def test_words_that_mean_no_step_are_refused(tmp_path: Path, words: str) -> None:
    async with evening(tmp_path) as shift:
        assert "已经处理过了" in (await shift.asks(MEI, f"/{words}"))[-1]


async def test_a_step_of_a_file_that_waits_but_names_no_column_is_refused(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(MEI, "达人订单.csv", sample("douyin_kol_columns.csv"))
        job = next(iter(shift.here.bot.runner.view("a1").jobs.by("state", "asked"))).id
        for step in (
            "field",
            "field nothing",
            "set order_id",
            "set order_id 99",
            "platform mars",
            "as douyin",
        ):
            head, _, rest = step.partition(" ")
            assert "已经处理过了" in (await shift.asks(MEI, f"/columns {head} {job} {rest}"))[-1], step
        assert len(list(shift.here.bot.runner.view("a1").jobs.by("state", "asked"))) == 1


@given(st.lists(st.tuples(st.text(max_size=60), st.text(max_size=80)), min_size=2, max_size=300), st.data())
@settings(max_examples=25, deadline=None)
def test_every_card_of_any_table_is_one_telegram_takes(cells, data) -> None:
    seen = Mapping(
        header=0,
        columns=tuple(
            Column(at=at, heading=heading.strip(), samples=(masked(sample, None),))
            for at, (heading, sample) in enumerate(cells)
        ),
    )
    for field in data.draw(st.lists(st.sampled_from(SHOWN_FIELDS), unique=True)):
        seen = seen.assign(field, data.draw(st.integers(0, len(cells) - 1)))
    job = Job(
        id="a1-f123456.12", file_id="x", file_name="表" * 60, by="103", at=START, state="asked", asks="mapping",
        mapping=seen,
    )  # fmt: skip
    pages = [mapping_cards.columns(job, "receiver_phone", page) for page in range(-1, 17)]
    for card in (
        mapping_cards.overview(job, ROOM),
        mapping_cards.fields(job),
        mapping_cards.choose_platform(job),
        *pages,
    ):
        for lang in ("zh-CN", "en"):
            keys = keyboard(card, lang, "a1")
            assert keys is not None
            assert sum(map(len, keys.inline_keyboard)) <= 100
            assert len(plain(text_html(card, lang, "小满优选")).encode("utf-16-le")) // 2 <= 4096
    shown = [
        one.act.rpartition(" ")[2]
        for page in pages
        for row in page.buttons
        for one in row
        if " set " in one.act
    ]
    assert set(map(str, range(len(cells)))) <= set(shown)


# -- passwords -------------------------------------------------------------------------------------------


def locked() -> bytes:
    """An export as a workbook with a password."""
    book, plain_file, target = Workbook(), BytesIO(), BytesIO()
    assert book.active is not None
    for row in csv.reader(sample("douyin_platform_orders.csv").decode("utf-8-sig").splitlines()):
        book.active.append(row)
    book.save(plain_file)
    plain_file.seek(0)
    OOXMLFile(plain_file).encrypt(PASSWORD, target)
    return target.getvalue()


def at_rest(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in folder.rglob("*") if one.is_file())


def vault(*, keys: bool) -> Vault:
    return Vault(read_masters(new_master("k1")) if keys else {}, 30)


@pytest.mark.parametrize("keys", [True, False])
async def test_a_locked_workbook_is_opened_with_a_password_that_rests_nowhere(
    tmp_path: Path, keys: bool, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("bot", "storage"):
        caplog.set_level(logging.DEBUG, name)
    async with evening(tmp_path, vault=vault(keys=keys)) as shift:
        said = await shift.sends(MEI, "加密.xlsx", locked())
        assert "设了密码" in said[-1]
        said = await shift.asks(MEI, "不对的")
        assert "密码不对" in said[-1]
        assert "还可以试 2 次" in said[-1]
        await shift.asks(MEI, PASSWORD)
        assert states(shift)
        assert not [m for m in shift.here.chat(MEI) if m.text in (PASSWORD, "不对的")]
        assert PASSWORD.encode() not in at_rest(tmp_path)
        assert json.dumps(PASSWORD)[1:-1].encode() not in at_rest(tmp_path)
        assert shift.here.bot.runner.passwords.of("a1-f1") is None
    assert PASSWORD not in caplog.text
    assert PASSWORD.encode() not in at_rest(tmp_path)


async def test_after_three_wrong_passwords_the_file_is_given_up(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(MEI, "加密.xlsx", locked())
        for wrong in ("一", "二", "三"):
            said = await shift.asks(MEI, wrong)
        assert "试了 3 次都不对" in said[-1]
        assert "没看懂" in (await shift.asks(MEI, PASSWORD))[-1]
        assert states(shift) == {}


async def test_a_password_can_be_given_later_by_the_button_and_the_file_left(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(MEI, "加密.xlsx", locked())
        await shift.minutes(20)
        await shift.asks(MEI, "/now")
        await shift.press(MEI, "输入密码")
        await shift.asks(MEI, PASSWORD)
        assert states(shift)
        await shift.sends(MEI, "加密2.xlsx", locked())
        await shift.press(MEI, "不收这份")
        assert "没看懂" in (await shift.asks(MEI, "你好呀你好"))[-1]


async def test_a_restart_forgets_the_password_and_asks_again(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(MEI, "加密.xlsx", locked())
        runner = shift.here.bot.runner
        (job,) = runner.view("a1").jobs.by("state", "asked")
        core, clock, group = shift.here.core, shift.clock, shift.group
        # As after a crash between the answer and the reading of the file.
        await runner.unit("a1", lambda raw: RoomBooks(raw).jobs.put(job.changed(state="waiting")))
        runner.passwords.forget(job.id)
    async with evening(tmp_path, core=core, clock=clock, group=group) as shift:
        assert shift.read(MEI).count("设了密码") == 2
        await shift.asks(MEI, PASSWORD)
        assert states(shift)


async def test_a_password_typed_into_the_group_is_removed_and_not_used(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(MEI, "加密.xlsx", locked())
        job = next(iter(shift.here.bot.runner.view("a1").jobs.by("state", "asked"))).id
        await shift.says(MEI, f"/unlock {job} {PASSWORD}")
        assert not [m for m in shift.here.chat(shift.group) if PASSWORD in m.text]
        assert "密码只能在私聊里发给我" in shift.read(MEI)
        assert states(shift) == {}
        assert PASSWORD.encode() not in at_rest(tmp_path)
