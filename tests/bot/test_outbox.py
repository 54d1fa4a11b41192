"""Cards leave once they are saved, the urgent first, and no fault of Telegram loses one."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram import ChatPermissions

from bot.card import group, line, tell
from bot.clock import WoundClock
from bot.rehearsal import samples
from bot.rehearsal.telegram import TelegramCore
from bot.rehearsal.telegram.core import Call
from bot.rehearsal.telegram.params import Params
from storage.books import DeskBooks, RoomBooks
from storage.rows import Card, Outgoing
from storage.store import DESK, Books, NotSaved
from storage.tiny_disk import RealDisk
from tests.bot.test_not_saved import FaultyDisk
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


class SlowDisk(RealDisk):
    """A disk that makes nothing safe until it is let go on."""

    def __init__(self) -> None:
        self.waits, self.go_on = threading.Event(), threading.Event()
        self.go_on.set()

    def sync(self, handle: int) -> None:
        if not self.go_on.is_set():
            self.waits.set()
        assert self.go_on.wait(120)
        super().sync(handle)


def words(text: str, who: int = OPS) -> Card:
    return tell(str(who), line("common.verbatim", text=text))


async def put(shift: Shift, *rows: Outgoing) -> None:
    await shift.here.bot.runner.unit("a1", lambda raw: [RoomBooks(raw).outbox.put(row) for row in rows])
    await shift.here.settle()


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
        async with asyncio.timeout(120):
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
        await shift.minutes(4)
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


@pytest.mark.parametrize("how", ["refused", "lost"])
async def test_an_invitation_that_could_not_be_said_is_given_up_and_told_of_once(
    tmp_path: Path, how: str
) -> None:
    async with evening(tmp_path) as shift:
        shift.expects_a_fault()
        core, runner = shift.here.core, shift.here.bot.runner
        await runner.unit(DESK, lambda raw: private(raw, QIANG, opened=False))
        if how == "refused":
            core.faults.refuse(400, "BUTTON_URL_INVALID", method="sendMessage", chat=shift.group, times=12)
        else:
            core.faults.lose(after_effect=True, method="sendMessage", chat=shift.group, times=12)
        await put(shift, Outgoing(id="a1-o-x", card=words("waits", QIANG), at=shift.clock.now()))
        await shift.minutes(5)
        invited = [m for m in core.said(shift.group) if "有给您的消息在等着" in m.text]
        assert len(invited) == (0 if how == "refused" else 2)
        assert shift.read(BOSS).count("有给您的消息在等着") == 1


async def test_a_group_that_gives_the_bot_its_rights_back_hears_what_waited_within_minutes(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await live_with_a_product_on_air(shift)
        core, said = shift.here.core, "Bad Request: not enough rights to send text messages to the chat"
        core.faults.refuse(400, said, method="sendMessage", chat=shift.group, times=2)
        knocks = len(core.called("sendMessage"))
        await shift.asks(OPS, "开讲 3")
        await shift.minutes(9)
        to_the_group = [
            c for c in core.called("sendMessage")[knocks:] if c.params["chat_id"] == str(shift.group)
        ]
        assert len(to_the_group) == 2
        assert shift.here.bot.outbox.closed
        await shift.minutes(2)
        assert told(shift, "正在讲 3号 烟酰胺精华液\n直播价") == 1
        assert not shift.here.bot.outbox.closed
        assert shift.read(BOSS).count("我不能在群里说话了") == 1


async def test_a_group_found_closed_by_two_calls_together_is_told_of_once(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        chats = shift.here.bot.outbox.chats
        await asyncio.gather(*(chats.shut("a1", shift.group) for _ in range(2)))
        await shift.minutes(1)
        assert shift.read(BOSS).count("我不能在群里说话了") == 1


async def test_a_group_found_closed_on_a_full_disk_is_told_of_once_there_is_room(tmp_path: Path) -> None:
    disk = FaultyDisk()
    async with evening(tmp_path, disk=disk) as shift:
        chats = shift.here.bot.outbox.chats
        disk.full = True
        with pytest.raises(NotSaved):
            await chats.shut("a1", shift.group)
        disk.full = False
        assert not chats.closed
        await chats.shut("a1", shift.group)
        await shift.minutes(1)
        assert shift.read(BOSS).count("我不能在群里说话了") == 1


def fills(disk: FaultyDisk, shift: Shift, text: str) -> None:
    """No room is left on the disk once Telegram was told that."""

    def listen(call: Call) -> None:
        disk.full = disk.full or text in str(call.params.get("text"))

    shift.here.core.listeners.append(listen)


async def test_what_was_said_while_the_disk_was_full_is_not_said_again_and_noted_by_the_tick(
    tmp_path: Path,
) -> None:
    disk = FaultyDisk()
    async with evening(tmp_path, disk=disk) as shift:
        shift.expects_a_fault()
        fills(disk, shift, "said once")
        await put(shift, Outgoing(id="a1-o-x", card=words("said once"), at=shift.clock.now()))
        await shift.minutes(3)
        assert shift.here.bot.outbox.count() == 1
        disk.full = False
        await shift.minutes(1)
        assert shift.read(OPS).count("said once") == 1
        assert shift.here.bot.outbox.count() == 0


async def test_what_was_said_is_noted_before_anything_else_leaves_the_room(tmp_path: Path) -> None:
    disk = FaultyDisk()
    async with evening(tmp_path, disk=disk) as shift:
        shift.expects_a_fault()
        fills(disk, shift, "said once")
        await put(shift, Outgoing(id="a1-o-x", card=words("said once"), at=shift.clock.now()))
        await shift.here.settle()
        disk.full = False
        rows = [
            Outgoing(id=f"a1-o-{who}", card=words("next", who), at=shift.clock.now()) for who in (MEI, QIANG)
        ]
        await put(shift, *rows)  # two chats at once, and no tick
        await shift.here.settle()
        assert [shift.read(who).count("next") for who in (MEI, QIANG)] == [1, 1]
        assert shift.here.bot.outbox.count() == 0


async def test_a_chat_rests_where_what_should_leave_cannot_be_prepared(tmp_path: Path) -> None:
    disk = FaultyDisk()
    async with evening(tmp_path, disk=disk) as shift:
        shift.expects_a_fault()
        waits = Outgoing(id="a1-o-x", card=words("later"), at=shift.clock.now())
        await put(shift, waits.changed(not_before=shift.clock.now() + timedelta(minutes=1)))
        disk.full = True
        await shift.minutes(1)
        assert shift.here.bot.outbox.paused[OPS] == shift.clock.now() + timedelta(seconds=5)
        disk.full = False
        await shift.minutes(1)
        assert shift.read(OPS).count("later") == 1
        shift.here.bot.outbox.pump.pause(MEI, shift.clock.now() + timedelta(minutes=1))
        assert list(shift.here.bot.outbox.paused) == [MEI]  # what is over is not kept


async def test_what_was_being_prepared_when_the_bot_was_stopped_is_said_and_noted(tmp_path: Path) -> None:
    disk = SlowDisk()
    async with evening(tmp_path, disk=disk) as shift:
        pump = shift.here.bot.outbox.pump
        waits = Outgoing(id="a1-o-x", card=words("last words"), at=shift.clock.now())
        await put(shift, waits.changed(not_before=shift.clock.now() + timedelta(minutes=1)))
        disk.go_on.clear()
        shift.clock.wind(shift.clock.now() + timedelta(minutes=1))
        pump.wake()
        await asyncio.to_thread(disk.waits.wait, 120)
        asyncio.get_running_loop().call_soon(disk.go_on.set)
        await pump.stop()
        assert shift.read(OPS).count("last words") == 1
        assert not list(shift.here.bot.runner.view("a1").outbox.scan())


async def test_an_answer_that_should_edit_what_is_gone_is_said_anew_without_a_mark(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        card = words("first", MEI).changed(key="k")
        await put(shift, Outgoing(id="a1-o-x", card=card, at=shift.clock.now()))
        shift.here.core.delete_message(MEI, MEI, shift.here.last(MEI).message_id)
        newer = words("second", MEI).changed(key="k", edit=True)
        await shift.here.bot.outbox.answer("a1", Outgoing(id="answer", card=newer, at=shift.clock.now()))
        await shift.here.settle()
        assert "second" in shift.here.last(MEI).text
        assert "（重发）" not in shift.here.last(MEI).text


@pytest.mark.parametrize("speaks", [True, False])
async def test_a_group_that_restricts_the_bot_is_open_where_it_may_write(
    tmp_path: Path, speaks: bool
) -> None:
    async with evening(tmp_path) as shift:
        core, chats = shift.here.core, shift.here.bot.outbox.chats
        await chats.shut("a1", shift.group)
        rights = {**ChatPermissions.all_permissions().to_dict(), "can_send_messages": speaks}
        me = {"id": core.bot.id, "is_bot": True, "first_name": "shiftbot"}
        core.updates.push("my_chat_member", {
            "chat": {"id": shift.group, "type": "supergroup", "title": "group"}, "date": 1_800_000_000,
            "from": {"id": BOSS, "is_bot": False, "first_name": "boss"},
            "old_chat_member": {"user": me, "status": "member"},
            "new_chat_member": {"user": me, "status": "restricted", "is_member": True, "until_date": 0, **rights},
        })  # fmt: skip
        await shift.here.settle()
        assert (shift.group not in chats.closed) is speaks
