"""Run sheets in the chat: read whole, shown before they act, taken over as a diff, seen by everybody once."""

from __future__ import annotations

from pathlib import Path

from bot.rehearsal import samples
from tests.support.evening import BOSS, MEI, OPS, QIANG, Shift, evening
from tests.support.sheets import workbook

HEADINGS = ("链接号", "商品名", "直播价")


def sheet(*rows: tuple[int, str, str]) -> bytes:
    return workbook({"排品": [HEADINGS, *rows]})


MASK, LIPSTICK, POWDER = (1, "保湿面膜", "59.90"), (2, "丝绒口红", "69"), (3, "清透粉底", "99")


async def taken(shift: Shift, data: bytes, *, live: bool = True) -> None:
    await shift.sends(OPS, "a.xlsx", data)
    await shift.press(OPS, "启用")
    if live:
        await shift.says(OPS, "开播")


async def test_sixty_products_are_all_shown_before_they_are_taken_over(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        many = sheet(*((n, f"商品{n}号样品加长名称", "59.90") for n in range(1, 61)))
        said = "\n".join(await shift.sends(OPS, "60.xlsx", many))
        assert all(f"{n}号 商品{n}号样品" in said for n in range(1, 61))
        assert "没有显示" not in said
        await shift.press(OPS, "启用")
        assert all(f"{n}号 商品{n}号样品" in shift.read(shift.group) for n in range(1, 61))


async def test_a_messy_sheet_is_read_and_each_error_named_with_its_cure(tmp_path: Path) -> None:
    title = ["11月11日晚场排品表", *[""] * 6]
    upper = ["", "", "价格", "", "编号", "", "优惠机制"]
    lower = ["链接号", "商品名称", "日常价", "直播价", "商品ID", "时间", ""]
    rows = [
        ["第一轮 福利专场", *[""] * 6],
        [1, "玫瑰精华水", "199", "¥59.9/两件", "", "23:50-00:10", "满99减20"],
        [2, "丝绒口红", "99", "69元", "3.56789E+18", "00:05-00:20", ""],
        ["3号", "烟酰胺面霜", "", "", "", "", ""],
        [4, "清透粉底", "159", "129", "", "晚8点半", "20:30-20:40秒杀99，限量50份"],
    ]
    data = workbook(
        {"封面": [["晚场", "策划"]], "排品": [title, upper, lower, *rows]},
        {"排品": [(0, 0, 0, 6), (1, 2, 1, 3)]},
    )
    async with evening(tmp_path) as shift:
        said = "\n".join(await shift.sends(OPS, "排品（最终版）.xlsx", data))
        assert "文件里有多张表，读的是「排品」" in said
        assert "第 6 行「商品ID」：编号「3.56789E+18」已被表格改成数字" in said
        assert "第 7 行「直播价」：缺少直播价" in said
        assert "按一单付 59.90 元、发 2 件读取（每件 29.95 元）" in said
        assert "第一轮" not in said
        await shift.press(OPS, "启用这 2 款")
        assert "4号 清透粉底 ¥129.00" in shift.read(shift.group)


async def test_of_two_tabs_that_may_be_meant_the_sender_is_asked(tmp_path: Path) -> None:
    tabs = {"早场": [HEADINGS, MASK], "晚场": [HEADINGS, LIPSTICK, POWDER]}
    async with evening(tmp_path) as shift:
        assert "用哪一张？" in (await shift.sends(OPS, "两场.xlsx", workbook(tabs)))[-1]
        await shift.press(OPS, "晚场（2 款）")
        assert "2号 丝绒口红" in shift.here.last(OPS).text
        await shift.press(OPS, "启用这 2 款")
        assert "今晚排品 2 款" in shift.read(shift.group)


async def test_a_sheet_sent_on_air_is_a_diff_to_confirm_and_one_message_to_the_group(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await taken(shift, sheet(MASK, LIPSTICK, POWDER))
        await shift.says(OPS, "改价 2 65")
        before = len(shift.here.core.said(shift.group))
        said = (
            await shift.sends(OPS, "b.xlsx", sheet((1, "保湿面膜", "49.90"), LIPSTICK, (4, "修护眼霜", "89")))
        )[-1]
        assert "1号 保湿面膜：直播价 59.90 → 49.90" in said
        assert "4号 修护眼霜 ¥89.00" in said
        assert "保持现场的" in said
        assert "2号 丝绒口红：直播价 65.00 → 69.00" in said
        assert "新表里没有的 1 款" in said
        assert "3号 清透粉底 ¥99.00" in said
        assert "¥59.90" in (await shift.asks(MEI, "1"))[0]  # nothing is in force yet
        await shift.press(OPS, "启用：改 1 款，新增 1 款")
        assert len(shift.here.core.said(shift.group)) == before + 1
        assert "1号 保湿面膜：直播价 59.90 → 49.90" in shift.here.last(shift.group).text
        assert "¥49.90" in (await shift.asks(MEI, "1"))[0]
        assert "¥65.00" in (await shift.asks(MEI, "2"))[0]


async def test_what_the_new_sheet_lacks_is_asked_about_and_nothing_goes_by_itself(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await taken(shift, sheet(MASK, LIPSTICK, POWDER))
        await taken(shift, sheet(MASK), live=False)
        asked = shift.here.last(OPS).text
        assert "2号 丝绒口红、3号 清透粉底" in asked
        assert "¥69.00" in (await shift.asks(MEI, "2"))[0]
        await shift.press(OPS, "撤下 3号")
        assert "撤下 3号 清透粉底，本场不再卖（小周）" in shift.here.last(shift.group).text
        assert "没有 3 号" in (await shift.asks(MEI, "3"))[0]
        await shift.press(OPS, "全部保留")
        assert "都保留：2号 丝绒口红" in shift.here.last(OPS).text
        assert "¥69.00" in (await shift.asks(MEI, "2"))[0]


async def test_a_withdrawn_product_comes_back_with_the_sheet_that_has_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await taken(shift, sheet(MASK, LIPSTICK))
        await shift.says(OPS, "开讲 1")
        assert "正在讲，不能撤下" in (await shift.asks(OPS, "撤下 1"))[0]
        await shift.says(OPS, "撤下 2")
        said = (await shift.sends(OPS, "b.xlsx", sheet(MASK, LIPSTICK)))[-1]
        assert "2号 丝绒口红：恢复上架" in said
        await shift.press(OPS, "启用：改 1 款")
        assert "¥69.00" in (await shift.asks(MEI, "2"))[0]


async def test_the_same_sheet_again_changes_nothing_and_says_so(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await taken(shift, sheet(MASK, LIPSTICK))
        said = (await shift.sends(OPS, "a.xlsx", sheet(MASK, LIPSTICK)))[-1]
        assert "和现在的排品一样，没有要改的" in said
        assert not any("启用" in caption for caption in shift.buttons(OPS)[-1:])


async def test_seeing_the_sheet_is_asked_once_and_knows_its_changes(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await taken(shift, sheet(MASK, LIPSTICK))
        answer = await shift.press(MEI, "看过了", shift.group)
        assert answer is not None
        assert "1/2 人看过" in answer.text
        assert "还没确认看过：阿强" in (await shift.asks(OPS, "排品表"))[0]
        await taken(shift, sheet((1, "保湿面膜", "49.90"), LIPSTICK), live=False)
        assert "1号有变更" in shift.read(MEI)
        await shift.press(MEI, "看过了", shift.group)
        await shift.press(QIANG, "看过了", shift.group)
        assert "1号有变更" not in shift.here.core.said(MEI)[0].text
        assert "要看的人都看过了" in (await shift.asks(OPS, "排品表"))[0]


async def test_lines_pasted_into_the_chat_are_a_run_sheet(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        said = await shift.asks(OPS, "1 玫瑰精华水 59.9 拍一发二\n2号 丝绒口红 ¥69 满199减30")
        assert "1号 玫瑰精华水 ¥59.90 · 拍一发二" in said[-1]
        await shift.press(OPS, "启用这 2 款")
        assert "2号 丝绒口红 ¥69.00" in shift.read(shift.group)
        assert "把排品贴过来" in (await shift.asks(OPS, "/sheet"))[-1]
        assert "3号 烟酰胺面霜" in (await shift.asks(OPS, "3 烟酰胺面霜 129"))[-1]


async def test_a_phone_number_in_a_row_holds_it_back_and_reaches_nobody(tmp_path: Path) -> None:
    rows = [
        (1, "保湿面膜", "59.9", "找张三13800138000"),
        (2, "丝绒口红 138-0013-8000", "69", ""),
        (3, "粉底", "99", ""),
    ]
    data = workbook({"排品": [(*HEADINGS, "备注"), *rows]})
    async with evening(tmp_path) as shift:
        said = "\n".join(await shift.sends(OPS, "a.xlsx", data))
        assert "第 2 行「备注」：这一格里有电话号码" in said
        assert "第 3 行「商品名」：这一格里有电话号码" in said
        await shift.press(OPS, "启用这 1 款")
        assert "3号 粉底" in shift.read(shift.group)
        assert "8000" not in shift.read(shift.group) + shift.read(OPS)


async def test_what_the_new_sheet_has_no_column_for_stays_and_an_empty_column_empties(tmp_path: Path) -> None:
    wide = (*HEADINGS, "优惠机制", "赠品", "库存")
    whole = workbook({"排品": [wide, (4, "丝绒唇釉", "69", "第二件半价", "小样", "100")]})
    async with evening(tmp_path) as shift:
        await taken(shift, whole)
        said = "\n".join(await shift.asks(OPS, "排品\n4 丝绒唇釉 59"))
        assert "直播价 69.00 → 59.00" in said
        assert "优惠" not in said
        assert "库存" not in said
        await shift.press(OPS, "启用：改 1 款")
        told = (await shift.asks(MEI, "4"))[0]
        assert all(part in told for part in ("¥59.00", "第2件半价", "小样", "100")), told
        said = "\n".join(
            await shift.sends(
                OPS, "c.xlsx", workbook({"排品": [wide, (4, "丝绒唇釉", "59", "", "小样", "")]})
            )
        )
        assert "→ 无" in said
        assert "库存" in said


async def test_bare_numbers_put_known_products_in_a_new_order(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await taken(shift, sheet(MASK, LIPSTICK, POWDER))
        await shift.asks(OPS, "3，1，2")
        await shift.press(OPS, "启用")
        order = (await shift.asks(MEI, "讲解顺序"))[0]
        assert order.index("3号") < order.index("1号") < order.index("2号")
        await shift.says(OPS, "开讲 3")
        assert "下一个：1号 保湿面膜" in (await shift.asks(MEI, "/next"))[0]
        assert "没有 8、9 号" in (await shift.asks(OPS, "8，9，1"))[0]


async def test_numbers_of_agents_are_no_run_sheet(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await taken(shift, sheet(MASK, LIPSTICK, POWDER))
        assert "要由" in (await shift.asks(MEI, "1，2，3"))[0]


async def test_a_renumbered_product_keeps_its_history_and_is_found_by_its_old_number_then(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await taken(shift, sheet(MASK, LIPSTICK, POWDER))
        await shift.at("20:00")
        await shift.says(OPS, "开讲 3")
        await shift.says(OPS, "改价 3 95")
        await shift.at("20:10")
        assert "清透粉底：3 号 → 7 号" in (await shift.says(OPS, "换号 3 7"))[0]
        assert "7号 清透粉底" in shift.board()
        assert "¥95.00" in (await shift.asks(MEI, "7"))[0]
        assert "原 3 号，现在是 7号 清透粉底" in (await shift.asks(MEI, "3"))[0]
        assert "清透粉底" in (await shift.asks(MEI, "/p 3 @20:05"))[0]
        assert "¥99.00" in (await shift.asks(MEI, "/p 3 @19:30"))[0]


async def test_a_number_that_is_taken_may_be_swapped(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await taken(shift, sheet(MASK, LIPSTICK))
        assert "2 号现在是 2号 丝绒口红。要互换吗？" in (await shift.asks(OPS, "换号 1 2"))[0]
        assert "1号 保湿面膜" in (await shift.asks(MEI, "1"))[0]
        await shift.press(OPS, "互换 1 号和 2 号")
        assert "1号 丝绒口红" in (await shift.asks(MEI, "1"))[0]
        assert "2号 保湿面膜" in (await shift.asks(MEI, "2"))[0]
        assert "换号 3 7" in (await shift.asks(OPS, "换号 1"))[0]


async def test_a_sheet_may_renumber_and_give_a_number_to_another_product(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await taken(shift, sheet(MASK, LIPSTICK))
        said = (await shift.sends(OPS, "b.xlsx", sheet((2, "保湿面膜", "59.90"), (1, "修护眼霜", "89"))))[-1]
        assert "1号 保湿面膜：链接号改为 2" in said
        assert "2号 丝绒口红" in said.partition("会撤下")[2]
        await shift.press(OPS, "启用：改 1 款，新增 1 款")
        assert "2号 保湿面膜" in (await shift.asks(MEI, "2"))[0]
        assert "1号 修护眼霜" in (await shift.asks(MEI, "1"))[0]


async def test_commission_and_forecast_are_seen_by_ops_and_managers_alone(tmp_path: Path) -> None:
    rows = [(*HEADINGS, "佣金", "预估销量"), (*MASK, "20%", "1.2万")]
    async with evening(tmp_path) as shift:
        await taken(shift, workbook({"排品": rows}))
        for who in (OPS, BOSS):
            told = (await shift.asks(who, "1"))[0]
            assert "佣金 20%" in told
            assert "预估销量 12000" in told
        assert "佣金" not in (await shift.asks(MEI, "1"))[0]
        assert "佣金" not in shift.read(shift.group)


async def test_a_price_far_from_the_old_one_is_asked_about_first(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await taken(shift, samples.runsheet_xlsx(corrected=True))
        await shift.says(OPS, "开讲 12")
        await shift.press(OPS, "改价")
        asked = await shift.asks(OPS, "3")  # meant as a look-up, or a slip
        assert "要改成 ¥3.00？相差很大，请确认。" in asked[0]
        assert "→" not in shift.read(shift.group)
        await shift.press(OPS, "确认改成 ¥3.00")
        assert "直播价 88.00 → 3.00" in shift.read(shift.group)


async def test_without_a_sheet_the_cure_is_named(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(OPS, "开播")
        for words in ("/on 1", "/soldout 1", "/price 1 5", "/next", "/p 1", "/runorder", "1，2"):
            assert "排品表" in (await shift.asks(OPS, words))[0], words


async def test_back_on_air_after_the_wrap_the_products_are_still_there(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await taken(shift, samples.runsheet_xlsx(corrected=True))
        await shift.says(OPS, "下播")
        await shift.asks(101, "/wrap")
        assert "排品 12 款" in (await shift.says(OPS, "开播"))[0]


async def test_todays_sheet_is_no_part_of_a_broadcast_forgotten_yesterday(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await taken(shift, sheet(MASK))
        await shift.at("12 19:00")
        await taken(shift, sheet((1, "面霜", "89"), LIPSTICK), live=False)
        said = "\n".join(await shift.says(OPS, "开播"))
        assert "排品 2 款" in said
        assert "1号 面霜" in (await shift.asks(MEI, "1"))[0]


async def test_a_gift_written_with_its_number_is_counted_and_the_preview_says_how_it_was_read(
    tmp_path: Path,
) -> None:
    data = workbook({"排品": [("链接号", "商品名", "直播价", "赠品"), (1, "丝绒口红", "69", "化妆包 50份")]})
    async with evening(tmp_path) as shift:
        said = (await shift.sends(OPS, "a.xlsx", data))[-1]
        assert "赠品写作「化妆包50份」，按总共 50 份、每单送 1 份读取" in said
        assert "没有写截止时间" not in said
        await shift.press(OPS, "启用")
        assert "1号 丝绒口红 ¥69.00 · 赠品 化妆包 50份" in shift.here.last(shift.group).text
        told = (await shift.asks(MEI, "1"))[0]
        assert "赠 化妆包 ×1（共 50 份）" in told
        assert "×50" not in told
