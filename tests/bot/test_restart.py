"""The process may stop at any moment of the evening; opened again it goes on where it was."""

from __future__ import annotations

from pathlib import Path

from bot.call import Call, Caller
from bot.clock import WoundClock
from bot.rehearsal import samples
from bot.rehearsal.telegram import TelegramCore
from tests.support.evening import MEI, OPS, QIANG, START, evening


async def test_opened_again_in_the_middle_of_the_evening_it_goes_on(tmp_path: Path) -> None:
    clock = WoundClock(START)
    core = TelegramCore(clock.now)
    async with evening(tmp_path, core=core, clock=clock) as before:
        await before.sends(OPS, "排品表.xlsx", samples.runsheet_xlsx(corrected=True))
        await before.press(OPS, "启用")
        await before.at("20:00")
        await before.says(OPS, "开播")
        await before.says(OPS, "开讲 4")
        await before.asks(OPS, "改价 65")
        await before.at("20:40")
        await before.sends(MEI, *samples.export(samples.FIRST_EXPORT))
        await before.asks(QIANG, "/chase")
        group, board = before.group, before.board()
        said = len(core.said(group))
    core.send_text(MEI, MEI, "4")  # asked while nobody was there to answer
    async with evening(tmp_path, core=core, clock=clock, group=group) as after:
        assert "直播价 ¥65.00" in after.here.last(MEI).text
        assert after.board() == board
        assert len(core.said(group)) == said  # nothing was announced a second time
        answer = await after.press(QIANG, "提醒付款")  # a button from before the restart still works
        assert answer is not None
        assert answer.text == "已记：提醒付款"
        await after.press(MEI, "已知悉", group)
        assert "正在讲 5号" in (await after.says(OPS, "下一个"))[0]


async def test_an_update_that_was_committed_is_not_applied_a_second_time(tmp_path: Path) -> None:
    clock = WoundClock(START)
    core = TelegramCore(clock.now)
    async with evening(tmp_path, core=core, clock=clock) as shift:
        await shift.sends(OPS, "排品表.xlsx", samples.runsheet_xlsx(corrected=True))
        await shift.press(OPS, "启用")
        await shift.says(OPS, "开播")
        await shift.says(OPS, "下一个")
        runner = shift.here.bot.runner
        seen = max(int(one.id) for one in runner.view("a1").handled.scan())
        again = Call(seen, clock.now(), Caller(str(OPS), "小周"), shift.group, False, "next", room="a1")
        await runner.run(
            again
        )  # Telegram delivers it once more: without the memory product 2 would go on air
        assert "正在讲 1号" in shift.board()
        await runner.run(again.to(update_id=seen + 1))
        await shift.here.settle()
        assert "正在讲 2号" in shift.board()
