"""A press is answered once, soon: with its toast, or neutrally where the disk takes its time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot import presses
from bot.rehearsal.telegram.core import Call as ApiCall
from storage.store import DESK
from tests.bot.test_inbox import GateDisk, live
from tests.bot.test_not_saved import FaultyDisk
from tests.support.evening import MEI, OPS, Shift, evening


class SlowDisk(GateDisk, FaultyDisk):
    """A disk that lets itself be waited for, and may fail then."""

    def __init__(self) -> None:
        FaultyDisk.__init__(self)
        GateDisk.__init__(self)


def answers(shift: Shift) -> asyncio.Queue[ApiCall]:
    """The answers to presses from now on."""
    given: asyncio.Queue[ApiCall] = asyncio.Queue()

    def hear(call: ApiCall) -> None:
        if call.method == "answerCallbackQuery":
            given.put_nowait(call)

    shift.here.core.listeners.append(hear)
    return given


async def pressed_on_a_slow_disk(shift: Shift, disk: SlowDisk, caption: str) -> ApiCall:
    """What a press is answered with while what it asks for is still being saved."""
    given = answers(shift)
    store = shift.here.store
    run_all = store.run_all

    def closing(room: str, *args: object, **more: object) -> object:
        if room != DESK:  # the update itself is stored, and handled from then on
            disk.gate.clear()
        return run_all(room, *args, **more)  # type: ignore[arg-type]

    store.run_all = closing  # type: ignore[method-assign, assignment]
    message, button = shift.find(OPS, caption)
    shift.here.core.press(OPS, OPS, message.message_id, button)
    answer = await asyncio.wait_for(given.get(), 120)
    store.run_all = run_all  # type: ignore[method-assign]
    return answer


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> SlowDisk:
    monkeypatch.setattr(presses, "NEUTRAL_AFTER", 0.05)
    return SlowDisk()


async def test_a_press_whose_unit_takes_long_is_answered_neutrally_meanwhile(
    tmp_path: Path, disk: SlowDisk
) -> None:
    async with evening(tmp_path, disk=disk) as shift:
        await live(shift)
        answer = await pressed_on_a_slow_disk(shift, disk, "下一个")
        assert answer.params["text"] == "处理中…"
        disk.gate.set()
        await shift.here.settle()
        assert "正在讲 5号" in shift.board()


async def test_a_refusal_that_comes_after_the_neutral_answer_is_said_in_private(
    tmp_path: Path, disk: SlowDisk
) -> None:
    async with evening(tmp_path, disk=disk) as shift:
        await live(shift)
        shift.expects_a_fault()
        await pressed_on_a_slow_disk(shift, disk, "下一个")
        disk.failing = True
        disk.gate.set()
        await shift.here.settle()
        assert "未保存：服务器的磁盘出错" in shift.here.last(OPS).text
        disk.failing = False


async def test_a_press_is_answered_before_the_card_it_asks_for_is_sent(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live(shift)
        order: list[str] = []
        shift.here.core.listeners.append(lambda call: order.append(call.method))
        newest = shift.here.last(MEI)
        await shift.here.presses(MEI, MEI, newest.message_id, "a1:my", outdated=True)
        order = [one for one in order if one in ("sendMessage", "answerCallbackQuery")]
        assert order[:2] == ["answerCallbackQuery", "sendMessage"]
