"""One whole evening as a dialogue of five people, and what each of them read (issue: One evening, end to end)."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import openpyxl
from PIL import Image

from bot.rehearsal import samples
from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, Shift, evening


async def before_the_stream(shift: Shift) -> None:
    preview = (await shift.sends(OPS, "排品表.xlsx", samples.runsheet_xlsx()))[-1]
    assert "要改的 1 处" in preview
    assert "第 " in preview
    assert "直播价" in preview
    assert "今晚排品" not in shift.read(shift.group)  # nothing is in force before somebody says so
    corrected = (await shift.sends(OPS, "排品表2.xlsx", samples.runsheet_xlsx(corrected=True)))[-1]
    assert "读到 12 款" in corrected
    await shift.press(OPS, "启用")
    taken = shift.read(shift.group)
    assert "今晚排品 12 款（小周 启用）" in taken
    assert "3号 烟酰胺精华液 ¥129.00 · 满199减30" in taken


async def on_air(shift: Shift) -> None:
    assert "还没开播" in (await shift.asks(OPS, "开讲 3"))[0]
    await shift.at("20:00")
    assert "开播 小满优选 · 排品 12 款" in (await shift.says(OPS, "开播"))[0]
    card = (await shift.says(OPS, "/on 4"))[0]
    assert card.startswith("正在讲 4号 丝绒雾面口红\n直播价 ¥69.00")
    assert "拍 2 件付 103.50 元" in card  # the second at half price, worked out
    assert "下一个 5号" in card
    assert "正在讲 4号" in shift.board()
    assert "3号 烟酰胺精华液" in (await shift.asks(MEI, "3"))[0]
    assert "到手 51.75 元/件" in (await shift.asks(QIANG, "/promo 4"))[0]
    assert await shift.says(MEI, "/now") == []  # answered privately, the group stays quiet
    assert "正在讲 4号" in shift.here.last(MEI).text
    assert "这一步要由" in (await shift.asks(MEI, "/price 10"))[0]


async def a_price_changes(shift: Shift) -> None:
    await shift.press(OPS, "改价")
    assert "现在 ¥69.00" in shift.here.last(OPS).text
    await shift.asks(OPS, "65")
    diff, _ = shift.find(shift.group, "已知悉")
    assert "直播价 69.00 → 65.00" in diff.text
    assert diff.rows[0][0].text == "已知悉 0/2"
    answer = await shift.press(MEI, "已知悉", shift.group)
    assert answer is not None
    assert answer.text == "已记下：您已知悉。"
    await shift.asks(QIANG, "优惠 4")  # looking the new revision up counts as knowing it
    await shift.minutes(1)
    assert "2 人全部已知悉" in shift.read(shift.group)
    await shift.press(OPS, "售罄")
    assert "售罄" in shift.here.core.said(shift.group)[-1].text
    assert "已售罄" in (await shift.asks(MEI, "4"))[0]
    stale = await shift.here.presses(MEI, shift.group, diff.message_id, "a1:known a1-b1-p4-r2", outdated=True)
    assert stale is not None
    assert "这条变更已过时" in stale.text


async def chasing(shift: Shift) -> None:
    number = samples.TAGGED["registered_by_hand"]
    await shift.at("20:22")
    card = (await shift.asks(MEI, f"催 {number} 3号"))[0]
    assert f"订单 {number}" in card
    assert "手工登记（0 分钟前）" in card
    assert "3号 烟酰胺精华液" in card
    await shift.press(MEI, "电话")
    refused = await shift.press(MEI, "没接没回")
    assert refused is not None
    assert refused.alert
    assert "还要点提醒付款并留言" in refused.text
    await shift.press(MEI, "提醒付款")
    await shift.press(MEI, "留言")
    await shift.press(MEI, "答应付款")
    await shift.asks(MEI, "20:40")
    assert "备注（插紫旗）：11-11 20:22 小美 第1次" in shift.here.last(MEI).text
    await shift.press(MEI, "备注已贴")
    await shift.at("20:40")
    assert f"订单 {number}：约定的 20:40 到了" in shift.here.last(MEI).text
    told = (await shift.sends(MEI, *samples.export(samples.FIRST_EXPORT)))[-1]
    assert "抖音，数据时间 20:40" in told
    assert "待催" in shift.read(shift.group)
    await shift.asks(QIANG, "/chase")
    first = shift.here.last(QIANG).text
    assert "数据：20:40 的导出（0 分钟前）" in first
    await shift.press(QIANG, "提醒付款")
    await shift.press(QIANG, "不付了")
    await shift.press(QIANG, "价格")
    assert "不付款 嫌价格高或赠品少" in shift.here.last(QIANG).text
    await shift.at("21:30")
    settled = (await shift.sends(MEI, *samples.export(samples.SECOND_EXPORT)))[-1]
    assert "已付" in settled
    paid = await shift.asks(MEI, f"催 {number} 3号")
    assert f"订单 {number} 已付款，不用再催" in paid[0]
    broken = (await shift.sends(MEI, *samples.broken_export()))[-1]
    assert "这份文件没有读到订单" in broken
    assert "主订单编号" in broken
    assert "重新导出" in broken


async def closing(shift: Shift) -> None:
    await shift.at("22:20")
    assert "开始审单" in shift.read(shift.group), "by itself, half an hour before the sheet ends"
    assert "已是快下播" in (await shift.asks(OPS, "快下播"))[0]
    await shift.sends(MEI, *samples.export(samples.LAST_EXPORT))
    held = shift.here.core.said(shift.group)[-1].text
    assert f"{samples.TAGGED['no_ship']} 停发地区 · 香港特别行政区" in held
    assert f"{samples.TAGGED['contradiction']} 省市区不一致" in held
    await shift.press(MEI, "认领下一单", shift.group)
    assert "香港特别行政区 发不到" in shift.here.last(MEI).text
    assert not any("补运费" in caption or caption == "关闭订单" for caption in shift.buttons(MEI))
    await shift.press(MEI, "买家申请退款")
    assert "买家的原话" in shift.here.last(MEI).text
    await shift.asks(MEI, "寄不到就退了吧")
    assert "已处理，待核实" in shift.here.last(MEI).text  # her word alone does not solve it
    await shift.asks(CHEN, "拦截清单")
    listed = next(m for m in reversed(shift.here.core.said(CHEN)) if m.document)
    assert listed.document is not None
    cells = [
        c.value
        for row in openpyxl.load_workbook(BytesIO(listed.document.content)).active.iter_rows()
        for c in row
    ]
    assert samples.TAGGED["no_ship"] in cells
    await shift.press(CHEN, "已拦截")
    assert "已拦截" in shift.read(CHEN)


async def the_end(shift: Shift) -> None:
    await shift.at("22:30")
    assert "还在直播" in (await shift.asks(BOSS, "收尾"))[0] or "还没下播" in shift.here.last(BOSS).text
    assert "下播 小满优选 22:30" in (await shift.says(OPS, "下播"))[0]
    night = shift.here.last(BOSS)
    assert night.silent
    assert "今晚要您看的" in night.text
    assert "订单数据截至 22:20" in night.text
    assert "不能收尾" in (await shift.asks(BOSS, "收尾"))[0]
    await hand_over_everything(shift)
    await shift.asks(BOSS, "/wrap")
    assert "收尾 林主管 · 交下一班" in shift.here.core.said(shift.group)[-1].text


async def hand_over_everything(shift: Shift) -> None:
    """One HOLD goes to the next shift by its owner, one is waived by name, one handed over alone, the rest together."""
    await shift.press(MEI, "交下一班")
    await shift.asks(BOSS, "/hold next")
    await shift.press(BOSS, "具名放行")
    await shift.asks(BOSS, "买家已改地址，明早核对")
    assert "具名放行" in shift.here.last(BOSS).text
    await shift.asks(BOSS, "/hold next")
    await shift.press(BOSS, "交下一班")
    await shift.press(BOSS, "没人处理的都交下一班")


async def the_review(shift: Shift) -> None:
    await shift.at("23:10")
    await shift.sends(MEI, *samples.export(shift.clock.now()))
    said = shift.here.core.said(BOSS)
    assert any("催付" in m.text and "小满优选" in m.text for m in said[-4:])
    picture = next(m for m in reversed(said) if m.photo)
    assert picture.photo is not None
    assert Image.open(BytesIO(picture.photo.content)).width == 1080
    book = next(m for m in reversed(said) if m.document)
    assert book.document is not None
    assert len(openpyxl.load_workbook(BytesIO(book.document.content)).sheetnames) >= 4


async def days_later(shift: Shift) -> None:
    await shift.at("14 10:00")
    told = (await shift.sends(MEI, *samples.export(samples.DAYS_LATER)))[-1]
    assert "邀好评：新增" in told
    await shift.at("14 12:00")
    queues = (await shift.sends(MEI, *samples.logistics_list()))[-1]
    assert "催签收" in queues
    assert "待跟进 邀好评" in shift.here.core.said(shift.group)[-1].text
    work = (await shift.asks(MEI, "接活"))[0]
    assert "催签收" in work
    assert "必须做" in work  # food waits: it goes first, and it says so
    await shift.press(MEI, "已提醒")
    assert "已提醒" in shift.here.last(MEI).text


async def test_one_evening_end_to_end(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await before_the_stream(shift)
        await on_air(shift)
        await a_price_changes(shift)
        await chasing(shift)
        await closing(shift)
        await the_end(shift)
        await the_review(shift)
        await days_later(shift)
        assert "〔小满优选〕" in shift.here.last(MEI).text  # every private card names its room
        assert not [row for row in shift.here.bot.runner.view("a1").outbox.scan() if row.state == "failed"]
