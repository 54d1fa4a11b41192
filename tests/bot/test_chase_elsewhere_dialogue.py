"""The chase in an English room, and with the process started anew in the middle of what a buyer said."""

from __future__ import annotations

import re
from pathlib import Path

from bot.clock import WoundClock
from bot.rehearsal.telegram import TelegramCore
from tests.support.chases import ONE, THREE, TWO, chased, clock, export, keep, unpaid
from tests.support.evening import BOSS, MEI, OPS, QIANG, START, evening

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


async def test_an_english_room_reads_the_chase_in_english(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(BOSS, "/setup Lumi douyin en")
        await shift.at("20:10")
        await keep(shift, *(unpaid(shift, number, left=45, title="Serum") for number in (ONE, TWO)))
        said = [*await shift.asks(MEI, "/chase")]
        for step in ("Call", "Remind button", "Message", "Not a good time"):
            await shift.press(MEI, step)
        assert "comes back at 20:20" in shift.here.last(MEI).text
        said += await shift.asks(MEI, "/batch")
        await shift.minutes(11)
        await shift.press(MEI, "All written to")
        assert "Noted for 1 orders: Message" in shift.read(MEI)
        said += await shift.asks(MEI, f"/chase {THREE} 19:00")
        assert "was placed at 19:00 and so expired at 19:30: not registered" in said[-1]
        await shift.says(OPS, "/live")
        said += await shift.asks(OPS, "/ladder off 0")
        said += await shift.asks(OPS, "/ladder off 5 agent 30 times")
        await shift.press(OPS, "Cancel these offers")
        said.append(shift.here.last(OPS).text)
        said += await export(shift, "pinduoduo", "261111123456789")
        assert "How long does an unpaid order live on Pinduoduo?" in shift.read(BOSS)
        said += await shift.asks(BOSS, "/life pinduoduo 20")
        names = ("小周", "小美", "阿强", "林主管", "订单.csv")
        read = "\n".join(said)
        for name in names:
            read = read.replace(name, "")
        assert not CHINESE.search(read), read


async def test_started_anew_between_the_question_and_the_answer_nothing_is_asked_again(
    tmp_path: Path,
) -> None:
    times = WoundClock(START)
    core = TelegramCore(times.now)
    async with evening(tmp_path, core=core, clock=times) as shift:
        await shift.at("20:22")
        await shift.asks(MEI, f"催 {ONE}")
        for step in ("电话", "提醒付款", "留言", "答应付款"):
            await shift.press(MEI, step)
        group = shift.group
    async with evening(tmp_path, core=core, clock=times, group=group) as shift:
        assert "20:40 再提醒" in (await shift.asks(MEI, "20:40"))[0]
        await shift.asks(MEI, f"催 {TWO}")
        await shift.press(MEI, "留言")
        await shift.press(MEI, "不付了")
    async with evening(tmp_path, core=core, clock=times, group=group) as shift:
        await shift.press(MEI, "余额不足")
        assert chased(shift, TWO).reason == "pay_balance"
        await shift.asks(QIANG, f"催 {THREE}")
        await shift.asks(QIANG, "批量催付")
    async with evening(tmp_path, core=core, clock=times, group=group) as shift:
        await shift.press(QIANG, "都留言了")
        assert [touch.step for touch in chased(shift, THREE).touches] == ["message"]
        await shift.at("20:41")
        assert f"订单 {ONE}：约定的 20:40 到了" in shift.read(MEI)
        assert clock(chased(shift, ONE).returns_at) == "20:40"
