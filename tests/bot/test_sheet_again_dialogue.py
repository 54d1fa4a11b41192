"""A sheet that comes again, is too long, lacks a column, or is typed as people type."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.refusals import said
from bot.render import line_html
from bot.texts import plain
from playbooks.model import Refusal
from playbooks.runsheet import read
from tests.support.evening import BOSS, CHEN, MEI, NAMES, OPS, QIANG, START, Shift, evening

CHINESE = re.compile(r"[\u3400-\u9fff]")

HEAD = "链接号,商品名,商品ID,直播价,时间,商品链接,卖点"
TONER = "1,玫瑰精华水,3567890123456789011,79,,https://example.com/1,清爽；大瓶装"
LIPSTICK = "2,丝绒口红,3567890123456789012,69,,https://example.com/2,不沾杯；显白"
MASK = "5,玫瑰面膜,3567890123456789014,59.9,,https://example.com/5,补水；服帖"


def csv(*rows: str) -> bytes:
    return "\n".join((HEAD, *rows)).encode("utf-8-sig")


async def on_air(shift: Shift, *rows: str) -> None:
    await shift.sends(OPS, "a.csv", csv(*(rows or (TONER, LIPSTICK, MASK))))
    await shift.press(OPS, "启用")
    await shift.at("20:00")
    await shift.says(OPS, "开播")


async def again(shift: Shift, *rows: str) -> str:
    return "\n".join(await shift.sends(OPS, "b.csv", csv(*rows)))


async def test_a_renamed_product_is_shown_before_and_told_with_its_old_name(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        renamed = TONER.replace("玫瑰精华水", "海盐洁面").replace(",79,", ",75,")
        said = await again(shift, renamed, LIPSTICK, MASK)
        assert "1号 玫瑰精华水：商品名 玫瑰精华水 → 海盐洁面、直播价 79.00 → 75.00" in said
        assert "另外 2 款不变" in said
        await shift.press(OPS, "启用：改 1 款")
        told = shift.here.last(shift.group).text
        assert "商品名 玫瑰精华水 → 海盐洁面" in told
        assert "1号 海盐洁面" in (await shift.asks(MEI, "1"))[0]


async def test_times_links_and_selling_points_are_counted_and_shown(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        timed = TONER.replace(",79,,", ",79,20:10,")
        linked = LIPSTICK.replace("example.com/2", "example.com/20")
        said = await again(shift, timed, linked, MASK.replace("补水；服帖", "补水；不闷"))
        assert "会改 3 款" in said
        assert "1号 玫瑰精华水：时间 无 → 20:10" in said
        assert "商品链接 https://example.com/2 → https://example.com/20" in said
        assert "5号 玫瑰面膜：卖点 补水、服帖 → 补水、不闷" in said
        await shift.press(OPS, "启用：改 3 款")
        told = shift.here.last(shift.group).text
        assert "改 2 款" in told
        assert "卖点" not in told  # nobody but the sender has to hear of it
        assert "补水；不闷" in (await shift.asks(MEI, "5"))[0]


async def test_selling_points_alone_are_told_to_nobody_in_the_group(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        before = len(shift.here.core.said(shift.group))
        await again(shift, TONER.replace("清爽", "不黏"), LIPSTICK, MASK)
        await shift.press(OPS, "启用：改 1 款")
        assert "没有要通知大家的变化" in shift.here.last(OPS).text
        assert len(shift.here.core.said(shift.group)) == before
        assert "不黏" in (await shift.asks(MEI, "1"))[0]


async def test_numbers_swapped_on_air_stay_when_the_same_sheet_comes_again(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        await shift.asks(OPS, "换号 2 5")
        await shift.press(OPS, "互换 2 号和 5 号")
        said = await again(shift, TONER.replace(",79,", ",75,"), LIPSTICK, MASK)
        assert "保持现场的" in said
        assert "5号 丝绒口红：链接号 5 → 2" in said
        assert "链接号改为" not in said
        await shift.press(OPS, "启用：改 1 款")
        assert "5号 丝绒口红" in (await shift.asks(MEI, "5"))[0]
        assert "2号 玫瑰面膜" in (await shift.asks(MEI, "2"))[0]
        await again(shift, TONER, LIPSTICK, MASK)  # and once more
        await shift.press(OPS, "启用：改 1 款")
        assert "5号 丝绒口红" in (await shift.asks(MEI, "5"))[0]


async def test_a_number_the_sheet_itself_changes_is_changed(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        await shift.asks(OPS, "换号 2 7")
        said = await again(shift, TONER, LIPSTICK.replace("2,", "9,", 1), MASK)
        assert "7号 丝绒口红：链接号改为 9" in said
        await shift.press(OPS, "启用：改 1 款")
        assert "9号 丝绒口红" in (await shift.asks(MEI, "9"))[0]


async def test_a_number_another_product_of_the_sheet_wants_goes_back(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        await shift.asks(OPS, "换号 2 7")
        said = await again(shift, TONER, LIPSTICK, MASK, "7,清透粉底液,,159,,,轻薄；持妆")
        assert "7号 丝绒口红：链接号改为 2" in said
        await shift.press(OPS, "启用：改 1 款，新增 1 款")
        assert "2号 丝绒口红" in (await shift.asks(MEI, "2"))[0]
        assert "7号 清透粉底液" in (await shift.asks(MEI, "7"))[0]


async def test_a_new_order_says_nothing_of_prices_changed_on_air(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        await shift.asks(OPS, "改价 2 65")
        said = "\n".join(await shift.asks(OPS, "5，2，1"))
        assert "讲解顺序：1、2、5 → 5、2、1" in said
        assert "直播价" not in said
        assert "时间" not in said
        await shift.press(OPS, "启用新顺序")
        assert "¥65.00" in (await shift.asks(MEI, "2"))[0]


@pytest.mark.parametrize("numbered", [True, False])
async def test_a_sheet_of_more_products_than_a_broadcast_holds_is_told_once(
    tmp_path: Path, numbered: bool
) -> None:
    head = "链接号,商品名,直播价" if numbered else "商品名,直播价"
    rows = (f"{f'{n},' if numbered else ''}商品样品{n}款,{n + 10}" for n in range(1, 251))
    async with evening(tmp_path) as shift:
        said = "\n".join(await shift.sends(OPS, "250.csv", "\n".join((head, *rows)).encode("utf-8-sig")))
        assert "一场最多 200 款商品，第 202–251 行（50 行）超出，没有收" in said
        assert "要改的 1 处" in said
        assert "无法识别" not in said
        await shift.press(OPS, "启用这 200 款")
        assert "今晚排品 200 款" in shift.read(shift.group)


async def test_rows_with_few_selling_points_are_told_in_one_line(tmp_path: Path) -> None:
    rows = (TONER.replace("清爽；大瓶装", "清爽"), LIPSTICK, MASK.replace("补水；服帖", ""))
    async with evening(tmp_path) as shift:
        said = await again(shift, *rows)
        assert "有 2 行的卖点少于 2 条（第 2、4 行）" in said
        assert said.count("卖点") == 2  # the column and the one line


async def test_stock_price_and_promotion_are_read_as_people_write_them(tmp_path: Path) -> None:
    sheet = """链接号,商品名,直播价,库存,优惠机制
