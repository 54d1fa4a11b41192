"""The orders of the simulated week as 抖店 exports them, at whatever moment one is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.rehearsal.samples import csv_bytes
from storage.exports.formats import DOUYIN
from tests.support.evening import SHANGHAI
from tests.support.week_ledger import Sale

AT_HOME = ("浙江省", "杭州市", "西湖区")
NO_SHIP = ("台湾省", "台北市", "信义区")
SHIPS_WITHIN = timedelta(hours=48)


def export_of(sales: Sequence[Sale], names: Mapping[int, str], now: datetime) -> tuple[str, bytes]:
    """File name and bytes of an export made at `now`: what was placed until then, as it stood then."""
    rows = [_row(one, names[one.link], now) for one in sales if one.at <= now]
    return f"{int(now.timestamp())}_{'ab' * 16}.csv", csv_bytes(DOUYIN.headings, rows)


def _row(one: Sale, name: str, now: datetime) -> list[str]:
    place = NO_SHIP if one.region and one.hold != "solved" else AT_HOME
    status, why = _status(one, now)
    paid, received = _past(one.paid_at, now), _past(one.received_at, now)
    told = {
        "主订单编号": f"\t{one.number}", "子订单编号": f"\t{one.number}", "商品ID": f"\t{3700 + one.link}",
        "选购商品": name, "商品数量": "1", "商品单价": str(one.amount), "订单应付金额": str(one.amount),
        "订单提交时间": _clock(one.at), "支付完成时间": _clock(paid), "订单完成时间": _clock(received),
        "承诺发货时间": _clock(paid + SHIPS_WITHIN if paid else None), "订单状态": status, "取消原因": why,
        "售后状态": "退款成功" if _past(one.refunded_at, now) else "-", "订单类型": "普通订单",
        "流量来源": "直播间", "流量体裁": "直播", **dict(zip(("省", "市", "区"), place, strict=True)),
    }  # fmt: skip
    return [told.get(heading, "-") for heading in DOUYIN.headings]


def _status(one: Sale, now: datetime) -> tuple[str, str]:
    """The platform's word for it, and why it was closed."""
    if _past(one.refunded_at, now):
        return "已关闭", "-"
    if _past(one.received_at, now):
        return "已完成", "-"
    if _past(one.paid_at, now):
        return "待发货", "-"
    if _past(one.cancelled_at, now):
        return "已关闭", "买家取消订单"
    dead = one.dead_at is not None and one.dead_at <= now
    return ("已关闭", "超时未支付") if dead else ("待支付", "-")


def _past(at: datetime | None, now: datetime) -> datetime | None:
    return at if at and at <= now else None


def _clock(at: datetime | None) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" if at else "-"
