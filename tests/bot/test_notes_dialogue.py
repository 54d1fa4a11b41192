"""A buyer's special request from the agent to the ERP; groups that are not complete; chase remarks in own words."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

from playbooks.orders import OrderState
from storage.books import RoomBooks
from tests.support.evening import BOSS, CHEN, MEI, QIANG, Shift, evening

ORDER = "6917926768823643751"
GROUPED = "201111-123456789012345"


def copies(shift: Shift, who: int) -> list[str]:
    return [b.copied for m in shift.here.core.said(who) for row in m.rows for b in row if b.copied]


async def known(shift: Shift, order_id: str, status: str, platform: str) -> None:
    now = shift.clock.now().astimezone(UTC)
    facts = {
        "id": f"a1-o{order_id}",
        "order_id": order_id,
        "platform": platform,
        "status": status,
        "as_of": now,
    }
    state = OrderState.model_validate(facts)
    await shift.here.bot.runner.unit("a1", lambda raw: RoomBooks(raw).orders.put(state))


async def test_a_request_goes_from_red_flag_and_remark_to_the_erp_and_back(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        first = (await shift.asks(MEI, f"/note {ORDER} 指定快递 顺丰"))[0]
        assert "第 1 步：在平台给订单点红旗" in first
        assert "已写备注并保存" not in shift.buttons(MEI)  # flag before remark
        assert "订单备注" not in shift.read(CHEN)
        await shift.press(MEI, "已点红旗")
        assert "11-11 20:22 小美 指定快递：顺丰" in copies(shift, MEI)
        await shift.press(MEI, "已写备注并保存")
        assert "订单备注 1 条要在 ERP 处理" in shift.read(CHEN)
        await shift.press(CHEN, "看备注清单")
        assert f"订单 {ORDER} 指定快递：顺丰（小美 20:22）" in shift.read(CHEN)
        await shift.press(CHEN, "已在ERP处理")
        assert "老陈 已在 ERP 处理" in shift.here.last(MEI).text
        assert "没有待处理的订单备注" in "".join(await shift.asks(CHEN, "备注清单"))


async def test_a_kind_is_chosen_and_its_sentence_asked_for(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"备注 {ORDER}")
        await shift.press(MEI, "改规格")
        assert "换成什么规格" in shift.here.last(MEI).text
        assert f"订单 {ORDER} 改规格：换 L 码" in "".join(await shift.asks(MEI, "换 L 码"))


async def test_a_new_address_is_neither_taken_nor_kept(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        told = (await shift.asks(MEI, f"/note {ORDER} 改地址 杭州市文三路 1 号"))[0]
        assert "新地址写在平台订单的备注里" in told
        assert "新地址只写在平台的备注里" in (await shift.asks(MEI, f"/note {ORDER} 改地址"))[0]
        kept = shift.here.bot.runner.view("a1")
        assert [one.text for one in kept.notes.scan()] == [""]


async def test_an_order_whose_group_is_not_complete_takes_no_note_and_the_reason_is_there_to_copy(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await known(shift, GROUPED, "pending_payment", "pinduoduo")
        told = (await shift.asks(MEI, f"/note {GROUPED} 改地址"))[0]
        assert "还没成团：ERP 下载不到，备注和地址都改不了。24 小时内没拼成" in told
        assert any("拼单成功后请告诉我" in text for text in copies(shift, MEI))
        await known(shift, GROUPED, "unknown", "pinduoduo")
        assert "已成团了吗" in (await shift.asks(MEI, f"/note {GROUPED} 指定快递 中通"))[0]
        await shift.press(MEI, "未成团")
        assert "还没成团" in shift.read(MEI)
        assert "已点红旗" not in shift.buttons(MEI)
        await shift.asks(MEI, f"/note {GROUPED} 指定快递 中通")
        await shift.press(MEI, "已成团")
        assert "已点红旗" in shift.buttons(MEI)


async def test_a_note_nobody_goes_on_with_is_reminded_of_and_then_told_to_the_lead(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"/note {ORDER} 礼盒包装")
        await shift.minutes(31)
        assert "还没点红旗、写备注" in shift.here.last(MEI).text
        await shift.press(MEI, "接着写")
        await shift.press(MEI, "已点红旗")
        await shift.press(MEI, "已写备注并保存")
        before = shift.read(CHEN).count("要在 ERP 处理")
        await shift.minutes(31)
        assert shift.read(CHEN).count("要在 ERP 处理") >= before >= 1
        assert "一直没处理" not in shift.read(BOSS)
        await shift.minutes(31)
        assert "一直没处理（小美" in shift.read(BOSS)


async def test_what_the_buyer_wants_no_more_is_withdrawn_by_its_agent_and_the_warehouse_hears_of_it(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"/note {ORDER} 礼盒包装")
        await shift.press(MEI, "已点红旗")
        await shift.press(MEI, "已写备注并保存")
        kept = next(iter(shift.here.bot.runner.view("a1").notes.scan()))
        assert "小美 登记的" in "".join(await shift.asks(QIANG, f"/notedrop {kept.id}"))
        await shift.press(MEI, "不用了")
        assert "已撤掉，不用处理" in shift.here.last(CHEN).text
        assert "这条备注已经结束" in "".join(await shift.asks(CHEN, f"/notedone {kept.id}"))


async def test_a_chase_remark_is_made_of_own_words_or_refused_with_the_missing_part(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        assert "请写订单号" in (await shift.asks(MEI, "/remark"))[0]
        await shift.asks(MEI, f"催 {ORDER}")
        assert "还没有联系记录" in (await shift.asks(MEI, f"/remark {ORDER} 明天付"))[0]
        await shift.press(MEI, "留言")
        assert "还没有结果" in (await shift.asks(MEI, f"/remark {ORDER}"))[0]
        assert "插紫旗" in (await shift.asks(MEI, f"催付备注 {ORDER} 发工资再付"))[0]
        assert "11-11 20:22 小美 第1次 发工资再付" in copies(shift, MEI)
        assert "备注缺反馈" in (await shift.asks(MEI, f"/remark {ORDER} 11-11 20:22 小美 第1次"))[0]
        assert "开头缺时间" in (await shift.asks(MEI, f"/remark {ORDER} 小美 第1次 不付"))[0]
        await shift.asks(MEI, f"/remark {ORDER} 11-11 20:22 小美 第1次 明天付")
        assert "11-11 20:22 小美 第1次 明天付" in copies(shift, MEI)
        await shift.press(MEI, "备注已贴")
        assert "备注已记" in shift.here.last(MEI).text
