"""A buyer's data is seen in private by who has the order in hand, for two minutes, and rests nowhere in the clear."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.rehearsal import samples
from playbooks.chase import chase_id
from storage.books import BOOKS, DeskBooks, RoomBooks
from storage.rows import Incoming
from storage.store import DESK, Books
from storage.tiny import TinyStore
from storage.vault import Vault, new_master, read_masters
from storage.vault_inbox import seal_payload
from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, Shift, evening

HEADINGS = (
    "主订单编号", "子订单编号", "选购商品", "商品数量", "订单应付金额", "省", "市", "区", "街道", "收件人",
    "收件人手机号", "详细地址", "买家留言", "商家备注", "订单提交时间", "支付完成时间", "订单状态", "承诺发货时间",
)  # fmt: skip
UNPAID, HELD, PAID = "6917950000000000011", "6917950000000000022", "6917950000000000033"
NAME, PHONE, STREET, ROAD = "钱小满", "13800138777", "翠苑街道", "文三路478号华星大厦"
MESSAGE = "请放在门卫室"
BUYER = (STREET, NAME, PHONE, ROAD, MESSAGE, "")
SECRETS = (NAME, PHONE, STREET, ROAD, MESSAGE)
CIPHERED = ("", "##7ZrFq1==", "$$Aa81Kd==", "##pWz0==", "", "")
Buyer = tuple[str, ...]


def keys(days: int = 30) -> Vault:
    return Vault(read_masters(new_master("k1")), days)


def row(
    number: str, buyer: Buyer, *, paid: str = "", status: str = "待支付", to: str = "浙江省"
) -> list[str]:
    place = {"浙江省": ("杭州市", "西湖区"), "台湾省": ("台北市", "信义区")}[to]
    return [
        number, number, "玫瑰精华水", "1", "59.90", to, *place, *buyer,
        "2026-11-11 19:18:00", paid, status, "2026-11-13 20:00:00",
    ]  # fmt: skip


async def export(shift: Shift, *rows: list[str]) -> str:
    name = f"{int(shift.clock.now().timestamp())}_a1b2.csv"
    return (await shift.sends(OPS, name, samples.csv_bytes(HEADINGS, rows)))[-1]


async def chased(shift: Shift, buyer: Buyer = BUYER) -> None:
    """The unpaid order is in Mei's hands."""
    await shift.asks(OPS, "/life 30")
    await export(shift, row(UNPAID, buyer))
    assert UNPAID in (await shift.asks(MEI, f"/claim {chase_id('a1', UNPAID)}"))[-1]


def books(shift: Shift) -> RoomBooks:
    return RoomBooks(shift.here.store.view("a1"))


def everything(folder: Path) -> str:
    return "".join(one.read_text(errors="replace") for one in folder.rglob("*") if one.is_file())


