"""Cards leave once they are saved, the urgent first, and no fault of Telegram loses one."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.card import group, line, tell
from bot.clock import WoundClock
from bot.rehearsal import samples
from bot.rehearsal.telegram import TelegramCore
from bot.rehearsal.telegram.params import Params
from storage.books import DeskBooks, RoomBooks
from storage.rows import Outgoing
from storage.store import DESK, Books
from tests.support.evening import BOSS, MEI, OPS, QIANG, START, Shift, evening


class Hanging(TelegramCore):
    """Telegram that gives no answer to what is sent to one chat, until it is told to go on."""

    hangs = 0

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.hanging, self.go_on = asyncio.Event(), asyncio.Event()

    async def _perform(self, name: str, given: Params) -> Any:
        if self.hangs and given.number("chat_id") == self.hangs:
            self.hanging.set()
            await self.go_on.wait()
        return await super()._perform(name, given)


async def live_with_a_product_on_air(shift: Shift) -> None:
    await shift.sends(OPS, "排品表.xlsx", samples.runsheet_xlsx(corrected=True))
    await shift.press(OPS, "启用")
    await shift.says(OPS, "开播")


def private(raw: Books, who: int, *, opened: bool) -> None:
    books = DeskBooks(raw)
    met = books.people.get(str(who))
    assert met is not None
    books.people.put(met.changed(private=opened))


def told(shift: Shift, text: str) -> int:
    return sum(text in m.text for m in shift.here.core.said(shift.group))


async def test_a_throttled_group_gets_its_card_when_telegram_allows_it_again(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live_with_a_product_on_air(shift)
        shift.here.core.faults.throttle(10, method="sendMessage", chat=shift.group, times=1)
        await shift.says(OPS, "开讲 3")
        assert told(shift, "正在讲 3号 烟酰胺精华液\n直播价") == 0
        assert "3号" in (await shift.asks(MEI, "3"))[0]  # the private chats are not held up
        await shift.minutes(1)
        assert told(shift, "正在讲 3号 烟酰胺精华液\n直播价") == 1


async def test_after_an_ambiguous_time_out_the_card_is_sent_once_more_and_marked(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live_with_a_product_on_air(shift)
        shift.here.core.faults.lose(after_effect=True, method="sendMessage", chat=shift.group, times=1)
        await shift.says(OPS, "开讲 3")
        await shift.minutes(1)
        copies = [
            m.text for m in shift.here.core.said(shift.group) if "正在讲 3号 烟酰胺精华液\n直播价" in m.text
        ]
        assert [text.startswith("（重发）") for text in copies] == [False, True]


async def test_a_connection_that_breaks_before_the_effect_loses_nothing(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live_with_a_product_on_air(shift)
        faults = shift.here.core.faults
        faults.lose(after_effect=False, timed_out=False, method="sendMessage", chat=shift.group, times=2)
        await shift.says(OPS, "开讲 3")
        await shift.minutes(1)
        assert told(shift, "正在讲 3号 烟酰胺精华液\n直播价") == 1


async def test_a_message_that_is_gone_is_said_anew_instead_of_edited(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live_with_a_product_on_air(shift)
        await shift.says(OPS, "开讲 3")
        await shift.says(OPS, "改价 99")
        card, _ = shift.find(shift.group, "已知悉")
        await shift.press(MEI, "已知悉", shift.group)
        shift.here.core.delete_message(BOSS, shift.group, card.message_id)
        await shift.asks(QIANG, "3")  # looks the change up, so the count is to be edited
        await shift.minutes(1)
        assert "2 人全部已知悉" in shift.here.last(shift.group).text


async def test_who_blocks_the_bot_keeps_their_cards_until_they_come_back(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live_with_a_product_on_air(shift)
        number = samples.TAGGED["registered_by_hand"]
        await shift.asks(MEI, f"催 {number} 3号")
        await shift.press(MEI, "提醒付款")
        await shift.press(MEI, "答应付款")
        await shift.asks(MEI, "5")
        shift.here.core.block_bot(MEI)
        await shift.minutes(6)
        assert "约定的" not in shift.here.last(MEI).text
        await shift.here.starts(MEI)
        assert f"订单 {number}：约定的" in shift.read(MEI)


async def test_a_superseded_card_loses_its_buttons(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live_with_a_product_on_air(shift)
        await shift.says(OPS, "开讲 3")
        first, _ = shift.find(shift.group, "优惠与到手价")
        await shift.says(OPS, "下一个")
        assert not shift.here.core.message(shift.group, first.message_id).rows
        assert shift.here.last(shift.group).rows


async def test_confirmations_edit_one_card_instead_of_filling_the_group(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live_with_a_product_on_air(shift)
        await shift.says(OPS, "开讲 3")
        await shift.says(OPS, "改价 99")
        before = len(shift.here.core.said(shift.group))
        await shift.press(MEI, "已知悉", shift.group)
        again = await shift.press(MEI, "已知悉", shift.group)
        assert again is not None
        assert again.text == "之前已经记下了。"
        await shift.press(QIANG, "已知悉", shift.group)
        await shift.minutes(1)
        assert len(shift.here.core.said(shift.group)) == before
        assert "2 人全部已知悉" in shift.here.last(shift.group).text


async def test_pressing_either_copy_of_a_card_that_went_out_twice_counts_once(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live_with_a_product_on_air(shift)
        await shift.says(OPS, "开讲 3")
        shift.here.core.faults.lose(after_effect=True, method="sendMessage", chat=shift.group, times=1)
        await shift.says(OPS, "改价 99")
        await shift.minutes(1)
        first, second = [m for m in shift.here.core.said(shift.group) if "→ 99.00" in m.text and not m.pinned]
        assert second.text.startswith("（重发）")
        await shift.here.presses(MEI, shift.group, first.message_id, first.rows[0][0].text)
        there, caption = shift.find(shift.group, "已知悉 1/")
        assert there.message_id == second.message_id
        again = await shift.here.presses(MEI, shift.group, there.message_id, caption)
        assert again is not None
        assert again.text == "之前已经记下了。"
        await shift.minutes(1)
        (notice,) = [n for n in shift.here.bot.runner.view("a1").notices.scan() if not n.superseded]
        assert list(notice.known) == [str(MEI)]
        assert shift.find(shift.group, "已知悉")[1] == caption


async def test_a_broken_connection_that_may_have_taken_the_card_along_marks_the_second(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await live_with_a_product_on_air(shift)
        faults = shift.here.core.faults
        faults.lose(after_effect=True, timed_out=False, method="sendMessage", chat=shift.group)
        await shift.says(OPS, "开讲 3")
        await shift.minutes(1)
        told = [m.text for m in shift.here.core.said(shift.group) if "正在讲 3号 烟酰胺精华液\n" in m.text]
        assert [text.startswith("（重发）") for text in told] == [False, True]


async def test_what_was_being_handed_over_when_the_process_died_goes_once_more_marked(tmp_path: Path) -> None:
    clock = WoundClock(START)
    core = TelegramCore(clock.now)
    async with evening(tmp_path, core=core, clock=clock) as shift:
        there, at = shift.group, clock.now()
        cards = {"a1-o-x1": group(line("common.verbatim", text="handed over")),
                 "a1-o-x2": group(line("common.verbatim", text="still waiting"))}  # fmt: skip
        rows = [Outgoing(id=id, card=card, at=at, leaving=id == "a1-o-x1") for id, card in cards.items()]
        later = [row.changed(not_before=at + timedelta(minutes=1)) for row in rows]
        await shift.here.bot.runner.unit("a1", lambda raw: [RoomBooks(raw).outbox.put(row) for row in later])
    async with evening(tmp_path, core=core, clock=clock, group=there) as shift:
        await shift.minutes(2)
        told = [m.text for m in shift.here.core.said(there)]
        assert "（重发）\nhanded over" in told
        assert "still waiting" in told


async def test_a_new_message_is_marked_on_disk_before_telegram_hears_of_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live_with_a_product_on_air(shift)
        runner, marked = shift.here.bot.runner, []

        def look(params: Params) -> bool:
            marked.append([row.leaving for row in runner.view("a1").outbox.by("state", "waiting")])
            return False

        shift.here.core.faults.refuse(500, "never", method="sendMessage", chat=shift.group, when=look)
        await shift.says(OPS, "开讲 3")
        assert marked == [[True]]
        assert not list(runner.view("a1").outbox.scan())


async def test_a_chat_that_hangs_holds_up_no_other(tmp_path: Path) -> None:
    clock = WoundClock(START)
    core = Hanging(clock.now)
    async with evening(tmp_path, core=core, clock=clock) as shift:
        await live_with_a_product_on_air(shift)
        core.hangs = shift.group
        core.send_text(OPS, shift.group, "开讲 3")
        async with asyncio.timeout(20):
            await core.hanging.wait()
            version = core.version
            core.send_text(MEI, MEI, "/chase")
            while "没有" not in shift.here.last(MEI).text:
                version = await core.changed_since(version)
        assert told(shift, "正在讲 3号 烟酰胺精华液\n直播价") == 0
        core.hangs = 0
        core.go_on.set()
        await shift.here.settle()
        assert told(shift, "正在讲 3号 烟酰胺精华液\n直播价") == 1


async def test_a_group_that_threw_the_bot_out_is_left_alone_until_it_is_back(tmp_path: Path) -> None:
    clock = WoundClock(START)
    core = TelegramCore(clock.now)
    async with evening(tmp_path, core=core, clock=clock) as shift:
        await live_with_a_product_on_air(shift)
        there = shift.group
        core.faults.refuse(403, "Forbidden: bot was kicked from the group chat", chat=there, times=99)
        await shift.asks(OPS, "/on 3")
        await shift.asks(OPS, "/on 4")
        assert shift.read(BOSS).count("我不能在群里说话了") == 1
    knocks = len(core.calls)
    async with evening(tmp_path, core=core, clock=clock, group=there) as shift:
        await shift.asks(OPS, "/on 5")
        await shift.minutes(5)
        assert not [c for c in core.calls[knocks:] if int(c.params.get("chat_id") or 0) == there]
        assert shift.read(BOSS).count("我不能在群里说话了") == 1
        assert there in shift.here.bot.outbox.closed
        core.faults.clear()
        core.kick(core.bot.id, there)
        core.join(core.bot.id, there, by=BOSS)
        await shift.here.settle()
        on_air = [
            m.text for m in core.said(there) if "正在讲" in m.text and "直播价" in m.text and not m.pinned
        ]
        assert ["5号" in text for text in on_air] == [True]
        assert not shift.here.bot.outbox.closed
        assert not shift.here.bot.outbox.count()


async def test_what_belongs_to_a_deleted_topic_goes_to_the_main_one(tmp_path: Path) -> None:
    async with evening(tmp_path, forum=True) as shift:
        await live_with_a_product_on_air(shift)
        room = shift.here.bot.runner.room("a1")
        assert room is not None
        shift.here.core.delete_topic(shift.group, room.topics["announce"])
        await shift.says(OPS, "开讲 3")
        await shift.minutes(1)
        (card,) = [m for m in shift.here.core.said(shift.group) if "正在讲 3号" in m.text and "下一个" in m.text
                   and not m.pinned]  # fmt: skip
        assert card.thread_id is None
        assert shift.here.core.pinned(shift.group)[-1].thread_id is None


async def test_who_never_opened_the_private_chat_gets_one_button_in_the_group_and_holds_up_nobody(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        runner, now = shift.here.bot.runner, shift.clock.now()
        await runner.unit(DESK, lambda raw: private(raw, QIANG, opened=False))
        for number in range(3):
            cards = [tell(str(who), line("common.verbatim", text=f"card {number}")) for who in (QIANG, MEI)]
            await runner.unit("a1", lambda raw, cards=cards: runner.post(RoomBooks(raw), cards, now))
            await shift.here.settle()
        assert shift.read(MEI).count("card") == 3
        assert "card" not in shift.read(QIANG)
        asked, _ = shift.find(shift.group, "打开私聊")
        assert sum("阿强，有给您的消息在等着" in m.text for m in shift.here.core.said(shift.group)) == 1
        assert asked.buttons[0].url == "https://t.me/shiftbot_bot?start=a1"
        assert shift.here.bot.outbox.oldest() is None
        await shift.here.starts(QIANG, "a1")
        assert shift.read(QIANG).count("card") == 3
        assert "有给您的消息在等着" not in shift.read(shift.group)


async def test_an_answer_telegram_throttles_comes_late_instead_of_never(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live_with_a_product_on_air(shift)
        shift.here.core.faults.throttle(30, method="sendMessage", chat=MEI)
        assert not [text for text in await shift.asks(MEI, "3") if "烟酰胺" in text]
        await shift.minutes(1)
        assert shift.read(MEI).count("3号 烟酰胺精华液\n") == 1


async def test_an_order_paid_while_its_card_waited_is_not_to_be_chased(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live_with_a_product_on_air(shift)
        number = samples.TAGGED["registered_by_hand"]
        await shift.asks(MEI, f"催 {number} 3号")
        await shift.press(MEI, "提醒付款")
        await shift.press(MEI, "答应付款")
        await shift.asks(MEI, "5")
        shift.here.core.faults.throttle(600, method="sendMessage", chat=MEI)
        await shift.asks(MEI, "3")
        await shift.minutes(6)  # the promise is due, its card waits
        runner = shift.here.bot.runner
        (one,) = [c for c in runner.view("a1").chases.scan() if c.order_id == number]
        paid = one.changed(state="paid", closed_why="paid", paid_at=shift.clock.now(), returns_at=None)
        await runner.unit("a1", lambda raw: RoomBooks(raw).chases.put(paid))
        await shift.minutes(10)
        assert "还没看到付款" not in shift.read(MEI)
        assert f"订单 {number} 已付款，不用再催。" in shift.read(MEI)
