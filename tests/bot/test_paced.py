"""At Telegram's limits: nothing is refused for being too fast, and what matters waits for nothing that does not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.card import group, line
from bot.clock import WoundClock
from bot.pace import Limits
from bot.rehearsal import samples
from bot.rehearsal.telegram import ApiError, Message, TelegramCore
from storage.books import RoomBooks
from tests.support.evening import MEI, OPS, START, Shift, evening


async def on_air(shift: Shift) -> None:
    await shift.sends(OPS, "排品表.xlsx", samples.runsheet_xlsx(corrected=True))
    await shift.minutes(1)
    await shift.press(OPS, "启用")
    await shift.minutes(1)
    await shift.says(OPS, "开播")
    await shift.minutes(1)


async def queued(shift: Shift, count: int) -> None:
    """Low-priority cards for the group."""
    runner, now = shift.here.bot.runner, shift.clock.now()
    cards = [group(line("common.verbatim", text=f"work {n}"), rank="work") for n in range(count)]
    await runner.unit("a1", lambda raw: runner.post(RoomBooks(raw), cards, now))
    await shift.here.settle()


async def seconds(shift: Shift, count: float) -> None:
    await shift.here.wind_by(timedelta(seconds=count))


def announced(shift: Shift, number: int) -> list[Message]:
    said = shift.here.core.said(shift.group)
    return [m for m in said if f"正在讲 {number}号" in m.text and "直播价" in m.text and not m.pinned]


async def test_a_busy_evening_is_never_too_fast_for_telegram(tmp_path: Path) -> None:
    clock = WoundClock(START)
    core = TelegramCore(clock.now, throttle=True)
    async with evening(tmp_path, core=core, clock=clock, limits=Limits()) as shift:
        await shift.minutes(2)  # the settling in took no time at all, and was refused for it
        strict = len(core.calls)
        await on_air(shift)
        await queued(shift, 60)
        for number in (3, 4, 5):
            await shift.says(OPS, f"开讲 {number}")
            await shift.says(OPS, f"改价 {60 + number}")
            await shift.asks(MEI, str(number))
            await seconds(shift, 7)
        await shift.minutes(9)
        refused = [c for c in core.calls[strict:] if isinstance(c.error, ApiError) and c.error.code == 429]
        assert not refused
        assert len(announced(shift, 5)) == 1
        assert "¥65.00" in shift.board()
        assert "65.00" in core.pinned(MEI)[-1].text


async def test_what_is_on_air_does_not_queue_behind_the_work(tmp_path: Path) -> None:
    async with evening(tmp_path, limits=Limits()) as shift:
        await on_air(shift)
        await queued(shift, 60)
        await seconds(shift, 100)
        for number in (3, 4, 5):
            await shift.says(OPS, f"开讲 {number}")
            await seconds(shift, 1)
            assert len(announced(shift, number)) == 1
        assert "work 40" not in shift.read(shift.group)


async def test_an_answer_that_comes_too_soon_after_another_waits_its_second(tmp_path: Path) -> None:
    async with evening(tmp_path, limits=Limits()) as shift:
        await on_air(shift)
        assert len(await shift.asks(MEI, "3")) == 1
        assert await shift.asks(MEI, "4") == []
        before = len(shift.here.core.said(MEI))
        await seconds(shift, 1)
        assert "4号" in shift.here.core.said(MEI)[before].text


async def test_screens_are_drawn_at_once_and_then_with_the_newest_state_of_the_second(tmp_path: Path) -> None:
    async with evening(tmp_path, limits=Limits()) as shift:
        await on_air(shift)
        await seconds(shift, 30)
        edits = len(shift.here.core.called("editMessageText"))
        for number in (3, 4, 5):
            await shift.says(OPS, f"开讲 {number}")
        assert "3号" in shift.here.core.pinned(MEI)[-1].text
        await seconds(shift, 1)
        assert "5号" in shift.here.core.pinned(MEI)[-1].text
        to_mei = [
            c for c in shift.here.core.called("editMessageText")[edits:] if int(c.params["chat_id"]) == MEI
        ]
        assert len(to_mei) == 2


async def test_a_group_with_much_to_say_is_well_as_long_as_what_is_urgent_leaves(tmp_path: Path) -> None:
    async with evening(tmp_path, limits=Limits()) as shift:
        await on_air(shift)
        await queued(shift, 60)
        await seconds(shift, 150)
        outbox = shift.here.bot.outbox
        assert outbox.count() > 10
        assert outbox.oldest() is None
