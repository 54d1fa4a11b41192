"""The offer ladder as people work it: what was asked for is what is approved, and the cap forgets nothing."""

from __future__ import annotations

from datetime import UTC, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.rehearsal import samples
from playbooks.chase import Chase, chase_id
from storage.books import RoomBooks
from tests.support.evening import BOSS, MEI, OPS, QIANG, Shift, evening

ORDER = "6917926768823643751"
ID = chase_id("a1", ORDER)


async def contacted(shift: Shift) -> None:
    """On air, and 小美 has just reached the buyer of an unpaid order."""
    await shift.sends(OPS, "排品表.xlsx", samples.runsheet_xlsx(corrected=True))
    await shift.press(OPS, "启用")
    await shift.at("20:00")
    await shift.says(OPS, "开播")
    await shift.at("20:22")
    now = shift.clock.now().astimezone(UTC)
    one = Chase(
        id=ID, order_id=ORDER, platform="douyin", source="file", seen_at=now, data_as_of=now,
        created_at=now - timedelta(minutes=5), expires_at=now + timedelta(minutes=25), amount=Decimal(59),
    )  # fmt: skip
    await shift.here.bot.runner.unit("a1", lambda raw: RoomBooks(raw).chases.put(one))
    await shift.asks(MEI, "/chase")
    await shift.press(MEI, "提醒付款")


async def asked_for(shift: Shift, ladder: str, offered: str) -> None:
    """Ops approved `ladder`, and 小美 has asked for what is `offered` out of it."""
    await contacted(shift)
    await shift.asks(OPS, f"/ladder {ladder}")
    await shift.asks(MEI, f"/said {ID} refused price")
    await shift.press(MEI, offered)


def offer(shift: Shift) -> tuple[str, Decimal | None]:
    one = shift.here.bot.runner.view("a1").chases.get(ID)
    assert one is not None
    return one.offer, one.offer_cost


