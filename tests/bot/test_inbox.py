"""In, exactly once: stored before it is confirmed, known by its number, taken up again after a crash, set aside."""

from __future__ import annotations

import asyncio
import errno
import gc
import os
import threading
from collections.abc import Coroutine, Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import WoundClock
from bot.inbox import NUMBERS_KEPT, Raw, seal
from bot.rehearsal import samples
from bot.rehearsal.telegram import TelegramCore
from bot.rehearsal.telegram.core import Call as ApiCall
from playbooks.room import TOPICS
from storage.books import BOOKS, DeskBooks, RoomBooks
from storage.rows import Incoming
from storage.store import DESK
from storage.tiny import TinyStore
from storage.tiny_disk import RealDisk
from tests.support.evening import BOSS, MEI, OPS, QIANG, START, Shift, evening

AGAIN = "（重发）"


async def live(shift: Shift) -> None:
    await shift.sends(OPS, "排品表.xlsx", samples.runsheet_xlsx(corrected=True))
    await shift.press(OPS, "启用")
    await shift.says(OPS, "开播")
    await shift.says(OPS, "开讲 4")


def received(core: TelegramCore) -> list[Raw]:
    """Every update Telegram has handed out, in order."""
    found = {raw["update_id"]: raw for call in core.called("getUpdates") for raw in call.result or ()}
    return [found[number] for number in sorted(found)]


def rows(data: Path) -> dict[str, Incoming]:
    """The inbox as it stands on the disk."""
    books = DeskBooks(TinyStore(data, BOOKS, readonly=True).view(DESK))
    return {row.id: row for row in books.inbox.scan()}


def left_unhandled(data: Path, raws: Iterable[Raw], clock: WoundClock, **fields: int) -> None:
    """What a process that was killed leaves: these updates were received, and not known to be handled."""
    store = TinyStore(data, BOOKS)

    def unit(raw: Any) -> None:
        for one in raws:
            row = Incoming(id=str(one["update_id"]), at=clock.now(), payload=seal(one))
            DeskBooks(raw).inbox.put(row.changed(**fields))

    store.run(DESK, unit)
    store.close()


