"""撤销: a slip on air is taken back within a minute, by button or word, and everybody hears of it as of a change."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.rehearsal.telegram import Message
from tests.support.evening import BOSS, MEI, OPS, Shift, evening

SHEET = """商品名称,直播价,库存,优惠机制,赠品,限购
玫瑰精华水,79,120,拍1发3送面膜,,2
丝绒口红,69,200,满199减30,,
烟酰胺面霜,129,50,,小样3片,
"""


async def selling(shift: Shift) -> None:
    await shift.sends(OPS, "排品表.csv", SHEET.encode("utf-8-sig"))
    await shift.press(OPS, "启用")
    await shift.at("20:00")
    await shift.says(OPS, "开播")


def undo_buttons(shift: Shift) -> list[str]:
    return [caption for caption in shift.buttons(OPS) if "撤销" in caption]


async def test_a_price_is_taken_back_from_the_pad_and_comes_back_as_a_new_revision(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "/on 1")
        await shift.says(OPS, "改价 75")
        assert undo_buttons(shift) == ["↩ 撤销：1号 直播价 79.00 → 75.00"]
        await shift.press(OPS, "撤销")
        said = shift.here.core.said(shift.group)[-1].text
        assert "撤销上一次变更" in said
        assert "直播价 75.00 → 79.00" in said
        told = (await shift.asks(MEI, "1"))[0]
        assert "直播价 ¥79.00" in told
        assert "第 3 版" in told
        kept = shift.here.bot.runner.view("a1").offers.by("listing", "a1-b1-p1")
        assert sorted((one.offer.revision, str(one.offer.live_price)) for one in kept) == [
            (1, "79.00"), (2, "75.00"), (3, "79.00")
        ]  # fmt: skip


async def test_after_a_minute_the_button_is_gone_and_the_word_refused(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "改价 2 65")
        pad, _ = shift.find(OPS, "撤销")
        await shift.minutes(1)
        assert undo_buttons(shift) == []
        late = await shift.here.presses(OPS, OPS, pad.message_id, "a1:undo a1-b1-p2-r2", outdated=True)
        assert late is not None
        assert "超过一分钟" in late.text
        assert "没有可以撤销的" in (await shift.asks(OPS, "撤销"))[0]
        assert "直播价 ¥65.00" in (await shift.asks(MEI, "2"))[0]


async def test_what_something_newer_stands_on_is_not_taken_back(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "改价 2 65")
        pad, _ = shift.find(OPS, "撤销")
        await shift.says(OPS, "改价 2 60")
        newer = await shift.here.presses(OPS, OPS, pad.message_id, "a1:undo a1-b1-p2-r2", outdated=True)
        assert newer is not None
        assert "之后又有新的变更" in newer.text
        await shift.says(OPS, "撤销")
        assert "直播价 ¥65.00" in (await shift.asks(MEI, "2"))[0]


async def test_pressing_twice_does_not_bring_the_slip_back(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "改价 2 65")
        await shift.says(OPS, "撤销")
        assert "没有可以撤销的" in (await shift.asks(OPS, "撤销"))[0]
        assert "直播价 ¥69.00" in (await shift.asks(MEI, "2"))[0]


async def test_gift_sold_out_and_stock_are_taken_back_whole(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        before = {n: (await shift.asks(MEI, str(n)))[0].rpartition("\n")[0] for n in (1, 2, 3)}
        for words in ("赠品送完 1", "售罄 2", "赠品送完 3", "返场 2 300", "售罄 1"):
            await shift.says(OPS, words)
            await shift.says(OPS, "撤销")
        after = {n: (await shift.asks(MEI, str(n)))[0].rpartition("\n")[0] for n in (1, 2, 3)}
        assert after == before


async def test_a_wrong_product_on_air_is_taken_back_with_two_messages_in_all(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "/on 1")
        await shift.minutes(5)
        before = len(shift.here.core.said(shift.group))
        await shift.says(OPS, "/on 3")
        await shift.press(OPS, "撤销开讲：3号 烟酰胺面霜")
        assert len(shift.here.core.said(shift.group)) == before + 2
        said = shift.here.core.said(shift.group)[-1].text
        assert "撤销刚才的开讲" in said
        assert "正在讲 1号" in said
        assert "正在讲 1号" in shift.board()
        assert undo_buttons(shift) == []


async def test_the_very_first_product_on_air_is_taken_back_to_none(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "/on 3")
        before = len(shift.here.core.said(shift.group))
        await shift.asks(OPS, "撤销")
        assert len(shift.here.core.said(shift.group)) == before
        assert "现在没有商品在讲" in shift.here.core.said(shift.group)[-1].text
        assert "还没有开讲" in (await shift.asks(MEI, "/now"))[0]


async def test_agents_may_not_take_back_what_ops_did(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "改价 2 65")
        assert "这一步要由" in (await shift.asks(MEI, "/undo"))[0]
        assert not [caption for caption in shift.buttons(MEI) if "撤销" in caption]


async def test_limit_stock_and_promotion_are_said_and_taken_back_too(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "/on 1")
        assert "限购 2 → 1" in (await shift.says(OPS, "限购 1"))[0]
        assert "限购 1 → 2" in (await shift.says(OPS, "撤销"))[0]
        assert "限购 2 → 无" in (await shift.says(OPS, "限购 1 不限"))[0]
        assert "已记下 1号 玫瑰精华水：库存 120 → 80" in (await shift.asks(OPS, "改库存 80"))[0]
        assert "售罄" in (await shift.says(OPS, "/stock 2 0"))[0]
        await shift.minutes(2)
        said = await shift.says(OPS, "改优惠 2 买2送1")
        assert "满199减30 → 买2送1" in said[0]
        assert "满199减30" in (await shift.says(OPS, "撤销"))[0].partition("→")[2]
        assert "请写商品号和新的优惠" in (await shift.asks(OPS, "改优惠 买2送1"))[0]


async def test_a_second_undo_of_the_same_slip_takes_back_nothing_else(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "改价 3 119")
        await shift.says(OPS, "改价 1 75")
        assert "/undo 1" in (await shift.asks(BOSS, "/undo"))[0]
        pad, _ = shift.find(OPS, "撤销")
        await shift.says(BOSS, "/undo 1")
        stale = await shift.here.presses(OPS, OPS, pad.message_id, "a1:undo a1-b1-p1-r2", outdated=True)
        assert stale is not None
        assert "已经撤销了 1号" in stale.text
        done = (await shift.asks(OPS, "/undo"))[0]
        assert "林主管 刚刚已经撤销了 1号 直播价 79.00 → 75.00" in done
        assert "直播价 ¥119.00" in (await shift.asks(MEI, "3"))[0]
        await shift.says(OPS, "/undo 3")
        assert "直播价 ¥129.00" in (await shift.asks(MEI, "3"))[0]


async def test_a_run_sheet_is_not_taken_back_in_part(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.sends(OPS, "b.csv", SHEET.replace(",79,", ",75,").encode("utf-8-sig"))
        await shift.press(OPS, "启用")
        assert undo_buttons(shift) == []
        for words in ("/undo", "/undo 1"):
            assert "启用排品表带来的" in (await shift.asks(OPS, words))[0]
        assert "直播价 ¥75.00" in (await shift.asks(MEI, "1"))[0]


def act_of(message: Message, caption: str) -> str:
    """What a button carries."""
    return next(b.data or "" for row in message.rows for b in row if b.text == caption)


async def seconds(shift: Shift, count: int) -> None:
    """Wind on by seconds: what is done at one moment has no order."""
    await shift.here.wind_by(timedelta(seconds=count))


async def test_who_undoes_twice_does_not_go_on_to_an_older_step_of_their_own(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "改价 3 119")
        await seconds(shift, 5)
        await shift.says(OPS, "改价 1 75")
        await seconds(shift, 5)
        pad, caption = shift.find(OPS, "撤销")
        await shift.press(OPS, "撤销")
        assert undo_buttons(shift) == []  # the second tap must not land on the older step
        again = await shift.here.presses(OPS, OPS, pad.message_id, "a1:undo a1-b1-p1-r2", outdated=True)
        assert again is not None
        assert "您刚刚已经撤销了 1号" in again.text
        assert "1号" in caption
        await seconds(shift, 5)
        assert "没有再撤销更早的" in (await shift.asks(OPS, "/undo"))[0]
        assert "直播价 ¥119.00" in (await shift.asks(MEI, "3"))[0]
        await shift.says(OPS, "/undo 3")  # named, it is meant
        assert "直播价 ¥129.00" in (await shift.asks(MEI, "3"))[0]
        stale = await shift.here.presses(OPS, OPS, pad.message_id, "a1:undo a1-b1-p1-r2", outdated=True)
        assert stale is not None
        assert "这一步已经撤销过了" in stale.text


async def test_a_renumbering_is_taken_back_from_the_pad_whole(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "/on 1")
        await seconds(shift, 5)
        await shift.says(OPS, "/link 1 3")
        await shift.press(OPS, "互换")
        assert undo_buttons(shift) == ["↩ 撤销：换号 玫瑰精华水 1→3、烟酰胺面霜 3→1"]
        before = len(shift.here.core.said(shift.group))
        await seconds(shift, 5)
        await shift.press(OPS, "撤销")
        assert len(shift.here.core.said(shift.group)) == before + 1
        assert "撤销（小周）：换号" in shift.here.core.said(shift.group)[-1].text
        assert "玫瑰精华水" in (await shift.asks(MEI, "1"))[0]
        assert "正在讲 1号 玫瑰精华水" in shift.board()
        assert undo_buttons(shift) == []
        assert "您刚刚已经撤销了 换号" in (await shift.asks(OPS, "/undo"))[0]


async def test_a_product_taken_off_by_a_slip_is_back_with_its_number(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "/withdraw 2 3")
        assert undo_buttons(shift) == ["↩ 撤销：撤下 2号 丝绒口红、3号 烟酰胺面霜"]
        assert "丝绒口红" not in (await shift.asks(MEI, "2"))[0]
        assert "是 小周 在 2号 上做的" in (await shift.asks(BOSS, "撤销"))[0]
        said = await shift.says(BOSS, "/undo 3")
        assert "2号 丝绒口红 照常卖" in said[0]
        assert "直播价 ¥69.00" in (await shift.asks(MEI, "2"))[0]
        assert "林主管 刚刚已经撤销了 撤下" in (await shift.asks(OPS, "/undo"))[0]


async def test_a_number_given_to_another_product_since_is_not_taken_back(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "/link 3 7")
        pad, caption = shift.find(OPS, "撤销")
        await seconds(shift, 5)
        await shift.says(OPS, "/link 2 3")
        newer = await shift.here.presses(OPS, OPS, pad.message_id, act_of(pad, caption), outdated=True)
        assert newer is not None
        assert "之后又有新的变更" in newer.text
        assert "烟酰胺面霜" in (await shift.asks(MEI, "7"))[0]


async def test_the_begin_of_a_flash_sale_is_taken_back_with_its_promotion(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        sheet = SHEET.replace("满199减30", "秒杀价59")
        await shift.sends(OPS, "排品表.csv", sheet.encode("utf-8-sig"))
        await shift.press(OPS, "启用")
        await shift.at("20:00")
        await shift.says(OPS, "开播")
        await shift.asks(OPS, "/flash 2")
        await shift.press(OPS, "确认开始秒杀")
        await shift.press(OPS, "撤销：2号")
        assert "直播价 ¥69.00" in (await shift.asks(MEI, "2"))[0]
        assert "没有在秒杀" in (await shift.asks(OPS, "/flashend 2"))[0]


@pytest.mark.parametrize(
    ("step", "named"),
    [
        ("/gift 3 60", "3号 赠品数定为 60"),
        ("更正 3 说成了99，实际119", "3号 的更正"),
        ("快下播", "最新的一步是快下播"),
        ("/ready 快递 中通", "最新的一步是店铺资料"),
    ],
)
async def test_what_cannot_be_taken_back_is_named_and_nothing_older_is_touched(
    tmp_path: Path, step: str, named: str
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "改价 3 119")
        await seconds(shift, 5)
        await shift.says(OPS, step)
        await seconds(shift, 5)
        before = len(shift.here.core.said(shift.group))
        assert named in (await shift.asks(OPS, "撤销"))[0]
        assert len(shift.here.core.said(shift.group)) == before
        assert "直播价 ¥119.00" in (await shift.asks(MEI, "3"))[0]


async def test_what_is_done_after_such_a_step_is_still_taken_back(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "/gift 3 60")
        await shift.says(OPS, "改价 3 119")
        await shift.says(OPS, "撤销")
        assert "直播价 ¥129.00" in (await shift.asks(MEI, "3"))[0]


async def test_a_step_of_somebody_else_that_cannot_be_taken_back_bars_nobody(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "改价 3 119")
        await shift.says(MEI, "更正 3 说成了99，实际119")
        await shift.says(OPS, "撤销")
        assert "直播价 ¥129.00" in (await shift.asks(MEI, "3"))[0]


async def test_an_accidental_end_is_taken_back_with_the_product_on_air(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "/on 3")
        await seconds(shift, 20)
        await shift.says(OPS, "改价 1 75")
        await seconds(shift, 5)
        await shift.asks(OPS, "下播")
        before = len(shift.here.core.said(shift.group))
        await shift.asks(OPS, "撤销")
        assert len(shift.here.core.said(shift.group)) == before + 2
        assert "撤销下播（小周）" in shift.read(shift.group)
        assert "正在讲 3号" in shift.board()
        assert "烟酰胺面霜" in (await shift.asks(MEI, "/now"))[0]
        assert "下播已撤销（小周）" in shift.read(BOSS)
        await seconds(shift, 2)
        assert "您刚刚已经撤销了 下播" in (await shift.asks(OPS, "撤销"))[0]  # nor the price before it
        assert "直播价 ¥75.00" in (await shift.asks(MEI, "1"))[0]
        here = shift.here.bot.runner.view("a1").broadcasts.get("a1-b1")
        assert here is not None
        assert [(one.ended_at, here.stage) for one in here.segments] == [(None, "live")]


async def test_an_end_of_more_than_a_minute_ago_or_of_somebody_else_is_not_taken_back(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "下播")
        assert "是 小周 下播的" in (await shift.asks(BOSS, "撤销"))[0]
        await shift.minutes(2)
        assert "20:00 已下播，超过一分钟" in (await shift.asks(OPS, "撤销"))[0]


async def test_who_goes_on_air_again_soon_goes_on_with_the_same_product(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "/on 2")
        await shift.says(OPS, "下播")
        await shift.minutes(10)
        said = await shift.says(OPS, "开播")
        assert len(said) == 2
        assert "正在讲 2号 丝绒口红" in said[1]
        assert "正在讲 3号" in (await shift.says(OPS, "下一个"))[0]


async def test_after_a_long_pause_nothing_is_said_to_be_on_air(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "/on 2")
        await shift.says(OPS, "下播")
        await shift.minutes(45)
        assert len(await shift.says(OPS, "开播")) == 1
        assert "还没有开讲" in (await shift.asks(MEI, "/now"))[0]


async def test_an_end_by_a_slip_is_taken_back_on_the_pad_of_who_slipped_for_a_minute(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.says(OPS, "下播")
        assert "↩ 撤销下播" in shift.buttons(OPS)
        assert "↩ 撤销下播" not in shift.buttons(BOSS)
        await shift.minutes(1)
        assert "↩ 撤销下播" not in shift.buttons(OPS)


async def test_who_has_not_confirmed_a_change_is_still_reminded_when_the_end_was_a_slip(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(OPS, "改价 1 55")
        await shift.says(OPS, "下播")
        await shift.asks(OPS, "撤销")
        await shift.minutes(1)
        assert "请确认变更：1号" in shift.read(MEI)
        await shift.minutes(3)
        assert "还有人没确认" in shift.read(BOSS)


async def test_while_the_clock_of_a_rehearsal_stands_the_newest_step_is_still_the_last_one(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(OPS, "改价 3 120")
        await shift.asks(OPS, "改价 1 75")
        await shift.asks(OPS, "改价 2 60")
        assert undo_buttons(shift) == ["↩ 撤销：2号 直播价 69.00 → 60.00"]
        await shift.asks(OPS, "撤销")
        assert "60.00 → 69.00" in shift.here.last(shift.group).text
        said = await shift.asks(OPS, "撤销")
        assert "撤销过了" in said[0] or "已经撤销" in said[0]
        assert "¥75.00" in (await shift.asks(MEI, "1"))[0]
