"""When a buyer is looked at again: never promised for after the order is dead, or after its last round."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from playbooks import chase
from playbooks.chase import Chase
from playbooks.chase.outcomes import outcome
from playbooks.model import Refusal
from tests.support.chases import ONE, chased, clock, keep, unpaid
from tests.support.evening import MEI, SHANGHAI, evening

NO_MORE = "不再提醒买家；付没付，等下一份导出核实"
STEPS = ("电话", "提醒付款", "留言")


async def test_inconvenient_is_written_to_once_more_where_the_order_dies_before_the_next_window(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        await keep(shift, unpaid(shift, ONE, left=25))
        await shift.asks(MEI, "/chase")
        for step in (*STEPS, "不方便"):
            await shift.press(MEI, step)
        assert "20:32 再提醒" in shift.here.last(MEI).text
        await shift.minutes(11)
        assert f"订单 {ONE}：20:32 到了，可以再联系了" in shift.read(MEI)
        await shift.press(MEI, "认领")
        card = shift.here.last(MEI).text
        assert "电话 不适用" in card  # still the window in which it was inconvenient
        assert "留言 待做" in card
        assert "电话" not in shift.buttons(MEI)


async def test_inconvenient_waits_for_the_next_window_where_the_order_lives_until_then(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        await keep(shift, unpaid(shift, ONE, left=24 * 60))
        await shift.asks(MEI, "/chase")
        for step in (*STEPS, "不方便"):
            await shift.press(MEI, step)
        assert "11-12 11:00 再提醒" in shift.here.last(MEI).text


async def test_no_reminder_is_promised_for_after_the_order_is_dead(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:22")
        await keep(shift, unpaid(shift, ONE, left=8))
        await shift.asks(MEI, "/chase")
        for step in (*STEPS, "没接没回"):
            await shift.press(MEI, step)
        card = shift.here.last(MEI).text
        assert NO_MORE in card
        assert "再提醒" not in card.replace(NO_MORE, "")


async def test_no_reminder_is_promised_after_the_last_round(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:10")
        await keep(shift, unpaid(shift, ONE, left=45))
        await shift.asks(MEI, "/chase")
        for step in (*STEPS, "没接没回"):
            await shift.press(MEI, step)
        assert "20:20 再提醒" in shift.here.last(MEI).text
        await shift.minutes(12)
        await shift.press(MEI, "认领")
        for step in (*STEPS, "没接没回"):
            await shift.press(MEI, step)
        assert NO_MORE in shift.here.last(MEI).text
        assert "您手上没有活" in (await shift.asks(MEI, "/my"))[0]
        said = len(shift.here.core.said(MEI))
        await shift.minutes(15)
        assert len(shift.here.core.said(MEI)) == said


async def test_a_promise_after_the_last_round_is_kept_and_not_reminded_of(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.at("20:10")
        await keep(shift, unpaid(shift, ONE, left=45))
        await shift.asks(MEI, "/chase")
        for step in (*STEPS, "没接没回"):
            await shift.press(MEI, step)
        await shift.minutes(12)
        await shift.press(MEI, "认领")
        for step in (*STEPS, "答应付款"):
            await shift.press(MEI, step)
        await shift.press(MEI, "15 分钟内")
        card = shift.here.last(MEI).text
        assert NO_MORE in card
        assert "答应付款20:37" in card  # in the remark
        assert clock(chased(shift, ONE).promised_at) == "20:37"


START = datetime(2026, 11, 11, 20, 10, tzinfo=SHANGHAI)
ANSWERS = st.sampled_from(["no_answer", "inconvenient", "will_pay", "new_user", "pay_balance"])


@given(
    st.integers(0, 24 * 60), st.one_of(st.none(), st.integers(2, 2000)), st.sampled_from(["douyin", "pinduoduo"]),
    st.lists(st.tuples(ANSWERS, st.integers(0, 30)), min_size=1, max_size=4),
)  # fmt: skip
def test_whenever_it_comes_back_it_is_alive_and_may_be_contacted(
    minute: int, left: int | None, platform: str, answers: list[tuple[str, int]]
) -> None:
    now = START + timedelta(minutes=minute)
    dies = None if left is None else now + timedelta(minutes=left)
    one = Chase(
        id="a1-c1", order_id="1", platform=platform, source="file", seen_at=now, data_as_of=now, expires_at=dies,
    )  # fmt: skip
    for said, wait in answers:
        answer, reason = ("refused", said) if said in ("new_user", "pay_balance") else (said, "")
        try:
            one = chase.record(one, "amy", "button", now, SHANGHAI)
            promised = now + timedelta(minutes=15)
            one = outcome(
                one, "amy", outcome=answer, now=now, zone=SHANGHAI, reason=reason, promised_at=promised
            )
        except Refusal:
            pass
        if one.returns_at:
            assert chase.workable(one, one.returns_at)
            chase.record(one, "amy", "button", one.returns_at, SHANGHAI)
            if one.answer == "inconvenient":
                steps = {step.kind: step.status for step in chase.steps(one, now, SHANGHAI)}
                assert steps["phone"] != "todo"
        now += timedelta(minutes=wait)
