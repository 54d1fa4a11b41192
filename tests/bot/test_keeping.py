"""What is over goes into an archive and can still be read; what is being worked on stays; the rest is tidied away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.card import line, tell
from bot.keeping import next_tidying
from bot.rehearsal import samples
from bot.reviewing import review_of
from playbooks import keeping
from playbooks.broadcast import Broadcast
from playbooks.keeping import over_for_good
from playbooks.review import Review
from storage import archive
from storage.books import ORDERS, RoomBooks
from storage.rows import Outgoing
from tests.support.evening import BOSS, MEI, OPS, SHANGHAI, START, Shift, evening

HEADINGS = (
    "主订单编号", "子订单编号", "选购商品", "商品数量", "订单应付金额", "省", "市", "区",
    "订单提交时间", "支付完成时间", "订单状态", "承诺发货时间",
)  # fmt: skip
PAID, UNPAID, HELD, RECEIVED = (f"69179400000000000{n}" for n in (11, 22, 33, 44))
ZHEJIANG, TAIWAN = ("浙江省", "杭州市", "西湖区"), ("台湾省", "台北市", "信义区")
LAST = 7


def rows() -> list[list[str]]:
    """A paid order, one nobody paid, one that must not be shipped, one the buyer has received."""
    paid_at = "2026-11-11 19:31:00"
    orders = (
        (PAID, ZHEJIANG, paid_at, "待发货"), (UNPAID, ZHEJIANG, "", "待支付"),
        (HELD, TAIWAN, paid_at, "待发货"), (RECEIVED, ZHEJIANG, paid_at, "已完成"),
    )  # fmt: skip
    return [
        [
            number,
            number,
            "玫瑰精华水",
            "1",
            "59.90",
            *to,
            "2026-11-11 19:30:00",
            at,
            status,
            "2026-11-13 20:00:00",
        ]
        for number, to, at, status in orders
    ]


async def export(shift: Shift, orders: Sequence[Sequence[str]]) -> str:
    name = f"{int(shift.clock.now().timestamp())}_a1b2.csv"
    return (await shift.sends(OPS, name, samples.csv_bytes(HEADINGS, [list(one) for one in orders])))[-1]


async def first_broadcast(shift: Shift) -> None:
    """An evening with a chase, a hold and a follow-up, all dealt with, and wrapped."""
    await shift.says(OPS, "开播")
    await shift.says(BOSS, "停发 台湾")
    await shift.minutes(15)
    await export(shift, rows())
    await shift.asks(MEI, "/chase")
    await shift.at("11 22:00")
    await shift.says(OPS, "下播")
    await shift.asks(MEI, f"/hold a1-h{HELD}")
    await shift.asks(BOSS, f"/waive a1-h{HELD} 买家自提")
    await shift.asks(BOSS, "/wrap")
    await shift.at("12 10:00")
    await shift.asks(MEI, "/take")
    await shift.press(MEI, "已发送")
    await shift.all_out()


async def further(shift: Shift, count: int) -> None:
    """Broadcasts of the following days."""
    for _ in range(count):
        await shift.here.wind_by(timedelta(days=1))
        await shift.says(OPS, "开播")
        await shift.minutes(5)
        await shift.says(OPS, "下播")
        await shift.asks(BOSS, "/wrap")


def books(shift: Shift) -> RoomBooks:
    return RoomBooks(shift.here.store.view("a1"))


def archived(shift: Shift, name: str = "a1-b1") -> RoomBooks:
    kept = shift.here.store.archived("a1", name)
    assert kept
    return RoomBooks(kept)


def review(shift: Shift, where: RoomBooks, now: datetime) -> Review:
    room, here = books(shift).room.get("a1"), books(shift).broadcasts.get("a1-b1")
    assert room
    assert here
    return review_of(where, room, here.changed(stage="ended"), now, kept=books(shift))


def left_of_first(shift: Shift) -> list[str]:
    """The ids in the room's shelves that belong to the first broadcast."""
    here = books(shift)
    shelves = (here.orders, here.chases, here.holds, here.journal, here.listings, here.notices)
    found = [one.id for shelf in shelves for one in shelf.by("broadcast", "a1-b1")]  # type: ignore[attr-defined]
    return (
        found
        + [one.id for one in here.follow_ups.scan()]
        + [one.id for one in here.sent.scan() if "b1" in one.id]
    )


