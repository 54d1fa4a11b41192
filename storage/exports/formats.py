"""The formats of order exports 订单导出: one declaration a platform, and which one a file is.

A new platform is one `Format` here and its words in `playbooks/data/orders.toml`.
Headings and their sources: facts/order_formats.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from playbooks.model import Model, Refusal
from storage.exports.cells import heading
from storage.exports.grid import HEAD_ROWS
from storage.exports.words import WORDS, PlatformWords

Field = Literal[
    "order_id", "sub_order_id", "product_title", "sku", "sku_code", "product_id", "quantity", "amount_due",
    "receiver_name", "receiver_phone", "province", "city", "district", "town", "address", "buyer_message",
    "seller_memo", "created_at", "paid_at", "ship_by", "shipped_at", "tracking_no", "received_at", "status",
    "refund_status", "close_reason", "talent_id", "traffic",
]  # fmt: skip
"""The canonical fields an order is read from (facts/order_formats.yaml, canonical_fields)."""

SHOWN_COLUMNS = 12
"""How many headings of an unknown file are named to the person who sent it."""


class Format(Model):
    """What one platform's export looks like.

    `detect_all`: of each group of headings one must be there; `detect_any`: at least one of these.
    `headings`: the standard report's columns, in order. `columns`: field -> headings it may stand under;
    where several stand in a file, the first that says something counts.
    """

    id: str
    name: str
    detect_all: tuple[tuple[str, ...], ...]
    detect_any: tuple[str, ...]
    headings: tuple[str, ...]
    columns: dict[Field, tuple[str, ...]]
    words: PlatformWords

    @property
    def known(self) -> frozenset[str]:
        """Every heading of this format, normalised."""
        return normalised(self.headings) | normalised(h for names in self.columns.values() for h in names)

    def matched(self, header: Sequence[str]) -> int:
        """How many known headings a row holds; 0 where it lacks the signature. `header` is normalised."""
        found = set(header)
        signed = all(found & normalised(group) for group in self.detect_all)
        return len(found & self.known) if signed and found & normalised(self.detect_any) else 0

    def places(self, header: Sequence[str]) -> dict[Field, tuple[int, ...]]:
        """Field -> its columns in this file, by position: a heading may stand twice. `header`: normalised."""
        found: dict[Field, tuple[int, ...]] = {}
        for field, names in self.columns.items():
            at = [header.index(name) for name in map(heading, names) if name in header]
            if at:
                found[field] = tuple(at)
        return found


def normalised(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(heading, names))


DOUYIN = Format(
    id="douyin",
    name="抖店",
    detect_all=(("主订单编号", "订单编号"), ("子订单编号",), ("订单提交时间",)),
    detect_any=("选购商品", "商品名称", "承诺发货时间", "达人ID", "流量体裁"),
    headings=(
        "主订单编号", "子订单编号", "选购商品", "商品规格", "商品数量", "商品ID", "商家编码", "商品单价",
        "订单应付金额", "运费", "优惠总金额", "平台优惠", "商家优惠", "达人优惠", "商家改价", "支付优惠",
        "红包抵扣", "支付方式", "手续费", "收件人", "收件人手机号", "省", "市", "区", "街道", "详细地址",
        "是否修改过地址", "地址修改时段", "买家留言", "订单提交时间", "旗帜颜色", "商家备注",
        "订单完成时间", "支付完成时间", "APP渠道", "流量来源", "订单状态", "承诺发货时间", "订单类型",
        "鲁班落地页ID", "达人ID", "达人昵称", "所属门店ID", "售后状态", "取消原因", "预约发货时间",
        "仓库ID", "仓库名称", "序列号", "是否安心购", "广告渠道", "流量类型", "流量体裁", "流量渠道",
        "发货主体", "发货主体明细", "发货时间", "降价类优惠", "平台实际承担优惠金额",
        "商家实际承担优惠金额", "达人实际承担优惠金额", "预计送达时间", "是否平台仓自流转", "车型",
        "商品69码", "发货SN码", "发货IMEI码1", "发货IMEI码2", "预约送达时间", "建议发货时间（起）",
        "建议发货时间（止）", "物流SN码", "物流IMEI码1", "物流IMEI码2",
    ),
    columns={
        "order_id": ("主订单编号", "订单编号"),
        "sub_order_id": ("子订单编号",),
        "product_title": ("选购商品", "商品名称"),
        "sku": ("商品规格",),
        "sku_code": ("商家编码",),
        "product_id": ("商品ID",),
        "quantity": ("商品数量",),
        "amount_due": ("订单应付金额", "商品金额"),
        "receiver_name": ("收件人",),
        "receiver_phone": ("收件人手机号",),
        "province": ("省",),
        "city": ("市",),
        "district": ("区",),
        "town": ("街道",),
        "address": ("详细地址",),
        "buyer_message": ("买家留言",),
        "seller_memo": ("商家备注",),
        "created_at": ("订单提交时间",),
        "paid_at": ("支付完成时间",),
        "ship_by": ("承诺发货时间",),
        "shipped_at": ("发货时间",),
        "tracking_no": ("快递信息",),
        "received_at": ("订单完成时间",),
        "status": ("订单状态",),
        "refund_status": ("售后状态",),
        "close_reason": ("取消原因",),
        "talent_id": ("达人ID",),
        "traffic": ("流量体裁", "流量来源", "流量渠道"),
    },
    words=WORDS.platforms["douyin"],
)  # fmt: skip

FORMATS: tuple[Format, ...] = (DOUYIN,)


def detect(head: Sequence[Sequence[str]], formats: Sequence[Format] = FORMATS) -> tuple[Format, int]:
    """The format of a file and the index of its header among the first 20 rows.

    The format with most matched headings wins. Raises Refusal `orders.unknown_format` where none fits or two
    fit equally; `columns` names the headings of the fullest row.
    """
    for index, row in enumerate(head[:HEAD_ROWS]):
        header = [heading(cell) for cell in row]
        ranked = sorted(((f.matched(header), f) for f in formats), key=lambda pair: pair[0], reverse=True)
        if ranked and ranked[0][0]:
            if len(ranked) > 1 and ranked[0][0] == ranked[1][0]:
                break
            return ranked[0][1], index
    raise Refusal("orders.unknown_format", columns=shown_columns(head))


def shown_columns(head: Sequence[Sequence[str]]) -> str:
    """The headings of the fullest of the first rows, as a person is shown them."""
    fullest: Sequence[str] = max(head[:HEAD_ROWS], key=lambda row: sum(map(bool, row)), default=())
    names = [cell.strip()[:20] for cell in fullest if cell.strip()]
    return "、".join(names[:SHOWN_COLUMNS]) + ("…" if len(names) > SHOWN_COLUMNS else "")
