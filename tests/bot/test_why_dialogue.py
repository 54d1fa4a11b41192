"""Every figure of the review opens what it was counted from; a later version says what changed; others are compared."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.desk import Desk
from bot.render import line_html
from bot.review_events import Night, events
from bot.review_parts import parts
from bot.reviewing import review_of
from bot.texts import plain
from playbooks.inquiries import LostInquiry
from playbooks.model import Document
from playbooks.needs import BuyerNeed
from playbooks.review_marks import HEADLINES, headline
from playbooks.room import Member
from storage.books import RoomBooks
from tests.support.evening import BOSS, MEI, OPS, Shift, evening
from tests.support.review_evening import NOW, OFF, Evening, full_evening

BOOKS = {
    "Listing": "listings", "Notice": "notices", "Entry": "journal", "Chase": "chases", "OrderState": "orders",
    "Hold": "holds", "FollowUp": "follow_ups", "LostInquiry": "lost_inquiries", "BuyerNeed": "needs",
    "Broadcast": "broadcasts",
}  # fmt: skip


async def keep(shift: Shift, *some: Document) -> None:
    def put(raw: object) -> None:
        room = RoomBooks(raw)  # type: ignore[arg-type]
        for one in some:
            getattr(room, BOOKS[type(one).__name__]).put(one)

    await shift.here.bot.runner.unit("a1", put)


def told(night: Evening) -> list[Document]:
    """The rows of the invented evening, and what buyers told besides."""
    here = night.broadcast
    lost = [
        LostInquiry(
            id=f"a1-l{n}", broadcast=here.id, number=1, name="玫瑰精华水 150ml", reason="price" if n else "", text="",
            by=str(MEI), at=OFF - timedelta(minutes=n), retry_at=None,
        )
        for n in range(3)
    ]  # fmt: skip
    need = BuyerNeed(id="a1-w1", broadcast=here.id, number=None, text="想要大码", by=str(MEI), at=OFF)
    rows = (
        night.listings,
        night.notices,
        night.journal,
        night.chases,
        night.orders,
        night.holds,
        night.follow_ups,
    )
    follow_ups = [
        one.changed(order_id=night.orders[n % 400].order_id) for n, one in enumerate(night.follow_ups)
    ]
    return [here, *(one for some in rows[:-1] for one in some), *follow_ups, *lost, need]


def view(shift: Shift) -> tuple[RoomBooks, Desk]:
    runner = shift.here.bot.runner
    books = runner.view("a1")
    room = books.room.get("a1")
    assert room
    member = Member(id=str(BOSS), name="林主管", roles=("manager",))
    return books, Desk(books, runner.front(), room, member, None, now=NOW)


async def test_what_a_figure_opens_is_as_many_as_it_counts(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        night = full_evening(5)
        await keep(shift, *told(night))
        books, desk = view(shift)
        here = books.broadcasts.get(night.broadcast.id)
        assert here
        review = review_of(books, desk.room, here, NOW)
        known = headline(review)
        assert {
            "orders",
            "recovered",
            "found",
            "changes",
            "issues",
            "lost",
            "needs",
            "follow_open",
        } <= known.keys()
        for id, kind in HEADLINES.items():
            opened = events(id, Night(here, review, desk))
            if kind == "count" and id in known:
                assert len(opened) == known[id], id
            for one in opened[:3]:
                assert plain(line_html("zh-CN", one.said))
                assert plain(line_html("en", one.said))


async def test_every_product_reason_rule_and_person_opens_as_many_as_it_counts(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        night = full_evening(5)
        await keep(shift, *told(night))
        books, desk = view(shift)
        here = books.broadcasts.get(night.broadcast.id)
        assert here
        looked = Night(here, review_of(books, desk.room, here, NOW), desk)
        found = parts(looked)
        groups = {id.partition("_")[0] for id in found}
        assert {"product", "reason", "rule", "region", "asked", "lost", "need", "follow", "refund"} <= groups
        for id, part in found.items():
            opened = part.opens(looked)
            for said in (part.name, *(one.said for one in opened[:2])):
                assert plain(line_html("zh-CN", said))
                assert plain(line_html("en", said))
            if part.kind == "count":
                assert len(opened) == part.value, id
            assert len(f"why {here.id} {id}".encode()) <= 60  # a button holds 64 bytes


async def test_what_follows_from_other_figures_opens_those(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await keep(shift, *told(full_evening(5)))
        await shift.asks(BOSS, "录入 场观 12000 成交人数 300")
        basket = (await shift.asks(BOSS, "/why 客单价"))[-1]
        assert "净销售：" in basket
        assert "成交人数：" in basket
        assert "林主管 录入 300" in basket
        shown = (await shift.asks(BOSS, "/why 1号"))[-1]
        assert shown.splitlines()[0].startswith("〔小满优选〕1号")
        await shift.asks(BOSS, "/why")
        await shift.press(BOSS, "按单品、原因")
        await shift.press(BOSS, "价格")
        assert "价格" in shift.here.last(BOSS).text.splitlines()[0]


async def test_yuan_are_the_sum_of_the_orders_they_open(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        night = full_evening(6)
        await keep(shift, *told(night))
        books, desk = view(shift)
        here = books.broadcasts.get(night.broadcast.id)
        assert here
        review = review_of(books, desk.room, here, NOW)
        prices = {one.order_id: one.amount or Decimal(0) for one in night.orders}
        for id in ("gmv", "net_sales", "amount"):
            orders = [order_in(one.said.values) for one in events(id, Night(here, review, desk))]
            assert sum(prices[number] for number in orders) == headline(review)[id], id


def order_in(values: object) -> str:
    assert isinstance(values, dict)
    return str(values.get("order") or values.get("order_id"))


async def test_why_is_asked_by_the_name_people_use_and_by_button_page_by_page(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        night = full_evening(5)
        await keep(shift, *told(night))
        for words in ("/why 催回金额", "/why 挽回金额", "/why amount", "/why Recovered yuan"):
            assert "催回金额" in (await shift.asks(BOSS, words))[-1]
        page = (await shift.asks(BOSS, "依据 催回"))[-1]
        count = night.tally.recovered.total()
        assert f"催回 {count} 11-11 场次，依据 {count} 条" in page
        assert len(page.splitlines()) == 1 + 1 + 15  # beside it what pays by itself
        assert "不联系自然付款" in page
        await shift.press(BOSS, "再看")
        assert shift.here.last(BOSS).text.splitlines()[1:] != page.splitlines()[1:]
        await shift.press(BOSS, "全部数字")
        await shift.press(BOSS, "异常订单 6")
        assert "停发" in shift.here.last(BOSS).text
        assert "没有叫「营业额」的数字" in (await shift.asks(BOSS, "/why 营业额"))[-1]
        assert "催回" not in "".join(await shift.asks(MEI, "/why 催回"))  # managers, leads and ops


async def test_a_figure_somebody_entered_opens_who_entered_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(OPS, "开播")
        await shift.minutes(10)
        await shift.says(OPS, "下播")
        await shift.asks(OPS, "/enter 场观 12000")
        assert "小周 录入 12,000（手工）" in (await shift.asks(BOSS, "/why 场观"))[-1]


@pytest.mark.parametrize("extra", [1, 3])
async def test_a_later_version_says_what_changed_and_the_next_broadcast_is_compared(
    tmp_path: Path, extra: int
) -> None:
    async with evening(tmp_path) as shift:
        night = Evening(7, orders=60)
        lost = next(c for c in night.chases if c.closed_why == "expired")
        await keep(shift, *told(night))
        first = "\n".join(await shift.asks(BOSS, f"/review {night.broadcast.id}"))
        assert "与第" not in first
        again = "\n".join(await shift.asks(BOSS, f"/review {night.broadcast.id}"))
        assert "与第" not in again  # nothing changed, nothing is said of it
        more = [
            one.changed(id=f"{one.id}x", order_id=f"{one.order_id[:-3]}9{n:02}")
            for n, one in enumerate(night.orders[:extra])
        ]
        await keep(shift, *more)
        third = "\n".join(await shift.asks(BOSS, f"/review {night.broadcast.id}"))
        assert f"与第 1 版相比：下单 60 → {60 + extra}" in third
        assert lost.order_id not in third
        next_day = night.broadcast.changed(id="a1-b2", number=2, opened_on=date(2026, 11, 12))
        await keep(shift, next_day)
        text = "\n".join(await shift.asks(BOSS, "/review"))
        assert "与近 1 场比（本场 · 上场 · 平均）" in text
        net = sum((o.amount or Decimal(0)) for o in (*night.orders, *more) if o.paid_at)
        assert f"净销售 未录入 · {net:,.0f} · {net:,.0f}" in text


def a_day_later(one: Document) -> Document:
    """The same row in the next broadcast."""
    text = one.model_dump_json().replace("a1-b1", "a1-b2").replace('"number":1,"opened', '"number":2,"opened')
    return type(one).model_validate_json(text)


async def test_what_went_wrong_before_with_the_same_product_is_marked(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        night = full_evening(5)
        await keep(shift, *told(night))
        await shift.asks(BOSS, f"/review {night.broadcast.id}")
        books, _ = view(shift)
        mark = books.review_marks.get(night.broadcast.id)
        assert mark
        assert "slow 净颜卸妆膏 100g" in mark.issues
        await keep(shift, *(a_day_later(one) for one in told(night)))
        text = "\n".join(await shift.asks(BOSS, "/review a1-b2"))
        assert "3号 净颜卸妆膏 100g 直播价 79 → 75" in text
        assert "才知悉（之前也有 1 场）" in text