1,面膜,9.9包邮,200支,
2,口红,69,300+,满199-30
"""
    async with evening(tmp_path) as shift:
        said = "\n".join(await shift.sends(OPS, "a.csv", sheet.encode("utf-8-sig")))
        assert "无法识别" not in said
        assert "没有看懂" not in said
        await shift.press(OPS, "启用这 2 款")
        mask, lipstick = [(await shift.asks(MEI, n))[0] for n in "12"]
        assert all(part in mask for part in ("¥9.90", "包邮", "库存 200"))
        assert all(part in lipstick for part in ("满199减30", "库存 300"))


@pytest.mark.parametrize(
    ("pasted", "read"),
    [
        ("1 玫瑰水 59.9\n2 口红 69\n3）面霜：129元 拍1发2", ("2号 口红 ¥69.00", "3号 面霜 ¥129.00 · 拍1发2")),
        ("1号链接 玫瑰水 直播价59.9\n2号链接 口红 券后69", ("1号 玫瑰水 ¥59.90", "2号 口红 ¥69.00")),
        ("1号：玫瑰精华水，59.9\n2号：口红，69", ("1号 玫瑰精华水 ¥59.90", "2号 口红 ¥69.00")),
        ("① 玫瑰水 59.9\n② 口红 ¥1,299", ("1号 玫瑰水 ¥59.90", "2号 口红 ¥1299.00")),
        (
            "1 玫瑰水 59.9\n先讲上面这个哈\n2 口红 69.9元",
            ("1号 玫瑰水 ¥59.90", "第 2 行「直播价」：缺少直播价", "2号 口红 ¥69.90"),
        ),
        ("1 玫瑰水59.9 包邮\n2 Mask price 69", ("1号 玫瑰水 ¥59.90 · 包邮", "2号 Mask ¥69.00")),
    ],
)  # fmt: skip
async def test_lines_are_read_as_people_type_them(tmp_path: Path, pasted: str, read: tuple[str, ...]) -> None:
    async with evening(tmp_path) as shift:
        said = "\n".join(await shift.asks(OPS, pasted))
        assert all(part in said for part in read), said


async def in_english(shift: Shift) -> None:
    await shift.says(BOSS, "/setup Lumi douyin en")
    for who, role in {OPS: "ops", MEI: "agent", QIANG: "agent", CHEN: "warehouse"}.items():
        shift.here.core.send_text(who, shift.group, "hi")
        await shift.here.settle()
        message = [m for m in shift.here.chat(shift.group) if m.sender_id == who][-1]
        await shift.says(BOSS, f"/role {role}", reply_to=message.message_id)
    for who in NAMES:
        await shift.here.starts(who)
        await shift.asks(who, "/in")


async def test_an_english_sheet_is_read_and_answered_in_english(tmp_path: Path) -> None:
    sheet = """No,Link no,Product name,List price,Live price,Gift
