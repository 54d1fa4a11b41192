"""The closing is announced by hand or by itself; exports are asked for of who sends them, and again before printing."""

from __future__ import annotations

from pathlib import Path

from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, Shift, evening
from tests.support.orders_to_audit import TAIWAN, XINJIANG, To, number, sends

ASKED = "今天的订单导出"


async def planned_until_ten(shift: Shift) -> None:
    await shift.says(OPS, "/plan 19:30-22:00")
    await shift.at("19:30")
    await shift.says(OPS, "开播")


async def test_by_hand_the_group_hears_it_once_and_ops_are_asked_for_the_export(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(OPS, "开播")
        said = await shift.says(OPS, "/closing")
        assert len(said) == 1
        assert ASKED in shift.read(OPS)
        assert ASKED not in shift.read(MEI) + shift.read(CHEN) + shift.read(shift.group)
        assert "已是快下播" in "".join(await shift.asks(OPS, "/closing"))


async def test_who_sent_the_last_export_is_asked_for_the_next(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(OPS, "开播")
        await sends(shift, To(number(1)), who=MEI)
        await shift.says(OPS, "/closing")
        assert ASKED in shift.read(MEI)
        assert ASKED not in shift.read(OPS)


async def test_half_an_hour_before_the_planned_end_it_begins_by_itself_where_it_is_quiet(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await planned_until_ten(shift)
        await shift.at("21:29")
        assert "快下播了" not in shift.read(shift.group)
        await shift.at("21:30")
        assert "快下播了（计划 22:00，现在不忙）" in shift.read(shift.group)
        assert ASKED in shift.read(OPS)
        await shift.at("22:00")
        assert shift.read(shift.group).count("快下播了") == 1


async def test_while_questions_wait_it_does_not_begin_and_it_does_as_soon_as_they_are_answered(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await planned_until_ten(shift)
        await shift.at("21:20")
        await shift.asks(MEI, "/ask 明天能发货吗")
        await shift.asks(QIANG, "/ask 可以开专票吗")
        await shift.at("21:40")
        assert "快下播了" not in shift.read(shift.group)
        for _ in range(2):
            await shift.press(OPS, "我来答")
            await shift.asks(OPS, "可以的")
        await shift.minutes(4)
        assert "快下播了" in shift.read(shift.group)


async def test_a_stream_that_ended_before_it_was_quiet_is_audited_afterwards(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(OPS, "开播")
        await shift.says(OPS, "下播")
        assert ASKED not in shift.read(OPS)
        await shift.minutes(5)
        assert "现在不忙了，开始审单" in shift.read(shift.group)
        assert shift.read(OPS).count(ASKED) == 1


async def test_before_printing_the_orders_paid_since_are_asked_for_unless_a_new_export_is_there(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(OPS, "开播")
        await shift.says(OPS, "/closing")
        await sends(shift, To(number(1)))
        await shift.at("12 07:59")
        assert "打单前" not in shift.read(OPS)
        await shift.at("12 08:01")
        assert "09:00 打单前请再发一次订单导出：11-11 19:20 以后付款的订单还没有审" in shift.read(OPS)
        assert "打单前" not in shift.read(shift.group)


async def test_an_export_of_the_morning_is_new_enough_and_the_room_says_when_labels_are_printed(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(OPS, "开播")
        await shift.says(OPS, "/closing")
        assert "请写几点打单" in (await shift.asks(CHEN, "/printing 25:00"))[0]
        assert "打单时间：08:30" in (await shift.asks(CHEN, "/printing 8:30"))[0]
        await shift.at("12 07:00")
        await sends(shift, To(number(1)))
        await shift.at("12 09:30")
        assert "打单前" not in shift.read(OPS)


async def test_where_no_export_ever_came_one_is_asked_for_before_printing(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(OPS, "开播")
        await shift.says(OPS, "/closing")
        await shift.asks(CHEN, "/printing 8:30")
        await shift.at("12 07:31")
        assert shift.read(OPS).count("08:30 打单前请发一次订单导出") == 1


async def test_the_sender_reads_what_was_found_by_rule_and_by_province(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(OPS, "开播")
        await shift.says(BOSS, "停发 台湾")
        await shift.says(BOSS, "偏远 新疆")
        await shift.says(OPS, "/closing")
        far = [To(number(n), XINJIANG, phone=f"139000100{n:02}") for n in (1, 2)]
        said = (await sends(shift, *far, To(number(3), TAIWAN, phone="13900010003"), To(number(4))))[-1]
        assert "原因：偏远地区 2、停发地区 1" in said
        assert "省份：新疆维吾尔自治区 2、台湾省 1" in said
        assert "原因：偏远地区 2、停发地区 1" in shift.read(shift.group)


async def test_what_stands_open_stays_before_the_manager_until_the_shift_is_wrapped(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(OPS, "开播")
        await shift.says(BOSS, "停发 台湾")
        await shift.says(OPS, "/closing")
        await sends(shift, *(To(number(n), TAIWAN, phone=f"139000200{n:02}") for n in (1, 2)))
        await shift.says(OPS, "下播")

        def desk() -> str:
            return shift.here.core.pinned(BOSS)[-1].text

        assert "未收尾：2 单要拦的还没有着落" in desk()
        assert "敞口：2 单未解决 × 3.00 元 = 6.00 元" in desk()
        await shift.press(BOSS, "没人处理的都交下一班")
        assert "2 单已交下一班，11-12 09:00 前处理" in shift.here.last(BOSS).text
        assert "可以收尾" in desk()
        await shift.asks(BOSS, "/wrap")
        assert "收尾" not in desk()
        assert "未收尾" not in shift.here.core.pinned(MEI)[-1].text
