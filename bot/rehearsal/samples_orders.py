"""The orders of the rehearsal evening: about 300 invented ones, and what is true of each at any moment.

Everything comes from one seed: the same orders with the same fates every time, nobody's real data.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from zoneinfo import ZoneInfo

from bot.rehearsal.samples_audit import BUYERS, Buyer, number, placed_at
from bot.rehearsal.samples_products import RUNSHEET, Item
from playbooks.model import CENT

ZONE = ZoneInfo("Asia/Shanghai")
OPENS = datetime(2026, 11, 11, 20, 0, tzinfo=ZONE)
FIRST_ORDER = datetime(2026, 11, 11, 19, 40, tzinfo=ZONE)
LAST_ORDER = datetime(2026, 11, 11, 22, 18, tzinfo=ZONE)
PACKING_FROM = datetime(2026, 11, 12, 9, 0, tzinfo=ZONE)
ADDRESSES_SETTLED = datetime(2026, 11, 12, 8, 30, tzinfo=ZONE)
LIFE = timedelta(minutes=30)
SHIP_WITHIN = timedelta(hours=48)
SEED = 20261111
COUNT = 286

PLACES = (
    ("浙江省", "杭州市", "西湖区", "文新街道"), ("浙江省", "宁波市", "鄞州区", "下应街道"),
    ("江苏省", "南京市", "鼓楼区", "宁海路街道"), ("江苏省", "苏州市", "吴中区", "木渎镇"),
    ("广东省", "广州市", "天河区", "石牌街道"), ("广东省", "佛山市", "禅城区", "祖庙街道"),
    ("广东省", "深圳市", "南山区", "粤海街道"), ("四川省", "成都市", "武侯区", "浆洗街街道"),
    ("湖北省", "武汉市", "洪山区", "珞南街道"), ("湖南省", "长沙市", "岳麓区", "望月湖街道"),
    ("山东省", "济南市", "历下区", "千佛山街道"), ("山东省", "青岛市", "市南区", "八大湖街道"),
    ("河南省", "郑州市", "金水区", "经八路街道"), ("河北省", "石家庄市", "长安区", "建北街道"),
    ("陕西省", "西安市", "雁塔区", "小寨路街道"), ("福建省", "厦门市", "思明区", "筼筜街道"),
    ("辽宁省", "沈阳市", "和平区", "太原街街道"), ("安徽省", "合肥市", "蜀山区", "三里庵街道"),
    ("江西省", "南昌市", "红谷滩区", "沙井街道"), ("北京市", "北京市", "朝阳区", "望京街道"),
    ("上海市", "上海市", "浦东新区", "花木街道"), ("重庆市", "重庆市", "渝北区", "龙溪街道"),
    ("云南省", "昆明市", "五华区", "华山街道"), ("广西壮族自治区", "南宁市", "青秀区", "新竹街道"),
)  # fmt: skip
REMOTE = (
    ("新疆维吾尔自治区", "乌鲁木齐市", "天山区", "解放南路街道"),
    ("新疆维吾尔自治区", "喀什地区", "喀什市", "恰萨街道"),
    ("西藏自治区", "拉萨市", "城关区", "扎细街道"), ("西藏自治区", "日喀则市", "桑珠孜区", "城北街道"),
    ("内蒙古自治区", "呼和浩特市", "新城区", "中山东路街道"),
    ("内蒙古自治区", "包头市", "昆都仑区", "林荫路街道"),
    ("青海省", "西宁市", "城西区", "古城台街道"),
    ("新疆维吾尔自治区", "伊犁哈萨克自治州", "伊宁市", "萨依布依街道"),
    ("新疆维吾尔自治区", "阿克苏地区", "阿克苏市", "红桥街道"),
    ("内蒙古自治区", "赤峰市", "红山区", "西屯街道"),
    ("香港特别行政区", "香港特别行政区", "沙田区", ""), ("台湾省", "台北市", "大安区", ""),
)  # fmt: skip
NO_SHIP = ("香港特别行政区", "台湾省")
CONTRADICTIONS = (
    ("浙江省", "南京市", "玄武区", "梅园新村街道"),
    ("广东省", "长沙市", "岳麓区", "望月湖街道"),
    ("四川省", "武汉市", "洪山区", "珞南街道"),
)
CORRECTED = ("江苏省", "南京市", "玄武区", "梅园新村街道")


@dataclass(frozen=True, slots=True)
class Bought:
    """One sub-order: what, how many, what is due for it (yuan; 0.00 for a gift)."""

    item: Item
    quantity: int
    due: Decimal
    gift: bool = False


@dataclass(frozen=True, slots=True)
class Sale:
    """One order and its whole fate; times in Asia/Shanghai, None for what never happens."""

    order_id: str
    bought: tuple[Bought, ...]
    created_at: datetime
    paid_at: datetime | None
    place: tuple[str, str, str, str]
    refunded_at: datetime | None = None
    shipped_at: datetime | None = None
    received_at: datetime | None = None
    corrected_place: tuple[str, str, str, str] | None = None
    buyer: Buyer | None = None
    """The buyer where the export shows one in clear."""

    @property
    def closed_at(self) -> datetime | None:
        """When the platform closes it: unpaid for 30 minutes, or refunded before shipping."""
        return self.created_at + LIFE if self.paid_at is None else self.refunded_at

    def status(self, moment: datetime) -> str:
        """The platform's word for it at `moment`."""
        if happened(self.closed_at, moment):
            return "已关闭"
        if happened(self.received_at, moment):
            return "已完成"
        if happened(self.shipped_at, moment):
            return "已发货"
        return "待发货" if happened(self.paid_at, moment) else "待支付"

    def place_at(self, moment: datetime) -> tuple[str, str, str, str]:
        """Where it goes; a contradiction that was settled is corrected on the platform next morning."""
        corrected = self.corrected_place if moment >= ADDRESSES_SETTLED else None
        return corrected or self.place