1,4,Rose Water,99,79,2 samples (limit 2)
2,7,Rose Mask,,59.9,
"""
    async with evening(tmp_path, bound=False) as shift:
        await in_english(shift)
        said = "\n".join(await shift.sends(OPS, "run.csv", sheet.encode()))
        assert "4号" not in said
        assert not any(word in said for word in ("划线价依据」", "卖点", "Columns not used"))
        await shift.press(OPS, "Take")
        await shift.at("20:00")
        await shift.says(OPS, "/live")
        told = (await shift.asks(MEI, "/p 4"))[0]
        assert "samples ×2" in told
        assert "(limit ×2" not in told
        assert "about 2 gifts left" in (await shift.asks(OPS, "/gift 4"))[0]


async def test_a_sheet_whose_number_column_is_not_known_says_so_and_what_to_do(tmp_path: Path) -> None:
    sheet = "几号,商品名,直播价\n4,玫瑰精华水,79\n7,丝绒口红,69\n"
    async with evening(tmp_path) as shift:
        said = "\n".join(await shift.sends(OPS, "a.csv", sheet.encode("utf-8-sig")))
        assert "没有「链接号」这一列，链接号先按顺序编。没用上的列：几号" in said


async def test_words_that_may_mean_several_products_are_asked_about_in_english(tmp_path: Path) -> None:
    sheet = "Link no,Product name,Live price\n4,Rose Water,79\n7,Rose Mask,59.9\n"
    async with evening(tmp_path, bound=False) as shift:
        await in_english(shift)
        await shift.sends(OPS, "run.csv", sheet.encode())
        await shift.press(OPS, "Take")
        said = (await shift.asks(MEI, "/p rose"))[0]
        assert "号" not in said
        assert "Rose Mask" in said
        answer = await shift.press(MEI, "Rose Mask")
        assert answer is not None
        assert "59.90" in answer.text


async def test_a_gift_counted_anew_is_told_with_that_number(tmp_path: Path) -> None:
    sheet = "链接号,商品名,直播价,赠品\n2,丝绒口红,69,小样2片（限2份）\n"
    async with evening(tmp_path) as shift:
        await shift.sends(OPS, "a.csv", sheet.encode("utf-8-sig"))
        await shift.press(OPS, "启用")
        await shift.at("20:00")
        await shift.says(OPS, "开播")
        await shift.says(OPS, "开讲 2")
        assert "共 2 份" in (await shift.asks(MEI, "2"))[0]
        await shift.asks(OPS, "赠品 2 10")
        for told in ((await shift.asks(MEI, "2"))[0], shift.here.last(shift.group).text):
            assert "赠 小样 ×2（共 10 份）" in told
            assert "2份" not in told
        assert "共2份" not in "\n".join(await shift.asks(MEI, "/q 赠品"))


async def test_sold_out_with_a_substitute_says_so_once(tmp_path: Path) -> None:
    sheet = "链接号,商品名,直播价,替补品\n2,丝绒口红,69,3\n3,哑光口红,75,\n"
    async with evening(tmp_path) as shift:
        await shift.sends(OPS, "a.csv", sheet.encode("utf-8-sig"))
        await shift.press(OPS, "启用")
        await shift.at("20:00")
        await shift.says(OPS, "开播")
        await shift.says(OPS, "开讲 2")
        notice = next(text for text in await shift.says(OPS, "售罄 2") if "变更" in text)
        for told in (notice, (await shift.asks(MEI, "2"))[0]):
            assert "已售罄，先推荐 3号 哑光口红 ¥75.00" in told
            assert told.count("售罄") == 1, told


async def test_headcount_on_air_without_a_plan_asks_for_none(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(OPS, "a.csv", "商品名,直播价\n口红,69\n".encode("utf-8-sig"))
        await shift.press(OPS, "启用")
        await shift.at("20:00")
        await shift.says(OPS, "开播")
        assert "/plan" not in (await shift.asks(OPS, "/headcount"))[0]


async def test_what_is_typed_after_taking_a_question_up_is_its_answer(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await on_air(shift)
        await shift.asks(MEI, "/ask 2 开封后能用多久")
        await shift.press(OPS, "我来答")
        assert "¥69.00" in (await shift.asks(OPS, "2"))[0]  # a product's number is still a look-up
        await shift.asks(OPS, "三个月内用完")
        assert "三个月内用完" in shift.read(MEI)
        assert "没看懂" in (await shift.asks(OPS, "好的呀"))[0]


async def test_an_english_room_reads_no_chinese_words_of_ours(tmp_path: Path) -> None:
    sheet = "Link no,Product name,Live price,Gift\n4,Silk Scarf,19.9/2 pcs,\n7,Rose Mask,59.9,Pouch\n"
    async with evening(tmp_path, bound=False) as shift:
        await in_english(shift)
        said = "\n".join(await shift.sends(OPS, "run.csv", sheet.encode()))
        assert "#4 Silk Scarf ¥19.9 for 2 · pay for 1, 2 are sent" in said
        await shift.press(OPS, "Take")
        assert (
            "#4 Silk Scarf ¥19.9 for 2\n#7 Rose Mask ¥59.90 · Gift Pouch" in shift.here.last(shift.group).text
        )
        assert "#7 Rose Mask" in (await shift.asks(BOSS, "/preflight"))[0]
        assert not CHINESE.search(said)


def test_a_missing_header_is_named_in_the_language_of_the_room() -> None:
    with pytest.raises(Refusal) as refused:
        read([["Scarf", "red"], ["Mask", "blue"]])
    told = {lang: plain(line_html(lang, said(refused.value, None, None, START))) for lang in ("zh-CN", "en")}
    assert "商品名、直播价" in told["zh-CN"]
    assert "Product name, Live price" in told["en"]
    assert not CHINESE.search(told["en"])


async def test_a_guarantee_that_is_off_is_refused_by_its_english_name(tmp_path: Path) -> None:
    async with evening(tmp_path, bound=False) as shift:
        await in_english(shift)
        refused = (await shift.asks(MEI, "/propose shipping? | yes, free shipping on all"))[0]
        assert "has not enabled free shipping" in refused