class World:
    """A clock and a Telegram that outlive the bot's process."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.clock = WoundClock(START)
        self.core = TelegramCore(self.clock.now)
        self.group = 0

    def opened(self, **more: Any) -> Any:
        """The bot running; entered again, it is a new process."""
        return evening(self.data, core=self.core, clock=self.clock, group=self.group, **more)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


# -- stored and known


async def test_what_a_poll_confirms_is_on_the_disk(world: World) -> None:
    confirmed: list[int] = []

    def look(call: ApiCall) -> None:
        offset = int(call.params.get("offset") or 0)
        if call.method == "getUpdates" and offset > 1:
            assert str(offset - 1) in rows(world.data)
            confirmed.append(offset)

    async with world.opened() as shift:
        world.core.listeners.append(look)
        await shift.says(OPS, "开播")
        assert confirmed


async def test_an_update_that_comes_a_second_time_is_not_handled_again(world: World) -> None:
    async with world.opened() as shift:
        await live(shift)
        await shift.says(OPS, "下一个")
        await shift.asks(MEI, "/now")
        assert "正在讲 5号" in shift.board()
        said = [len(shift.here.core.said(chat)) for chat in (shift.group, MEI)]
        await shift.here.bot.turns.receive(received(world.core))
        await shift.here.settle()
        assert "正在讲 5号" in shift.board()
        assert [len(shift.here.core.said(chat)) for chat in (shift.group, MEI)] == said


async def test_a_lower_number_than_the_last_is_new_after_a_quiet_week(world: World) -> None:
    async with world.opened() as shift:
        await live(shift)
        raw = received(world.core)[-1]
        lower = {**raw, "update_id": 4711, "message": {**raw["message"], "text": "下一个"}}
        await shift.here.bot.turns.receive([lower])
        await shift.here.settle()
        assert "正在讲 5号" in shift.board()


async def test_a_handled_update_leaves_its_number_and_nothing_people_wrote(world: World) -> None:
    async with world.opened() as shift:
        await shift.says(MEI, "今天有人改地址吗")
        assert any("改地址" in row.payload for row in rows(world.data).values())
        await shift.here.bot.tick()
        here = rows(world.data)
        assert here
        assert {(row.state, row.payload) for row in here.values()} == {("done", "")}
        await shift.here.wind_by(NUMBERS_KEPT + timedelta(minutes=1))
        assert not rows(world.data)


async def test_while_an_update_cannot_be_stored_it_is_not_confirmed_and_polling_goes_on(world: World) -> None:
    async with world.opened() as shift:
        inbox = shift.here.bot.inbox
        keep, failures = inbox.keep, [RuntimeError("x"), ValueError("y")]

        async def failing(raws: Any) -> Any:
            if failures:
                raise failures.pop()
            return await keep(raws)

        inbox.keep = failing  # type: ignore[method-assign]
        await shift.says(OPS, "开播")
        assert not failures
        assert "直播中" in shift.board()


class FullDisk(RealDisk):
    """A disk that has no room while it is `full`."""

    full = False

    def write(self, handle: int, data: bytes, at: int) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        super().write(handle, data, at)


class GateDisk(RealDisk):
    """A disk whose syncs wait while the gate is closed; `reached`: one of them does."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.reached = threading.Event()

    def sync(self, handle: int) -> None:
        if not self.gate.is_set():
            self.reached.set()
        self.gate.wait(120)
        super().sync(handle)

    async def closed_on(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """`work` begun, and waiting for the disk."""
        self.gate.clear()
        task = asyncio.create_task(work)
        await asyncio.to_thread(self.reached.wait, 120)
        return task


async def a_while() -> None:
    """Everything that does not wait for the disk has its turns."""
    for _ in range(50):
        await asyncio.sleep(0)


async def test_a_second_delivery_is_not_received_before_the_first_is_on_the_disk(tmp_path: Path) -> None:
    disk = GateDisk()
    async with evening(tmp_path, disk=disk) as shift:
        bot = shift.here.bot
        new = {**received(shift.here.core)[-1], "update_id": 99_000}
        first = await disk.closed_on(bot.turns.receive([new]))
        second = asyncio.create_task(bot.turns.receive([new]))
        await a_while()
        assert not second.done()
        disk.gate.set()
        await first
        await second
        assert "99000" in rows(tmp_path)


async def test_where_the_first_delivery_cannot_be_stored_the_second_is_not_received_either(
    world: World,
) -> None:
    async with world.opened() as shift:
        bot = shift.here.bot
        unit, failing = bot.runner.unit, asyncio.Event()

        async def fails(*_: Any, **__: Any) -> Any:
            await failing.wait()
            raise OSError

        bot.runner.unit = fails  # type: ignore[method-assign]
        new = {**received(world.core)[-1], "update_id": 99_000}
        both = [asyncio.create_task(bot.turns.receive([new])) for _ in range(2)]
        await a_while()
        failing.set()
        assert [type(one) for one in await asyncio.gather(*both, return_exceptions=True)] == [OSError] * 2
        bot.runner.unit = unit  # type: ignore[method-assign]
        await bot.turns.receive([new])
        await shift.here.settle()
        assert "99000" in rows(world.data)


# -- after a crash


async def test_what_was_committed_before_a_crash_is_not_done_again_and_answers_are_marked(
    world: World,
) -> None:
    async with world.opened() as shift:
        world.group = shift.group
        await live(shift)
        await shift.says(OPS, "改价 65")
        before = len(received(world.core))
        await shift.asks(MEI, "4")  # a look-up, which also counts as known
        await shift.says(OPS, "下一个")
        said, board = len(shift.here.core.said(shift.group)), shift.board()
    left_unhandled(world.data, received(world.core)[before:], world.clock)
    async with world.opened() as shift:
        assert shift.board() == board
        assert len(shift.here.core.said(shift.group)) == said
        copies = [m.text for m in shift.here.core.said(MEI) if "直播价 ¥65.00" in m.text]
        assert [text.startswith(AGAIN) for text in copies[-2:]] == [False, True]
        await shift.here.bot.tick()
        assert not [row for row in rows(world.data).values() if row.state == "waiting"]


async def test_what_a_crash_left_undone_is_done_once_in_the_order_received(world: World) -> None:
    async with world.opened() as shift:
        world.group = shift.group
        await live(shift)
    for price in (66, 67, 68):
        world.core.send_text(OPS, world.group, f"改价 {price}")
    # Stored by a process that was killed before Telegram heard of it: Telegram delivers all three again.
    left_unhandled(world.data, world.core.updates.waiting(), world.clock)
    async with world.opened() as shift:
        offers = shift.here.bot.runner.view("a1").offers.scan()
        assert [str(one.offer.live_price) for one in offers if one.listing.endswith("p4")][1:] == [
            "66.00", "67.00", "68.00",
        ]  # fmt: skip


async def test_an_answer_that_waits_in_the_outbox_is_not_given_again_after_a_crash(world: World) -> None:
    async with world.opened() as shift:
        world.group = shift.group
        await live(shift)
        world.core.faults.throttle(60, method="sendMessage", chat=MEI)
        await shift.asks(MEI, "4")
        asked = received(world.core)[-1]
    left_unhandled(world.data, [asked], world.clock)
    async with world.opened() as shift:
        await shift.minutes(2)
        assert [m.text for m in world.core.said(MEI)[-2:] if "直播价 ¥69.00" in m.text] == [
            shift.here.last(MEI).text
        ]


async def test_a_group_set_up_before_a_crash_gets_its_topics_once(world: World) -> None:
    async with world.opened(bound=False, forum=True) as shift:
        world.group = shift.group
        world.core.promote(shift.group, world.core.bot.id)
        await shift.says(BOSS, "/setup 小满优选 抖音")
        done, made = received(world.core)[-1], len(world.core.called("createForumTopic"))
        said = len(world.core.said(shift.group))
        assert made == len(TOPICS)
    left_unhandled(world.data, [done], world.clock)
    async with world.opened():
        assert len(world.core.called("createForumTopic")) == made
        assert len(world.core.said(world.group)) == said


async def test_a_question_put_since_is_not_cancelled_by_an_older_update_taken_up_again(world: World) -> None:
    async with world.opened() as shift:
        world.group = shift.group
        await live(shift)
        await shift.press(OPS, "改价")
        before = len(received(world.core))
        await shift.asks(OPS, "/now")  # cancels the question
        await shift.press(OPS, "改价")  # asked anew
    left_unhandled(world.data, received(world.core)[before:], world.clock)
    async with world.opened() as shift:
        await shift.asks(OPS, "65")
        assert "直播价 69.00 → 65.00" in shift.read(shift.group)


async def test_what_was_done_in_one_room_is_not_done_in_the_room_the_person_has_gone_to(world: World) -> None:
    async with world.opened() as shift:
        world.group = shift.group
        await live(shift)
        await shift.asks(OPS, "下一个")
        done = received(world.core)[-1]
        other = shift.here.core.create_group("二号直播间", [BOSS, OPS])
        await shift.here.says(BOSS, other, "/setup 二店 快手")
        shift.here.core.send_text(BOSS, other, f"/role @user{OPS} 运营")
        await shift.here.settle()
        await shift.asks(OPS, "/room b1" if "b1" in shift.here.store.rooms() else "/room a2")
        heard = len(shift.here.core.said(OPS))
    left_unhandled(world.data, [done], world.clock)
    async with world.opened() as shift:
        assert len(shift.here.core.said(OPS)) == heard
        assert "正在讲 5号" in shift.board()


async def test_a_room_chosen_since_is_kept_and_the_choice_is_answered_again(world: World) -> None:
    async with world.opened() as shift:
        world.group = shift.group
        other = shift.here.core.create_group("二号直播间", [BOSS])
        await shift.here.says(BOSS, other, "/setup 二店 快手")
        await shift.asks(BOSS, "/room a1")
        first = received(world.core)[-1]
        await shift.asks(BOSS, "/room a2")
    left_unhandled(world.data, [first], world.clock)
    async with world.opened() as shift:
        assert shift.here.last(BOSS).text.startswith(AGAIN)
        met = shift.here.bot.runner.front().people.get(str(BOSS))
        assert met is not None
        assert met.room == "a2"


async def test_a_role_given_since_is_not_taken_by_an_old_update_that_somebody_left(world: World) -> None:
    async with world.opened() as shift:
        world.group = shift.group
        core = shift.here.core
        core.promote(shift.group, core.bot.id)
        before = len(received(core))
        core.leave(MEI, shift.group)
        await shift.here.settle()
        left = received(core)[before:]
        core.join(MEI, shift.group)
        await shift.says(BOSS, f"/role @user{MEI} 客服")
    left_unhandled(world.data, left, world.clock)
    async with world.opened() as shift:
        member = shift.here.bot.runner.view("a1").members.get(str(MEI))
        assert member is not None
        assert member.roles == ("agent",)


async def test_a_group_that_moved_is_found_although_a_crash_came_between(world: World) -> None:
    async with world.opened(supergroup=False) as shift:
        core, old = shift.here.core, shift.group
        before = len(received(core))
        new = core.migrate(old)
        await shift.here.settle()
        moved = received(core)[before:]
        runner = shift.here.bot.runner
        room = runner.room("a1")
        assert room is not None
        assert room.chat_id == new
        # The desk's half was saved, the room's was not.
        await runner.unit("a1", lambda raw: RoomBooks(raw).room.put(room.changed(chat_id=old)))
        world.group = new
    left_unhandled(world.data, moved, world.clock)
    async with world.opened() as shift:
        room = shift.here.bot.runner.room("a1")
        assert room is not None
        assert room.chat_id == new


# -- set aside


def poisonous(shift: Shift, name: str) -> list[str]:
    """From now on the command fails; the names of those it failed for."""
    tried: list[str] = []
    runner = shift.here.bot.runner

    def fail(call: Any, desk: Any) -> Any:
        tried.append(call.who.name)
        raise ZeroDivisionError

    runner.commands[name] = replace(runner.commands[name], run=fail)
    return tried


async def test_what_fails_three_times_is_set_aside_the_person_and_the_owner_are_told(world: World) -> None:
    async with world.opened() as shift:
        world.group = shift.group
        shift.expects_a_fault()
        tried = poisonous(shift, "staff")
        core = shift.here.core
        core.send_text(QIANG, shift.group, "/staff")
        core.send_text(QIANG, shift.group, "/in")
        await shift.here.settle()
        assert tried == ["阿强"] * 3
        number = str(received(core)[-2]["update_id"])
        assert "出错了，这一步没有生效" in shift.read(shift.group)
        assert f"来自 小满优选 服务群 的 阿强，编号 {number}（ZeroDivisionError）" in shift.read(BOSS)
        row = rows(world.data)[number]
        assert (row.state, row.error, row.tries) == ("aside", "ZeroDivisionError", 3)
        assert "/staff" in row.payload
        assert "阿强" in shift.here.last(QIANG).text or "到岗" in shift.read(
            QIANG
        )  # the next one was handled
    async with world.opened() as shift:
        assert shift.read(BOSS).count(f"编号 {number}") == 1


async def test_a_press_that_fails_is_answered_in_an_alert(world: World) -> None:
    async with world.opened() as shift:
        await live(shift)
        shift.expects_a_fault()
        assert not poisonous(shift, "price")
        answer = await shift.press(OPS, "改价")
        assert answer is not None
        assert answer.alert
        assert answer.text.startswith("出错了")


async def test_an_update_nobody_can_read_does_not_hold_up_the_next(world: World) -> None:
    async with world.opened() as shift:
        shift.expects_a_fault()
        shift.here.core.updates.push("message", {"message_id": 1})
        await shift.says(OPS, "开播")
        assert "直播中" in shift.board()
        [number] = [id for id, row in rows(world.data).items() if row.state == "aside"]
        assert f"读不懂的消息，已放到一边，别的消息不受影响。编号 {number}" in shift.read(BOSS)


async def test_half_a_character_in_one_update_does_not_hold_up_those_that_came_with_it(world: World) -> None:
    async with world.opened() as shift:
        chat = {"id": MEI, "type": "private"}
        message = {"message_id": 900, "date": 1, "chat": chat, "text": "/now \ud83d"}
        person = {"id": MEI, "is_bot": False, "first_name": "小美\udc00"}
        broken = {"update_id": 4713, "message": {**message, "from": person}}
        deep: Any = []
        for _ in range(100_000):
            deep = [deep]
        await shift.here.bot.turns.receive([broken, {"update_id": 4714, "deep": deep}, {"update_id": 4715}])
        shift.expects_a_fault()
        await shift.here.settle()
        assert "小美?" in shift.here.bot.runner.front().people.get(str(MEI)).name
    assert {rows(world.data)[number].state for number in ("4713", "4714", "4715")} == {"done"}


async def test_one_that_cannot_even_be_set_aside_holds_up_none_that_came_with_it(world: World) -> None:
    async with world.opened() as shift:
        shift.expects_a_fault()

        async def fails(*_: Any) -> None:
            raise ZeroDivisionError

        shift.here.bot.turns._aside.unreadable = fails  # type: ignore[method-assign]
        await shift.here.bot.polling.stop()
        shift.here.core.updates.push("message", {"message_id": 1})
        shift.here.core.send_text(OPS, shift.group, "开播")
        await shift.here.bot.turns.receive(shift.here.core.updates.waiting())
        shift.here.bot.polling.start()
        await shift.here.settle()
        assert "直播中" in shift.board()


async def test_an_anonymous_admin_who_cannot_be_answered_is_no_fault(world: World) -> None:
    async with world.opened() as shift:
        core = world.core
        other = core.create_group("别的群", [BOSS, OPS])
        await shift.here.settle()
        core.promote(other, OPS, anonymous=True)
        kicked = "Forbidden: bot was kicked from the group chat"
        core.faults.refuse(403, kicked, method="sendMessage", chat=other)
        await shift.here.says(OPS, other, "/now@shiftbot_bot")
        assert "aside" not in {row.state for row in rows(world.data).values()}


async def test_an_update_of_a_kind_that_is_not_known_is_simply_done(world: World) -> None:
    async with world.opened() as shift:
        await shift.here.bot.turns.receive([{"update_id": 4712, "brand_new_kind": {"id": 1}}])
        await shift.here.settle()
        await shift.here.bot.tick()
        assert rows(world.data)["4712"].state == "done"


async def test_what_was_there_at_two_deaths_is_handled_alone_before_the_rest(world: World) -> None:
    async with world.opened() as shift:
        world.group = shift.group
    core = world.core
    core.send_text(QIANG, QIANG, "/staff")
    core.send_text(MEI, MEI, "/staff")
    fresh, suspect = core.updates.waiting()
    left_unhandled(world.data, [fresh], world.clock)
    left_unhandled(world.data, [suspect], world.clock, starts=1)
    order: list[int] = []
    core.listeners.append(
        lambda call: order.append(int(call.params["chat_id"])) if call.method == "sendMessage" else None
    )
    async with world.opened():
        assert order == [MEI, QIANG]
    assert rows(world.data)[str(suspect["update_id"])].tries == 1


async def test_what_ended_the_process_three_times_by_itself_is_set_aside(world: World) -> None:
    async with world.opened() as shift:
        world.group = shift.group
    world.core.send_text(QIANG, QIANG, "/staff")
    [deadly] = world.core.updates.waiting()
    left_unhandled(world.data, [deadly], world.clock, starts=4, tries=3)
    async with world.opened() as shift:
        shift.expects_a_fault()
        assert rows(world.data)[str(deadly["update_id"])].state == "aside"
        assert "在岗" not in shift.here.last(QIANG).text
        assert f"编号 {deadly['update_id']}" in shift.read(BOSS)


async def test_nothing_is_kept_in_memory_of_chats_that_are_quiet_and_of_updates_that_are_handled(
    tmp_path: Path,
) -> None:
    disk = FullDisk()
    async with evening(tmp_path, disk=disk) as shift:
        shift.expects_a_fault()
        disk.full = True
        await shift.asks(MEI, "/now")
        disk.full = False
        await shift.here.bot.tick()
        gc.collect()
        bot = shift.here.bot
        assert not [*bot.turns._locks, *bot.inbox._here, *bot.inbox._unstored, *bot.inbox._done]
        unstored = received(shift.here.core)[-1]
        assert rows(tmp_path)[str(unstored["update_id"])].state == "done"


# -- the watch over polling


async def silent_for(shift: Shift, seconds: int) -> None:
    shift.clock.wind(shift.clock.now() + timedelta(seconds=seconds))
    await shift.here.bot.polling.watch()


async def test_a_poll_that_never_comes_back_is_started_anew_after_a_minute_and_a_half(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async with world.opened() as shift:
        updates, fetch = shift.here.core.updates, shift.here.core.updates.fetch
        hanging = asyncio.Event()

        async def hang(*_: Any) -> Any:
            hanging.set()
            await asyncio.Event().wait()

        updates.fetch = hang  # type: ignore[method-assign]
        updates.pulse.beat()
        shift.here.core.send_text(OPS, shift.group, "开播")
        await hanging.wait()
        updates.fetch = fetch  # type: ignore[method-assign]
        await silent_for(shift, 80)
        assert "polling starts anew" not in caplog.text
        await silent_for(shift, 11)
        await shift.here.settle()
        assert "直播中" in shift.board()
        assert "polling starts anew" in caplog.text


async def test_polling_that_ended_is_started_anew(world: World) -> None:
    async with world.opened() as shift:
        [task] = [task for task in asyncio.all_tasks() if task.get_name() == "polling"]
        task.cancel()
        await asyncio.wait({task})
        await shift.here.bot.polling.watch()
        await shift.says(OPS, "开播")
        assert "直播中" in shift.board()
