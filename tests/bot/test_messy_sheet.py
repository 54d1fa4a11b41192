"""A run sheet as a person really makes it: the preview says what to do about it, and once done it is taken over."""

from __future__ import annotations

from pathlib import Path

from tests.support.evening import MEI, OPS, QIANG, Shift, evening
from tests.support.messy_sheet import DAMAGED, GOOD, TITLE, TWIN, UNPRICED, messy

NAME = "排品表（最终版3）.xlsx"


async def previewed(shift: Shift, data: bytes) -> list[str]:
    return (await shift.sends(OPS, NAME, data))[-1].splitlines()


def errors(preview: list[str]) -> list[str]:
    """The lines under 要改的."""
    start = next(n for n, line in enumerate(preview) if line.startswith("要改的"))
    end = next(n for n, line in enumerate(preview) if line.startswith("请留意"))
    return preview[start + 1 : end]


async def test_each_error_says_where_it_is_and_what_to_do_and_nothing_else_is_called_one(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        preview = await previewed(shift, messy())
        damaged, twin, unpriced = errors(preview)
        assert damaged.startswith("· 第 12 行「商品ID」：编号「3.70445")
        assert "请先把整列格式设为「文本」，再从商家后台重新粘贴编号" in damaged
        assert twin == "· 第 13 行「链接」：链接号 3 与第 9 行重复。请给其中一个商品换号。"
        assert unpriced == "· 第 14 行「直播价」：价格「待定」无法识别。请只写一个大于 0 的金额，例如 59.90。"
        assert "要改的 3 处（这几行先不收）：" in preview
        said = "\n".join(preview)
        assert "读的是「11.11晚场」" in said
        for no_product in (TITLE[:5], "第一轮", "9 点以后", "粉底只剩", "合计", "制表"):
            assert no_product not in said


async def test_the_good_rows_count_with_their_prices_as_a_person_meant_them(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        preview = await previewed(shift, messy())
        assert preview[0].endswith(f"{NAME} 读到 4 款。确认后才会生效。")
        understood = preview[preview.index("读懂的商品：") + 1 :]
        assert [line.split(" ¥")[0] for line in understood] == list(GOOD)
        assert understood[0].startswith("1号 玫瑰精华水 ¥59.9/2件 · 拍1发2 → 到手 29.95 元/件")
        told = next(
            line for line in preview if "第 6 行" in line
        )  # two for 59.9 is said, not silently assumed
        assert "价格写作「¥59.9/两件」，按一单付 59.90 元、发 2 件读取" in told
        assert "如果不是，请改写单件直播价" in told
        assert "今晚排品" not in shift.read(shift.group)
        assert "还没有" in (await shift.asks(MEI, "1"))[0]


async def test_corrected_line_by_line_as_it_was_told_it_is_taken_over_whole(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await previewed(shift, messy())
        text_id = (*DAMAGED[:2], "3704456789012304517", *DAMAGED[3:])
        preview = await previewed(shift, messy(damaged=text_id))
        assert len(errors(preview)) == 2  # one cure, one error less
        renumbered, priced = (5, *TWIN[1:]), (*UNPRICED[:5], "239", *UNPRICED[6:])
        preview = await previewed(shift, messy(damaged=text_id, twin=renumbered, unpriced=priced))
        assert not [line for line in preview if line.startswith("要改的")]
        await shift.press(OPS, "启用这 7 款")
        taken = shift.read(shift.group)
        assert "今晚排品 7 款（小周 启用）" in taken
        for product in (*GOOD, "4号 清透粉底", "5号 修护眼霜", "6号 纯棉卫衣"):
            assert product in taken
        assert "老板说可以再谈" not in taken  # what is noted in the sheet is for ops
        assert "链接还没建" not in (await shift.asks(QIANG, "5"))[0]


async def test_on_air_the_messy_sheet_sells_like_any_other(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await previewed(shift, messy())
        await shift.press(OPS, "启用这 4 款")
        await shift.at("20:00")
        await shift.says(OPS, "开播")
        card = (await shift.says(OPS, "开讲 1"))[0]
        assert "拍 1 件付 59.90 元，发 2 件" in card
        assert "下一个 2号 丝绒口红" in card
        await shift.says(OPS, "开讲 3")
        assert (
            "下一个 7号 山茶花护手霜" in shift.here.last(shift.group).text
        )  # what was not read is not waited for
        assert "没有 4 号" in (await shift.asks(MEI, "4"))[0]
