"""Gate, outbox and jobs at the edges: questions that end, networks that are away, files and rooms that mix."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.card import group, line
from bot.clock import WoundClock
from bot.outbox import record
from bot.rehearsal import samples
from bot.rehearsal.telegram import TelegramCore
from bot.render import text_html, units
from bot.texts import plain
from storage.books import DeskBooks, RoomBooks
from storage.rows import Card
from tests.support.evening import BOSS, MEI, OPS, QIANG, START, Shift, evening


async def live(shift: Shift) -> None:
    await shift.sends(OPS, "排品表.xlsx", samples.runsheet_xlsx(corrected=True))
    await shift.press(OPS, "启用")
    await shift.says(OPS, "开播")
    await shift.says(OPS, "开讲 4")


async def test_a_number_typed_after_something_else_is_a_look_up_and_no_price(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live(shift)
        await shift.press(OPS, "改价")
        await shift.press(OPS, "下一个")
        assert "5号 羽感持妆气垫" in (await shift.asks(OPS, "5"))[-1]
        assert "直播价 <b>¥69" not in shift.read(shift.group)
        await shift.press(OPS, "改价")
        await shift.asks(OPS, "/now")
        assert "7号" in (await shift.asks(OPS, "7"))[-1]
        assert "→" not in shift.read(shift.group)


async def test_an_answer_goes_to_the_room_that_asked_although_another_is_current(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live(shift)
        other = shift.here.core.create_group("二号直播间", [BOSS, OPS])
        await shift.here.says(BOSS, other, "/setup 二店 快手")
        await shift.press(OPS, "改价")  # asked by the first room …
        shift.here.core.send_text(BOSS, other, f"/role @user{OPS} 运营")
        await shift.here.settle()
        await shift.asks(OPS, "65")
        assert "直播价 69.00 → 65.00" in shift.read(shift.group)


async def test_two_who_confirm_at_the_same_moment_are_both_counted(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live(shift)
        await shift.says(OPS, "改价 65")
        await shift.minutes(1)
        card, caption = shift.find(shift.group, "已知悉")
        for who in (MEI, QIANG):
            shift.here.core.press(who, shift.group, card.message_id, caption)
        await shift.here.settle()
        await shift.minutes(1)
        assert "2 人全部已知悉" in shift.read(shift.group)


async def test_an_edit_that_comes_while_one_is_on_its_way_is_not_lost(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live(shift)
        await shift.says(OPS, "改价 65")
        runner, now = shift.here.bot.runner, shift.clock.now()
        key = "notice:a1-b1-p4"
        first = group(line("common.verbatim", text="first"), key=key, edit=True, rank="board")
        second = group(line("common.verbatim", text="second"), key=key, edit=True, rank="board")

        def while_on_its_way(raw: object) -> None:
            """The newer one is stored before what became of the older one is noted."""
            books = RoomBooks(raw)  # type: ignore[arg-type]
            runner.post(books, [first], now)
            left, sent = books.outbox.get(f"a1-oe:{key}"), books.sent.get(key)
            assert left is not None
            runner.post(books, [second], now)
            record(books, left, sent, now)

        await runner.unit("a1", while_on_its_way)
        await shift.here.settle()
        assert "second" in shift.read(shift.group)


async def test_three_minutes_without_network_lose_no_announcement(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live(shift)
        faults = shift.here.core.faults
        faults.lose(after_effect=False, timed_out=False, method="sendMessage", chat=shift.group, times=12)
        await shift.says(OPS, "开讲 3")
        await shift.minutes(15)
        assert "正在讲 3号 烟酰胺精华液\n直播价" in shift.read(shift.group)


async def test_a_network_fault_while_fetching_a_file_does_not_lose_the_file(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:40")
        shift.here.core.faults.lose(after_effect=False, timed_out=False, method="getFile", times=5)
        await shift.sends(MEI, *samples.export(samples.FIRST_EXPORT))
        assert "读到 119 单" not in shift.read(MEI)
        await shift.minutes(3)
        assert "读到 119 单" in shift.read(MEI)


async def test_an_anonymous_admin_may_not_even_bind_the_group_but_is_told_how(tmp_path: Path) -> None:
    async with evening(tmp_path, bound=False) as shift:
        shift.here.core.promote(shift.group, BOSS, anonymous=True)
        said = await shift.says(BOSS, "/setup 小满优选美妆食品旗舰店直播间 抖音 Asia/Shanghai")
        assert "请先关闭匿名" in said[0]
        await shift.says(BOSS, "/setup 小满 抖音")
        await shift.press(BOSS, "执行", shift.group)
        assert "小满 已绑定本群" in shift.read(shift.group)


async def test_opening_the_private_chat_beside_a_message_in_the_group_is_not_forgotten(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path, bound=False) as shift:
        await shift.says(BOSS, "/setup 小满优选 抖音")
        for _ in range(5):
            shift.here.core.start(MEI)
            shift.here.core.send_text(MEI, shift.group, "到了")
        await shift.here.settle()
        met = shift.here.bot.runner.front().people.get(str(MEI))
        assert met is not None
        assert met.private


async def test_a_throttled_board_waits_instead_of_asking_every_second(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live(shift)
        core = shift.here.core
        core.faults.throttle(30, method="editMessageText", chat=shift.group, times=1)
        await shift.says(OPS, "改价 65")
        before = len([c for c in core.called("editMessageText") if int(c.params["chat_id"]) == shift.group])
        for _ in range(10):
            await shift.here.bot.tick()
            await shift.here.settle()
        after = len([c for c in core.called("editMessageText") if int(c.params["chat_id"]) == shift.group])
        assert after == before
        await shift.minutes(1)
        assert "¥65.00" in shift.board()


async def test_any_table_sent_to_the_group_by_staff_is_removed_even_if_it_is_refused(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        data = "姓名,电话,地址\n林晓,13800000001,杭州市滨江区长河街道1号\n".encode()
        await shift.here.sends(MEI, shift.group, "名单.csv", data)
        assert not [m for m in shift.here.chat(shift.group) if m.document]
        assert "还缺：订单号" in shift.read(MEI)
        assert "13800000001" not in shift.read(MEI)
        assert "13800000001" not in shift.read(MEI) + shift.read(shift.group)


async def test_without_a_private_chat_no_order_is_shown_in_the_group_and_none_is_claimed(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:40")
        await shift.sends(MEI, *samples.export(samples.FIRST_EXPORT))
        shift.here.core.block_bot(QIANG)
        await shift.asks(MEI, "/my")
        met = shift.here.bot.runner.front().people.get(str(QIANG))
        assert met is not None
        await shift.here.bot.runner.unit("desk", lambda raw: _closed(raw, str(QIANG)))
        said = await shift.says(QIANG, "/chase")
        assert "请先打开和我的私聊" in said[0]
        assert "6917" not in said[0]
        assert not [c for c in shift.here.bot.runner.view("a1").chases.scan() if c.owner == str(QIANG)]


def _closed(raw: object, person: str) -> None:
    books = DeskBooks(raw)  # type: ignore[arg-type]
    met = books.people.get(person)
    assert met is not None
    books.people.put(met.changed(private=False))


async def test_other_bots_commands_and_strangers_files_leave_the_group_quiet(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        stranger = 999
        shift.here.core.add_user(stranger, "路人", username="stranger")
        shift.here.core.join(stranger, shift.group)
        await shift.here.settle()
        before = len(shift.here.core.said(shift.group))
        await shift.says(stranger, "/poll@otherbot 吃什么")
        await shift.says(MEI, "/poll 吃什么")
        await shift.here.sends(stranger, shift.group, "菜单.xlsx", b"PK\x03\x04nonsense")
        assert len(shift.here.core.said(shift.group)) == before


def test_a_text_too_long_for_telegram_keeps_its_first_lines_and_counts_the_rest() -> None:
    card = Card(lines=tuple(line("common.verbatim", text=f"{n}号 " + "很长的商品名" * 20) for n in range(60)))
    text = plain(text_html(card, "zh-CN"))
    assert units(text) <= 4096
    assert text.startswith("0号 ")
    assert "还有" in text.splitlines()[-1]
    one = Card(lines=(line("common.verbatim", text="长" * 9000),))
    assert units(plain(text_html(one, "zh-CN"))) <= 4096


async def test_a_closed_stage_leaves_no_task_behind(tmp_path: Path) -> None:
    clock = WoundClock(START)
    async with evening(tmp_path, core=TelegramCore(clock.now), clock=clock) as shift:
        await shift.says(OPS, "开播")
    names = {task.get_name() for task in asyncio.all_tasks()}
    assert not names & {"outbox", "screens", "jobs"}


async def test_a_word_of_others_is_talk_in_the_group_and_in_private_says_which_roles_may(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(OPS, "开播")
        assert await shift.says(MEI, "下播") == []
        said = (await shift.asks(MEI, "下播"))[0]
        assert "这一步要由" in said
        assert "运营" in said
        assert "直播中" in shift.board()


async def test_an_answer_that_begins_like_a_word_of_others_leaves_the_question_open(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(OPS, "排品表.csv", "商品名称,直播价\n玫瑰精华水,79\n".encode())
        await shift.press(OPS, "启用")
        await shift.says(OPS, "开播")
        await shift.says(OPS, "/on 1")
        await shift.asks(MEI, "/ask")
        assert "这一步要由" in (await shift.asks(MEI, "赠品 还有吗"))[0]
        assert "提问 1" in (await shift.asks(MEI, "面膜还有吗"))[0]
