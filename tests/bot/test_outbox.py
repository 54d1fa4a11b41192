"""Cards leave once they are saved, the urgent first, and no fault of Telegram loses one."""

from __future__ import annotations

from pathlib import Path

from bot.rehearsal import samples
from tests.support.evening import BOSS, MEI, OPS, QIANG, Shift, evening


async def live_with_a_product_on_air(shift: Shift) -> None:
    await shift.sends(OPS, "排品表.xlsx", samples.runsheet_xlsx(corrected=True))
    await shift.press(OPS, "启用")
    await shift.says(OPS, "开播")


def told(shift: Shift, text: str) -> int:
    return sum(text in m.text for m in shift.here.core.said(shift.group))


async def test_a_throttled_group_gets_its_card_when_telegram_allows_it_again(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live_with_a_product_on_air(shift)
        shift.here.core.faults.throttle(10, method="sendMessage", chat=shift.group, times=1)
        await shift.says(OPS, "开讲 3")
        assert told(shift, "正在讲 3号 烟酰胺精华液\n直播价") == 0
        assert "3号" in (await shift.asks(MEI, "3"))[0]  # the private chats are not held up
        await shift.minutes(1)
        assert told(shift, "正在讲 3号 烟酰胺精华液\n直播价") == 1


async def test_after_an_ambiguous_time_out_the_card_is_sent_once_more_and_marked(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live_with_a_product_on_air(shift)
        shift.here.core.faults.lose(after_effect=True, method="sendMessage", chat=shift.group, times=1)
        await shift.says(OPS, "开讲 3")
        await shift.minutes(1)
        copies = [
            m.text for m in shift.here.core.said(shift.group) if "正在讲 3号 烟酰胺精华液\n直播价" in m.text
        ]
        assert [text.startswith("（重发）") for text in copies] == [False, True]


async def test_a_connection_that_breaks_before_the_effect_loses_nothing(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live_with_a_product_on_air(shift)
        faults = shift.here.core.faults
        faults.lose(after_effect=False, timed_out=False, method="sendMessage", chat=shift.group, times=2)
        await shift.says(OPS, "开讲 3")
        await shift.minutes(1)
        assert told(shift, "正在讲 3号 烟酰胺精华液\n直播价") == 1


async def test_a_message_that_is_gone_is_said_anew_instead_of_edited(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live_with_a_product_on_air(shift)
        await shift.says(OPS, "开讲 3")
        await shift.says(OPS, "改价 99")
        card, _ = shift.find(shift.group, "已知悉")
        await shift.press(MEI, "已知悉", shift.group)
        shift.here.core.delete_message(BOSS, shift.group, card.message_id)
        await shift.asks(QIANG, "3")  # looks the change up, so the count is to be edited
        await shift.minutes(1)
        assert "2 人全部已知悉" in shift.here.last(shift.group).text


async def test_who_blocks_the_bot_keeps_their_cards_until_they_come_back(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live_with_a_product_on_air(shift)
        number = samples.TAGGED["registered_by_hand"]
        await shift.asks(MEI, f"催 {number} 3号")
        await shift.press(MEI, "提醒付款")
        await shift.press(MEI, "答应付款")
        await shift.asks(MEI, "5")
        shift.here.core.block_bot(MEI)
        await shift.minutes(6)
        assert "约定的" not in shift.here.last(MEI).text
        await shift.here.starts(MEI)
        assert f"订单 {number}：约定的" in shift.read(MEI)


async def test_a_superseded_card_loses_its_buttons(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live_with_a_product_on_air(shift)
        await shift.says(OPS, "开讲 3")
        first, _ = shift.find(shift.group, "优惠与到手价")
        await shift.says(OPS, "下一个")
        assert not shift.here.core.message(shift.group, first.message_id).rows
        assert shift.here.last(shift.group).rows


async def test_confirmations_edit_one_card_instead_of_filling_the_group(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await live_with_a_product_on_air(shift)
        await shift.says(OPS, "开讲 3")
        await shift.says(OPS, "改价 99")
        before = len(shift.here.core.said(shift.group))
        await shift.press(MEI, "已知悉", shift.group)
        again = await shift.press(MEI, "已知悉", shift.group)
        assert again is not None
        assert again.text == "之前已经记下了。"
        await shift.press(QIANG, "已知悉", shift.group)
        await shift.minutes(1)
        assert len(shift.here.core.said(shift.group)) == before
        assert "2 人全部已知悉" in shift.here.last(shift.group).text
