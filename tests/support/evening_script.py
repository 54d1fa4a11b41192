"""The real evening in figures: who is there, how often what happens, and the files people send."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

from bot.rehearsal.samples import csv_bytes
from storage.exports.formats import DOUYIN
from tests.support.evening import BOSS, CHEN, SHANGHAI
from tests.support.evening_ledger import Ledger

OPS = (102, 113)
LEAD = 120
AGENTS = tuple(range(201, 213))
NEVER = 211
"""Works all evening and confirms no change."""
LATE = 212
"""Comes in an hour and a half after the start."""
NAMES = {BOSS: "林主管", OPS[0]: "小周", OPS[1]: "小吴", LEAD: "孙组长", CHEN: "老陈"} | {
    who: f"客服{letter}" for who, letter in zip(AGENTS, "甲乙丙丁戊己庚辛壬癸子丑", strict=True)
}
ROLES = {LEAD: "组长", CHEN: "仓库"} | dict.fromkeys(OPS, "运营") | dict.fromkeys(AGENTS, "客服")

PRODUCTS = 20
SLOT = 300
"""Seconds from one switch to the next."""
SWITCHES = 40
OPENS = datetime(2026, 11, 11, 20, 0, tzinfo=SHANGHAI)
ENDS = OPENS + timedelta(seconds=SWITCHES * SLOT)
LATE_COMES = OPENS + timedelta(minutes=93)
CHANGES = 25
ASKS = 60
JOINED = 8
"""Of the asks those in other words than an open question: one question, two askers."""
UNANSWERED = 5
LATE_ANSWERS = 6
TAKEN_SLOT, OURS_SLOT = 12, 30
SLIP_SLOTS = (7, 23)
OVERLOOKED = 0.12
"""How often somebody overlooks a change altogether."""
SAMPLES = 8
ORDERS = 40
EARLY_ORDERS, EARLY = 3, timedelta(minutes=9)
"""Orders of product 20 before it was ever announced."""

KINDS = ("精华水", "口红", "面霜", "眼霜", "卫衣")
TEXTS = (
    "敏感肌能用吗", "孕妇可以用吗", "保质期到什么时候", "瓶子是玻璃的吗", "几岁的孩子能用", "会不会搓泥",
    "晚上用还是早上用", "含酒精吗", "有没有香味", "开封后放多久", "男士适合哪一款", "可以上飞机吗",
    "颜色和主播手上的一样吗", "冬天会结块吗", "要不要先卸妆", "一瓶能用多久", "跟上次的配方相同吗",
    "瓶口是按压的吗", "要放冰箱吗", "油皮会闷痘吗", "盒子里有说明书吗", "能和维C一起用吗", "成分表在哪里看",
    "产地是哪里", "有备案吗", "沾到衣服洗得掉吗",
)  # fmt: skip


def orders_of(ledger: Ledger, seed: int = 5) -> dict[str, tuple[int, datetime]]:
    """Order numbers with product and moment: sampled minutes; some while a price was in dispute; some of product 20
    before it was announced."""
    dice = random.Random(seed)
    early = ledger.announced(PRODUCTS) - EARLY
    placed = [(PRODUCTS, early + timedelta(minutes=n)) for n in range(EARLY_ORDERS)]
    placed += [(one.link, one.at + timedelta(seconds=9)) for one in ledger.disputes]
    while len(placed) < ORDERS:
        link = dice.randint(1, PRODUCTS - 1)
        opened = ledger.announced(link)
        placed.append(
            (link, opened + timedelta(seconds=dice.randint(1, int((ENDS - opened).total_seconds()) - 1)))
        )
    return {f"6917{n:015}": one for n, one in enumerate(placed, 1)}


def export_of(
    orders: dict[str, tuple[int, datetime]], ids: dict[int, str], now: datetime
) -> tuple[str, bytes]:
    """A 抖店 export of these orders, all paid."""
    rows = []
    for number, (link, at) in orders.items():
        stamp = f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
        said = {
            "主订单编号": f"\t{number}", "子订单编号": f"\t{number}", "商品ID": f"\t{ids[link]}", "商品数量": "1",
            "选购商品": f"\t{name_of(link)}", "商品单价": "50.00", "订单应付金额": "50.00",
            "订单提交时间": stamp, "支付完成时间": stamp,
            "订单状态": "待发货", "订单类型": "普通订单", "流量来源": "直播间", "流量体裁": "直播",
            "达人ID": "\t7592255573464590001", "省": "浙江省", "市": "杭州市", "区": "西湖区",
        }  # fmt: skip
        rows.append([said.get(heading, "-") for heading in DOUYIN.headings])
    return f"{int(now.timestamp())}_{'ab' * 16}.csv", csv_bytes(DOUYIN.headings, rows)


def name_of(link: int) -> str:
    """What a product is called."""
    return f"{KINDS[link % len(KINDS)]}{link:02}款"


def sheet() -> tuple[bytes, dict[int, Decimal], dict[int, str]]:
    """A run sheet, its prices and its product ids by link number."""
    prices = {link: Decimal(39 + 7 * link).quantize(Decimal("0.01")) for link in range(1, PRODUCTS + 1)}
    ids = {link: f"37{link:02}4567890123{link:02}517" for link in prices}
    rows = [f"{link},{name_of(link)},{price},500,\t{ids[link]}" for link, price in prices.items()]
    return "\n".join(["链接号,商品名称,直播价,库存,商品ID", *rows, ""]).encode("utf-8-sig"), prices, ids
