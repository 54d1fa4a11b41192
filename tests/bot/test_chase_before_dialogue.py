"""Before the call the card says what was promised, noted and asked, and what may be in the way (C05)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from playbooks import chase
from playbooks.chase import Chase
from tests.support.chases import keep, unpaid
from tests.support.evening import MEI, OPS, QIANG, START, Shift, evening

ONE, TWO, THREE = "6917950000000000011", "6917950000000000022", "6917950000000000033"


async def selling(shift: Shift) -> None:
    sheet = "链接号,商品名称,直播价\n1,玫瑰精华水,59.90\n2,烟酰胺面霜,129\n"
    await shift.sends(OPS, "排品表.csv", sheet.encode("utf-8-sig"))
    await shift.press(OPS, "启用")
    await shift.says(OPS, "开播")


async def test_the_card_says_what_buyers_asked_of_the_product_and_what_was_promised(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(QIANG, "/ask 1号 孕妇可以用吗")
        await shift.asks(QIANG, f"/promise {ONE} 2小时 回电")
        await shift.asks(QIANG, f"/note {ONE} 指定快递 顺丰")
        await shift.asks(MEI, f"催 {ONE} 1号")
        card = shift.here.last(MEI).text
        assert "这款买家问过：孕妇可以用吗 → 还没有答复" in card
        assert "答应过买家：回电" in card
        assert "这单有备注：顺丰" in card
        assert "可能因为：问题没解决（这款有问题还没答复），以买家说的为准" in card
        await shift.asks(MEI, f"催 {TWO} 2号")
        assert "可能因为" not in shift.here.last(MEI).text
        assert "买家问过" not in shift.here.last(MEI).text


async def test_a_first_order_is_guessed_to_be_stuck_at_paying(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:10")
        await keep(shift, unpaid(shift, ONE, 50, left=45, buyer_key="k1", first_time=True))
        await shift.asks(MEI, "/chase")
        assert "可能因为：不会付款（首次购买）" in shift.here.last(MEI).text


def order(number: int, **told: object) -> Chase:
    return Chase.model_validate(
        {
            "id": f"a1-c{number}", "order_id": str(number), "platform": "douyin", "seen_at": START,
            "data_as_of": START, "source": "file", "buyer_key": "k1", **told,
        }
    )  # fmt: skip


@given(st.lists(st.sampled_from(["price", "browsing", "pay_cert"]), max_size=4), st.booleans(), st.booleans())
def test_the_buyers_own_newest_word_leads_and_what_was_said_of_this_order_leaves_nothing_to_guess(
    reasons: list[str], unanswered: bool, first: bool
) -> None:
    others = [
        order(n, state="lost", answer="refused", reason=reason, answered_at=START + timedelta(minutes=n))
        for n, reason in enumerate(reasons, 1)
    ]
    found = chase.guess(order(9, first_time=first), others, unanswered=unanswered)
    if reasons:
        assert found == (reasons[-1], "before")
    else:
        assert (found and found.why) == ("question" if unanswered else "first" if first else None)
    said = order(9, state="contacted", answer="no_answer", first_time=first)
    assert chase.guess(said, others, unanswered=unanswered) is None