async def test_approving_what_is_no_longer_in_the_ladder_grants_nothing_else(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await asked_for(shift, "减5元 主管", "减 5 元")
        assert "优惠：减 5 元" in shift.read(BOSS)
        await shift.asks(OPS, "/ladder 减50元 主管")
        answer = await shift.press(BOSS, "批准")
        assert answer is not None
        assert "本场没有这个优惠了" in str(answer.text)
        assert offer(shift) == ("", None)
        await shift.press(MEI, "返回")
        assert "减 50 元" not in shift.here.last(MEI).text


async def test_an_offer_that_is_approved_anew_can_still_be_granted(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await asked_for(shift, "减5元 主管", "减 5 元")
        await shift.asks(OPS, "/ladder 减50元 主管；减5元 主管；上限 300")
        await shift.press(BOSS, "批准")
        assert offer(shift) == ("减 5 元", Decimal("5.00"))


async def test_the_cap_of_a_new_ladder_counts_what_the_old_one_gave_away(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await asked_for(shift, "减50元 客服；上限 60", "减 50 元")
        told = (await shift.asks(OPS, "/ladder 减45元 客服；减10元 客服；上限 60"))[0]
        assert "已给 50.00 元，上限 60.00 元" in told
        assert "减 50 元" not in told
        assert "减 45 元" in told
        await shift.asks(MEI, f"/offer {ID} 2")
        assert "给完了" in shift.here.last(MEI).text  # 45 more would be over the cap


async def test_a_ladder_line_that_is_not_wholly_understood_leaves_the_ladder_as_it_was(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await contacted(shift)
        await shift.asks(OPS, "/ladder 减5元 客服")
        told = (await shift.asks(OPS, "/ladder 减8元 客服 上限300"))[0]
        assert "「减8元 客服 上限300」没有完全看懂" in told
        assert "上限另起一行" in told
        assert "减 5 元" in (await shift.asks(OPS, "/ladder"))[0]


@pytest.mark.parametrize("agent", ["", f" {QIANG}", f" {OPS}", " 999"])
async def test_an_offer_is_granted_to_nobody_who_did_not_ask_for_it(tmp_path: Path, agent: str) -> None:
    async with evening(tmp_path) as shift:
        await asked_for(shift, "减5元 主管", "减 5 元")
        await shift.asks(MEI, f"/release {ID}")
        before = shift.read(shift.group)
        told = (await shift.asks(BOSS, f"/grant {ID} 1{agent}"))[0]
        assert f"订单 {ORDER} 没有客服请批第 1 档优惠" in told
        assert shift.read(shift.group) == before
        assert offer(shift) == ("", None)


@pytest.mark.parametrize("nothing", ["减0元 客服", "减0.00", "减5元 0份", "减5元；上限 0"])
async def test_an_offer_of_nothing_is_refused(tmp_path: Path, nothing: str) -> None:
    async with evening(tmp_path) as shift:
        await contacted(shift)
        assert "要大于 0" in (await shift.asks(OPS, f"/ladder {nothing}"))[0]
        assert "还没有优惠档" in (await shift.asks(OPS, "/ladder"))[0]


async def test_more_than_anything_costs_is_not_approved_and_more_than_the_order_not_offered(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await contacted(shift)
        told = (await shift.asks(OPS, "/ladder 减5元；减5000元"))[0]
        assert "减 5000 元 不行：本场最贵的商品才" in told
        await shift.asks(OPS, "/ladder 减5元；减59元；减58元")
        await shift.asks(MEI, f"/said {ID} refused price")
        assert [text for text in shift.buttons(MEI) if text.startswith("给：")] == [
            "给：减 5 元",
            "给：减 58 元",
        ]
        assert f"订单 {ORDER} 只有 ¥59.00" in (await shift.asks(MEI, f"/offer {ID} 2"))[0]
        assert offer(shift) == ("", None)


async def test_a_ladder_is_cancelled_by_a_button_and_nothing_of_it_can_be_given_any_more(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await asked_for(shift, "减5元 主管；减3元 客服", "减 5 元")
        await shift.press(OPS, "取消优惠档")
        assert "本场优惠档已取消" in shift.here.last(OPS).text
        answer = await shift.press(BOSS, "批准")
        assert answer is not None
        assert "本场没有这个优惠了" in str(answer.text)
        answer = await shift.press(MEI, "给：减 3 元")
        assert answer is not None
        assert "本场没有这个优惠了" in str(answer.text)
        assert offer(shift) == ("", None)
        assert "还没有优惠档" in (await shift.asks(OPS, "优惠档 取消"))[0]


async def test_approval_is_not_asked_for_before_the_buyer_was_contacted(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await contacted(shift)
        other = "6917926768823643752"
        await shift.asks(OPS, "/ladder 减5元 主管")
        await shift.asks(MEI, f"催 {other} ¥59 20:20")
        told = (await shift.asks(MEI, f"/offer {chase_id('a1', other)} 1"))[0]
        assert f"订单 {other} 还没有联系记录" in told
        assert "想给订单" not in shift.read(BOSS)


async def test_an_offer_made_after_a_payment_nobody_had_seen_yet_is_no_cost_of_the_recovery(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await asked_for(shift, "减5元 客服", "给：减 5 元")
        one = books(shift).chases.get(ID)
        assert one is not None
        made_at, ids = shift.clock.now(), {"broadcast": "a1-b1", "link_no": 3}
        contact = one.contacts[0].changed(at=made_at - timedelta(minutes=4))
        paid = one.changed(
            state="paid",
            closed_why="paid",
            paid_at=made_at - timedelta(minutes=1),
            contacts=(contact,),
            **ids,
        )
        await shift.here.bot.runner.unit("a1", lambda raw: RoomBooks(raw).chases.put(paid))
        assert "让利 ¥0，送赠品 0 单" in (await shift.asks(BOSS, "/figures"))[0]
        later = paid.changed(paid_at=made_at + timedelta(minutes=1))
        await shift.here.bot.runner.unit("a1", lambda raw: RoomBooks(raw).chases.put(later))
        assert "让利 ¥5，送赠品 0 单" in (await shift.asks(BOSS, "/figures"))[0]


def books(shift: Shift) -> RoomBooks:
    return shift.here.bot.runner.view("a1")


async def test_an_approval_asked_for_twice_is_one_question(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await asked_for(shift, "减5元 主管", "减 5 元")
        await shift.press(MEI, "减 5 元")
        assert shift.read(BOSS).count("小美 想给订单") == 1
