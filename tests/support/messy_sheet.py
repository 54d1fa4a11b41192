"""A run sheet as a person really makes it in an afternoon: invented, and everything about it a little wrong."""

from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook

Cell = str | int | float | None

TITLE = "双11晚场 排品表（最终版3）  11.11 20:00 开播  主播小满/副播阿宁"
UPPER: tuple[Cell, ...] = ("", "商品", "", "", "价格", "", "活动", "", "", "备货", "其它", "")
LOWER: tuple[Cell, ...] = (
    "链接", "商品名称", "商品ID", "规格", "日常价", "直播价", "优惠机制", "赠品", "划线价依据",
    "库存", "上架时间", "备注",
)  # fmt: skip
BASIS = "近30天日常成交价"

ROSE: tuple[Cell, ...] = (
    1, "玫瑰精华水", "3701456789012301517", "150ml", 99, "¥59.9/两件", "", "", BASIS, 500, "20:00", "主播自用款",
)  # fmt: skip
LIPSTICK: tuple[Cell, ...] = (
    "2号", "丝绒口红 ", "3702456789012302517", "豆沙色", "¥129", "69元", "第二件半价", "", BASIS, 300, "20：10", "",
)  # fmt: skip
CREAM: tuple[Cell, ...] = (
    3, "烟酰胺面霜", "3703456789012303517", "50g", "199.00", 129, "满199减30", "小样3片", BASIS, 200, "20:20",
    "老板说可以再谈",
)  # fmt: skip
DAMAGED: tuple[Cell, ...] = (
    4, "清透粉底", 3704456789012304000, "30ml", 159, 99.0, "拍一发二", "", BASIS, 150, "21:05", "",
)  # fmt: skip
TWIN: tuple[Cell, ...] = (
    3, "修护眼霜", "3705456789012305517", "20g", 139, 89, "", "", BASIS, 120, "21:15", "链接还没建",
)  # fmt: skip
UNPRICED: tuple[Cell, ...] = (
    6, "纯棉卫衣", "3706456789012306517", "S/M/L", 259, "待定", "满200减20", "", BASIS, 80, "21:25", "",
)  # fmt: skip
LAST: tuple[Cell, ...] = (
    7, "山茶花护手霜", "3707456789012307517", "", 39, "19.9", "买二送一", "", BASIS, 600, "00:10", "压轴",
)  # fmt: skip
GOOD = ("1号 玫瑰精华水", "2号 丝绒口红", "3号 烟酰胺面霜", "7号 山茶花护手霜")


def messy(
    *,
    damaged: tuple[Cell, ...] = DAMAGED,
    twin: tuple[Cell, ...] = TWIN,
    unpriced: tuple[Cell, ...] = UNPRICED,
) -> bytes:
    """The .xlsx. Rows, counted as a spreadsheet does: title 1, headings 3 and 4, rose 6, damaged 12, twin 13,
    unpriced 14, a total and a signature at the end."""
    book = Workbook()
    cover = book.active
    assert cover is not None
    cover.title = "说明"
    cover.append(["改价找小周，别直接改表！"])
    page = book.create_sheet("11.11晚场")
    rows: list[tuple[Cell, ...]] = [
        (TITLE,), (), UPPER, LOWER, ("第一轮：福利暖场（先念规则再上链接）",), ROSE, LIPSTICK, (), CREAM,
        ("↓↓↓ 以下 9 点以后再上 ↓↓↓",), ("", "", "", "", "", "", "注意：粉底只剩两个色号"), damaged, twin, unpriced, (),
        LAST, ("合计", "7款", "", "", "", "", "", "", "", 1950), ("制表：小周", "", "", "审核：林主管"),
    ]  # fmt: skip
    for row in rows:
        page.append(list(row))
    for merged in ("A1:L1", "B3:D3", "E3:F3", "G3:I3", "K3:L3", "A5:L5", "A10:L10"):
        page.merge_cells(merged)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
