"""The run sheet 排品表 of the rehearsal evening: twelve invented products, and the file a shop would send."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO

import xlsxwriter

HEADINGS = (
    "序号", "时间", "讲解时长", "链接号", "商品ID", "商家编码", "商品名称", "规格", "类目", "定位",
    "日常价", "划线价依据", "直播价", "优惠机制", "赠品", "优惠券", "库存", "限购", "发货时效", "卖点",
)  # fmt: skip
BASIS = "本店近30天日常成交价"
MISPRICED = 7
"""The link whose live price stands above its list price until the sheet is corrected."""


@dataclass(frozen=True, slots=True)
class Item:
    """One product on the run sheet; prices in yuan, `start` HH:MM, `ship_time` in hours."""

    link_no: int
    start: str
    minutes: int
    product_id: str
    sku_code: str
    name: str
    spec: str
    category: str
    role: str
    list_price: Decimal
    live_price: Decimal
    promo: str
    gift: str
    coupon: str
    stock: int
    limit: int
    ship_time: int
    points: str

    def cells(self, live_price: Decimal) -> tuple[object, ...]:
        """The row as the shop types it: ids as text, prices and counts as numbers."""
        return (
            self.link_no, self.start, self.minutes, self.link_no, self.product_id, self.sku_code, self.name,
            self.spec, self.category, self.role, float(self.list_price), BASIS, float(live_price), self.promo,
            self.gift, self.coupon, self.stock, self.limit, self.ship_time, self.points,
        )  # fmt: skip


def item(  # noqa: PLR0917 - a row of the sheet, in the order of its columns
    link_no: int, start: str, minutes: int, name: str, spec: str, category: str, role: str, prices: str,
    promo: str, points: str, *, gift: str = "", coupon: str = "", stock: int = 300, limit: int = 5,
    ship: int = 48,
) -> Item:  # fmt: skip
    """One row; `prices` is "<list>/<live>"."""
    list_price, live_price = map(Decimal, prices.split("/"))
    return Item(
        link_no, start, minutes, f"37{link_no:02}4567890123{link_no:02}517", f"XM{1000 + link_no}", name,
        spec, category, role, list_price, live_price, promo, gift, coupon, stock, limit, ship, points,
    )  # fmt: skip


RUNSHEET: tuple[Item, ...] = (
    item(1, "20:00", 8, "氨基酸温和洁面乳", "120g", "美妆/洁面", "引流款", "59.00/29.90",
         "拍一发二", "氨基酸表活；泡沫细腻", stock=500, limit=2),
    item(2, "20:08", 8, "玻尿酸保湿面膜", "5片/盒", "美妆/面膜", "福利款", "79.00/39.90",
         "买二送一", "膜布服帖；精华量足", stock=400),
    item(3, "20:16", 12, "烟酰胺精华液", "30ml", "美妆/精华", "主推", "199.00/129.00",
         "满199减30", "小滴管取用方便；质地清爽", stock=300, limit=3),
    item(4, "20:28", 12, "丝绒雾面口红", "3.5g 豆沙色", "美妆/彩妆", "利润款", "99.00/69.00",
         "第二件半价", "显色均匀；不易沾杯", stock=260),
    item(5, "20:40", 12, "羽感持妆气垫", "15g 自然色", "美妆/彩妆", "利润款", "159.00/119.00",
         "85折", "妆感轻薄；含替换芯", stock=200, limit=2),
    item(6, "20:52", 13, "山茶花身体乳", "300ml", "美妆/身体护理", "利润款", "89.00/59.00",
         "", "质地水润；香味清淡", gift="旅行装身体乳30ml", stock=240),
    item(MISPRICED, "21:05", 13, "清透防晒乳", "50ml", "美妆/防晒", "爆款", "119.00/79.00",
         "", "不泛白；好推开", coupon="满99可用的10元券", stock=320),
    item(8, "21:18", 12, "植萃洗发水", "500ml", "美妆/洗护", "引流款", "69.00/45.00",
         "整点宠粉惊喜福利", "泡沫丰富；留香清淡", stock=350),
    item(9, "21:30", 14, "现摘小番茄", "3斤装", "食品生鲜/水果", "福利款", "49.90/32.80",
         "拍2发4", "产地现摘；坏果包赔", stock=180, limit=4, ship=24),
    item(10, "21:44", 13, "冷藏鲜牛乳布丁", "6杯", "食品生鲜/乳品", "福利款", "58.00/42.00",
         "满99减15", "冷链配送；独立小杯", stock=150, limit=4, ship=24),
    item(11, "21:57", 13, "蒸汽眼罩", "10片/盒", "美妆/个护", "返场", "39.90/25.90",
         "前100名送小样一份", "独立包装；有香味可选", coupon="领券减3", stock=400),
    item(12, "22:10", 14, "护手霜礼盒", "30g*4", "美妆/身体护理", "形象款", "128.00/88.00",
         "赠运费险", "四种香型；可作伴手礼", gift="手提礼袋1个", stock=160),
)  # fmt: skip


def runsheet_xlsx(corrected: bool = False) -> bytes:
    """The run sheet as .xlsx: a title row, the headings, twelve products.

    Uncorrected it holds one error (link 7 costs more live than on its list) and one promotion nobody
    understands (link 8, a warning that stays).
    """
    target = BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}
    )
    sheet = book.add_worksheet("排品表")
    sheet.write_row(0, 0, ["小满优选 11月11日晚场 排品表"])
    sheet.write_row(1, 0, HEADINGS)
    for row, product in enumerate(RUNSHEET, start=2):
        wrong = product.link_no == MISPRICED and not corrected
        sheet.write_row(row, 0, product.cells(Decimal("129.00") if wrong else product.live_price))
    book.close()
    return target.getvalue()
