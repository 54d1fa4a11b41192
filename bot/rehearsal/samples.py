"""The invented evening of the shop 小满优选 on 抖店, as the files a shift really gets.

11 November 2026, 20:00 to 22:30 in Shanghai: a run sheet, four order exports of one and the same orders as
true at four moments, a logistics list of the 14th, and two files to go wrong with. No clock, one seed.
"""

from __future__ import annotations

import csv
from datetime import datetime
from hashlib import blake2b
from io import StringIO

from bot.rehearsal.samples_audit import BUYERS, Buyer, number
from bot.rehearsal.samples_orders import (
    SHIP_WITHIN,
    TAGGED_SALES,
    ZONE,
    Bought,
    Sale,
    happened,
    population,
)
from bot.rehearsal.samples_parcels import HEADINGS as PARCEL_HEADINGS
from bot.rehearsal.samples_parcels import parcel_rows, text
from bot.rehearsal.samples_products import RUNSHEET, runsheet_xlsx
from storage.exports.formats import DOUYIN

__all__ = [
    "DAYS_LATER", "ENDS", "EXPORTS", "FIRST_EXPORT", "LAST_EXPORT", "NOON_OF_PARCELS", "OPENS", "PLATFORM",
    "RUNSHEET", "SECOND_EXPORT", "SHOP", "TAGGED", "ZONE", "broken_export", "export", "logistics_list",
    "not_an_export", "other_platform", "runsheet_xlsx",
]  # fmt: skip

File = tuple[str, bytes]

SHOP = "小满优选"
PLATFORM = "douyin"
OPENS = datetime(2026, 11, 11, 20, 0, tzinfo=ZONE)
ENDS = datetime(2026, 11, 11, 22, 30, tzinfo=ZONE)

FIRST_EXPORT = datetime(2026, 11, 11, 20, 40, tzinfo=ZONE)
SECOND_EXPORT = datetime(2026, 11, 11, 21, 30, tzinfo=ZONE)
LAST_EXPORT = datetime(2026, 11, 11, 22, 20, tzinfo=ZONE)
DAYS_LATER = datetime(2026, 11, 14, 10, 0, tzinfo=ZONE)
EXPORTS = (FIRST_EXPORT, SECOND_EXPORT, LAST_EXPORT, DAYS_LATER)
"""The moments the script exports at: twice while selling, at closing, and when parcels have arrived."""
NOON_OF_PARCELS = datetime(2026, 11, 14, 12, 0, tzinfo=ZONE)

TAGGED: dict[str, str] = {
    **{name: sale.order_id for name, sale in TAGGED_SALES.items()},
    **{name: number(name) for name in BUYERS},
}
"""What the script calls an order -> its number; what becomes of each stands beside TAGGED_SALES."""


def export(moment: datetime) -> File:
    """Name and content of the 抖店 order export made at `moment` (aware): everything placed until then."""
    placed = [sale for sale in population() if sale.created_at <= moment]
    rows = [row for sale in placed for row in sale_rows(sale, moment)]
    seconds = int(moment.timestamp())
    mark = blake2b(str(seconds).encode(), digest_size=16).hexdigest()
    return f"{seconds}_{mark}.csv", csv_bytes(DOUYIN.headings, rows)


def sale_rows(sale: Sale, moment: datetime) -> list[list[str]]:
    """One row a sub-order, in the order of the standard report."""
    rows = []
    for index, bought in enumerate(sale.bought):
        said = sale_cells(sale, moment) | bought_cells(sale, index, bought)
        rows.append([said.get(heading, "-") for heading in DOUYIN.headings])
    return rows


