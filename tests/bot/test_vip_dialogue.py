"""VIPs: a buyer with an agent of their own, whose orders wait for nobody else while that agent is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from playbooks.chase import chase_id
from playbooks.room import Member
from playbooks.vips import Vip, kept_for
from tests.bot.test_reveal_dialogue import BUYER, CIPHERED, UNPAID, export, keys, row
from tests.support.evening import BOSS, MEI, QIANG, START, Shift, evening

OTHER = "6917950000000000044"
LATER = "6917950000000000055"


async def marked(shift: Shift) -> None:
    """The buyer of two unpaid orders is 阿强's VIP."""
    await export(shift, row(UNPAID, BUYER), row(OTHER, BUYER))
    said = (await shift.asks(BOSS, f"/vip {UNPAID} 阿强"))[0]
    assert "专属客服：阿强" in said


async def test_the_orders_of_a_vip_are_kept_for_their_agent_who_is_told(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await marked(shift)
        assert "由您专属接待" in shift.read(QIANG)
        assert UNPAID not in "\n".join(await shift.asks(MEI, "/chase"))
        refused = (await shift.asks(MEI, f"/claim {chase_id('a1', OTHER)}"))[0]
        assert "留给 阿强" in refused
        typed = "\n".join(await shift.asks(MEI, f"催 {OTHER}"))
        assert "是 VIP 买家的，留给 阿强" in typed
        assert "⭐ VIP，专属客服：阿强" in "\n".join(await shift.asks(MEI, f"/order {OTHER}"))
        card = "\n".join(await shift.asks(QIANG, "/chase"))
        assert "⭐ VIP，专属客服：阿强" in card


async def test_dealing_gives_them_to_their_agent_whoever_has_less_in_hand(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await marked(shift)
        said = "\n".join(await shift.asks(BOSS, "派单"))
        assert "阿强" in said
        assert "小美" not in said
        assert "⭐ VIP" in "\n".join(await shift.asks(QIANG, "/chase"))


async def test_while_their_agent_is_away_nobody_has_to_wait(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await marked(shift)
        await shift.asks(QIANG, "休息")
        assert "⭐ VIP，专属客服：阿强" in "\n".join(await shift.asks(MEI, "/chase"))


async def test_follow_ups_of_a_vip_wait_for_their_agent(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await marked(shift)
        await shift.minutes(2)
        done = row(OTHER, BUYER, paid="2026-11-11 19:19:00", status="已完成")
        await export(shift, done)
        assert "没有要跟进的" in (await shift.asks(MEI, "/take"))[0]
        assert OTHER in (await shift.asks(QIANG, "/take"))[0]


async def test_a_new_order_of_the_buyer_is_kept_too_and_the_mark_is_moved_and_taken_away(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await marked(shift)
        await shift.minutes(2)
        await export(shift, row(LATER, BUYER))
        assert "阿强" in (await shift.asks(BOSS, f"/vip {LATER}"))[0]
        await shift.asks(BOSS, f"专属客服 {LATER} 小美")
        assert "改由 小美 接待" in shift.read(QIANG)
        listed = (await shift.asks(BOSS, "/vip"))[0]
        assert "VIP 买家 1 位" in listed
        assert f"{LATER} 的买家 → 小美" in listed
        await shift.press(BOSS, "取消（尾号")
        assert "还没有 VIP 买家" in (await shift.asks(BOSS, "/vip"))[0]
        assert "⭐" not in "\n".join(await shift.asks(QIANG, "/chase"))


async def test_what_cannot_be_is_refused_with_the_reason(tmp_path: Path) -> None:
    async with evening(tmp_path, vault=keys()) as shift:
        await export(shift, row(UNPAID, CIPHERED))
        assert "看不出是哪位买家" in (await shift.asks(BOSS, f"/vip {UNPAID} 阿强"))[0]
        assert "看不出是哪位买家" in (await shift.asks(BOSS, f"/vip {OTHER} 阿强"))[0]
        assert "请写订单号" in (await shift.asks(BOSS, "/vip 阿强"))[0]
        assert "由组长、主管来做" in (await shift.asks(MEI, f"/vip {UNPAID} 阿强"))[0]
        await shift.minutes(2)
        await export(shift, row(OTHER, BUYER))
        assert "老陈 不接待买家" in (await shift.asks(BOSS, f"/vip {OTHER} 老陈"))[0]
        assert "没有专属客服" in (await shift.asks(BOSS, f"/vip {OTHER}"))[0]


@pytest.mark.parametrize(
    ("roles", "presence", "unwanted", "whose"),
    [
        (("agent",), "in", (), "7"),
        (("agent",), "break", (), ""),
        (("agent",), "out", (), ""),
        (("warehouse",), "in", (), ""),
        (("agent",), "in", ("7",), ""),
    ],
)
def test_only_who_is_there_serves_buyers_and_is_welcome_keeps_a_vip(roles, presence, unwanted, whose) -> None:
    vip = Vip(id="a1-v1", owner="7", order_id=UNPAID, by="1", at=START)
    owner = Member(id="7", name="阿强", roles=roles, presence=presence)
    assert kept_for(vip, owner, unwanted) == whose
    assert kept_for(vip, None) == kept_for(None, owner) == ""
