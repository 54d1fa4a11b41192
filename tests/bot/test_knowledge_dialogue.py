"""What agents look up to answer a buyer: quick replies of the offer in force, ready answers, the shop's knowledge."""

from __future__ import annotations

from pathlib import Path

from bot.rehearsal.telegram import Message
from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, Shift, evening

SHEET = """商品名称,直播价,库存,限购,优惠机制,赠品,规格,发货时间,售后,常见问题
玫瑰精华水,79,500,2,拍1发3,小样,150ml,48,支持退换,敏感肌可以用吗？可以先在耳后试用
丝绒口红,69,200,,,,豆沙色,24,,
纯棉卫衣,129,50,,满199减30,,S/M/L,72,,会缩水吗？冷水手洗不缩水，现在129元
"""


async def selling(shift: Shift, platform: str = "") -> None:
    if platform:
        await shift.says(BOSS, f"/setup 小满优选 {platform}")
    await shift.sends(OPS, "排品表.csv", SHEET.encode("utf-8-sig"))
    await shift.press(OPS, "启用")
    await shift.at("20:00")
    await shift.says(OPS, "开播")


def copied(message: Message) -> list[str]:
    """What the buttons of a message copy, in their order."""
    return [b.copied for row in message.rows for b in row if b.copied]


async def test_the_quick_replies_of_a_product_follow_its_price_gift_and_stock(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        told = await shift.asks(MEI, "/q 1")
        assert len(told) == 1
        assert "快捷语 1号 玫瑰精华水" in told[0]
        assert "直播价79元。拍1件到手79元，共发3件，合每件26.33元" in told[0]
        texts = copied(shift.here.last(MEI))
        assert any("赠品：小样" in text for text in texts)
        assert all(len(text) <= 60 for text in texts)
        await shift.says(OPS, "改价 1 75")
        await shift.says(OPS, "赠品送完 1")
        told = await shift.asks(MEI, "快捷 1")
        assert "直播价75元" in told[0]
        assert "79" not in told[0]
        assert "小样" not in told[0]
        assert "第 3 版" in told[0]
        await shift.says(OPS, "售罄 1")
        told = await shift.asks(MEI, "快捷语 1号")
        assert "玫瑰精华水已售完" in told[0]
        assert "直播价" not in "".join(copied(shift.here.last(MEI)))


async def test_the_replies_are_walked_through_in_run_order_and_begin_with_what_is_on_air(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert "没有商品在讲" in (await shift.asks(MEI, "/q"))[0]
        await shift.says(OPS, "/on 1")
        assert "快捷语 1号" in (await shift.asks(MEI, "/q"))[0]
        await shift.press(MEI, "下一个 2号 丝绒口红")
        assert "快捷语 2号 丝绒口红" in shift.here.last(MEI).text
        await shift.press(MEI, "下一个 3号")
        assert "快捷语 3号" in shift.here.last(MEI).text
        assert "没有 9 号" in (await shift.asks(MEI, "/q 9"))[0]


async def test_taking_a_changed_product_s_replies_counts_as_knowing_the_change(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "改价 2 59")
        assert "阿强" not in shift.read(shift.group).partition("还没确认")[2]
        await shift.asks(MEI, "/q 2")
        await shift.minutes(1)
        waiting = next(m.text for m in shift.here.core.said(shift.group) if "还没确认" in m.text)
        assert "小美" not in waiting.partition("还没确认")[2]
        assert "阿强" in waiting.partition("还没确认")[2]


async def test_answers_are_found_by_characters_pinyin_initials_and_with_slips(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(BOSS, "/kb 添加 会不会起球 | 正常穿洗不易起球，请翻面洗涤 | 又叫 起毛、掉毛")
        for typed in ("起球", "qiqiu", "hbhqq", "会不会气球", "起毛", "会不会qi球"):
            told = await shift.asks(MEI, f"/q {typed}")
            assert "请翻面洗涤" in told[0], typed
            assert "知识库 · 林主管 11-11" in told[0]
        assert any("请翻面洗涤" in text for text in copied(shift.here.last(MEI)))


async def test_one_message_answers_with_the_run_sheet_s_own_faq_and_the_product_s_replies(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        told = await shift.asks(MEI, "搜 敏感肌")
        assert len(told) == 1
        assert "可以先在耳后试用" in told[0]
        assert "排品表 · 常见问题" in told[0]
        assert "付款后24小时内发货" in (await shift.asks(MEI, "/q 口红发货"))[0]
        assert "不缩水" in (await shift.asks(MEI, "/q 缩水"))[0]
        await shift.says(OPS, "改价 3 119")
        assert "129" not in (await shift.asks(MEI, "/q 缩水"))[0]


async def test_where_nothing_is_found_the_agent_gets_words_to_hold_on_with_instead_of_a_guess(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        told = await shift.asks(MEI, "/q 航天飞机")
        assert "没有找到「航天飞机」" in told[0]
        assert "不清楚不要猜" in told[0]
        assert "请稍等" in copied(shift.here.last(MEI))[0]


async def test_a_long_answer_is_copied_in_parts_of_sixty(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        answer = "先用温水洗净，再取适量涂抹，轻轻按摩到吸收为止。" * 8
        await shift.asks(BOSS, f"/kb 添加 怎么用 | {answer}")
        await shift.asks(MEI, "/q 怎么用")
        parts = copied(shift.here.last(MEI))
        assert "".join(parts) == answer
        assert len(parts) > 3
        assert all(len(part) <= 60 for part in parts)


async def test_an_agent_proposes_and_one_manager_s_tap_makes_it_found(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "等主管批准" in (await shift.asks(MEI, "/propose 能不能放洗衣机 | 请用洗衣袋轻柔档"))[0]
        assert "没有找到" in (await shift.asks(QIANG, "/q 洗衣机"))[0]
        assert "小美 提议一条问答" in shift.here.last(BOSS).text
        await shift.press(BOSS, "批准")
        assert "林主管 批准了「能不能放洗衣机」" in shift.here.last(MEI).text
        assert "批准" not in shift.buttons(BOSS)
        assert "林主管 已批准" in shift.read(BOSS)
        found = (await shift.asks(QIANG, "/q 洗衣机"))[0]
        assert "轻柔档" in found
        assert "小美 11-11" in found


async def test_a_declined_proposal_is_not_kept_and_its_proposer_is_told(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, "提议 能便宜吗 | 不能")
        await shift.press(BOSS, "不采用")
        assert "林主管 没有采用「能便宜吗」" in shift.here.last(MEI).text
        assert "没有找到" in (await shift.asks(MEI, "/q 能便宜吗"))[0]
        assert "知识库还是空的" in (await shift.asks(MEI, "/kb"))[0]


async def test_who_is_no_agent_cannot_propose_and_nobody_but_managers_adds(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "要由" in (await shift.asks(CHEN, "/propose 问 | 答"))[0]
        assert "这一步要由主管来做" in (await shift.asks(MEI, "/kb 添加 问 | 答"))[0]
        assert "请写：问题 | 答案" in (await shift.asks(MEI, "/propose 只有问题"))[0]
        assert "请不要写买家的电话" in (await shift.asks(MEI, "/propose 问 | 打13800000000"))[0]


async def test_a_text_that_quotes_an_old_price_is_never_offered(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(BOSS, "/kb 添加 口红怎么卖 | 丝绒口红今晚69元，喜欢可以拍")
        assert "今晚69元" in (await shift.asks(MEI, "/q 口红怎么卖"))[0]
        await shift.says(OPS, "改价 2 59")
        told = (await shift.asks(MEI, "/q 口红怎么卖"))[0]
        assert "69" not in told
        assert "直播价59元" in told
        assert "另有 1 条已过期或报了旧价" in told
        assert "报的是旧价" in (await shift.asks(BOSS, "/kb"))[0]
        assert "¥69 是旧价，现在是 ¥59.00" in (await shift.asks(MEI, "提议 口红价 | 丝绒口红69元"))[0]
        await shift.says(OPS, "改价 2 69")
        assert "今晚69元" in (await shift.asks(MEI, "/q 口红怎么卖"))[0]


async def test_a_text_that_quotes_a_price_of_what_is_not_sold_today_is_not_offered(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(BOSS, "/kb 添加 口红怎么卖 | 丝绒口红今晚69元")
        await shift.says(OPS, "下播")
        await shift.sends(OPS, "明天.csv", "商品名称,直播价\n玫瑰精华水,79\n".encode("utf-8-sig"))
        await shift.press(OPS, "启用")
        await shift.at("12 10:00")  # tonight's buyers are still answered with tonight's prices
        assert "今晚69元" not in (await shift.asks(MEI, "/q 口红怎么卖"))[0]
        assert "不在今天的排品表" in (await shift.asks(BOSS, "/kb"))[0]


async def test_what_a_room_states_is_told_to_buyers_and_promises_end_with_the_day(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert "截单" not in "".join(await shift.asks(MEI, "/q 今天能发吗"))
        assert (
            "今天的截单：16:00（小周 20:00，只到今天）" in (await shift.asks(OPS, "店铺资料 截单 16:00"))[0]
        )
        assert "今天16:00前付款的订单" in (await shift.asks(MEI, "/q 今天能发吗"))[0]
        await shift.asks(OPS, "店铺资料 快递 中通、圆通")
        assert "我们发中通、圆通" in (await shift.asks(MEI, "/q kuaidi"))[0]
        await shift.at("12 10:00")
        assert "今天16:00前" not in (await shift.asks(MEI, "/q 今天能发吗"))[0]
        assert "我们发中通、圆通" in (await shift.asks(MEI, "/q kuaidi"))[0]
        assert "今天还没有设（上次是「16:00」）" in (await shift.asks(OPS, "店铺资料"))[0]
        await shift.asks(OPS, "店铺资料 快递 无")
        assert "中通" not in (await shift.asks(MEI, "/q kuaidi"))[0]


async def test_what_is_stated_wrongly_is_refused_with_the_cure(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "请写时刻" in (await shift.asks(OPS, "/ready 截单 下午"))[0]
        assert "没有「终身保修」这种保障" in (await shift.asks(OPS, "/ready 保障 终身保修"))[0]
        assert "没有「仓库」这一项" in (await shift.asks(OPS, "/ready 仓库 杭州"))[0]
        assert "请把内容写在后面" in (await shift.asks(OPS, "/ready 快递"))[0]
        assert "要由" in (await shift.asks(MEI, "/ready 快递 中通"))[0]


async def test_only_an_enabled_guarantee_may_be_promised(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        refused = (await shift.asks(MEI, "/propose 能退吗 | 支持七天无理由退货"))[0]
        assert "店铺没有启用：七天无理由" in refused
        await shift.asks(OPS, "店铺资料 保障 七天无理由 运费险")
        await shift.asks(BOSS, "/propose 能退吗 | 支持七天无理由退货")
        assert "支持七天无理由退货" in (await shift.asks(MEI, "/q 能退吗"))[0]
        assert "本店支持：七天无理由、退货包运费" in (await shift.asks(MEI, "/q 售后保障"))[0]
        await shift.asks(OPS, "店铺资料 保障 无")
        assert "七天无理由" not in (await shift.asks(MEI, "/q 能退吗"))[0]


async def test_an_expired_entry_is_not_offered_and_its_owner_is_told_once(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, "/propose 双11几点结束 | 到11日24点 | 到 11-11")
        await shift.press(BOSS, "批准")
        assert "到11日24点" in (await shift.asks(QIANG, "/q 双11几点结束"))[0]
        await shift.at("12 09:00")
        assert "到11日24点" not in (await shift.asks(QIANG, "/q 双11几点结束"))[0]
        await shift.at("13 09:00")
        assert shift.read(MEI).count("「双11几点结束」已到期") == 1
        await shift.press(MEI, "还能用，再留 30 天")
        assert "到11日24点" in (await shift.asks(QIANG, "/q 双11几点结束"))[0]
        assert "有效到 2026-12-13" in shift.here.last(MEI).text


async def test_the_list_is_by_owner_with_the_longest_untouched_first_and_pages(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        for number in range(10):
            await shift.asks(BOSS, f"/kb 添加 问题{number}号事 | 答案{number}")
        await shift.minutes(60 * 24 * 3)
        told = (await shift.asks(MEI, "/kb 林主管"))[0]
        assert "知识库 10 条" in told
        assert "问题0号事 · 林主管 · 3 天前 · 可用" in told.splitlines()[1]
        await shift.press(MEI, "还有 2 条")
        assert "问题9号事" in shift.here.last(MEI).text
        assert "没有「小美」的条目" in (await shift.asks(MEI, "/kb 小美"))[0]
        await shift.press(MEI, "问题9号事")
        assert "答：答案9" in shift.here.last(MEI).text
        assert not shift.here.last(MEI).rows  # another's entry: looked at, not changed


async def test_an_entry_put_in_again_takes_the_former_s_place_and_a_removed_one_is_gone(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "/kb 添加 几点下班 | 22点")
        await shift.asks(BOSS, "/kb 添加 几点下班 | 23点")
        told = (await shift.asks(MEI, "/q 几点下班"))[0]
        assert "23点" in told
        assert "22点" not in told
        await shift.press(BOSS, "删除")
        assert "没有找到" in (await shift.asks(MEI, "/q 几点下班"))[0]


async def test_a_pasted_handbook_is_searched_by_its_headings_and_text(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        book = "# 破损怎么处理\n请买家拍照。\n\n再登记售后。\n\n# 发票\n电子发票七天内开出。"
        assert "2 条" in (await shift.asks(BOSS, f"/kb 手册 {book}"))[0]
        told = (await shift.asks(MEI, "/q posun"))[0]
        assert "再登记售后" in told
        assert "手册 · 林主管" in told
        assert "七天内开出" in (await shift.asks(MEI, "/q 电子发票"))[0]
        assert "带标题的手册" in (await shift.asks(BOSS, "/kb 手册 没有标题"))[0]


async def test_a_platform_s_own_terms_are_kept_to(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift, "天猫")
        await shift.says(OPS, "售罄 3")
        assert "尺码断码了" in (await shift.asks(MEI, "/q 3"))[0]
        await shift.says(OPS, "售罄 2")
        told = (await shift.asks(MEI, "/q 2"))[0]
        assert "暂时售完" in told
        assert "断码" not in told
        assert "以付款页面显示的为准" in (await shift.asks(MEI, "/q 微信支付"))[0]


async def test_in_the_group_the_answer_goes_to_who_asked(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert await shift.says(MEI, "搜 敏感肌") == []
        assert "耳后试用" in shift.here.last(MEI).text


async def test_what_is_known_is_found_again_after_a_restart(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "/kb 添加 几点开播 | 每晚八点")
        core, clock, group = shift.here.core, shift.clock, shift.group
    async with evening(tmp_path, core=core, clock=clock, group=group) as shift:
        assert "每晚八点" in (await shift.asks(MEI, "/q jdkb"))[0]


async def test_agents_are_reminded_at_the_start_to_have_buyers_follow_the_room(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:00")
        assert "请买家点关注：/q 关注" in "".join(await shift.says(OPS, "开播"))
        assert "点一下直播间的关注" in (await shift.asks(MEI, "/q 关注"))[0]
