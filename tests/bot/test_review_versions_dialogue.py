"""A review has a new version where there is something new to say, and is worked out while the room goes on."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.call import Call
from bot.desk import Desk
from bot.review_versions import drafted, kept
from playbooks import review_marks
from playbooks.broadcast import Broadcast
from playbooks.room import Member
from storage.books import RoomBooks
from tests.bot.test_undo_dialogue import selling
from tests.bot.test_week_of_reviews import Stream
from tests.support.evening import BOSS, MEI, OPS, Shift, evening


def versions(shift: Shift, who: int) -> list[str]:
    """The first line of every review in a chat."""
    return [m.text.split("\n")[0] for m in shift.here.core.said(who) if "1 基础信息" in m.text]


async def over(shift: Shift) -> None:
    await selling(shift)
    await shift.says(OPS, "下播")


async def test_asked_for_again_with_nothing_new_it_is_the_same_version(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await over(shift)
        for _ in range(3):
            await shift.asks(BOSS, "复盘")
        assert len(versions(shift, BOSS)) == 3
        assert all("第 1 版" in one for one in versions(shift, BOSS))
        await shift.asks(BOSS, "录入 场观 12000")
        await shift.asks(BOSS, "复盘")
        assert "第 2 版" in versions(shift, BOSS)[-1]
        await shift.asks(BOSS, "/post 客服 话术要补")
        await shift.asks(BOSS, "复盘")
        assert "第 3 版" in versions(shift, BOSS)[-1]


async def test_an_export_that_changes_nothing_troubles_nobody(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        night = Stream(shift, 11)
        await night.play()
        assert len(versions(shift, BOSS)) == 1
        before = len(shift.here.core.said(BOSS))
        await shift.at("23:20")
        await night.export()
        assert len(shift.here.core.said(BOSS)) == before
        assert "第 1 版" in (await shift.asks(BOSS, "复盘"))[0]
        assert "订单数据截至 11-11 23:20" in shift.read(BOSS)


async def test_two_who_ask_at_once_read_one_version(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await over(shift)
        shift.here.core.send_text(MEI, shift.group, "到")
        await shift.here.settle()
        message = [m for m in shift.here.chat(shift.group) if m.sender_id == MEI][-1]
        await shift.says(BOSS, "/role 主管", reply_to=message.message_id)
        for who in (BOSS, MEI):
            shift.here.core.send_text(who, who, "复盘")
        await shift.here.settle()
        assert [len(versions(shift, who)) for who in (BOSS, MEI)] == [1, 1]
        assert versions(shift, BOSS) == versions(shift, MEI)
        assert "第 1 版" in versions(shift, BOSS)[0]


async def test_a_draft_somebody_overtook_is_not_kept(tmp_path: Path) -> None:
    """It was worked out on books of before; whoever was faster has the newer one."""
    async with evening(tmp_path) as shift:
        await over(shift)
        runner = shift.here.bot.runner

        def at(books: RoomBooks) -> tuple[Desk, Broadcast]:
            room = books.room.get("a1")
            assert room
            me = Member(id=str(BOSS), name="林主管", roles=("manager",))
            here = max(books.broadcasts.scan(), key=lambda one: one.number)
            return Desk(books, runner.front(), room, me, None, now=shift.clock.now()), here

        desk, here = at(runner.view("a1"))
        slow = drafted(here, desk)
        await shift.asks(BOSS, "录入 场观 12000")
        await shift.asks(BOSS, "复盘")
        await runner.unit("a1", lambda raw: kept(slow, at(RoomBooks(raw))[0]))
        marks = runner.view("a1").review_marks.get(here.id)
        assert marks
        assert [one.version for one in marks.versions] == [1]
        assert at(runner.view("a1"))[1].reviewed == 1
        assert not review_marks.says_the_same(marks, slow)


async def test_the_group_is_never_given_a_version_that_was_not_made(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await over(shift)
        await shift.asks(BOSS, "/share")
        assert "第 1 版" in shift.here.last(shift.group).text


async def test_while_a_review_is_worked_out_the_room_goes_on(tmp_path: Path) -> None:
    """The work waits in its thread till a change of price went through: were it in a unit, none would."""
    may_end = threading.Event()
    async with evening(tmp_path) as shift:
        await selling(shift)
        commands, core = shift.here.bot.runner.commands, shift.here.core
        made = commands["review"]

        def watched(call: Call, desk: Desk) -> Any:
            assert may_end.wait(30)
            return made.ahead and made.ahead(call, desk)

        commands["review"] = replace(made, ahead=watched)
        core.send_text(BOSS, BOSS, "复盘")
        core.send_text(OPS, shift.group, "/price 1 71")
        while "→ 71" not in shift.read(shift.group):
            await core.changed_since(core.version)
        assert not versions(shift, BOSS)
        may_end.set()
        await shift.here.settle()
        assert len(versions(shift, BOSS)) == 1


async def test_the_review_says_who_was_there_and_who_did_how_much_on_and_off_air(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.minutes(10)
        await shift.asks(MEI, "流失 1 太贵")
        await shift.minutes(10)
        await shift.says(OPS, "下播")
        await shift.minutes(5)
        await shift.asks(MEI, "流失 1 没货")
        text = "\n".join(await shift.asks(BOSS, "复盘"))
        assert "客服 2 人：小美、阿强" in text
        assert "小美：播中 1 件，播外 1 件" in text
        assert "阿强：播中 0 件，播外 0 件" in text
        opened = (await shift.asks(BOSS, "/why 小美的工作"))[-1]
        assert "依据 2 条" in opened
        assert opened.count("登记流失") == 2
