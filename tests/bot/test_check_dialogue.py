"""`/check`: a file of orders is looked at and nothing comes of it, until somebody presses that it shall."""

from __future__ import annotations

from pathlib import Path

from bot.intake import Batch
from bot.reading_card import progress
from bot.rehearsal import samples
from storage.rows import Job
from tests.support.evening import BOSS, MEI, OPS, Shift, evening
from tests.support.orders_to_audit import PAID, TAIWAN, XINJIANG, To, export, number, sends

ORDERS = (
    To(number(1), TAIWAN, phone="13900040001"),
    To(number(2), XINJIANG, phone="13900040002"),
    To(number(3)),
    To(number(4), TAIWAN, phone="13900040004", status="已发货"),
    To(number(5), status="待支付", phone="13900040005"),
)


async def with_rules(shift: Shift) -> None:
    await shift.says(BOSS, "停发 台湾")
    await shift.says(BOSS, "偏远 新疆")


async def test_a_file_after_check_is_told_of_and_leaves_nothing(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await with_rules(shift)
        await shift.says(OPS, "开播")
        await shift.says(OPS, "/closing")
        before = shift.read(shift.group)
        assert "5 分钟内" in (await shift.asks(OPS, "/check"))[0]
        said = (await sends(shift, *ORDERS))[-1]
        assert "只查没有收" in said
        assert "共 5 单，要发货的 3 单" in said
        assert "要拦 1 单，要核对 1 单" in said
        assert "省份：台湾省 1、新疆维吾尔自治区 1" in said
        assert said.index(number(1)) < said.index(number(2)), "what must not leave comes first"
        assert number(4) not in said
        for secret in ("13900040001", "张三", "文三路"):
            assert secret not in said
        assert shift.read(shift.group) == before
        assert "没有待处理的异常订单" in (await shift.asks(MEI, "/holds"))[0]
        assert "付款时限" not in shift.read(BOSS)
        assert "没有" in (await shift.asks(MEI, f"/order {number(1)}"))[0]


async def test_the_file_may_be_taken_in_afterwards_and_only_the_next_one_was_a_question(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await with_rules(shift)
        await shift.asks(OPS, "查文件")
        await sends(shift, *ORDERS)
        await shift.press(OPS, "收下这个文件")
        assert "要拦 1" in shift.here.last(OPS).text or "要拦" in shift.read(OPS)
        assert number(1) in (await shift.asks(MEI, "/holds"))[0]
        await shift.minutes(1)
        said = (await sends(shift, *ORDERS))[-1]
        assert "只查没有收" not in said
        assert "抖音，数据时间" in said


async def test_the_word_under_the_file_does_the_same(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await with_rules(shift)
        name, data = export(shift.clock.now(), *ORDERS)
        shift.here.core.send_document(OPS, OPS, name, data, "/check")
        await shift.here.settle()
        assert "只查没有收" in shift.here.last(OPS).text
        assert "没有待处理的异常订单" in (await shift.asks(MEI, "/holds"))[0]


async def test_a_question_that_is_old_is_no_longer_open(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await with_rules(shift)
        await shift.asks(OPS, "/check")
        await shift.minutes(6)
        assert "只查没有收" not in (await sends(shift, *ORDERS))[-1]


async def test_what_was_dealt_with_here_is_not_told_again(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await with_rules(shift)
        await sends(shift, *ORDERS)
        await shift.asks(BOSS, f"/waive a1-h{number(1)} 买家自提")
        await shift.minutes(1)
        await shift.asks(OPS, "/check")
        said = (await sends(shift, *ORDERS))[-1]
        assert number(1) not in said
        assert "其中 1 单您这里已经处理过" in said


async def test_a_file_without_orders_is_not_checked_and_not_taken_in(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "/check")
        name, data = samples.logistics_list()
        said = (await shift.sends(OPS, name, data))[-1]
        assert "不是订单表" in said
        assert "催物流" not in shift.read(shift.group)


async def test_a_clean_file_says_so(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await with_rules(shift)
        await shift.asks(OPS, "/check")
        assert "要发货的都可以照发" in (await sends(shift, To(number(3))))[-1]


def test_of_a_long_file_the_sender_sees_how_far_the_audit_is() -> None:
    job = Job(id="a1-f1", file_id="x", file_name="orders.csv", by=str(OPS), at=PAID)
    batches = [
        Batch(job, None, PAID, number, tuple(range(200)), last=number == 24, total=5000)
        for number in range(25)
    ]
    said = [(card.edit, card.lines[0].values) for batch in batches for card in progress(batch)]
    assert [values["done"] for _, values in said] == [2000, 4000]
    assert all(edit and values["total"] == 5000 for edit, values in said), "one message, edited in place"
