"""What Telegram may do to a bot, beside what tests/bot/test_outbox.py tells: nothing is lost, the rest goes on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from telegram.error import TimedOut

from bot.mishaps import in_doubt
from bot.rehearsal.telegram.core import Call
from storage.books import RoomBooks
from tests.bot.test_not_saved import FaultyDisk
from tests.support.evening import BOSS, MEI, OPS, Shift, evening

SHEET = "商品名称,直播价\n玫瑰精华水,79\n丝绒口红,69\n烟酰胺面霜,129\n"
AGAIN = "（重发）"
ON_AIR = "正在讲 3号 烟酰胺面霜\n直播价"
"""How the announcement begins; the board says the price on the same line."""


async def selling(shift: Shift) -> None:
    await shift.sends(OPS, "排品表.csv", SHEET.encode("utf-8-sig"))
    await shift.press(OPS, "启用")
    await shift.says(OPS, "开播")


def announced(shift: Shift, words: str) -> list[str]:
    return [m.text for m in shift.here.core.said(shift.group) if words in m.text]


@pytest.mark.parametrize("code", [500, 502])
async def test_an_error_of_telegrams_own_delays_a_card_and_does_not_double_it(
    tmp_path: Path, code: int
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        shift.here.core.faults.refuse(
            code, "Internal Server Error", method="sendMessage", chat=shift.group, times=3
        )
        assert await shift.asks(OPS, "开讲 3") == []
        assert announced(shift, ON_AIR) == []
        await shift.minutes(2)
        assert [text.startswith(ON_AIR) for text in announced(shift, ON_AIR)] == [True]


async def test_a_time_out_before_the_effect_is_answered_by_one_marked_copy(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        shift.here.core.faults.lose(after_effect=False, method="sendMessage", chat=shift.group)
        await shift.asks(OPS, "开讲 3")
        await shift.minutes(1)
        assert [text.startswith(AGAIN) for text in announced(shift, ON_AIR)] == [True]


@pytest.mark.parametrize("timed_out", [True, False])
async def test_an_edit_whose_answer_was_lost_is_repeated_and_shows_once(
    tmp_path: Path, timed_out: bool
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "催 691700000000000001 3号")
        shift.here.core.faults.lose(
            after_effect=True, timed_out=timed_out, method="editMessageText", chat=MEI
        )
        answer = await shift.press(MEI, "提醒付款")
        assert answer
        assert answer.text == "已记：提醒付款"
        await shift.minutes(1)
        cards = [m.text for m in shift.here.core.said(MEI) if "691700000000000001" in m.text]
        assert len(cards) == 1
        assert "提醒付款 已做" in cards[0]
        assert AGAIN not in cards[0]


async def test_both_copies_of_a_change_may_be_pressed_and_count_once(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        shift.here.core.faults.lose(after_effect=True, method="sendMessage", chat=shift.group)
        await shift.asks(OPS, "改价 1 75")
        await shift.minutes(1)
        first, second = [m for m in shift.here.core.said(shift.group) if "变更 1号" in m.text]
        for copy in (first, second):
            data = next(str(b.data) for b in second.buttons)
            await shift.here.presses(MEI, shift.group, copy.message_id, data, outdated=True)
        kept = [e for e in shift.here.bot.runner.view("a1").journal.scan() if e.kind == "known"]
        assert [e.who for e in kept] == [str(MEI)]


async def test_a_group_that_put_the_bot_out_keeps_its_cards_until_it_is_back(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        core = shift.here.core
        core.kick(core.bot.id, shift.group, by=BOSS)
        await shift.here.settle()
        await shift.asks(OPS, "开讲 3")
        await shift.asks(OPS, "改价 1 75")
        await shift.minutes(3)
        assert shift.read(BOSS).count("我不能在群里说话了") == 1
        assert "直播价 ¥75.00" in (await shift.asks(MEI, "1"))[0]  # private work goes on
        core.join(core.bot.id, shift.group, by=BOSS)
        await shift.here.settle()
        await shift.minutes(1)
        assert len(announced(shift, ON_AIR)) == 1
        assert len(announced(shift, "变更 1号")) == 1


async def test_cards_of_a_topic_that_was_deleted_go_to_the_main_one(tmp_path: Path) -> None:
    async with evening(tmp_path, forum=True) as shift:
        await selling(shift)
        room = shift.here.bot.runner.room("a1")
        assert room
        shift.here.core.delete_topic(shift.group, room.topics["announce"])
        await shift.asks(OPS, "开讲 3")
        await shift.minutes(1)
        card = next(m for m in shift.here.core.said(shift.group) if ON_AIR in m.text and m.buttons)
        assert card.thread_id is None


async def test_a_group_that_became_a_supergroup_unheard_is_found_by_the_refusal(tmp_path: Path) -> None:
    async with evening(tmp_path, supergroup=False) as shift:
        await selling(shift)
        core = shift.here.core
        core.migrate(old := shift.group)
        core.updates.drop()  # Telegram's own word about it never reached the bot
        shift.group = core.chats[old].upgraded_to or 0
        await shift.asks(OPS, "开讲 3")
        await shift.minutes(1)
        assert len(announced(shift, ON_AIR)) == 1


async def test_a_press_answered_too_late_has_its_effect_all_the_same(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "催 691700000000000002 3号")
        message, button = shift.find(MEI, "提醒付款")
        press = shift.here.core.press(MEI, MEI, message.message_id, button)
        shift.clock.wind(shift.clock.now() + timedelta(minutes=2))
        await shift.here.settle()
        assert press.answer is None
        await shift.minutes(1)
        assert "提醒付款 已做" in shift.here.core.message(MEI, message.message_id).text


async def test_a_token_that_is_refused_for_a_while_gives_up_no_card(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        shift.here.core.faults.refuse(401, "Unauthorized", method="sendMessage", chat=shift.group, times=2)
        await shift.asks(OPS, "开讲 3")
        await shift.minutes(2)
        assert [text.startswith(ON_AIR) for text in announced(shift, ON_AIR)] == [True]


async def test_two_time_outs_before_the_effect_lose_no_announcement(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        shift.here.core.faults.lose(after_effect=False, method="sendMessage", chat=shift.group, times=2)
        await shift.asks(OPS, "开讲 3")
        await shift.minutes(1)
        assert [text.startswith(AGAIN) for text in announced(shift, ON_AIR)] == [True]


async def test_of_an_announcement_there_are_three_copies_at_most_and_then_the_managers_are_told(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        shift.expects_a_fault()
        await selling(shift)
        shift.here.core.faults.lose(after_effect=True, method="sendMessage", chat=shift.group, times=9)
        await shift.asks(OPS, "开讲 3")
        await shift.minutes(5)
        assert [text.startswith(AGAIN) for text in announced(shift, ON_AIR)] == [False, True, True]
        assert shift.read(BOSS).count("Timed out") == 1


@pytest.mark.parametrize(
    ("cause", "doubtful"),
    [
        (httpx.ConnectError("refused"), False),
        (httpx.ConnectTimeout("no way there"), False),
        (httpx.PoolTimeout("too many at once"), False),
        (httpx.ReadError("reset"), True),
        (httpx.ReadTimeout("no answer"), True),
        (None, False),
    ],
)
def test_only_what_has_left_us_and_was_not_answered_is_in_doubt(
    cause: Exception | None, doubtful: bool
) -> None:
    error = TimedOut()
    error.__cause__ = cause
    assert in_doubt(error) is doubtful


async def test_while_the_main_topic_is_closed_its_cards_are_tried_less_and_less_often(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        core = shift.here.core
        core.faults.refuse(400, "Bad Request: TOPIC_CLOSED", method="sendMessage", chat=shift.group, times=4)
        before = len(core.called("sendMessage"))
        await shift.asks(OPS, "开讲 3")
        assert sum(call.error is not None for call in core.called("sendMessage")[before:]) == 1
        await shift.minutes(2)
        assert len(announced(shift, ON_AIR)) == 1


async def second_group(shift: Shift) -> int:
    """Another group with a room of its own, as soon as somebody says so."""
    other = shift.here.core.create_group("二号直播间", [BOSS, OPS])
    shift.here.core.promote(other, shift.here.core.bot.id)
    await shift.here.settle()
    return other


def boards(shift: Shift, group: int) -> int:
    return sum("二店 · 还没有场次" in m.text for m in shift.here.core.said(group))


async def test_a_new_board_whose_answer_is_lost_is_said_once_more_and_then_waits(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        other = await second_group(shift)
        shift.here.core.faults.lose(
            after_effect=True, method="sendMessage", chat=other, times=5,
            when=lambda given: "· 还没有场次" in given.text("text"),
        )  # fmt: skip
        await shift.here.says(BOSS, other, "/setup 二店 快手")
        assert boards(shift, other) == 1
        await shift.minutes(9)
        assert boards(shift, other) == 2


async def test_a_pin_that_timed_out_is_tried_again_and_one_that_is_refused_is_not(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        other, core = await second_group(shift), shift.here.core
        core.faults.lose(after_effect=False, method="pinChatMessage", chat=other)
        core.faults.refuse(
            400, "not enough rights to manage pinned messages", method="pinChatMessage", chat=other
        )
        await shift.here.says(BOSS, other, "/setup 二店 快手")
        await shift.minutes(5)
        pins = [call for call in core.called("pinChatMessage") if call.params["chat_id"] == str(other)]
        assert len(pins) == 2
        assert boards(shift, other) == 1


async def test_a_full_disk_does_not_fill_a_group_with_boards(tmp_path: Path) -> None:
    disk = FaultyDisk()
    async with evening(tmp_path, disk=disk) as shift:
        shift.expects_a_fault()
        core, before = shift.here.core, len(shift.here.core.said(shift.group))

        def fill(call: Call) -> None:
            disk.full = disk.full or (
                call.method == "sendMessage" and call.params["chat_id"] == str(shift.group)
            )

        core.listeners.append(fill)
        await shift.here.bot.runner.unit("a1", lambda raw: RoomBooks(raw).sent.drop("board"))
        await shift.minutes(3)
        assert len(core.said(shift.group)) == before + 1
        disk.full = False
        core.listeners.remove(fill)
        await shift.minutes(1)
        sent = shift.here.bot.runner.view("a1").sent.get("board")
        assert sent
        assert sent.message_id == core.said(shift.group)[before].message_id
