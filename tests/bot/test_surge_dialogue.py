"""A surge in the room: the manager is told once, with who is free; it ends quietly."""

from __future__ import annotations

from pathlib import Path

from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, Shift, evening


async def orders(shift: Shift, who: int, first: int, count: int) -> None:
    for n in range(first, first + count):
        await shift.asks(who, f"催 69179267688236{n:05}")


async def test_the_manager_is_told_once_of_a_surge_with_who_is_free(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "每分钟 2 件" in (await shift.asks(BOSS, "/surge 2"))[0]
        await shift.says(OPS, "开播")
        await orders(shift, MEI, 0, 5)
        assert "流量暴增" not in shift.read(BOSS)
        await orders(shift, MEI, 5, 3)
        told = shift.read(BOSS)
        assert "流量暴增 每分钟提问 0.0 · 新未付订单 2.0（提醒线 2）" in told
        assert "空着：阿强" in told
        assert "手上有活：小美" in told
        assert told.count("流量暴增") == 1
        assert "流量暴增" not in shift.read(shift.group)


async def test_a_surge_is_told_again_only_after_it_was_calm_for_the_cool_down(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "/surge 1")
        await shift.says(OPS, "开播")
        await orders(shift, MEI, 0, 3)
        await shift.minutes(5)
        await orders(shift, MEI, 3, 3)
        assert shift.read(BOSS).count("流量暴增") == 1
        await shift.minutes(16)
        await orders(shift, MEI, 6, 3)
        assert shift.read(BOSS).count("流量暴增") == 2


async def test_questions_make_a_surge_too_and_before_the_stream_nothing_does(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "/surge 1")
        for text in ("能用盐水冲吗", "孕妇可以吃吗", "保质期多久"):
            await shift.asks(MEI, f"/ask {text}")
        assert "流量暴增" not in shift.read(BOSS)
        await shift.says(OPS, "开播")
        for text in ("可以开发票吗", "什么颜色好看", "几天能收到"):
            await shift.asks(QIANG, f"/ask {text}")
        assert "流量暴增" in shift.read(BOSS)


async def test_the_same_question_from_many_is_a_surge_though_ops_are_asked_once(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "/surge 1")
        await shift.says(OPS, "开播")
        for who in (MEI, QIANG, CHEN):
            await shift.asks(who, "/ask 可以开发票吗")
        assert "流量暴增 每分钟提问 1.0" in shift.read(BOSS)


async def test_the_threshold_is_a_whole_number(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "1–1000 的整数" in (await shift.asks(BOSS, "/surge 很多"))[0]
        assert "提醒线 10" in (await shift.asks(BOSS, "/surge"))[0]