def happened(when: datetime | None, moment: datetime) -> bool:
    return when is not None and when <= moment


def due(item: Item, quantity: int) -> Decimal:
    """What the platform asks for: 第二件半价 and 85折 taken off, everything else is settled elsewhere."""
    full = item.live_price * quantity
    if item.promo == "第二件半价":
        full -= item.live_price * (quantity // 2) / 2
    elif item.promo == "85折":
        full *= Decimal("0.85")
    return full.quantize(CENT, rounding=ROUND_HALF_UP)


def buy(link_no: int, quantity: int = 1) -> tuple[Bought, ...]:
    """A product with its gift, as the platform makes sub-orders of them."""
    item = RUNSHEET[link_no - 1]
    main = Bought(item, quantity, due(item, quantity))
    return (main, Bought(item, 1, Decimal("0.00"), gift=True)) if item.gift else (main,)


def at(clock: str) -> datetime:
    """HH:MM of the evening."""
    return datetime.fromisoformat(f"2026-11-11T{clock}:00").replace(tzinfo=ZONE)


def on_air(moment: datetime) -> int:
    """The link on air at `moment`; before the opening viewers see the first ones already."""
    return max((product.link_no for product in RUNSHEET if at(product.start) <= moment), default=1)


# Orders the script of the evening speaks of by name. Each differs only in its fate.
TAGGED_SALES: dict[str, Sale] = {
    # an agent sees it on the platform's desk and registers it in one line; paid after the chase
    "registered_by_hand": Sale("6917920181100000317", buy(3), at("20:18"), at("20:45"), PLACES[0]),
    # unpaid in the 20:40 export, pays without anybody's help, must not be chased any more
    "pays_itself": Sale("6917920301100000429", buy(4, 2), at("20:30"), at("20:47"), PLACES[4]),
    # unpaid in the 20:40 export, chased, never pays, closed by the platform at 21:02
    "dies": Sale("6917920321100000531", buy(4), at("20:32"), None, PLACES[8]),
    # unpaid in the 20:40 export, the dearest of them, pays after the chase
    "paid_after_chase": Sale("6917920351100000643", buy(3, 3), at("20:35"), at("20:58"), PLACES[6]),
    # unpaid in the 21:30 export, pays after the chase
    "second_round": Sale("6917921181100000751", buy(8, 2), at("21:18"), at("21:41"), PLACES[10]),
    # unpaid in the 21:30 export, dies at 21:56
    "second_dies": Sale("6917921261100000863", buy(8), at("21:26"), None, PLACES[12]),
    # paid, to where nothing is shipped: refunded before printing
    "no_ship": Sale("6917920501100000977", buy(5), at("20:50"), at("20:51"), REMOTE[10],
                    refunded_at=datetime(2026, 11, 12, 8, 40, tzinfo=ZONE)),
    # paid, to a remote region: shipped with another carrier
    "remote": Sale("6917921081100001087", buy(7), at("21:08"), at("21:09"), REMOTE[0]),
    # 浙江省 and 南京市: the buyer corrects it on the platform next morning
    "contradiction": Sale("6917921321100001191", buy(9), at("21:32"), at("21:33"), CONTRADICTIONS[0],
                          corrected_place=CORRECTED),
    # refunded during the evening
    "refunded": Sale("6917920421100001203", buy(5), at("20:42"), at("20:43"), PLACES[14],
                     refunded_at=at("21:50")),
    # two products in one order
    "two_products": Sale("6917921001100001319", (*buy(6), *buy(3)), at("21:00"), at("21:01"), PLACES[18]),
    # perishable, waits at the pick-up point on the 14th
    "food_waiting": Sale("6917921461100001427", buy(10), at("21:46"), at("21:47"), PLACES[3]),
}  # fmt: skip


AUDITED = 12
"""The link that the orders for the audit are of: no other story hangs on it."""


def to_audit() -> list[Sale]:
    """An order for each thing the closing audit looks for, paid as soon as placed."""
    return [
        Sale(
            number(tag), buy(AUDITED), placed_at(tag), placed_at(tag) + timedelta(seconds=8), buyer.place, buyer=buyer
        )
        for tag, buyer in BUYERS.items()
    ]  # fmt: skip


def population() -> tuple[Sale, ...]:
    """Every order of the evening in the order in which they were placed."""
    random = Random(SEED)  # noqa: S311 - sample data, not a secret
    sales = with_exceptions([drawn(random, number) for number in range(COUNT)])
    sales += TAGGED_SALES.values()
    sales += to_audit()
    return tuple(sorted((shipped(random, sale) for sale in sales), key=lambda sale: sale.created_at))


def with_exceptions(sales: list[Sale]) -> list[Sale]:
    """The sales, some of those paid at once made remote, contradicting or refunded."""
    quick = timedelta(minutes=2)
    at_once = iter([sale for sale in sales if sale.paid_at and sale.paid_at - sale.created_at < quick][::7])
    odd_places = (*REMOTE[1:10], REMOTE[11], *CONTRADICTIONS[1:])
    changed = [replace(next(at_once), place=place) for place in odd_places]
    changed.append(replace(next(at_once), refunded_at=at("22:05")))
    special = {sale.order_id: sale for sale in changed}
    return [special.get(sale.order_id, sale) for sale in sales]


def drawn(random: Random, number: int) -> Sale:
    """One ordinary order: paid at once (70 %), by itself after minutes, or never."""
    span = int((LAST_ORDER - FIRST_ORDER).total_seconds())
    created_at = FIRST_ORDER + timedelta(seconds=random.randrange(span))
    link_no = on_air(created_at)
    if random.random() < 0.2:
        link_no = random.randint(1, link_no)
    bought = buy(link_no, random.choice((1, 1, 1, 2, 2, 3)))
    if random.random() < 0.04:
        bought = (*bought, *buy(random.randint(1, link_no)))
    return Sale(order_number(random, created_at, number), bought, created_at, paid(random, created_at),
                random.choice(PLACES))  # fmt: skip


def order_number(random: Random, created_at: datetime, number: int) -> str:
    """19 digits beginning with 6917; the last four never 0000, which would look like lost digits."""
    return f"6917{created_at:%d%H%M}{random.randrange(10**5):05}{2000 + number:04}"


def paid(random: Random, created_at: datetime) -> datetime | None:
    """When it is paid: 70 % at once, of the rest four in ten by themselves within the half hour."""
    if random.random() < 0.7:
        return created_at + timedelta(seconds=random.randint(6, 90))
    if random.random() < 0.4:
        return created_at + timedelta(seconds=random.randint(180, 1500))
    return None


def shipped(random: Random, sale: Sale) -> Sale:
    """The days after: packed on the 12th, some received by the 14th, a few left lying."""
    pack_at = PACKING_FROM + timedelta(minutes=random.randrange(9 * 60))
    arrives = timedelta(hours=random.randint(30, 60))
    keeps = random.random() < 0.04
    fast = random.random() < 0.35
    if sale.paid_at is None or sale.refunded_at or sale.place[0] in NO_SHIP or keeps:
        return sale
    if sale.place in CONTRADICTIONS and sale.corrected_place is None:
        return sale
    return replace(sale, shipped_at=pack_at, received_at=pack_at + arrives if fast else None)
