"""A shift change: promises, cases and held orders are taken on one by one; what is left goes to whoever is there."""

from __future__ import annotations

from pathlib import Path

from tests.bot.test_hold_work_dialogue import audited, far
from tests.support.chases import books
from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, Shift, evening

ORDER, OTHER = "6917000000000000001", "6917000000000000002"


async def two_promises(shift: Shift) -> None:
    await shift.asks(MEI, f"承诺 {ORDER} 明天 18:00 补发小样")
    await shift.asks(MEI, f"承诺 {OTHER} 明天 12:00 回电")


def owners(shift: Shift) -> dict[str, str]:
    return {one.order_id: one.owner for one in books(shift).promises.scan()}


def hand_over_cards(shift: Shift, who: int) -> int:
    return sum("小美 交接" in m.text for m in shift.here.core.said(who))


async def test_what_somebody_leaves_is_taken_on_item_by_item(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await two_promises(shift)
        group = len(shift.here.core.said(shift.group))
        await shift.asks(MEI, "下班")
        assert "小美 交接（19:20，2 件）" in shift.read(QIANG)
        await shift.press(QIANG, "接下：承诺 …0001")
        assert f"✓ 承诺 {ORDER}：补发小样，11-12 18:00 前 → 阿强" in shift.read(QIANG)
        assert owners(shift) == {ORDER: str(QIANG), OTHER: str(MEI)}
        assert hand_over_cards(shift, QIANG) == 1
        assert (
            hand_over_cards(shift, BOSS) == hand_over_cards(shift, CHEN) == hand_over_cards(shift, OPS) == 0
        )
        assert len(shift.here.core.said(shift.group)) == group


async def test_what_nobody_takes_goes_to_who_is_on_duty_and_nothing_stays_with_who_left(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await two_promises(shift)
        await shift.asks(MEI, "下班")
        await shift.press(QIANG, "接下：承诺 …0001")
        await shift.minutes(19)
        assert owners(shift)[OTHER] == str(MEI)
        await shift.minutes(1)
        assert set(owners(shift).values()) == {str(QIANG)}
        assert "小美 交接的这些没人接，现在归您" in shift.here.last(QIANG).text
        await shift.minutes(60)
        assert shift.read(QIANG).count("没人接，现在归您") == 1


async def test_an_item_is_one_persons_whoever_presses_later_hears_whose(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await two_promises(shift)
        await shift.asks(MEI, "下班")
        await shift.asks(QIANG, "/hotake a1-v99 0")
        assert "已不在了" in shift.here.last(QIANG).text
        id = next(iter(books(shift).hand_overs.scan())).id
        await shift.press(QIANG, "接下：承诺 …0002")
        assert "已经有人接了：阿强" in (await shift.asks(BOSS, f"/hotake {id} 0"))[0]


async def test_with_nobody_there_it_waits_and_the_next_to_come_sees_it_first(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await two_promises(shift)
        for who in (OPS, QIANG, CHEN, BOSS, MEI):
            await shift.asks(who, "下班")
        await shift.at("20:00")
        assert "小美 走了，留下 2 件事，现在没人在岗" in shift.read(BOSS)
        assert set(owners(shift).values()) == {str(MEI)}
        await shift.at("12 09:30")
        await shift.asks(QIANG, "到岗")
        assert "小美 交接（11-11 19:20，2 件）" in shift.read(QIANG)
        assert "● 5 接昨天晚班留下的事" in shift.read(QIANG)
        await shift.asks(QIANG, "下班")
        await shift.at("12 10:30")
        await shift.asks(QIANG, "到岗")
        await shift.press(QIANG, "接下：承诺 …0002")
        await shift.press(QIANG, "接下：承诺 …0001")
        assert "✓ 5 接昨天晚班留下的事（系统核对 10:30）" in shift.read(QIANG)
        assert shift.read(BOSS).count("现在没人在岗") == 1


async def test_who_comes_back_has_theirs_again_and_nobody_else_is_asked(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await two_promises(shift)
        await shift.asks(MEI, "下班")
        await shift.minutes(5)
        await shift.asks(MEI, "到岗")
        await shift.minutes(30)
        assert set(owners(shift).values()) == {str(MEI)}
        assert "↩ 承诺" in (await shift.asks(QIANG, "交接"))[0]


async def test_what_was_settled_meanwhile_is_not_dealt_out(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await two_promises(shift)
        await shift.asks(MEI, "下班")
        await shift.asks(BOSS, "承诺")
        await shift.press(BOSS, "尾号 0001")
        await shift.minutes(20)
        assert f"✓ 承诺 {ORDER}：补发小样，11-12 18:00 前（已了结或已有人在做）" in shift.read(QIANG)
        assert f"承诺 {ORDER}" not in shift.here.last(QIANG).text


async def test_a_complaint_changes_hands_with_its_number_and_keeps_its_due_time(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"投诉 {ORDER} 漏发小样")
        case = next(iter(books(shift).cases.scan()))
        await shift.asks(MEI, "下班")
        await shift.press(QIANG, f"接下：工单 #{case.number}")
        moved = books(shift).cases.get(case.id)
        assert moved is not None
        assert (moved.owner, moved.due_at) == (str(QIANG), case.due_at)


async def test_a_held_order_in_hand_is_taken_on_or_dealt_out_and_the_rest_returns_to_its_queue(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await audited(shift, *far(1, 2, 3))
        await shift.asks(MEI, "/hold next")
        await shift.asks(MEI, "/hold next")
        await shift.asks(MEI, "下班")
        taken, left = (i.ref for i in next(iter(books(shift).hand_overs.scan())).items)
        await shift.press(QIANG, "接下：异常")
        by_id = {one.id: one for one in books(shift).holds.scan()}
        assert {id: one.owner for id, one in by_id.items() if one.owner} == {taken: str(QIANG)}
        await shift.minutes(20)
        by_id = {one.id: one for one in books(shift).holds.scan()}
        assert {id: one.owner for id, one in by_id.items() if one.owner} == dict.fromkeys(
            (taken, left), str(QIANG)
        )


async def test_a_note_for_the_next_shift_is_taken_on_like_the_rest_and_holds_no_phone(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "电话" in (await shift.asks(MEI, "交接 回电 13800001111"))[0]
        await shift.asks(MEI, "交接 冰袋只剩两箱")
        assert "留言：冰袋只剩两箱" in shift.read(QIANG)
        await shift.press(QIANG, "接下：冰袋只剩两箱")
        assert "✓ 留言：冰袋只剩两箱 → 阿强" in "\n".join(await shift.asks(BOSS, "交接"))


async def test_who_leaves_with_nothing_in_hand_hands_over_nothing(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, "下班")
        assert "没有交接记录" in (await shift.asks(BOSS, "交接"))[0]
        assert hand_over_cards(shift, QIANG) == 0


async def test_people_coming_and_going_do_not_put_off_when_the_rest_is_dealt_out(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(QIANG, "下班")
        await two_promises(shift)
        await shift.asks(MEI, "下班")
        await shift.minutes(15)
        await shift.asks(QIANG, "到岗")
        await shift.minutes(5)
        assert set(owners(shift).values()) == {str(QIANG)}
