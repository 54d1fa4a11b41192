"""An order export of 抖店 in a few columns, with buyers in clear, for dialogues about the audit. Invented people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.rehearsal import samples
from tests.support.evening import OPS, SHANGHAI, Shift

HEADINGS = (
    "主订单编号", "子订单编号", "选购商品", "商品数量", "订单应付金额", "收件人", "收件人手机号", "省", "市", "区",
    "详细地址", "买家留言", "商家备注", "订单提交时间", "支付完成时间", "订单状态", "承诺发货时间",
)  # fmt: skip
PAID = datetime(2026, 11, 11, 19, 31, tzinfo=SHANGHAI)
TAIWAN, XINJIANG, HANGZHOU = (
    ("台湾省", "台北市", "信义区"),
    ("新疆维吾尔自治区", "喀什地区", "喀什市"),
    ("浙江省", "杭州市", "西湖区"),
)


@dataclass(frozen=True)
class To:
    """One order: its number, where it goes, who gets it."""

    number: str
    place: tuple[str, str, str] = HANGZHOU
    address: str = "文三路 18 号 3 幢 402 室"
    name: str = "张三"
    phone: str = "13800012345"
    message: str = ""
    memo: str = ""
    paid_at: datetime = PAID
    ship_by: datetime | None = PAID + timedelta(hours=48)
    status: str = "待发货"
    title: str = "玫瑰精华水"

    def but(self, **fields: object) -> To:
        """The same order, otherwise."""
        return replace(self, **fields)  # type: ignore[arg-type]

    def cells(self) -> list[str]:
        """The row."""
        paid = f"{self.paid_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
        ship_by = f"{self.ship_by.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" if self.ship_by else ""
        return [
            self.number, self.number, self.title, "1", "59.90", self.name, self.phone, *self.place, self.address,
            self.message, self.memo, paid, paid, self.status, ship_by,
        ]  # fmt: skip


def number(tail: int) -> str:
    """An order number nobody has."""
    return f"691794{tail:013}"


def export(moment: datetime, *orders: To) -> tuple[str, bytes]:
    """The file as made at `moment`."""
    return f"{int(moment.timestamp())}_a1b2.csv", samples.csv_bytes(HEADINGS, [one.cells() for one in orders])


async def sends(shift: Shift, *orders: To, who: int = OPS) -> list[str]:
    """`who` sends an export made this minute in private; what they were told."""
    return await shift.sends(who, *export(shift.clock.now(), *orders))
