"""Unpaid orders for dialogue tests of the chase: put into the books, or brought by an invented export."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from playbooks.chase import Chase, chase_id
from playbooks.orders import OrderState
from storage.books import RoomBooks
from storage.exports.formats import FORMATS
from tests.support.evening import OPS, SHANGHAI, Shift
from tests.support.export_files import QUIRKS, Sold, export_file

ONE, TWO, THREE = "6917926768823643751", "6917926768823643752", "6917926768823643753"
UNPAID = {"douyin": "待支付", "pinduoduo": "待支付", "jushuitan": "待付款", "taobao_classic": "等待买家付款"}
"""How the exports call an order that waits for its payment."""


def books(shift: Shift) -> RoomBooks:
    """The room's books."""
    return shift.here.bot.runner.view("a1")


def chased(shift: Shift, number: str) -> Chase:
    """The chase of an order number."""
    found = books(shift).chases.get(chase_id("a1", number))
    assert found is not None
    return found


async def keep(shift: Shift, *documents: Chase | OrderState) -> None:
    """Put what an export would have brought."""

    def put(raw: object) -> None:
        room = RoomBooks(raw)  # type: ignore[arg-type]
        for one in documents:
            if isinstance(one, Chase):
                room.chases.put(one)
            else:
                room.orders.put(one)

    await shift.here.bot.runner.unit("a1", put)


def unpaid(shift: Shift, number: str, amount: int = 59, *, left: int = 25, **told: object) -> Chase:
    """An unpaid order out of an export of this moment, placed five minutes ago."""
    now = shift.clock.now().astimezone(UTC)
    facts = {
        "id": chase_id("a1", number), "order_id": number, "platform": "douyin", "source": "file", "seen_at": now,
        "data_as_of": now, "created_at": now - timedelta(minutes=5), "expires_at": now + timedelta(minutes=left),
        "amount": Decimal(amount), "title": "烟酰胺精华液",
    }  # fmt: skip
    return Chase.model_validate({**facts, **told})


async def export(
    shift: Shift,
    form: str,
    *numbers: str,
    word: str = "",
    paid: bool = False,
    who: int = OPS,
    ago: int = 5,
    made: int = 0,
) -> list[str]:
    """An export made `made` minutes ago with these orders, placed `ago` minutes before that; what the bot answered."""
    now = shift.clock.now() - timedelta(minutes=made)
    word = word or UNPAID[form]
    lines = (("玫瑰精华水", 1, Decimal("79.00")),)
    placed = now - timedelta(minutes=ago)
    sold = [Sold(number, word, lines, placed, paid) for number in numbers]
    known = next(one for one in FORMATS if one.id == form)
    prefix = f"{int(now.timestamp())}_" if form == "douyin" else ""
    name = f"{prefix}订单.{QUIRKS[form].container}"
    return await shift.sends(who, name, export_file(known, sold))


def clock(moment: datetime | None) -> str:
    """`20:14`, room time; '' for None."""
    return f"{moment.astimezone(SHANGHAI):%H:%M}" if moment else ""
