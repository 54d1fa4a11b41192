"""The chase as people work it: many at once, one buyer, another agent, offers, dealing, unpaid life, a batch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl

from bot.rehearsal import samples
from playbooks.chase import Chase, chase_id
from playbooks.orders import OrderState
from storage.books import RoomBooks
from tests.support.evening import BOSS, MEI, OPS, QIANG, SHANGHAI, Shift, evening

ONE, TWO, THREE = "6917926768823643751", "6917926768823643752", "6917926768823643753"


def books(shift: Shift) -> RoomBooks:
    return shift.here.bot.runner.view("a1")


def chased(shift: Shift, number: str) -> Chase:
    found = books(shift).chases.get(chase_id("a1", number))
    assert found is not None
    return found


async def keep(shift: Shift, *documents: Chase | OrderState) -> None:
    """Put what an export would have brought."""

    def put(raw: object) -> None:
        room = RoomBooks(raw)  # type: ignore[arg-type]
        for one in documents:
            if isinstance(one, Chase):
                room.chases.put(one)
            else:
                room.orders.put(one)

    await shift.here.bot.runner.unit("a1", put)


def from_file(shift: Shift, number: str, amount: int = 59, buyer: str = "", left: int = 25) -> Chase:
    now = shift.clock.now().astimezone(UTC)
    return Chase(
        id=chase_id("a1", number), order_id=number, platform="douyin", source="file", seen_at=now, data_as_of=now,
        created_at=now - timedelta(minutes=5), expires_at=now + timedelta(minutes=left), buyer_key=buyer,
        amount=Decimal(amount), title="烟酰胺精华液",
    )  # fmt: skip


def paid(number: str, at: datetime) -> OrderState:
    return OrderState(
        id=f"a1-o{number}", order_id=number, platform="douyin", status="paid_unshipped", as_of=at, paid_at=at
    )


async def selling(shift: Shift) -> None:
    await shift.sends(OPS, "排品表.xlsx", samples.runsheet_xlsx(corrected=True))
    await shift.press(OPS, "启用")
    await shift.at("20:00")
    await shift.says(OPS, "开播")


async def test_several_lines_register_several_orders_and_name_the_one_that_could_not_be(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.at("20:22")
        told = (await shift.asks(MEI, f"催 {ONE} 3号 20:14\n{TWO} ¥300 20:20\n还有 5号没付"))[0]
        assert "已登记 2 单" in told
        assert "第 3 单没登记：没有找到订单号" in told
        assert chased(shift, ONE).title == "烟酰胺精华液"
        await shift.press(MEI, "认领下一单")
        assert f"订单 {TWO}" in shift.here.last(MEI).text  # 300 yuan lead
        assert "还剩 28 分钟（20:50 失效）" in shift.here.last(MEI).text


async def test_an_order_paid_while_the_card_was_open_is_not_contacted(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        await shift.asks(MEI, f"催 {ONE}")
        await keep(shift, paid(ONE, shift.clock.now().astimezone(UTC)))
        await shift.press(MEI, "提醒付款")
        assert f"订单 {ONE} 已付款，不用再催" in shift.here.last(MEI).text
        assert "提醒付款" not in shift.buttons(MEI)
        assert (chased(shift, ONE).state, chased(shift, ONE).touches) == ("paid", ())


async def test_an_order_that_runs_out_is_lost_and_said_once_to_who_was_at_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        assert "还剩 3 分钟（20:25 失效）" in (await shift.asks(MEI, f"催 {ONE} 19:55"))[0]
        await shift.at("20:27")
        assert shift.read(MEI).count(f"订单 {ONE} 不用再催：超时未付") == 1
        again = (await shift.asks(MEI, f"催 {TWO} 3号\n{ONE} 19:55"))[0]
        assert f"第 2 单没登记：订单 {ONE} 已结束（超时未付）" in again


async def test_a_press_on_an_order_that_ran_out_a_moment_ago_contacts_nobody(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        await keep(shift, from_file(shift, ONE, left=3))  # and nobody planned to look when it dies
        await shift.asks(MEI, "/chase")
        await shift.minutes(5)
        await shift.press(MEI, "提醒付款")
        assert f"订单 {ONE} 不用再催：超时未付" in shift.here.last(MEI).text
        assert (chased(shift, ONE).closed_why, chased(shift, ONE).touches) == ("expired", ())


async def test_one_buyers_orders_are_spoken_of_in_one_contact_and_left_alone_as_one(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        await keep(
            shift, from_file(shift, ONE, 99, "k"), from_file(shift, TWO, 59, "k"), from_file(shift, THREE, 20)
        )
        first = (await shift.asks(MEI, "/chase"))[0]
        assert f"同一买家还有 1 单未付，一次说完：{TWO}" in first
        assert "是否首单未知" in first
        assert THREE in (await shift.asks(QIANG, "/chase"))[0]  # the buyer hears from one agent
        for step in ("电话", "提醒付款", "留言"):
            await shift.press(MEI, step)
        assert [t.step for t in chased(shift, TWO).touches] == ["phone", "button", "message"]
        await shift.press(MEI, "不愿被联系")
        assert chased(shift, TWO).state == "dropped"
        later = from_file(shift, "6917926768823643759", 500, "k")
        await keep(shift, later)
        await shift.minutes(12)
        assert later.order_id not in (await shift.asks(BOSS, "/chase"))[0]


async def test_a_text_is_not_offered_to_the_same_buyer_twice(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:10")
        await keep(shift, from_file(shift, ONE, left=45))
        before = (await shift.asks(MEI, "/chase"))[0].partition("话术：")[2]
        await shift.press(MEI, "留言")
        after = shift.here.last(MEI).text.partition("话术：")[2]
        assert before
        assert after
        assert before != after


async def test_a_buyer_unhappy_with_an_agent_gets_another_one_who_apologises(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        await shift.asks(MEI, f"催 {ONE}")
        await shift.press(MEI, "留言")
        await shift.press(MEI, "不付了")
        await shift.press(MEI, "服务态度")
        assert f"订单 {ONE}：买家对 小美 的服务不满，换您来跟进" in shift.read(QIANG)
        await shift.press(QIANG, "认领")
        card = shift.here.last(QIANG).text
        assert "买家对 小美 的服务不满，请先道歉" in card
        assert "道歉" in card.partition("话术：")[2] or "抱歉" in card.partition("话术：")[2]


async def test_with_nobody_else_there_the_manager_is_told_of_the_unhappy_buyer(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(QIANG, "/out")
        await shift.at("20:22")
        await shift.asks(MEI, f"催 {ONE}")
        await shift.press(MEI, "留言")
        await shift.press(MEI, "不付了")
        await shift.press(MEI, "服务态度")
        assert "没有别的客服有空" in shift.read(BOSS)


async def test_an_agent_offers_what_ops_approved_and_asks_for_what_needs_more_authority(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        approved = (await shift.asks(OPS, "优惠档 减5元 客服 1份；减10元 主管；上限 20"))[0]
        assert "1. 减 5 元 · 客服可给 · 已给 0/1" in approved
        await shift.at("20:22")
        for number, offered in ((ONE, "给：减 5 元"), (TWO, "请组长批：减 10 元")):
            await shift.asks(MEI, f"催 {number}")
            for step in ("电话", "提醒付款", "留言", "不付了", "价格"):
                await shift.press(MEI, step)
            await shift.press(MEI, offered)
        assert "给：减 5 元" not in shift.buttons(MEI)  # used up
        assert chased(shift, ONE).offer == "减 5 元"
        assert chased(shift, TWO).offer == ""
        assert f"小美 想给订单 {TWO} 优惠：减 10 元" in shift.read(BOSS)
        await shift.press(BOSS, "批准")
        assert chased(shift, TWO).offer == "减 10 元"
        assert "可以给 减 10 元" in shift.here.last(MEI).text
        assert "已给 15.00 元，上限 20.00 元" in (await shift.asks(OPS, "/ladder"))[0]


async def test_orders_are_dealt_round_by_capacity_to_those_on_duty(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "/capacity 阿强 1")
        await shift.at("20:22")
        numbers = [f"69179267688236437{n}" for n in range(60, 66)]
        await keep(shift, *(from_file(shift, number, 50 + n) for n, number in enumerate(numbers)))
        told = (await shift.asks(BOSS, "派单"))[0]
        assert "已派 4 单" in told
        assert "小美 3 单" in told
        assert "林主管 派给您 1 单待催" in shift.read(QIANG)
        await shift.press(MEI, "开始")
        assert f"订单 {numbers[5]}" in shift.here.last(MEI).text  # the dearest came first
        await shift.minutes(11)
        assert not any(one.held(shift.clock.now()) for one in books(shift).chases.scan())  # untouched: back


async def test_a_batch_is_one_table_and_one_press_and_names_what_was_paid_meanwhile(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        numbers = [f"69179267688236437{n}" for n in range(60, 85)]
        await keep(shift, *(from_file(shift, number, 50 + n) for n, number in enumerate(numbers)))
        told = (await shift.asks(MEI, "批量催付"))[0]
        assert "这 25 单都归您" in told
        file = next(m for m in reversed(shift.here.core.said(MEI)) if m.document)
        assert file.document is not None
        rows = list(openpyxl.load_workbook(BytesIO(file.document.content)).active.iter_rows(values_only=True))
        assert [row[0] for row in rows[1:]] == numbers[::-1]
        assert all("亲" in str(row[5]) for row in rows[1:])
        await keep(shift, paid(numbers[3], shift.clock.now().astimezone(UTC)))
        await shift.press(MEI, "都留言了")
        answer = shift.here.last(MEI).text if "已记" in shift.here.last(MEI).text else shift.read(MEI)
        assert "已记 24 单：留言" in answer
        assert f"订单 {numbers[3]} 已付款，不用再催" in answer
        assert [t.step for t in chased(shift, numbers[4]).touches] == ["message"]
        assert chased(shift, numbers[3]).touches == ()


async def test_behind_ninety_that_are_in_hand_it_is_still_seen_that_many_wait(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:05")
        lease = shift.clock.now() + timedelta(minutes=10)
        held = [from_file(shift, f"69179267688237{n:05d}", left=10) for n in range(90)]
        held = [one.changed(state="claimed", owner=str(BOSS), lease_until=lease) for one in held]
        few = [from_file(shift, f"69179267688238{n:05d}", left=30) for n in range(20)]
        await keep(shift, *held, *few)
        steps = (await shift.asks(MEI, "/chase"))[0].partition("步骤")[2]
        assert steps.index("电话") < steps.index("提醒付款")  # twenty wait, no more
        await shift.press(MEI, "放回队列")
        await keep(shift, from_file(shift, THREE))
        steps = (await shift.asks(MEI, "/chase"))[0].partition("步骤")[2]
        assert steps.index("提醒付款") < steps.index("电话")


async def test_an_unknown_unpaid_life_is_asked_once_and_then_holds_for_the_orders_that_wait(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path, bound=False) as shift:
        await shift.says(BOSS, "/setup 小满优选 快手")
        await shift.here.starts(BOSS)
        await shift.at("20:22")
        assert "失效时间未知" in "".join(await shift.asks(BOSS, f"催 {ONE}"))
        await shift.asks(BOSS, f"催 {TWO}")
        assert shift.read(BOSS).count("快手的未付订单多久失效") == 1
        await shift.press(BOSS, "30 分钟")
        assert "快手的未付订单多久失效" not in shift.read(BOSS)
        assert chased(shift, ONE).expires_at == chased(shift, ONE).seen_at + timedelta(minutes=30)
        await shift.at("20:53")
        assert {chased(shift, ONE).closed_why, chased(shift, TWO).closed_why} == {"expired"}


async def test_a_product_may_have_an_unpaid_life_of_its_own(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(BOSS, "付款时限 4号 120")
        await shift.at("20:22")
        await shift.asks(MEI, f"催 {ONE} 4号\n{TWO} 3号")
        lives = [chased(shift, number) for number in (ONE, TWO)]
        spans = [one.expires_at - one.seen_at for one in lives if one.expires_at]
        assert spans == [timedelta(minutes=120), timedelta(minutes=30)]


async def test_an_order_placed_while_a_flash_sale_runs_dies_after_five_minutes(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        sheet = "链接号,商品名,直播价,优惠机制\n1,玫瑰精华水,79,20:30-20:40秒杀49.9，限量200份\n"
        await shift.sends(OPS, "排品表.csv", sheet.encode("utf-8-sig"))
        await shift.press(OPS, "启用")
        await shift.at("20:00")
        await shift.says(OPS, "开播")
        await shift.at("20:20")
        await shift.asks(OPS, "/flash 1 !")
        await shift.at("20:30")
        await shift.asks(MEI, f"催 {ONE} 1号 20:19\n{TWO} 1号 20:28")
        ends = [chased(shift, number).expires_at for number in (ONE, TWO)]
        assert [f"{end.astimezone(SHANGHAI):%H:%M}" for end in ends if end] == ["20:49", "20:33"]
        prices = [chased(shift, number).amount for number in (ONE, TWO)]
        assert prices == [Decimal("79.00"), Decimal("49.90")]  # what each cost when it was placed


async def test_sms_becomes_a_step_once_the_manager_says_so(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        assert "短信" not in (await shift.asks(MEI, f"催 {ONE}"))[0]
        await shift.says(BOSS, "短信催付 开")
        assert "短信 待做" in (await shift.asks(MEI, "/chase"))[0]
        await shift.press(MEI, "短信")
        assert [t.step for t in chased(shift, ONE).touches] == ["sms"]