def sale_cells(sale: Sale, moment: datetime) -> dict[str, str]:
    """What every row of an order repeats, as true at `moment`; personal cells are ciphered, as 抖店 does."""
    province, city, district, town = sale.place_at(moment)
    mark = blake2b(sale.order_id.encode(), digest_size=9).hexdigest()
    paid_at = sale.paid_at if happened(sale.paid_at, moment) else None
    refunded = happened(sale.refunded_at, moment)
    unpaid = sale.paid_at is None and happened(sale.closed_at, moment)
    buyer = sale.buyer or Buyer(
        name=f"##{mark}", phone=f"$${mark}", address=f"##{mark}{mark}", message="-", memo="-",
        changed=(province, city) != sale.place[:2],
    )  # fmt: skip
    return {
        "主订单编号": f"\t{sale.order_id}", "运费": "0.00", "支付方式": "在线支付" if paid_at else "-",
        "收件人": buyer.name, "收件人手机号": buyer.phone, "详细地址": buyer.address, "省": province, "市": city,
        "区": district, "街道": town or "-", "是否修改过地址": "是" if buyer.changed else "否",
        "买家留言": buyer.message or "-", "商家备注": buyer.memo or "-",
        "订单提交时间": text(sale.created_at), "支付完成时间": text(paid_at), "订单状态": sale.status(moment),
        "承诺发货时间": text(paid_at + SHIP_WITHIN if paid_at else None),
        "发货时间": text(sale.shipped_at if happened(sale.shipped_at, moment) else None),
        "订单完成时间": text(sale.received_at if happened(sale.received_at, moment) else None),
        "售后状态": "退款成功" if refunded else "-", "取消原因": "超时未支付" if unpaid else "-",
        "订单类型": "预售订单" if buyer.presale else "普通订单",
        "APP渠道": "抖音", "流量来源": "直播间", "流量体裁": "直播", "达人ID": "\t7592255573464590001",
        "达人昵称": SHOP,
    }  # fmt: skip


def bought_cells(sale: Sale, index: int, bought: Bought) -> dict[str, str]:
    """What a sub-order has of its own; the first one carries the order's own number."""
    item = bought.item
    return {
        "子订单编号": f"\t{int(sale.order_id) + index}",
        "选购商品": f"\t【赠品】{item.gift}" if bought.gift else f"\t{item.name}",
        "商品规格": "\t默认" if bought.gift else f"\t{item.spec}", "商品数量": str(bought.quantity),
        "商品ID": f"\t{item.product_id}", "商家编码": f"\t{item.sku_code}{'G' if bought.gift else ''}",
        "商品单价": "0.00" if bought.gift else str(item.live_price), "订单应付金额": str(bought.due),
    }  # fmt: skip


def csv_bytes(headings: tuple[str, ...], rows: list[list[str]]) -> bytes:
    """A csv as 抖店 writes it: UTF-8 with BOM."""
    target = StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return target.getvalue().encode("utf-8-sig")


def logistics_list(moment: datetime = NOON_OF_PARCELS) -> File:
    """Sixty parcels as the carriers' tool lists them: moving, stalled, never scanned, waiting, signed."""
    rows = [list(row) for row in parcel_rows(moment)]
    return f"物流明细_{moment.astimezone(ZONE):%m%d%H%M}.csv", csv_bytes(PARCEL_HEADINGS, rows)


TAOBAO = (
    "订单编号", "买家会员名", "总金额", "买家实际支付金额", "订单状态", "买家留言", "收货人姓名", "收货地址 ",
    "联系手机", "订单创建时间", "订单付款时间 ", "宝贝标题 ", "宝贝总数量", "订单备注", "虚拟号过期时间",
)  # fmt: skip


def other_platform() -> File:
    """A small export of the shop's 淘宝 store, to be looked at: a good order, and one whose virtual number is over."""
    paid = "2026-11-09 20:01:00"
    rows = [
        [f"351531314732900{tail}", f"买家{tail}", "69.00", "69.00", "买家已付款，等待卖家发货", "", "张三",
         "浙江省 杭州市 西湖区 文三路18号3幢402室(310000)", phone, "2026-11-09 20:00:00", paid, "丝绒口红", "1", "",
         until]
        for tail, phone, until in (("11", "13800010021", ""), ("12", "18400010022-7576", "2026-11-10 20:00:00"))
    ]  # fmt: skip
    return "ExportOrderList202611112215.csv", csv_bytes(TAOBAO, rows)


def broken_export() -> File:
    """An export somebody opened and saved in Excel: the order numbers have lost their digits."""
    placed = [sale for sale in population() if sale.created_at <= FIRST_EXPORT][:8]
    rows = [row for sale in placed for row in sale_rows(sale, FIRST_EXPORT)]
    at = [DOUYIN.headings.index(heading) for heading in ("主订单编号", "子订单编号")]
    for row in rows:
        for index in at:
            row[index] = f"{float(row[index]):.5E}"
    return "订单(1).csv", csv_bytes(DOUYIN.headings, rows)


def not_an_export() -> File:
    """A table of something else: the duty roster."""
    rows = [["11月11日", "早班", "小陈"], ["11月11日", "晚班", "小林"]]
    return "客服排班表.csv", csv_bytes(("日期", "班次", "客服"), rows)
