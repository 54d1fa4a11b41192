"""The chase's figures on the board and by `/figures`: each beside its baseline, each down to its orders."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot import chase_figures
from bot.render import line_html
from playbooks.chase import Chase, Contact, chase_id, funnel
from playbooks.orders import OrderState
from playbooks.references import yardstick
from storage.books import RoomBooks
from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, Shift, evening

LONG = "烟酰胺 亮肤精华液限量礼盒装加大号"


def order_id(number: int) -> str:
    return f"69179267688236437{number:02}"


class Evening:
    """What exports and agents would have brought into the books."""

    def __init__(self, shift: Shift) -> None:
        self.shift = shift
        self.now = shift.clock.now().astimezone(UTC)
        self.here = books(shift).broadcasts.get("a1-b1")

    def chased(
        self, number: int, who: int = 0, steps: str = "", paid: float | None = None, **told: object
    ) -> Chase:
        began = self.now - timedelta(minutes=40)
        contacts = tuple(
            Contact(at=began + timedelta(minutes=10), who=str(who), step=step, round=1) for step in steps.split()
        )  # fmt: skip
        paid_at = None if paid is None else began + timedelta(minutes=paid)
        state = "paid" if paid_at else "lost"
        facts = {
            "id": chase_id("a1", order_id(number)), "order_id": order_id(number), "platform": "douyin",
            "source": "file", "broadcast": "a1-b1", "seen_at": began, "data_as_of": began, "created_at": began,
            "expires_at": began + timedelta(minutes=30), "contacts": contacts, "paid_at": paid_at, "state": state,
            "closed_why": "paid" if paid_at else "expired", "amount": Decimal(50), "link_no": 3, "title": "精华液",
        }  # fmt: skip
        return Chase.model_validate({**facts, **told})

    async def keep(self, *some: Chase | OrderState) -> None:
        def put(raw: object) -> None:
            room = RoomBooks(raw)  # type: ignore[arg-type]
            for one in some:
                (room.chases if isinstance(one, Chase) else room.orders).put(one)  # type: ignore[arg-type]

        await self.shift.here.bot.runner.unit("a1", put)
        await self.shift.here.settle()


def books(shift: Shift) -> RoomBooks:
    return shift.here.bot.runner.view("a1")


async def live(shift: Shift) -> Evening:
    await shift.at("20:00")
    await shift.says(OPS, "开播")
    await shift.at("21:00")
    return Evening(shift)


async def some_orders(shift: Shift) -> None:
    tonight = await live(shift)
    await tonight.keep(
        tonight.chased(1, MEI, "phone button message", paid=15, offer="减 5 元", offer_cost=Decimal(5)),
        tonight.chased(2, MEI, "button", reason="price"),
        tonight.chased(3, QIANG, "button message", paid=20, amount=Decimal(80), link_no=None, title=LONG),
        tonight.chased(4, paid=12),
        tonight.chased(5),
        tonight.chased(6),
        tonight.chased(7, QIANG, "button", answer="malicious"),
    )


async def test_the_board_shows_the_recovery_beside_what_pays_by_itself(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "催回" not in shift.board()
        await some_orders(shift)
        assert "催回 2 单 ¥130，催回率 67%（不联系自然付款 33%）· 触达 50%" in shift.board()


async def test_without_a_contact_the_board_says_so_and_claims_no_recovery(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        tonight = await live(shift)
        await tonight.keep(tonight.chased(1), tonight.chased(2, paid=12))
        assert "未付 2 单，还没有联系（不联系自然付款 50%）" in shift.board()
        assert "催回率" not in shift.board()
        told = (await shift.asks(BOSS, "/figures"))[0]
        assert "还没有录入联系，催回率不知道" in told
        assert "未付订单里催回 无法计算" in told


async def test_the_figures_name_reference_target_and_source_and_open_their_orders(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await some_orders(shift)
        told = (await shift.asks(BOSS, "催付数据"))[0]
        assert "未付流失率 57%（攻略参考值，无出处 30%）" in told
        assert "5 分钟后仍未付的 6 单里联系到 50%" in told
        assert "催回 2 单 ¥130，催回率 67%" in told
        assert "让利 ¥5，送赠品 0 单" in told
        assert "的 3 单里，自己付了 1 单（33%）" in told
        assert "未付订单里催回 33%，目标 67%" in told
        assert "文章 002 第五节" in told
        await shift.press(BOSS, "催回 2")
        opened = shift.here.last(BOSS).text
        assert order_id(1) in opened
        assert order_id(3) in opened
        assert order_id(4) not in opened
        assert "20:30 小美 首次联系 · 20:35 付款" in opened
        await shift.press(BOSS, "看全部")
        await shift.press(BOSS, "不计入 1")
        assert order_id(7) in shift.here.last(BOSS).text


async def test_each_cut_stands_beside_its_baseline_and_opens_its_orders(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await some_orders(shift)
        by_channel = (await shift.asks(OPS, "/figures 渠道"))[0]
        assert "电话：未付 1，联系 1，催回 1（100%，不联系自然付款 33%）¥50，让利 ¥5" in by_channel
        assert "提醒付款：未付 3，联系 3，催回 2（67%，不联系自然付款 33%）¥130" in by_channel
        by_product = (await shift.asks(OPS, "/figures product"))[0]
        assert "3号 精华液：未付 5，联系 2，催回 1（50%，不联系自然付款 33%）" in by_product
        assert f"{LONG}：未付 1，联系 1，催回 1（100%，不联系自然付款 无法计算）" in by_product
        await shift.press(OPS, "看 烟酰胺")
        assert order_id(3) in shift.here.last(OPS).text
        assert order_id(1) not in shift.here.last(OPS).text
        by_agent = (await shift.asks(OPS, "/figures agent"))[0]
        assert by_agent.index("阿强：") < by_agent.index("小美：")  # the most recovered yuan first
        assert "价格/赠品：未付 1" in (await shift.asks(OPS, "/figures 原因"))[0]


async def test_many_orders_come_page_by_page_and_all_of_them(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        tonight = await live(shift)
        await tonight.keep(*(tonight.chased(number) for number in range(40)))
        await shift.asks(BOSS, "/figures unpaid")
        await shift.press(BOSS, "再看 25 单")
        await shift.press(BOSS, "再看 10 单")
        said = shift.read(BOSS)
        assert all(order_id(number) in said for number in range(40))


async def test_before_anything_is_entered_nothing_reads_zero(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "还没有场次" in (await shift.asks(BOSS, "/figures"))[0]
        await live(shift)
        told = (await shift.asks(BOSS, "/figures"))[0]
        assert "还没有录入" in told
        assert "0" not in told.partition("\n")[2]


async def test_what_is_not_understood_and_who_may_not_look_are_told(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await some_orders(shift)
        assert "没看懂" in (await shift.asks(BOSS, "/figures 天气"))[0]
        assert "没有「微信」的数据" in (await shift.asks(BOSS, "/figures channel 微信"))[0]
        assert "催付数据 11-11" not in "".join(await shift.asks(CHEN, "/figures"))


BEGAN = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)


@given(st.lists(st.tuples(st.booleans(), st.one_of(st.none(), st.integers(1, 29))), max_size=8))
def test_no_line_of_figures_says_a_recovery_without_the_natural_rate(
    rows: list[tuple[bool, int | None]],
) -> None:
    chases = []
    for number, (contacted, paid) in enumerate(rows):
        contact = Contact(at=BEGAN + timedelta(minutes=6), who="1", step="button", round=1)
        chases.append(
            Chase(
                id=f"a1-c{number}", order_id=str(number), platform="douyin", source="file", seen_at=BEGAN,
                data_as_of=BEGAN, created_at=BEGAN, contacts=(contact,) if contacted else (),
                state="open" if paid is None else "paid",
                paid_at=None if paid is None else BEGAN + timedelta(minutes=paid),
            )
        )  # fmt: skip
    told = funnel(chases, [], BEGAN + timedelta(hours=1))
    board = chase_figures.board_line(told)
    for said in (*chase_figures.overview(told, yardstick(None)), *([board] if board else [])):
        text = line_html("zh-CN", said)
        assert "催回率" not in text or "自然付款" in text or "不知道" in text
