"""The logistics list 物流 of the rehearsal: what became of the parcels by noon of 14 November."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.rehearsal.samples_orders import TAGGED_SALES, ZONE, Sale, population

HEADINGS = (
    "订单号",
    "快递单号",
    "快递公司",
    "物流状态",
    "发货时间",
    "签收时间",
    "最新物流时间",
    "最新物流节点",
)
PARCELS = 60
CARRIERS = ("中通快递", "圆通速递", "韵达快递", "极兔速递")
STOPPED = datetime(2026, 11, 12, 10, 40, tzinfo=ZONE)
ARRIVED = datetime(2026, 11, 14, 9, 20, tzinfo=ZONE)
WAITING = "派件中", "您的快件已放入菜鸟驿站，请凭取件码及时取件，站点电话13800012345"
MOVING = "在途", "快件已离开转运中心，发往下一站"
STALLED = "在途", "快件到达转运中心"
UNSEEN = "暂无轨迹信息", ""
SIGNED = "已签收", "快件已由本人签收，感谢使用"


def chosen() -> list[Sale]:
    """The parcels of the list: the waiting food first, then those shipped first."""
    sent = sorted((sale for sale in population() if sale.shipped_at), key=lambda sale: sale.order_id)
    tagged = [sale for sale in sent if sale.order_id == TAGGED_SALES["food_waiting"].order_id]
    food = [sale for sale in sent if "食品" in sale.bought[0].item.category and sale not in tagged]
    others = (sale for sale in sent if sale not in tagged + food)
    early = sorted(others, key=lambda sale: sale.shipped_at or ARRIVED)
    return (tagged + food[:5] + early)[:PARCELS]


def parcel_rows(moment: datetime) -> list[tuple[str, ...]]:
    """The list's rows at `moment`; nothing in it is newer than that."""
    return [row(index, sale, moment) for index, sale in enumerate(chosen())]


def row(index: int, sale: Sale, moment: datetime) -> tuple[str, ...]:
    """One parcel: some wait at a pick-up point, some stalled, one or two were never scanned."""
    shipped_at = sale.shipped_at or moment
    signed_at = min(sale.received_at, moment) if sale.received_at and index >= 4 else None
    seen_at: datetime | None = moment - timedelta(hours=3 + index % 20)
    word, message = MOVING
    if signed_at:
        (word, message), seen_at = SIGNED, signed_at
    elif index < 4 or 20 <= index < 23:
        (word, message), seen_at = WAITING, min(ARRIVED, moment)
    elif 6 <= index < 16:
        (word, message), seen_at = STALLED, max(shipped_at + timedelta(minutes=30), min(STOPPED, moment))
    elif 16 <= index < 18:
        (word, message), seen_at = UNSEEN, None
    return (
        sale.order_id, f"7{8_500_100_200_300 + index * 7_919}", CARRIERS[index % len(CARRIERS)], word,
        text(shipped_at), text(signed_at), text(seen_at), message,
    )  # fmt: skip


def text(moment: datetime | None) -> str:
    return f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M:%S}" if moment else "-"
