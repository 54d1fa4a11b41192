"""What a file sent to the bot is, by its headings: nobody has to say it with a command."""

from __future__ import annotations

from typing import Literal

from playbooks.model import Refusal
from storage.exports.cells import heading
from storage.exports.formats import detect
from storage.exports.grid import HEAD_ROWS, Grid
from storage.exports.logistics import header_at

Kind = Literal["orders", "parcels", "runsheet"]

# A run sheet 排品表 is one with a product and a price (facts/runsheet.yaml); its own reader knows the rest.
PRODUCT = frozenset(["商品名", "商品名称", "产品名称", "名称", "产品", "品名"])
PRICE = frozenset(["直播价", "直播专享价", "活动价", "专属价", "价格", "到手价", "券后价"])


def kind(grid: Grid) -> Kind | None:
    """Which of the three a file is; None where its headings fit none. The first rows of it suffice.

    Orders come first: their exports may hold the headings of the other two.
    """
    if is_orders(grid):
        return "orders"
    if header_at(grid.rows) is not None:
        return "parcels"
    for row in grid.rows[:HEAD_ROWS]:
        headings = {heading(cell) for cell in row}
        if headings & PRODUCT and headings & PRICE:
            return "runsheet"
    return None


def is_orders(grid: Grid) -> bool:
    try:
        detect(grid.rows)
    except Refusal:
        return False
    return True
