"""People who change or leave, nights that go on after the stream, sentences that may not be kept."""

from __future__ import annotations

from pathlib import Path

from bot.rehearsal import samples
from tests.support.evening import BOSS, MEI, OPS, QIANG, Shift, evening


async def held(shift: Shift) -> None:
    """On air with the day's orders read, so that there is something to hold."""
    await shift.sends(OPS, "排品表.xlsx", samples.runsheet_xlsx(corrected=True))
    await shift.press(OPS, "启用")
    await shift.at("20:00")
    await shift.says(OPS, "开播")
    await shift.at("22:20")
    await shift.sends(MEI, *samples.export(samples.LAST_EXPORT))


def everything_in(folder: Path) -> str:
    """Every file below a folder as text."""
    return "".join(p.read_text(encoding="utf-8", errors="ignore") for p in folder.rglob("*") if p.is_file())


async def test_who_becomes_something_else_hands_back_what_they_had_begun(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await held(shift)
        await shift.asks(MEI, "/hold next")
        assert "没有角色" not in shift.read(MEI)
        await shift.says(BOSS, f"/role @user{MEI} 仓库")
        assert "香港特别行政区" in (await shift.asks(QIANG, "/hold next"))[-1]


async def test_of_forty_people_without_a_role_the_group_hears_one_refusal_in_half_a_minute(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        core = shift.here.core
        for one in range(700, 740):
            core.add_user(one, f"路人{one}")
            core.join(one, shift.group)
        before = len(core.said(shift.group))
        for one in range(700, 740):
            core.send_text(one, shift.group, "/now")
        await shift.here.settle()
        (said,) = core.said(shift.group)[before:]
        assert "还没有角色" in said.text
        assert not await shift.says(701, "/now")
        await shift.minutes(1)
        assert len(await shift.says(701, "/now")) == 1


async def test_who_leaves_the_group_has_no_role_and_no_work_any_more(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await held(shift)
        await shift.asks(QIANG, "/hold next")
        shift.here.core.leave(QIANG, shift.group)
        await shift.here.settle()
        assert "还没有角色" in (await shift.asks(QIANG, "/chase"))[-1]
        assert "阿强" not in shift.board()
        assert "香港特别行政区" in (await shift.asks(MEI, "/hold next"))[-1]
        desk = shift.here.core.pinned(QIANG)[-1]
        assert desk.text == "您在〔小满优选〕已没有角色。"
        assert not desk.rows


async def test_the_night_card_follows_what_is_read_after_the_stream(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(OPS, "开播")
        await shift.at("22:30")
        await shift.says(OPS, "下播")
        card = shift.here.last(BOSS)
        assert "0 单" in card.text
        await shift.sends(MEI, *samples.export(samples.LAST_EXPORT))
        after = shift.here.core.message(BOSS, card.message_id)
        assert "要拦的订单未解决：14 单" in after.text
        assert "订单数据截至 22:20" in after.text


async def test_holds_found_after_the_wrap_are_told_for_what_they_are(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.says(OPS, "开播")
        await shift.at("22:20")
        await shift.says(OPS, "下播")
        await shift.asks(BOSS, "/wrap")
        await shift.sends(MEI, *samples.export(samples.LAST_EXPORT))
        assert "收尾之后还有 14 单没有着落" in (await shift.asks(BOSS, "/wrap"))[-1]


async def test_a_reason_with_a_buyers_phone_in_it_is_not_kept(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await held(shift)
        await shift.asks(MEI, "/hold next")
        await shift.press(MEI, "误报")
        refused = await shift.asks(MEI, "改寄 张三 13812340001 幸福路88号")
        assert "请不要写买家的电话、姓名、地址" in refused[0]
        await shift.asks(MEI, "买家已改地址")  # the question is still open
        assert "误报" in shift.here.last(MEI).text.splitlines()[0]
    stored = everything_in(tmp_path)  # an update rests in the inbox until it is handled, and not longer
    assert "张三" not in stored
    assert "13812340001" not in stored


async def test_an_announcement_that_keeps_timing_out_is_said_three_times_at_most_and_then_told_of(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(OPS, "排品表.xlsx", samples.runsheet_xlsx(corrected=True))
        await shift.press(OPS, "启用")
        await shift.says(OPS, "开播")
        shift.here.core.faults.lose(after_effect=True, method="sendMessage", chat=shift.group, times=6)
        shift.expects_a_fault()
        await shift.says(OPS, "开讲 5")
        await shift.minutes(3)
        copies = [m for m in shift.here.core.said(shift.group) if "正在讲 5号 羽感持妆气垫\n直播价" in m.text]
        assert len(copies) == 3
        assert "有一条消息没能发出" in shift.read(BOSS)
