"""Swapping shifts: only somebody who can serve takes one over, one person is asked at a time, gaps are told."""

from __future__ import annotations

from pathlib import Path

from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, Shift, evening


def covers(shift: Shift, who: int) -> list[str]:
    """The buttons of an offer somebody has."""
    return [caption for caption in shift.buttons(who) if caption in ("接班", "不方便")]


async def given(shift: Shift, who: int, roles: str) -> None:
    """The manager gives somebody other roles."""
    shift.here.core.send_text(who, shift.group, "在")
    await shift.here.settle()
    message = [m for m in shift.here.chat(shift.group) if m.sender_id == who][-1]
    await shift.says(BOSS, f"/role {roles}", reply_to=message.message_id)


async def test_somebody_who_does_not_answer_buyers_is_refused_by_name(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "/shift 小美 20:00-24:00")
        assert "老陈 不做这个岗位的活" in (await shift.asks(MEI, "换班 老陈 家里有事"))[0]
        assert covers(shift, CHEN) == []
        assert "20:00–00:00 小美" in (await shift.asks(OPS, "/who"))[0]


async def test_somebody_on_shift_at_that_time_is_refused_by_name_before_they_are_asked(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "/shift 小美 20:00-24:00\n阿强 22:00-24:00")
        assert "阿强 那段时间自己有班" in (await shift.asks(MEI, "换班 阿强 家里有事"))[0]
        assert covers(shift, QIANG) == []


async def test_who_is_away_signs_in_before_a_running_shift_is_theirs(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "/shift 小美 20:00-24:00")
        await shift.asks(MEI, "换班 阿强 家里有事")
        await shift.asks(QIANG, "下班")
        await shift.at("20:30")
        refused = await shift.press(QIANG, "接班")
        assert refused is not None
        assert "阿强 还没到岗" in refused.text
        await shift.asks(QIANG, "/in")
        await shift.press(QIANG, "接班")
        assert "阿强 接了 小美 的班" in shift.read(MEI)


async def test_a_role_taken_away_meanwhile_counts_when_the_offer_is_accepted(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "/shift 小美 20:00-24:00")
        await shift.asks(MEI, "换班 阿强 家里有事")
        await given(shift, QIANG, "仓库")
        refused = await shift.press(QIANG, "接班")
        assert refused is not None
        assert "阿强 不做这个岗位的活" in refused.text


async def test_asking_another_takes_the_buttons_from_the_one_asked_before(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await given(shift, CHEN, "仓库 客服")
        await shift.asks(OPS, "/shift 小美 20:00-24:00")
        await shift.asks(MEI, "换班 阿强 家里有事")
        assert covers(shift, QIANG) == ["接班", "不方便"]
        await shift.asks(MEI, "换班 老陈 家里有事")
        assert covers(shift, QIANG) == []
        assert "改问了别人" in shift.read(QIANG)


async def test_a_gap_made_close_to_its_time_is_told_and_told_again_when_it_opens_again(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "/plan 20:00-22:00")
        await shift.asks(OPS, "/shift 小美 20:00-21:00\n阿强 21:00-22:00")
        await shift.at("20:50")
        await shift.asks(OPS, "/shift 阿强 休")
        assert "没人的时段" not in shift.read(BOSS)  # the next line may fill it
        await shift.at("20:53")
        assert "21:00–22:00" in shift.read(BOSS)
        await shift.asks(OPS, "/shift 阿强 21:00-22:00")
        await shift.asks(OPS, "/shift 阿强 休")
        await shift.at("20:58")
        assert shift.read(BOSS).count("没人的时段") == 2