async def test_who_has_the_order_sees_its_buyer_for_two_minutes_and_the_look_is_noted(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await chased(shift)
        await shift.press(MEI, "查看买家")
        shown = shift.read(MEI)
        assert all(one in shown for one in SECRETS)
        await shift.minutes(3)
        assert not [one for one in SECRETS if one in shift.read(MEI)]
        (entry,) = books(shift).journal.by("kind", "revealed")
        assert (entry.who, entry.values["order_id"]) == (str(MEI), UNPAID)
        assert entry.values["fields"] == "receiver_name phone town address buyer_message"


async def test_after_an_evening_no_file_holds_what_buyers_gave_us(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await chased(shift)
        await shift.asks(MEI, f"查看买家 {UNPAID}")
        await shift.asks(MEI, f"这单是{NAME}的 {PHONE}")  # typed where it does not belong
        assert PHONE in shift.read(MEI)
        mid = everything(tmp_path)
        await shift.minutes(5)
    rested = everything(tmp_path)
    assert UNPAID in mid
    assert UNPAID in rested
    assert not [one for one in (NAME, PHONE, STREET, ROAD, MESSAGE) if one in mid or one in rested]


async def test_nobody_else_sees_it_and_a_manager_says_why(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await chased(shift)
        assert "不在您手上" in (await shift.asks(QIANG, f"/reveal {UNPAID}"))[-1]
        assert "查看买家" not in "".join(shift.buttons(QIANG))
        assert "要由客服" in (await shift.asks(CHEN, f"/reveal {UNPAID}"))[-1]
        assert "为什么要看" in (await shift.asks(BOSS, f"/reveal {UNPAID}"))[-1]
        said = await shift.asks(BOSS, "买家来电核对地址")
        assert PHONE in said[-1]
        assert not [one for who in (QIANG, CHEN) for one in SECRETS if one in shift.read(who)]
        (entry,) = books(shift).journal.by("kind", "revealed")
        assert (entry.who, entry.values["reason"]) == (str(BOSS), "买家来电核对地址")


async def test_a_reason_with_a_phone_in_it_is_refused(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await chased(shift)
        await shift.asks(BOSS, f"/reveal {UNPAID} 回电13900139000")
        assert PHONE not in shift.read(BOSS)
        assert not books(shift).journal.by("kind", "revealed")


async def test_the_group_never_sees_it(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await chased(shift)
        await shift.says(MEI, f"/reveal {UNPAID}")
        assert "只在私聊" in shift.read(MEI)
        assert not [one for one in SECRETS if one in shift.read(shift.group) + shift.read(MEI)]


async def test_given_back_the_order_is_no_more_theirs_to_look_at(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await chased(shift)
        await shift.asks(MEI, f"/release {chase_id('a1', UNPAID)}")
        assert "不在您手上" in (await shift.asks(MEI, f"/reveal {UNPAID}"))[-1]


async def test_the_button_stands_on_a_held_order_too(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await shift.says(BOSS, "停发 台湾")
        await export(shift, row(HELD, BUYER, paid="2026-11-11 19:19:00", status="待发货", to="台湾省"))
        await shift.asks(QIANG, f"/hold a1-h{HELD}")
        await shift.press(QIANG, "查看买家")
        assert PHONE in shift.read(QIANG)


async def test_only_orders_with_something_to_do_are_kept_and_only_that_long(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await shift.asks(OPS, "/life 30")
        done = row(PAID, BUYER, paid="2026-11-11 19:19:00", status="待发货")
        await export(shift, row(UNPAID, BUYER), done)
        assert [one.order_id for one in books(shift).buyers.scan()] == [UNPAID]
        await shift.minutes(60)  # it dies unpaid
        assert not len(books(shift).buyers)


async def test_of_many_orders_that_die_together_every_buyer_is_forgotten(tmp_path: Path) -> None:
    numbers = [f"69179500000000{n:05}" for n in range(1, 701)]
    async with evening(tmp_path, vault=keys()) as shift:
        await shift.asks(OPS, "/life 30")
        await export(shift, *(row(number, BUYER) for number in numbers))
        assert len(books(shift).buyers) == len(numbers)
        await shift.minutes(60)
        assert not len(books(shift).buyers)


async def test_paid_in_the_next_export_its_buyer_is_forgotten_at_once(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await chased(shift)
        await shift.minutes(2)
        await export(shift, row(UNPAID, BUYER, paid="2026-11-11 19:21:00", status="待发货"))
        assert not len(books(shift).buyers)
        assert "没有存买家信息" in (await shift.asks(MEI, f"/reveal {UNPAID}"))[-1]


async def test_what_the_platform_ciphers_is_unknown_and_not_told_as_wrong(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await shift.asks(OPS, "/life 30")
        said = await export(shift, row(UNPAID, CIPHERED))
        assert "读不出" not in said
        assert "##" not in said
        assert not len(books(shift).buyers)
        await shift.asks(MEI, f"/claim {chase_id('a1', UNPAID)}")
        assert "查看买家" not in "".join(shift.buttons(MEI))


async def test_without_keys_nothing_of_a_buyer_is_kept_and_the_managers_are_told(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await chased(shift)
        assert "查看买家" not in "".join(shift.buttons(MEI))
        assert "没有存买家信息" in (await shift.asks(MEI, f"/reveal {UNPAID}"))[-1]
        assert "买家信息：一律不存" in (await shift.asks(BOSS, "/health"))[-1]
        assert not [one for one in SECRETS if one in everything(tmp_path)]


async def test_with_keys_health_says_for_how_long_and_whose_key_is_missing(tmp_path: Path) -> None:
    ours = keys()
    async with evening(tmp_path, vault=ours) as shift:
        await chased(shift)
        assert "30 天后销毁密钥" in (await shift.asks(BOSS, "/health"))[-1]
        core, clock, group = shift.here.core, shift.clock, shift.group
    other = Vault(read_masters(new_master("k2")), 30)
    async with evening(tmp_path, core=core, clock=clock, group=group, vault=other) as shift:
        assert "k1" in (await shift.asks(BOSS, "/health"))[-1]
        assert "打不开" in (await shift.asks(MEI, f"/reveal {UNPAID}"))[-1]
    async with evening(tmp_path, core=core, clock=clock, group=group, vault=ours) as shift:
        assert PHONE in (await shift.asks(MEI, f"/reveal {UNPAID}"))[-1]


@pytest.mark.parametrize("with_keys", [True, False])
async def test_past_the_time_the_keys_are_shredded_once_and_it_is_noted(
    tmp_path: Path, with_keys: bool
) -> None:
    async with evening(tmp_path, vault=keys(days=2)) as shift:
        await shift.says(BOSS, "停发 台湾")
        await export(shift, row(HELD, BUYER, paid="2026-11-11 19:19:00", status="待发货", to="台湾省"))
        assert len(books(shift).buyers) == 1
        core, clock, group = shift.here.core, shift.clock, shift.group
    wrapped = next(one.wrapped for one in books(shift).data_keys.by("kind", "broadcast"))
    later = keys(days=2) if with_keys else Vault({}, 2)
    async with evening(tmp_path, core=core, clock=clock, group=group, vault=later) as shift:
        await shift.here.wind(clock.now() + timedelta(days=4))
        assert not len(books(shift).buyers)
        assert not books(shift).data_keys.by("kind", "broadcast")
        assert wrapped not in everything(tmp_path)
        (entry,) = books(shift).journal.by("kind", "shredded")
        assert entry.values == {"day": "2026-11-11", "orders": "1"}


async def test_after_its_days_the_buyer_of_an_order_still_open_is_gone_and_that_is_said(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path, vault=keys(days=6)) as shift:
        await shift.says(BOSS, "停发 台湾")
        await export(shift, row(HELD, BUYER, paid="2026-11-11 19:19:00", status="待发货", to="台湾省"))
        await shift.all_out()
        await shift.here.wind(shift.clock.now() + timedelta(days=5))
        said = (await shift.asks(BOSS, f"/reveal {HELD} 买家来电核对"))[-1]
        assert PHONE in said
        await shift.here.wind(shift.clock.now() + timedelta(days=3))
        said = (await shift.asks(BOSS, f"/reveal {HELD} 买家来电核对"))[-1]
        assert "已过 6 天保存期，密钥已销毁" in said
        assert not books(shift).data_keys.by("kind", "broadcast")
        assert len(books(shift).journal.by("kind", "shredded")) == 1


async def test_handed_back_before_the_message_could_leave_it_tells_nothing(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await chased(shift)
        shift.here.core.faults.throttle(90, method="sendMessage", chat=MEI)
        await shift.asks(MEI, f"/reveal {UNPAID}")
        await shift.asks(MEI, f"/release {chase_id('a1', UNPAID)}")
        await shift.minutes(2)
        assert not [one for one in SECRETS if one in shift.read(MEI)]
        assert "不在您手上" in shift.read(MEI)


def left_waiting(folder: Path, sealed_with: Vault, text: str, shift: Shift) -> None:
    """What a process that was killed leaves: an update received, sealed, and not known to be handled."""
    who = {"id": MEI, "is_bot": False, "first_name": "小美"}
    message = {
        "message_id": 9001, "date": int(shift.clock.now().timestamp()), "from": who, "text": text,
        "chat": {"id": MEI, "type": "private", "first_name": "小美"},
    }  # fmt: skip
    store = TinyStore(folder, BOOKS)

    def unit(raw: Books) -> None:
        front, now = DeskBooks(raw), shift.clock.now()
        payload = seal_payload(
            front, sealed_with, "990001", json.dumps({"update_id": 990001, "message": message}), now
        )
        front.inbox.put(Incoming(id="990001", at=now, payload=payload))

    store.run(DESK, unit)
    store.close()


async def test_an_update_sealed_before_a_crash_is_handled_after_it(tmp_path: Path) -> None:
    ours = keys()
    async with evening(tmp_path, vault=ours) as shift:
        await chased(shift)
        core, clock, group = shift.here.core, shift.clock, shift.group
    left_waiting(tmp_path, ours, f"/release {chase_id('a1', UNPAID)}", shift)
    async with evening(tmp_path, core=core, clock=clock, group=group, vault=ours) as shift:
        (one,) = books(shift).chases.scan()
        assert not one.held(clock.now())


async def test_one_whose_key_is_lost_is_set_aside_and_the_owner_told(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await chased(shift)
        core, clock, group = shift.here.core, shift.clock, shift.group
    left_waiting(tmp_path, keys(), f"/release {chase_id('a1', UNPAID)}", shift)
    async with evening(tmp_path, core=core, clock=clock, group=group, vault=keys()) as shift:
        shift.expects_a_fault()
        assert "990001" in shift.read(BOSS)
        assert (await shift.asks(MEI, "/my"))[-1]
