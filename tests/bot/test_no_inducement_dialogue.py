"""By no door does anything given for a review reach a buyer, and nobody may allow it (K01, K16, H21)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.test_follow_up_dialogue import FIRST, selling
from tests.bot.test_reveal_dialogue import books
from tests.support.evening import BOSS, MEI, evening


@pytest.mark.parametrize(
    ("who", "typed"),
    [
        (BOSS, "跟进话术 邀好评 您好，返🧧哦"),
        (BOSS, "跟进话术 失联留言 晒单送金币"),
        (BOSS, "/posttext 3 用完晒图送小样"),
        (BOSS, "/propose 有活动吗 | 五星好评送小样"),
        (MEI, "/propose 有活动吗 | 写评价得5块"),
        (MEI, f"/promise {FIRST} 明天 18:00 晒图返5元"),
        (MEI, "案例 买家不评价 => 亲，五星有礼哦"),
    ],
)
async def test_a_text_that_gives_something_for_a_review_is_refused_with_what_it_is(
    tmp_path: Path, who: int, typed: str
) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        said = "".join(await shift.asks(who, typed))
        assert "法律禁止" in said or "谁都不能放行" in said or "不能这样回" in said
        kept = books(shift)
        assert not [*kept.scripts.scan(), *kept.promises.scan(), *kept.lessons.scan()]
        assert not [one for one in kept.knowledge.scan() if "评" in one.answer]


async def test_a_buyer_who_asks_may_be_told_that_there_is_none(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(BOSS, "/propose 好评有返现吗 | 您好，我们没有好评返现活动")
        assert [one.answer for one in books(shift).knowledge.scan()] == ["您好，我们没有好评返现活动"]