async def test_a_broadcast_that_is_over_is_archived_and_its_review_stays_the_very_same(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await first_broadcast(shift)
        await further(shift, LAST)
        now = shift.clock.now()
        before = review(shift, books(shift), now)
        assert len(left_of_first(shift)) > 10
        await shift.here.wind_by(timedelta(days=31))
        assert shift.here.store.archives("a1") == ["a1-b1"]
        assert left_of_first(shift) == []
        assert [b.stage for b in books(shift).broadcasts.scan()] == ["archived"] + ["ended"] * LAST
        assert review(shift, archived(shift), now) == before
        assert (before.anomalies.found, before.sales.orders) != (0, 0)


async def test_an_archived_broadcast_can_be_reviewed_like_any_other(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await first_broadcast(shift)
        await further(shift, LAST)
        before = await shift.asks(BOSS, "/review a1-b1")
        await shift.here.wind_by(timedelta(days=31))
        after = await shift.asks(BOSS, "/review a1-b1")
        assert len(after) == len(before) == 4
        assert after[1] == before[1]
        same = [one for one in before[0].splitlines() if "版" not in one]
        assert [one for one in after[0].splitlines() if "版" not in one] == same
        await shift.here.wind_by(timedelta(days=1))
        assert left_of_first(shift) == []  # the entry that a review was made has joined the archive
        assert any(one.kind == "review" for one in archived(shift).journal.scan())


async def test_an_archived_order_in_a_later_export_changes_nothing(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await first_broadcast(shift)
        await further(shift, LAST)
        await shift.here.wind_by(timedelta(days=31))
        assert "4 单属于已归档的场次" in await export(shift, rows())
        assert left_of_first(shift) == []


@pytest.mark.parametrize("left_open", ["chase", "hold", "follow-up", "wrap"])
async def test_a_broadcast_with_something_open_stays(tmp_path: Path, left_open: str) -> None:
    async with evening(tmp_path) as shift:
        await first_broadcast(shift)
        await further(shift, LAST)
        here = books(shift)
        hold, item = here.holds.get(f"a1-h{HELD}"), next(here.follow_ups.scan())
        chase, first = next(here.chases.scan()), here.broadcasts.get("a1-b1")
        assert hold
        assert first
        again = {
            "chase": ("chases", chase.changed(state="open", expires_at=None)),
            "hold": ("holds", hold.changed(state="open")),
            "follow-up": ("follow_ups", item.changed(state="open")),
            "wrap": ("broadcasts", first.changed(wrapped_at=None)),
        }
        shelf, document = again[left_open]
        shift.here.store.run("a1", lambda raw: getattr(RoomBooks(raw), shelf).put(document))
        await shift.here.wind_by(timedelta(days=31))
        assert shift.here.store.archives("a1") == []
        assert books(shift).orders.get(f"a1-o{PAID}")


async def test_the_last_seven_broadcasts_stay_at_hand_however_old(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await first_broadcast(shift)
        await further(shift, LAST - 1)
        await shift.here.wind_by(timedelta(days=45))
        assert shift.here.store.archives("a1") == []
        assert books(shift).orders.get(f"a1-o{PAID}")


@pytest.mark.parametrize("got_to", ["written", "shut", "half dropped"])
async def test_after_a_crash_at_any_step_the_next_day_finishes_it_and_nothing_is_lost(
    tmp_path: Path, got_to: str
) -> None:
    async with evening(tmp_path) as shift:
        await first_broadcast(shift)
        await further(shift, LAST)
        now, store = shift.clock.now(), shift.here.store
        before = review(shift, books(shift), now)
        await shift.here.wind_by(timedelta(days=20))
        ids = archive.documents(books(shift), "a1-b1")
        kept = store.put_away("a1", "a1-b1", {**archive.context(books(shift), "a1-b1"), **ids})
        if got_to != "written":
            here = books(shift).broadcasts.get("a1-b1")
            assert here
            store.run("a1", lambda raw: RoomBooks(raw).broadcasts.put(keeping.archive(here)))
        if got_to == "half dropped":
            seen = [(book, kept.shelf(book).get(id)) for book, some in ids.items() for id in some]
            store.run("a1", lambda raw: archive.drop_unchanged(RoomBooks(raw), seen[: len(seen) // 2]))
        await shift.here.wind_by(timedelta(days=11))
        assert left_of_first(shift) == []
        assert review(shift, archived(shift), now) == before
        assert [b.stage for b in books(shift).broadcasts.scan()] == ["archived"] + ["ended"] * LAST


async def test_what_changes_while_it_is_archived_stays_until_the_archive_has_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await first_broadcast(shift)
        order = books(shift).orders.get(f"a1-o{PAID}")
        assert order
        later = order.changed(status="shipped")
        shift.here.store.run("a1", lambda raw: RoomBooks(raw).orders.put(later))
        shift.here.store.run("a1", lambda raw: archive.drop_unchanged(RoomBooks(raw), [(ORDERS, order)]))
        assert books(shift).orders.get(order.id) == later
        shift.here.store.run("a1", lambda raw: archive.drop_unchanged(RoomBooks(raw), [(ORDERS, later)]))
        assert books(shift).orders.get(order.id) is None


async def test_what_nobody_needs_any_more_goes_and_what_is_shown_stays(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(OPS, "开播")
        await export(shift, rows())
        await shift.sends(BOSS, "notes.csv", "甲,乙\n1,2\n".encode())
        await shift.says(OPS, "下播")
        assert {one.state for one in books(shift).jobs.scan()} == {"done", "refused"}
        await shift.all_out()
        await shift.here.wind_by(timedelta(days=6))
        assert len(books(shift).jobs) == 2
        await shift.here.wind_by(timedelta(days=3))
        assert len(books(shift).jobs) == 0
        assert {one.id for one in books(shift).sent.scan()} > {"board", "stage:a1-b1"}
        await shift.here.wind_by(timedelta(days=30))
        assert "stage:a1-b1" not in {one.id for one in books(shift).sent.scan()}
        assert "board" in {one.id for one in books(shift).sent.scan()}
        assert len(books(shift).imports) == 1  # the newest says how recent the data is
        assert books(shift).orders.get(f"a1-o{PAID}")


async def test_a_room_is_tidied_once_a_day_at_five_of_its_day(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("12 04:59")
        assert books(shift).tidied.get("a1") is None
        await shift.at("12 23:00")
        done = books(shift).tidied.get("a1")
        assert done
        assert done.at == datetime(2026, 11, 12, 5, tzinfo=SHANGHAI)


async def test_a_room_on_air_is_tidied_after_the_stream(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("12 04:00")
        await shift.says(OPS, "开播")
        await shift.at("12 09:00")
        on_air = books(shift).tidied.get("a1")
        assert on_air
        assert on_air.at == START  # buyers' keys alone were looked through
        await shift.says(OPS, "下播")
        await shift.minutes(1)
        done = books(shift).tidied.get("a1")
        assert done
        assert done.at.astimezone(SHANGHAI).hour == 9


def test_tidying_follows_the_clocks_of_the_room_when_they_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 10, 24, 5, tzinfo=berlin)
    assert next_tidying(before, berlin) - before.astimezone(ZoneInfo("UTC")) == timedelta(hours=25)


def test_only_old_broadcasts_that_were_ended_and_wrapped_are_over_for_good() -> None:
    old = START - timedelta(days=30)
    first = Broadcast(
        id="a1-b1", number=1, opened_on=old.date(), stage="ended", live_at=old, ended_at=old, wrapped_at=old
    )
    newer = [Broadcast(id=f"a1-b{n}", number=n, opened_on=old.date()) for n in range(2, 9)]
    assert over_for_good([*newer, first], START) == [first]
    assert over_for_good([*newer, first], START - timedelta(seconds=1)) == []
    assert over_for_good([*newer[:-1], first], START) == []
    for change in ({"wrapped_at": None}, {"stage": "live"}, {"stage": "archived"}):
        assert over_for_good([*newer, first.changed(**change)], START) == []


async def test_a_card_nobody_came_for_is_forgotten_after_a_week(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        card = tell("999", line("common.verbatim", text="for somebody who never came"))
        row = Outgoing(id="a1-o-x", card=card, at=shift.clock.now())
        await shift.here.bot.runner.unit("a1", lambda raw: RoomBooks(raw).outbox.put(row))
        await shift.here.wind_by(timedelta(days=6))
        assert books(shift).outbox.get(row.id)
        await shift.here.wind_by(timedelta(days=3))
        assert books(shift).outbox.get(row.id) is None
