"""Held orders change hands and come back, nobody's work is lost, and an old file changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bot.desk import Desk
from bot.handing_back import hand_back
from bot.rehearsal import samples
from playbooks.room import Member
from storage.books import RoomBooks
from storage.store import Books
from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, SHANGHAI, Shift, evening

HEADINGS = (
    "主订单编号", "子订单编号", "选购商品", "商品数量", "订单应付金额", "省", "市", "区",
    "订单提交时间", "支付完成时间", "订单状态", "承诺发货时间",
)  # fmt: skip
FIRST, SECOND, THIRD = "6917940000000000011", "6917940000000000022", "6917940000000000033"
TAIWAN, XINJIANG, ZHEJIANG = (
    ("台湾省", "台北市", "信义区"),
    ("新疆维吾尔自治区", "喀什地区", "喀什市"),
    ("浙江省", "杭州市", "西湖区"),
)
Row = tuple[str, tuple[str, str, str], str]


def held(number: str, to: tuple[str, str, str] = TAIWAN, ship_by: str = "2026-11-13 20:00:00") -> Row:
    return number, to, ship_by


async def export(shift: Shift, *orders: Row, status: str = "待发货") -> str:
    """Send an export made this minute; what the sender was told."""
    rows = [
        [
            number,
            number,
            "玫瑰精华水",
            "1",
            "59.90",
            *to,
            "2026-11-11 19:30:00",
            "2026-11-11 19:31:00",
            status,
            ship_by,
        ]
        for number, to, ship_by in orders
    ]
    name = f"{int(shift.clock.now().timestamp())}_a1b2.csv"
    return (await shift.sends(OPS, name, samples.csv_bytes(HEADINGS, rows)))[-1]


async def ended(shift: Shift, *orders: Row) -> None:
    """A broadcast that is over, with these orders paid in it."""
    await shift.says(OPS, "开播")
    await shift.says(BOSS, "停发 台湾")
    await shift.says(BOSS, "偏远 新疆")
    await shift.says(OPS, "下播")
    await export(shift, *orders)


def hold_of(number: str) -> str:
    return f"a1-h{number}"


async def given(shift: Shift, person: int, number: str) -> None:
    """`person` claims the held order and hands it to the next shift."""
    await shift.asks(person, f"/hold {hold_of(number)}")
    await shift.asks(person, f"/hand {hold_of(number)}")


def newest_buttons(shift: Shift, person: int) -> list[str]:
    return [b.text for row in shift.here.last(person).rows for b in row]


async def test_an_order_found_in_order_is_held_again_when_a_later_export_finds_something(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await ended(shift, held(FIRST))
        await shift.minutes(10)
        await export(shift, held(FIRST, ZHEJIANG))
        assert "没有待处理" in (await shift.asks(MEI, "/holds"))[0]
        await shift.minutes(10)
        await export(shift, held(FIRST))
        assert f"{FIRST} 停发地区" in (await shift.asks(MEI, "/holds"))[0]
        assert "不能收尾" in (await shift.asks(BOSS, "/wrap"))[0]


async def test_a_shipped_order_stays_dealt_with_whatever_its_address_says(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await ended(shift, held(FIRST))
        for status in ("已发货", "待发货"):
            await shift.minutes(10)
            await export(shift, held(FIRST), status=status)
        assert "没有待处理" in (await shift.asks(MEI, "/holds"))[0]


async def test_what_was_handed_over_and_is_due_is_told_once_to_those_on_duty_and_listed_by_wrap(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await ended(shift, held(FIRST), held(SECOND))
        await given(shift, MEI, FIRST)
        await given(shift, QIANG, SECOND)
        assert "交给下一班，11-12 09:00 前处理" in shift.read(MEI)
        await shift.asks(BOSS, "/wrap")
        assert "交下一班 2 单" in shift.read(shift.group)
        await shift.at("12 08:59")
        assert "到时间了" not in shift.read(MEI)
        await shift.at("12 11:00")
        for agent in (MEI, QIANG):
            assert shift.read(agent).count("上一班交来的 2 单到时间了") == 1
        assert "到时间了" not in shift.read(BOSS)
        assert "到时间了" not in shift.read(shift.group)
        said = (await shift.asks(BOSS, "/wrap"))[0]
        assert "已收尾" in said
        assert f"还有 2 单没有着落：{FIRST}、{SECOND}" in said
        await shift.press(MEI, f"…{FIRST[-6:]}")
        assert f"订单 {FIRST} · 处理中" in shift.here.last(MEI).text


async def test_with_nobody_on_duty_the_managers_are_told_what_is_due(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await ended(shift, held(FIRST))
        await given(shift, MEI, FIRST)
        for person in (MEI, QIANG, BOSS):
            await shift.asks(person, "/out")
        await shift.at("12 09:00")
        assert "上一班交来的 1 单到时间了" in shift.read(BOSS)
        assert "到时间了" not in shift.read(MEI)


async def test_what_somebody_took_up_in_time_is_told_to_nobody(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await ended(shift, held(FIRST))
        await given(shift, MEI, FIRST)
        await shift.at("12 08:30")
        await shift.asks(QIANG, f"/hold {hold_of(FIRST)}")
        await shift.at("12 09:30")
        assert "到时间了" not in shift.read(MEI) + shift.read(QIANG) + shift.read(BOSS)


async def test_the_list_leads_with_the_overdue_then_holds_then_checks_then_the_next_shifts(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        soon = "2026-11-11 21:00:00"
        await ended(shift, held(FIRST, ship_by=soon), held(SECOND, XINJIANG), held(THIRD))
        await given(shift, MEI, FIRST)

        async def listed() -> list[str]:
            said = (await shift.asks(MEI, "/holds"))[0]
            return sorted((FIRST, SECOND, THIRD), key=said.index)

        assert await listed() == [THIRD, SECOND, FIRST]
        await shift.at("21:00")
        assert await listed() == [FIRST, THIRD, SECOND]
        assert "已过时间" in shift.here.last(MEI).text


async def test_an_order_that_is_late_already_can_be_handed_over(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await ended(shift, held(FIRST, ship_by="2026-11-11 10:00:00"))
        await given(shift, MEI, FIRST)
        assert "交给下一班，11-12 09:00 前处理" in shift.read(MEI)


async def test_only_the_owner_or_who_is_in_charge_hands_an_order_over(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await ended(shift, held(FIRST))
        await shift.asks(MEI, f"/hold {hold_of(FIRST)}")
        assert "不在您名下" in (await shift.asks(QIANG, f"/hand {hold_of(FIRST)}"))[-1]
        await shift.asks(BOSS, f"/hold {hold_of(FIRST)}")
        await shift.press(BOSS, "交下一班")
        assert "已交下一班" in shift.here.last(BOSS).text


async def test_a_claimed_order_is_put_back_by_a_button_and_taken_by_somebody_else(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await ended(shift, held(FIRST))
        await shift.asks(MEI, "/hold next")
        await shift.press(MEI, "放回队列")
        assert "待认领" in shift.here.last(MEI).text
        await shift.asks(QIANG, "/hold next")
        assert f"订单 {FIRST} · 处理中" in shift.here.last(QIANG).text


async def test_the_warehouse_reads_a_held_order_and_is_offered_nothing_it_may_not_do(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await ended(shift, held(FIRST))
        await shift.asks(CHEN, "/holds")
        answer = await shift.press(CHEN, f"…{FIRST[-6:]}")
        assert answer is None or not answer.alert
        assert f"订单 {FIRST} · 待认领" in shift.here.last(CHEN).text
        assert newest_buttons(shift, CHEN) == ["复制订单号"]


async def test_odd_digits_after_the_list_are_words_nobody_knows(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await ended(shift, held(FIRST))
        for odd in ("²", "٣", "第三"):
            assert f"没有叫「{odd}」" in (await shift.asks(MEI, f"/holds {odd}"))[0]


async def test_wrap_takes_the_broadcast_named_else_the_last_that_ended(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(OPS, "开播")
        assert "还在直播" in (await shift.asks(BOSS, "/wrap"))[0]
        await shift.says(OPS, "下播")
        assert "没有「a1-b9」这一场" in (await shift.asks(BOSS, "/wrap a1-b9"))[0]
        await shift.asks(BOSS, "/wrap a1-b1")
        assert "收尾 林主管" in shift.read(shift.group)
        assert "已收尾" in (await shift.asks(BOSS, "/wrap a1-b1"))[0]


async def hands_back(shift: Shift, person: int) -> int:
    """What happens when `person` leaves, as the unit of `/out` or `/role` does it."""
    runner = shift.here.bot.runner
    me = Member(id=str(person), name="")

    def unit(raw: Books) -> int:
        books = RoomBooks(raw)
        room = books.room.get("a1")
        assert room is not None
        return hand_back(str(person), Desk(books, runner.front(), room, me, None, now=shift.clock.now()))

    return await runner.unit("a1", unit)


async def test_who_leaves_gives_everything_back_to_the_others(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await ended(shift, held(FIRST), held(SECOND))
        await shift.asks(MEI, "/hold next")
        await shift.asks(MEI, f"催 {THIRD} 3号")
        await shift.asks(QIANG, f"/hold {hold_of(SECOND)}")
        assert "催付 1、异常 1" in (await shift.asks(MEI, "/my"))[0]
        assert await hands_back(shift, MEI) == 2
        assert await hands_back(shift, MEI) == 0
        assert "您手上没有活" in (await shift.asks(MEI, "/my"))[0]
        assert "我手上 异常 1" in (await shift.asks(QIANG, "/my"))[0]
        assert f"订单 {FIRST} · 处理中" in (await shift.asks(QIANG, "/hold next"))[0]


PARCELS = (
    "订单号",
    "快递单号",
    "快递公司",
    "物流状态",
    "发货时间",
    "签收时间",
    "最新物流时间",
    "最新物流节点",
)


async def logistics(shift: Shift, moment: datetime, *rows: Sequence[str]) -> list[str]:
    """Send a logistics list whose newest scan is at `moment`."""
    name = f"物流明细_{moment:%m%d%H%M}.csv"
    return await shift.sends(MEI, name, samples.csv_bytes(PARCELS, [list(row) for row in rows]))


def waiting(number: str, moment: datetime, state: str = "待取件") -> tuple[str, ...]:
    signed = f"{moment:%Y-%m-%d %H:%M:%S}" if state == "已签收" else "-"
    return (
        number,
        f"YT{number[-6:]}",
        "圆通",
        state,
        "2026-11-08 10:00:00",
        signed,
        f"{moment:%Y-%m-%d %H:%M:%S}",
        "-",
    )


async def test_an_older_logistics_list_changes_nothing_and_says_so(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        noon = datetime(2026, 11, 11, 12, 0, tzinfo=SHANGHAI)
        told = (await logistics(shift, noon, waiting(FIRST, noon)))[-1]
        assert "催签收 1" in told
        before = noon - timedelta(hours=2)
        older = (await logistics(shift, before, waiting(FIRST, before, "已签收")))[-1]
        assert "读到 1 个包裹" in older
        assert "已有 12:00 的物流清单，比这份新" in older
        assert "催签收 1" in shift.read(shift.group)
        assert FIRST in (await shift.asks(MEI, "/take"))[0]


async def test_a_wrap_that_is_refused_names_the_prices_nobody_settled_as_well(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(OPS, "排品表.csv", "链接号,商品名称,直播价\n1,面霜,79\n".encode("utf-8-sig"))
        await shift.press(OPS, "启用")
        await shift.says(OPS, "开播")
        await shift.says(OPS, "开讲 1")
        await shift.asks(MEI, "报价 59")
        await ended(shift, held(FIRST))
        refused = (await shift.asks(BOSS, "/wrap"))[0]
        assert "不能收尾" in refused
        assert "价格不符还没答复：1 条（1号 报 ¥59.00）" in refused
        await shift.press(OPS, "否，仍是 ¥79.00")
        assert "价格不符" not in (await shift.asks(BOSS, "/wrap"))[0]
