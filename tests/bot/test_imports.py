"""Orders and their chases at the edges: files out of order, ends already known, odd numbers, long ids."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.card import button
from bot.duties.chase import REASONS
from bot.rehearsal import samples
from bot.rehearsal.samples_orders import TAGGED_SALES, Sale
from bot.render import DATA_BYTES
from playbooks import chase
from playbooks.aftercare import ACTIONS
from playbooks.broadcast import Broadcast, business_day, of_order
from playbooks.followup import outcomes
from playbooks.followup import rules as follow_up_rules
from storage.books import RoomBooks
from storage.exports.cells import LONGEST_ID, Damaged, identifier
from tests.support.evening import BOSS, MEI, OPS, QIANG, SHANGHAI, Shift, evening


def books(shift: Shift) -> RoomBooks:
    return shift.here.bot.runner.view("a1")


async def selling(shift: Shift) -> None:
    await shift.sends(OPS, "排品表.xlsx", samples.runsheet_xlsx(corrected=True))
    await shift.press(OPS, "启用")
    await shift.at("20:00")
    await shift.says(OPS, "开播")


def export_of(moment: datetime, *sales: Sale, **cells: str) -> tuple[str, bytes]:
    """An export made at `moment` with `cells` in place of what each row would say."""
    rows = [row for sale in sales for row in samples.sale_rows(sale, moment)]
    headings = samples.DOUYIN.headings
    changed = [[cells.get(h, cell) for h, cell in zip(headings, row, strict=True)] for row in rows]
    return f"{int(moment.timestamp())}_{'0' * 32}.csv", samples.csv_bytes(headings, changed)


async def test_an_older_export_sent_later_opens_no_chase_and_changes_no_hold(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.at("22:20")
        await shift.sends(MEI, *samples.export(samples.LAST_EXPORT))
        room = books(shift)
        before = (
            sorted(room.chases.scan(), key=lambda c: c.id),
            sorted(room.holds.scan(), key=lambda h: h.id),
        )
        told = (await shift.sends(MEI, *samples.export(samples.FIRST_EXPORT)))[-1]
        assert "催付：新增 0 · 已付 0 · 流失 0" in told
        assert "审单：要拦 0 · 要核对 0 · 已解决 0" in told
        assert "单已有更新的状态，没有改回旧的" in told
        room = books(shift)
        after = (
            sorted(room.chases.scan(), key=lambda c: c.id),
            sorted(room.holds.scan(), key=lambda h: h.id),
        )
        assert after == before


async def test_an_order_known_as_paid_or_dead_is_not_registered_by_hand(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.at("22:20")
        await shift.sends(MEI, *samples.export(samples.LAST_EXPORT))
        paid, dead = samples.TAGGED["pays_itself"], samples.TAGGED["dies"]
        assert f"订单 {paid} 已付款，不用再催" in (await shift.asks(MEI, f"催 {paid} 4号"))[0]
        assert f"订单 {dead} 已结束（超时未付），不用再催" in (await shift.asks(MEI, f"催 {dead} 4号"))[0]


async def test_an_order_of_a_day_without_a_broadcast_has_no_link_number(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        now = shift.clock.now().astimezone(SHANGHAI)
        sale = TAGGED_SALES["pays_itself"]
        today = replace(sale, created_at=now - timedelta(hours=5), paid_at=now - timedelta(hours=4))
        yesterday = replace(
            sale, order_id="6917920301100000555",
            created_at=now - timedelta(days=1), paid_at=now - timedelta(hours=20),
        )  # fmt: skip
        await shift.sends(MEI, *export_of(now, today, yesterday))
        known = {order.order_id: order for order in books(shift).orders.scan()}
        assert (known[today.order_id].broadcast, known[today.order_id].link_no) == ("a1-b1", 4)
        assert (known[yesterday.order_id].broadcast, known[yesterday.order_id].link_no) == ("", None)


async def test_a_status_nobody_knows_is_told_apart_and_not_counted_as_paid(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.at("20:50")
        now = shift.clock.now()
        told = (await shift.sends(MEI, *export_of(now, TAGGED_SALES["dies"], 订单状态="拼单中")))[-1]
        assert "待付 0 · 已付 0 · 已关 0" in told
        assert "状态不认识：1 单" in told


async def test_who_signs_out_gives_the_claimed_order_to_the_next(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "催 6917920000000000011 3号")
        assert "没有要催的订单" in (await shift.asks(QIANG, "/chase"))[-1]
        assert any("您手上的 1 件已放回队列" in said for said in await shift.asks(MEI, "下班"))
        assert "订单 6917920000000000011" in (await shift.asks(QIANG, "/chase"))[-1]


async def test_only_managers_and_leads_call_an_order_malicious(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "催 6917920000000000011 3号")
        assert not any("恶意订单" in caption for caption in shift.buttons(MEI))
        await shift.asks(MEI, "下班")
        await shift.asks(BOSS, "/chase")
        await shift.press(BOSS, "恶意订单")
        assert "恶意订单" in shift.here.last(BOSS).text


@pytest.mark.parametrize("typed", ["付款时限 ²", "付款时限 三十", "付款时限 -5", "付款时限 0"])
async def test_a_number_that_is_none_is_refused_with_how_to_write_it(tmp_path: Path, typed: str) -> None:
    async with evening(tmp_path) as shift:
        assert "付款时限 30" in (await shift.asks(BOSS, typed))[0] or "/life 30" in shift.here.last(BOSS).text


async def test_a_promise_in_odd_digits_is_asked_for_again(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, "催 6917920000000000011 3号")
        await shift.press(MEI, "答应付款")
        assert "时间「²」看不懂" in (await shift.asks(MEI, "²"))[0]


def test_the_data_of_a_button_holds_the_longest_order_number() -> None:
    room, number = "z9", "9" * LONGEST_ID
    words = [f"said {room}-c{number} {answer}" for answer in chase.ANSWERS]
    words += [f"said {room}-c{number} refused {short}" for short in REASONS]
    words += [f"said {room}-c{number} will_pay 15"]
    words += [f"step {room}-c{number} {kind}" for kind in get_args(chase.StepKind)]
    words += [f"act {room}-h{number} {action}" for action in ACTIONS]
    words += [f"falsealarm {room}-h{number}", f"decide {room}-h{number} yes", f"intercepted {room}-h{number}"]
    words += [
        f"followed {room}-{known.letter}{number} {one}"
        for kind, known in follow_up_rules().kinds.items()
        for one in outcomes(kind)
    ]
    too_long = [w for w in words if len(f"{room}:{button('common.back', w).act}".encode()) > DATA_BYTES]
    assert too_long == []


def test_every_reason_has_a_word_of_its_own_on_its_button() -> None:
    assert set(REASONS.values()) == set(get_args(chase.Reason))


def test_an_id_too_long_for_a_button_is_refused_as_unreadable() -> None:
    assert identifier("9" * LONGEST_ID) == "9" * LONGEST_ID
    for one in ("9" * (LONGEST_ID + 1), "P" + "9" * LONGEST_ID):
        with pytest.raises(Damaged, match=r"orders\.id_unreadable"):
            identifier(one)


LIVE = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)  # 20:00 in Shanghai
TONIGHT = Broadcast(
    id="a1-b1", number=1, opened_on=date(2026, 11, 21), stage="ended",
    live_at=LIVE, ended_at=LIVE + timedelta(hours=3),
)  # fmt: skip
TOMORROW = Broadcast(id="a1-b2", number=2, opened_on=date(2026, 11, 22))


def test_an_order_of_the_morning_or_after_the_end_belongs_to_its_business_day() -> None:
    for hours in (-10, -0.4, 1, 3.5, 9.9):
        assert of_order([TONIGHT, TOMORROW], LIVE + timedelta(hours=hours), SHANGHAI) == TONIGHT, hours
    assert of_order([TONIGHT, TOMORROW], LIVE + timedelta(hours=10), SHANGHAI) == TOMORROW


def test_of_two_broadcasts_a_day_the_one_begun_last_has_the_orders_in_between() -> None:
    later = TONIGHT.changed(id="a1-b3", number=3, live_at=LIVE + timedelta(hours=5), ended_at=None)
    assert of_order([TONIGHT, later], LIVE + timedelta(hours=4), SHANGHAI) == TONIGHT
    assert of_order([TONIGHT, later], LIVE + timedelta(hours=-9), SHANGHAI) == TONIGHT


@given(st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 1), timezones=st.just(UTC)))
def test_an_order_of_a_day_without_a_broadcast_belongs_to_none(created_at: datetime) -> None:
    found = of_order([TONIGHT, TOMORROW], created_at, SHANGHAI)
    day = business_day(created_at, SHANGHAI)
    assert (found.opened_on if found else None) == (
        day if day in (TONIGHT.opened_on, TOMORROW.opened_on) else None
    )
