"""Questions to ops that never get lost: asked, merged, owned, answered by reply, corrected, handed on, brought up."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook

from bot.pace import Limits
from bot.rehearsal import samples
from bot.rehearsal.telegram import Message
from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, Shift, evening

SHEET = """商品名称,直播价,库存
丝绒口红,69,200
纯棉卫衣,129,50
玫瑰精华水,79,500
"""


async def selling(shift: Shift) -> None:
    await shift.sends(OPS, "排品表.csv", SHEET.encode("utf-8-sig"))
    await shift.press(OPS, "启用")
    await shift.at("20:00")
    await shift.says(OPS, "开播")


def newest(shift: Shift, chat: int, words: str) -> Message:
    """The newest message in a chat that says so."""
    return [m for m in shift.here.core.said(chat) if words in m.text][-1]


def copied(message: Message) -> list[str]:
    return [b.copied for row in message.rows for b in row if b.copied]


async def answers(shift: Shift, who: int, words: str, text: str, chat: int = 0) -> None:
    """`who` replies with `text` to the newest message that says `words`."""
    chat = chat or who
    card = newest(shift, chat, words)
    await shift.here.says(who, chat, text, reply_to=card.message_id)


async def test_a_question_reaches_ops_privately_and_the_reply_reaches_asker_and_team(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        group = len(shift.here.core.said(shift.group))
        told = (await shift.asks(MEI, "/ask 3 能用生理盐水冲吗"))[0]
        assert "3号 玫瑰精华水" in told
        assert "商品咨询" in told
        assert "不要猜" in told
        assert any("请稍等" in text for text in copied(shift.here.last(MEI)))
        asked = newest(shift, OPS, "能用生理盐水冲吗").text
        assert "小美 20:00" in asked
        assert "待答" in asked
        await answers(shift, OPS, "能用生理盐水冲吗", "可以，冲完擦干再用")
        assert "可以，冲完擦干再用" in newest(shift, MEI, "有回答了").text
        assert copied(newest(shift, MEI, "有回答了")) == ["可以，冲完擦干再用"]
        assert "可以，冲完擦干再用" in newest(shift, QIANG, "有回答了").text  # the next buyer may ask him
        assert "能用生理盐水" not in shift.read(CHEN)
        assert len(shift.here.core.said(shift.group)) == group  # the group heard nothing of it


async def test_without_a_product_it_is_about_what_is_on_air_and_a_typed_word_asks_as_well(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "/on 1")
        assert "1号 丝绒口红" in (await shift.asks(MEI, "请教 会掉色吗"))[0]
        await shift.says(QIANG, "问运营 2 会缩水吗")
        assert "2号 纯棉卫衣" in newest(shift, QIANG, "会缩水吗").text


async def test_the_first_who_takes_it_up_owns_it_and_everybody_sees_that(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 3 敏感肌能用吗")
        await shift.press(OPS, "我来答")
        assert "小周 负责" in newest(shift, MEI, "敏感肌").text
        await shift.asks(BOSS, "/asks")
        await shift.press(BOSS, "敏感肌")
        assert "小周 负责" in newest(shift, BOSS, "敏感肌").text
        assert "我来答" not in shift.buttons(BOSS)
        assert "提问问的是运营" in (await shift.asks(QIANG, "/reply 1 能用"))[0]
        await shift.asks(OPS, "/reply 可以先在耳后试用")  # the only one he has taken up
        assert "可以先在耳后试用" in newest(shift, MEI, "有回答了").text


async def test_the_same_question_in_other_words_is_joined_and_both_get_the_answer(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 3 能用生理盐水冲吗")
        before = len(shift.here.core.said(OPS))
        assert "已有人问过" in (await shift.asks(QIANG, "/ask 3 可以用生理盐水冲吗？"))[0]
        assert len(shift.here.core.said(OPS)) == before  # ops are not asked twice
        assert "小美 20:00、阿强 20:00" in newest(shift, OPS, "生理盐水").text
        await answers(shift, OPS, "生理盐水", "可以")
        assert "答：可以" in shift.read(MEI)
        assert copied(newest(shift, QIANG, "有回答了")) == ["可以"]


async def test_who_was_joined_by_mistake_asks_by_themselves_with_one_tap(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 3 能用生理盐水冲吗")
        await shift.asks(QIANG, "/ask 3 能用淡生理盐水冲吗")
        await shift.press(QIANG, "不是同一件事")
        assert "提问 2" in newest(shift, OPS, "淡生理盐水").text
        await answers(shift, OPS, "提问 2", "不可以")
        assert copied(newest(shift, QIANG, "有回答了")) == ["不可以"]
        assert "小美 20:00、阿强" not in shift.read(OPS)


async def test_ops_are_reminded_after_a_minute_the_lead_after_three_and_then_there_is_an_end(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 3 敏感肌能用吗")
        await shift.asks(MEI, "/ask 1 会掉色吗")
        await shift.minutes(1)
        assert "还没回答的提问 2 个" in shift.read(OPS)  # one message for both
        assert "超时" not in shift.read(BOSS)
        await shift.minutes(2)
        assert "2 个提问超时还没有回答" in shift.read(BOSS)
        await shift.minutes(30)
        assert shift.read(OPS).count("还没回答的提问") == 3
        assert shift.read(BOSS).count("超时还没有回答") == 4  # at 3, 13, 23 and 33 minutes
        await shift.minutes(60)
        assert shift.read(BOSS).count("超时还没有回答") == 4


async def test_a_reply_to_the_first_card_still_answers_after_a_reminder(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 3 敏感肌能用吗")
        first = newest(shift, OPS, "敏感肌")
        await shift.minutes(4)
        assert newest(shift, OPS, "敏感肌").message_id != first.message_id
        await shift.here.says(OPS, OPS, "可以先在耳后试用", reply_to=first.message_id)
        assert copied(newest(shift, MEI, "有回答了")) == ["可以先在耳后试用"]


async def test_an_answer_in_time_reminds_nobody(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 3 敏感肌能用吗")
        await answers(shift, OPS, "敏感肌", "可以")
        await shift.minutes(10)
        assert "还没回答" not in shift.read(OPS)
        assert "超时" not in shift.read(BOSS)


async def test_a_room_sets_its_own_targets(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert "300 秒没答" in (await shift.asks(BOSS, "提问时限 300 600"))[0]
        assert "后一个更大" in (await shift.asks(BOSS, "提问时限 300 60"))[0]
        await shift.asks(MEI, "/ask 3 敏感肌能用吗")
        await shift.minutes(4)
        assert "还没回答" not in shift.read(OPS)
        await shift.minutes(1)
        assert "还没回答的提问 1 个" in shift.read(OPS)


async def test_where_no_ops_are_on_duty_the_lead_is_asked_at_once(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(OPS, "下班")
        await shift.asks(MEI, "/ask 3 敏感肌能用吗")
        assert "敏感肌能用吗" in shift.read(BOSS)
        assert "敏感肌能用吗" not in shift.read(OPS)
        before = len(shift.here.core.said(BOSS))
        await shift.minutes(10)
        assert len(shift.here.core.said(BOSS)) == before  # told once
        await answers(shift, BOSS, "敏感肌", "可以")
        assert copied(newest(shift, MEI, "有回答了")) == ["可以"]


async def test_who_goes_off_duty_gives_back_what_they_had_taken_up(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 3 敏感肌能用吗")
        await shift.press(OPS, "我来答")
        await shift.asks(OPS, "下班")
        assert "待答" in (await shift.asks(MEI, "/asks"))[0]
        await shift.minutes(1)
        assert "待答" in newest(shift, BOSS, "敏感肌").text  # no other ops are there
        await answers(shift, BOSS, "敏感肌", "可以")
        assert copied(newest(shift, MEI, "有回答了")) == ["可以"]


async def test_the_warehouse_says_until_when_and_is_reminded_once_it_is_past(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 仓库 3 今天还能发吗")
        assert "今天还能发吗" not in shift.read(OPS)
        await answers(shift, CHEN, "今天还能发吗", "20:30 前")
        assert "老陈 预计 20:30 答复" in newest(shift, MEI, "可以这样告诉买家").text
        await shift.minutes(20)
        assert "还没回答" not in shift.read(CHEN)
        assert "超时" not in shift.read(BOSS)
        await shift.minutes(60)
        assert shift.read(CHEN).count("到了说好的时间") == 1
        await answers(shift, CHEN, "今天还能发吗", "能发")
        assert copied(newest(shift, MEI, "有回答了")) == ["能发"]


async def test_a_time_that_was_the_answer_itself_becomes_it_with_one_tap(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 仓库 今天几点截单")
        await answers(shift, CHEN, "几点截单", "23:00 前")
        await shift.press(CHEN, "这就是答案")
        assert copied(newest(shift, MEI, "有回答了")) == ["23:00 前"]


async def test_a_question_is_handed_on_with_reason_and_note_and_twice_is_once_too_often(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 3 外盒有没有压痕")
        await shift.press(OPS, "转交")
        await shift.press(OPS, "仓库")
        await shift.press(OPS, "不归我管")
        await shift.asks(OPS, "买家介意外盒，想看实物")
        card = newest(shift, CHEN, "外盒有没有压痕").text
        assert "小周 转给仓库：不归我管。买家介意外盒，想看实物" in card
        assert "请不要再转" not in card
        assert "已转交 2 次" not in shift.read(BOSS)
        told = (await shift.asks(CHEN, "/swap 1 运营 不清楚 仓里这批没有开箱"))[0]
        assert "已转给运营" in told
        assert "请不要再转" in newest(shift, OPS, "外盒有没有压痕").text
        assert "提问 1 已转交 2 次" in shift.read(BOSS)
        await shift.asks(OPS, "/reply 1 没有压痕")
        assert copied(newest(shift, MEI, "有回答了")) == ["没有压痕"]


async def test_a_question_is_handed_on_by_presses_alone_to_a_senior_and_to_the_carrier(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 3 外盒有没有压痕")
        await shift.asks(MEI, "/ask 2 几点能送到")
        for number, to, short in ((1, "组长/主管", "组长/主管"), (2, "物流", "物流")):
            await shift.asks(OPS, f"/swap {number}")
            await shift.press(OPS, to)
            await shift.press(OPS, "忙不过来")
            await shift.asks(OPS, "买家急着要")
            assert f"提问 {number} 已转给{short}" in shift.read(OPS)
        assert "小周 转给组长/主管：忙不过来。买家急着要" in newest(shift, BOSS, "外盒有没有压痕").text
        assert "小周 转给物流：忙不过来。买家急着要" in newest(shift, BOSS, "几点能送到").text


async def test_alike_questions_of_an_english_room_are_one_and_what_was_answered_is_told(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(OPS, "sheet.csv", "商品名称,直播价\nVelvet Lipstick,69\n".encode("utf-8-sig"))
        await shift.press(OPS, "启用")
        await shift.at("20:00")
        await shift.says(BOSS, "/setup shop douyin en")
        await shift.says(OPS, "/live")
        await shift.asks(MEI, "/ask 1 is it waterproof")
        assert "asked the same already" in (await shift.asks(QIANG, "/ask 1 is the lipstick waterproof?"))[0]
        await shift.asks(OPS, "/reply 1 yes, it stays on in the rain")
        assert "it stays on in the rain" in (await shift.asks(MEI, "/ask 1 waterproof?"))[0]
        assert "it stays on in the rain" not in (await shift.asks(MEI, "/ask 1 is it washable"))[0]


async def test_a_corrected_answer_reaches_all_who_had_the_former_one_and_takes_its_copy_away(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 3 能用生理盐水冲吗")
        await answers(shift, OPS, "生理盐水", "可以")
        await shift.press(OPS, "更正回答")
        await shift.asks(OPS, "不可以，只能用清水")
        for agent in (MEI, QIANG):
            assert copied(newest(shift, agent, "更正")) == ["不可以，只能用清水"]
            assert not copied(newest(shift, agent, "有回答了"))


async def test_a_reply_to_an_answered_question_is_no_correction_without_a_press(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 3 能用生理盐水冲吗")
        await answers(shift, OPS, "生理盐水", "可以")
        await answers(shift, OPS, "生理盐水", "收到")
        assert "还没有发给任何人：收到" in shift.here.last(OPS).text
        assert "更正" not in shift.read(MEI) + shift.read(QIANG)
        await answers(shift, OPS, "答：可以", "不可以，只能用清水，冲完以后轻轻擦干再用就好")
        await shift.press(OPS, "改成这个回答")
        assert copied(newest(shift, MEI, "更正")) == ["不可以，只能用清水，冲完以后轻轻擦干再用就好"]
        assert "收到" not in shift.read(MEI)


async def test_who_signs_in_gets_what_waits_for_their_answer_and_the_asker_knows_nobody_was_there(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(OPS, "休息")
        await shift.asks(BOSS, "下班")
        assert "现在没有运营、组长或主管在岗" in (await shift.asks(MEI, "/ask 3 敏感肌能用吗"))[0]
        await shift.asks(MEI, "/ask 1 会掉色吗")
        assert "敏感肌" not in shift.read(OPS)
        await shift.asks(OPS, "到岗")
        assert "待您回答的提问 2 个" in shift.read(OPS)
        await shift.press(OPS, "敏感肌")
        await answers(shift, OPS, "直接回复这条消息", "可以")
        assert copied(newest(shift, MEI, "有回答了")) == ["可以"]


async def test_an_answered_question_is_kept_for_everybody_once_a_manager_says_so(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 3 能用生理盐水冲吗")
        await answers(shift, OPS, "生理盐水", "可以，冲完擦干")
        assert "没有找到" in (await shift.asks(QIANG, "/q 生理盐水"))[0]
        await shift.asks(BOSS, "/faq")
        await shift.press(BOSS, "批准")
        assert "可以，冲完擦干" in (await shift.asks(QIANG, "/q 生理盐水"))[0]
        await shift.asks(OPS, "/reply 1 不可以")
        await shift.press(OPS, "改成这个回答")  # a wrong one must not stay in the knowledge
        assert "没有找到" in (await shift.asks(QIANG, "/q 生理盐水"))[0]
        await shift.press(BOSS, "批准")
        assert "不可以" in (await shift.asks(QIANG, "/q 生理盐水"))[0]


async def test_what_concerns_one_order_alone_is_no_candidate(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 3 订单6917000000000000001能改颜色吗")
        await answers(shift, OPS, "能改颜色吗", "能")
        assert "批准" not in shift.buttons(BOSS)


async def test_one_tap_says_what_kind_it_is_and_it_goes_where_that_is_answered(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 3 三天没有动静了")
        await shift.press(MEI, "改为物流跟踪")
        assert "物流跟踪 · 问仓库" in newest(shift, MEI, "三天没有动静").text
        assert "三天没有动静" in shift.read(CHEN)
        await answers(shift, CHEN, "三天没有动静", "已催快递，明天到")
        assert copied(newest(shift, MEI, "有回答了")) == ["已催快递，明天到"]


async def test_an_angry_buyer_goes_to_the_lead_and_the_agent_gets_words_to_calm_them(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 3 为什么还没发货")
        await shift.press(MEI, "买家很生气")
        assert "买家情绪激动" in newest(shift, BOSS, "为什么还没发货").text
        assert any("非常理解您现在的心情" in text for text in copied(newest(shift, MEI, "为什么还没发货")))
        await shift.press(BOSS, "我来答")
        assert "林主管 负责" in newest(shift, MEI, "为什么还没发货").text
        await shift.press(QIANG, "买家生气")  # from the desk, with nothing to type
        assert "买家情绪激动" in shift.here.last(BOSS).text
        assert "阿强" in shift.here.last(BOSS).text
        before = len(shift.here.core.said(BOSS))
        await shift.press(QIANG, "买家生气")  # once more, by mistake
        assert len(shift.here.core.said(BOSS)) == before


async def test_one_agent_s_angry_buyer_leaves_the_question_others_wait_for_with_ops(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 3 为什么还没发货")
        await shift.asks(QIANG, "/ask 3 为什么没发货")
        await shift.press(QIANG, "买家很生气")
        assert "提问：阿强" in newest(shift, BOSS, "买家情绪激动").text
        assert "问运营" in newest(shift, MEI, "提问 1").text
        await answers(shift, OPS, "提问 1", "今晚发")
        assert copied(newest(shift, MEI, "有回答了")) == ["今晚发"]


async def test_a_question_withdrawn_before_its_card_left_asks_nobody(tmp_path: Path) -> None:
    async with evening(tmp_path, limits=Limits()) as shift:
        await shift.asks(MEI, "/ask 敏感肌能用吗")
        await shift.asks(MEI, "/ask 会掉色吗")  # waits its second in the chat of ops
        await shift.asks(MEI, "/unask 2")
        await shift.asks(MEI, "/ask 能退吗")
        await shift.here.wind_by(timedelta(seconds=20))
        assert "敏感肌" in shift.read(OPS)
        assert "能退吗" in shift.read(OPS)
        assert "会掉色" not in shift.read(OPS)


async def test_whoever_comes_late_reads_tonight_s_answers(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert "还没有提问" in (await shift.asks(QIANG, "/asks"))[0]
        await shift.asks(MEI, "/ask 3 敏感肌能用吗")
        await answers(shift, OPS, "敏感肌", "可以先在耳后试用")
        told = (await shift.asks(QIANG, "待答"))[0]
        assert "1. 3号 玫瑰精华水：敏感肌能用吗 → 可以先在耳后试用（小周 20:00）" in told


async def test_who_needs_no_answer_any_more_says_so_and_nobody_is_reminded(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 3 敏感肌能用吗")
        await shift.press(MEI, "不用回答了")
        assert "不用回答了" in newest(shift, OPS, "敏感肌").text
        assert "我来答" not in shift.buttons(OPS)
        await shift.minutes(10)
        assert "还没回答" not in shift.read(OPS)
        assert "已经不用回答了" in (await shift.asks(OPS, "/reply 1 可以"))[0]


async def test_where_ops_cannot_be_reached_privately_the_group_is_asked_once_and_a_reply_there_answers(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        newcomer = 106
        shift.here.core.add_user(newcomer, "小何", username="user106")
        shift.here.core.join(newcomer, shift.group)
        await shift.asks(OPS, "下班")
        await shift.says(newcomer, "到了")
        message = [m for m in shift.here.chat(shift.group) if m.sender_id == newcomer][-1]
        await shift.says(BOSS, "/role 运营", reply_to=message.message_id)
        await shift.says(newcomer, "到岗")
        before = len(shift.here.core.said(shift.group))
        await shift.asks(MEI, "/ask 3 敏感肌能用吗")
        card = newest(shift, shift.group, "敏感肌能用吗")
        assert len(shift.here.core.said(shift.group)) == before + 1
        await shift.says(QIANG, "我也想知道", reply_to=card.message_id)  # talk among people
        assert "待答" in newest(shift, shift.group, "敏感肌能用吗").text
        await shift.says(newcomer, "可以先在耳后试用", reply_to=card.message_id)
        assert copied(newest(shift, MEI, "有回答了")) == ["可以先在耳后试用"]
        assert "答：可以先在耳后试用" in newest(shift, shift.group, "敏感肌能用吗").text


async def test_a_reply_in_the_group_to_what_is_no_question_stays_talk(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "/on 1")
        card = newest(shift, shift.group, "正在讲 1号")
        assert await shift.says(MEI, "好的", reply_to=card.message_id) == []
        assert "没看懂" not in shift.read(MEI)


async def test_a_buyers_phone_is_refused_in_question_answer_and_note(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        assert "不要写买家的电话" in (await shift.asks(MEI, "/ask 3 13800013800 能改地址吗"))[0]
        await shift.asks(MEI, "/ask 3 能改颜色吗")
        assert "不要写买家的电话" in (await shift.asks(OPS, "/reply 1 打13800013800"))[0]
        assert "不要写买家的电话" in (await shift.asks(OPS, "/swap 1 仓库 忙 打13800013800"))[0]
        assert "13800013800" not in shift.read(OPS) + shift.read(CHEN)


async def test_without_words_the_bot_asks_for_them_and_the_desk_has_both_buttons(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.press(MEI, "请教运营")
        assert "想问什么" in shift.here.last(MEI).text
        await shift.asks(MEI, "3 敏感肌能用吗")
        assert "敏感肌能用吗" in shift.read(OPS)
        await shift.minutes(0)
        assert "待答提问 1" in "".join(shift.buttons(OPS))
        await shift.press(OPS, "待答提问 1")
        await shift.press(OPS, "1. 3号 玫瑰精华水：敏感肌")
        await shift.press(OPS, "我来答")
        await shift.press(OPS, "写回答")
        await shift.asks(OPS, "可以")
        assert copied(newest(shift, MEI, "有回答了")) == ["可以"]


async def test_what_nobody_answered_is_before_the_manager_at_night_and_in_the_review(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 3 敏感肌能用吗")
        await answers(shift, OPS, "敏感肌", "可以")
        await shift.asks(MEI, "/ask 1 会掉色吗")
        await shift.at("22:30")
        await shift.says(OPS, "下播")
        night = newest(shift, BOSS, "今晚要您看的").text
        assert "没有回答的提问：1 个" in night
        assert "2. 1号 丝绒口红：会掉色吗 · 小美 20:00 · 待答" in night
        await shift.press(BOSS, "看提问")
        assert "会掉色吗" in shift.here.last(BOSS).text
        await shift.at("23:10")
        await shift.sends(MEI, *samples.export(shift.clock.now()))
        assert "提问 2，已答 1，没答 1，迟答 0；中位 0 秒" in shift.read(BOSS)
        await shift.asks(OPS, "/reply 2 不会")
        assert "没有回答的提问" not in newest(shift, BOSS, "今晚要您看的").text


async def test_the_workbook_tells_each_step_of_a_question_in_words(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 3 敏感肌能用吗")
        await shift.press(OPS, "我来答")
        await answers(shift, OPS, "敏感肌", "可以")
        await shift.says(OPS, "下播")
        await shift.asks(BOSS, "/review")
        document = next(m for m in reversed(shift.here.core.said(BOSS)) if m.document)
        assert document.document
        data = document.document.content
        rows = list(load_workbook(BytesIO(data))["流水"].iter_rows(values_only=True))
        told = " ".join(str(row) for row in rows if row[2] == "提问")
        assert all(word in told for word in ("3 玫瑰精华水", "商品咨询", "认领", "回答"))


async def test_a_question_survives_a_restart_with_its_reminder(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "/ask 3 敏感肌能用吗")
        core, clock, group = shift.here.core, shift.clock, shift.group
    async with evening(tmp_path, core=core, clock=clock, group=group) as shift:
        await shift.minutes(1)
        assert "还没回答的提问 1 个" in shift.read(OPS)
        await answers(shift, OPS, "直接回复这条消息", "可以")
        assert copied(newest(shift, MEI, "有回答了")) == ["可以"]


async def test_not_sure_is_a_question_to_ops_in_the_agents_own_word(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "不清楚 1号能不能冷藏")
        assert "能不能冷藏" in shift.here.last(OPS).text
        assert "不要猜" in shift.here.last(MEI).text
