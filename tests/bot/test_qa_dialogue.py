"""A few orders of each agent are drawn by lot and judged with a tap; nobody judges their own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbooks import qa
from playbooks.model import Refusal
from playbooks.qa import Sample
from storage.books import RoomBooks
from tests.support.evening import BOSS, MEI, OPS, Shift, evening
from tests.support.review_evening import NOW, Evening, full_evening


async def kept(shift: Shift, night: Evening) -> None:
    def put(raw: object) -> None:
        books = RoomBooks(raw)  # type: ignore[arg-type]
        books.broadcasts.put(night.broadcast)
        for one in night.chases:
            books.chases.put(one)

    await shift.here.bot.runner.unit("a1", put)


async def test_each_agent_s_lot_is_judged_one_by_one_and_told_as_a_score(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await kept(shift, full_evening(3))
        told = (await shift.asks(BOSS, "质检"))[-1]
        assert "还有 18 单" in told  # three each of six agents
        assert "提醒付款" in told
        await shift.press(BOSS, "乱承诺")
        assert "还有 17 单" in shift.here.last(BOSS).text
        for _ in range(17):
            await shift.press(BOSS, "合格")
        scores = shift.here.last(BOSS).text
        assert "质检成绩" in scores
        assert scores.count("合格 3/3（100%）") == 5
        assert "合格 2/3（67%），问题：乱承诺 1" in scores
        assert (await shift.asks(BOSS, "/qa 成绩"))[-1].splitlines()[1:] == scores.splitlines()[1:]
        assert shift.find(BOSS, "加改进项")
        assert "质检" not in "".join(await shift.asks(MEI, "/qa"))


async def test_nothing_is_drawn_on_air_or_where_nobody_worked(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(OPS, "开播")
        assert "下播后再抽查" in (await shift.asks(BOSS, "/qa"))[-1]
        await shift.minutes(5)
        await shift.says(OPS, "下播")
        assert "没有可抽的单" in (await shift.asks(BOSS, "/qa"))[-1]


@settings(max_examples=30)
@given(st.integers(0, 50), st.integers(0, 40))
def test_the_lot_is_fair_and_cannot_be_drawn_again_until_it_suits(seed: int, orders: int) -> None:
    night = Evening(seed, products=3, orders=orders)
    drawn = qa.draw("a1-b1", night.chases, NOW)
    assert drawn == qa.draw("a1-b1", reversed(night.chases), NOW)
    firsts = Counter(one.contacts[0].who for one in night.chases if one.contacts)
    assert Counter(one.agent for one in drawn) == {who: min(qa.rules().each, n) for who, n in firsts.items()}
    worked = {one.order_id: one.contacts[0].who for one in night.chases if one.contacts}
    assert all(worked[one.order_id] == one.agent for one in drawn)
    assert len({one.order_id for one in drawn}) == len(drawn)


@pytest.mark.parametrize(("fault", "by", "key"), [("", "21", "qa.own"), ("rude", "31", "qa.fault")])
def test_nobody_judges_their_own_and_only_for_what_is_listed(fault: str, by: str, key: str) -> None:
    one = Sample(id="a1-b1-qa1", broadcast="a1-b1", agent="21", order_id="1", at=NOW)
    with pytest.raises(Refusal) as refused:
        qa.judge(one, fault, by, NOW)
    assert refused.value.key == key
    assert qa.judge(one, "tone", "31", NOW).fault == "tone"
