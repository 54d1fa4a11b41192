"""工单: negative reviews, complaints and after-sales are owned, due, told of, and closed only with an outcome."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from playbooks.cases import Case
from tests.bot.test_undo_dialogue import selling
from tests.support.evening import BOSS, MEI, QIANG, Shift, evening

ORDER = "6917000000000000001"
OTHER = "6917000000000000002"
THIRD = "6917000000000000003"


def the_case(shift: Shift, number: int = 1) -> Case:
    """The case of this number, as it stands."""
    known = shift.here.bot.runner.view("a1").cases.scan()
    return next(one for one in known if one.number == number)


def heard(shift: Shift, who: int) -> list[str]:
    """What the bot said to somebody of cases; the day has other things to tell."""
    return [m.text for m in shift.here.core.said(who) if re.search(r"#\d+ |投诉和差评", m.text)]


def newest(shift: Shift, who: int) -> str:
    """The last of it."""
    return heard(shift, who)[-1]


def steps(shift: Shift) -> list[str]:
    """What the journal says happened to cases, in order."""
    return [one.values["step"] for one in shift.here.bot.runner.view("a1").journal.by("kind", "case")]


def closing(shift: Shift) -> dict[str, str]:
    """What the journal says of the last case closed."""
    noted = shift.here.bot.runner.view("a1").journal.by("kind", "case")
    return [dict(one.values) for one in noted if one.values["step"] == "closed"][-1]


async def test_a_review_that_came_in_the_evening_is_due_half_past_six_the_next_day_and_told_until_it_is_closed(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        said = (await shift.asks(MEI, f"差评 {ORDER} 2星 物流 等了十天"))[0]
        assert "#1 差评 · 处理中" in said
        assert "物流、2星" in said
        assert "11-12 18:30 前处理完，最晚 11-14 19:20" in said
        await shift.at("12 18:29")
        before = len(heard(shift, MEI))
        await shift.at("12 18:30")
        assert "工单到点了" in newest(shift, MEI)
        await shift.at("12 21:29")
        assert "工单还没结" in newest(shift, MEI)
        assert "工单逾期" not in shift.read(BOSS)
        await shift.at("12 21:30")
        assert "工单逾期" in newest(shift, BOSS)
        await shift.at("14 19:20")
        assert "工单到最后期限" in newest(shift, BOSS)
        told = len(heard(shift, MEI))
        assert told - before == 5  # due, twice again, the leads, the hard end
        await shift.at("20 12:00")
        assert len(heard(shift, MEI)) == told
        assert not heard(shift, shift.group)


async def test_one_not_solved_is_explained_in_public_before_its_window_closes(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"差评 {ORDER} 1星 质量 坏了 到期 11-20")
        await shift.at("18 18:30")
        assert "评价快到期" in newest(shift, MEI)
        assert "评价快到期" in newest(shift, BOSS)
        refused = await shift.press(MEI, "公开解释了，结案")
        assert refused is not None
        assert "还没有发布公开回复" in refused.text
        await shift.press(MEI, "写公开回复")
        wrong = (await shift.asks(MEI, "亲，改成好评给您返现 5 元"))[0]
        assert "不能这样回" in wrong
        assert the_case(shift).replied_at is None
        again = (await shift.asks(MEI, "/publicreply 1 张女士您好，已给13800000001回电"))[0]
        assert "买家的个人信息：张女士、13800000001" in again
        link = (await shift.asks(MEI, "/publicreply 1 您好，详情见 https://example.com/x"))[0]
        assert "不发链接" in link
        await shift.asks(MEI, "/publicreply 1 您好，给您添麻烦了，问题已处理，随时找客服。")
        assert "检查通过" in newest(shift, MEI)
        await shift.press(MEI, "已发布")
        await shift.press(MEI, "公开解释了，结案")
        assert "已公开解释" in (await shift.asks(MEI, "工单 1"))[0]
        assert closing(shift)["outcome"] == "explained"
        assert closing(shift)["late"] == "yes"
        done = the_case(shift)
        assert done.closed_at is not None
        assert int(closing(shift)["seconds"]) == int((done.closed_at - done.at).total_seconds())


async def test_a_complaint_goes_through_its_four_states_and_is_not_closed_before_the_buyer_was_asked(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"投诉 {ORDER} 没人回复我")
        assert "已受理" in newest(shift, MEI)
        assert not [caption for caption in shift.buttons(MEI) if "满意" in caption]
        refused = (await shift.asks(MEI, f"/caseend {the_case(shift).id} solved"))[0]
        assert "现在不能做这一步" in refused
        await shift.press(MEI, "选原因")
        await shift.press(MEI, "服务态度")
        assert "了解原因" in shift.read(MEI)
        await shift.press(MEI, "提出方案")
        await shift.asks(MEI, "道歉并安排专人跟进")
        assert the_case(shift).state == "proposed"
        await shift.press(MEI, "已答复买家，跟踪")
        await shift.press(MEI, "问过了：不满意")
        assert "请重新看问题" in shift.read(MEI)
        assert the_case(shift).state == "cause"
        await shift.press(MEI, "提出方案")
        await shift.asks(MEI, "组长回访并补寄")
        await shift.press(MEI, "已答复买家，跟踪")
        await shift.press(MEI, "问过了：满意，结案")
        assert the_case(shift).outcome == "solved"
        assert "11-13 10:30 回访买家" in shift.read(MEI)
        await shift.at("13 10:30")
        assert "该回访了" in newest(shift, MEI)
        await shift.press(MEI, "回访过：满意")
        told = len(heard(shift, MEI))
        await shift.at("15 10:30")
        assert len(heard(shift, MEI)) == told
        done = "new cause proposed tracking unsatisfied proposed tracking closed visited"
        assert steps(shift) == done.split()
        assert closing(shift)["cause"] == "attitude"


async def test_a_second_complaint_is_told_to_the_leads_and_one_that_was_not_over_is_counted(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"投诉 {ORDER} 态度 没人回复")
        assert "二次投诉" not in shift.read(BOSS)
        await shift.press(MEI, "买家撤回了")
        await shift.asks(MEI, "买家说弄错了")
        assert the_case(shift).outcome == "withdrawn"
        await shift.asks(QIANG, f"投诉 {ORDER} 又没人回复")
        assert "二次投诉" in newest(shift, QIANG)
        assert "二次投诉" in newest(shift, BOSS)
        await shift.asks(MEI, "工单 1")
        await shift.press(MEI, "重新打开")
        await shift.asks(MEI, "买家又来问了")
        assert (the_case(shift).reopened, the_case(shift).state) == (1, "cause")
        assert "工单 2 条" in (await shift.asks(BOSS, "工单"))[0]


async def test_what_only_a_manager_may_settle_goes_to_one_and_no_agent_closes_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"投诉 {ORDER} 假货 怀疑不是正品")
        assert "林主管 负责" in newest(shift, MEI)
        assert "小美 交给你一条工单" in newest(shift, BOSS)
        id = the_case(shift).id
        for outcome in ("withdrawn", "platform", "void"):
            assert "由 林主管 负责，请找" in (await shift.asks(MEI, f"/caseend {id} {outcome} 买家算了"))[0]
        assert the_case(shift).open
        await shift.asks(BOSS, "/cases 1")
        assert "没有可以接手的人" in (await shift.asks(BOSS, f"/casepass {id} {MEI} 你来"))[0]
        await shift.press(BOSS, "平台判定了")
        await shift.asks(BOSS, "平台判商家无责")
        assert the_case(shift).outcome == "platform"


async def test_an_agents_own_case_that_turns_out_to_be_a_dispute_moves_to_the_manager(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"投诉 {ORDER} 说好今天发货没发")
        await shift.press(MEI, "选原因")
        await shift.press(MEI, "未按约定时间发货")
        assert the_case(shift).owner == str(BOSS)
        assert not [caption for caption in shift.buttons(MEI) if "买家撤回" in caption]


async def test_contacts_go_through_the_ledger_and_a_buyer_not_reached_gets_a_message_first(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"差评 {ORDER} 1星 质量 坏了")
        await shift.press(MEI, "已和同事对练")
        await shift.press(MEI, "联系不上")
        assert "先留言，必要时再打电话" in newest(shift, MEI)
        await shift.press(MEI, "已留言")
        await shift.minutes(15)
        await shift.press(MEI, "也打了电话")
        await shift.minutes(15)
        refused = (await shift.asks(MEI, f"/casetold {the_case(shift).id} message"))[0]
        assert "联系" in refused
        assert [step for step in steps(shift) if step == "contact"] == ["contact", "contact"]
        assert the_case(shift).rehearsed_at is not None
        await shift.at("21:00")
        await shift.asks(QIANG, f"差评 {OTHER} 1星 质量 坏了")
        assert not [caption for caption in shift.buttons(QIANG) if "已电话联系" in caption]


async def test_after_sales_asks_for_its_type_and_gives_the_return_text_with_all_three_things(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, "售后登记")
        await shift.asks(MEI, f"{ORDER} 尺码 穿不下 退59.9元")
        assert "金额 59.90 元" in newest(shift, MEI)
        await shift.press(MEI, "选售后类型")
        await shift.press(MEI, "退货退款")
        assert "还没有退货地址" in shift.read(MEI)
        await shift.asks(BOSS, "/ready 退货地址 示例市示例仓 3 号库")
        shown = (await shift.asks(MEI, "工单 1"))[0]
        assert "示例市示例仓 3 号库" in shown
        assert "7 天内" in shown
        assert "吊牌" in shown
        await shift.press(MEI, "办结")
        assert the_case(shift).outcome == "done"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("差评 太慢了", "请先写订单号"),
        (f"差评 {ORDER} 电话13800000001", "电话"),
        (f"投诉 {ORDER} {'长' * 201}", "200 字以内"),
        ("工单 99", "没有工单「99」"),
    ],
)
async def test_what_cannot_be_kept_is_refused_with_the_cure(tmp_path: Path, typed: str, said: str) -> None:
    async with evening(tmp_path) as shift:
        assert said in (await shift.asks(MEI, typed))[0]
        assert not list(shift.here.bot.runner.view("a1").cases.scan())


async def test_entered_twice_it_is_one_case_with_what_was_added(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"售后登记 {ORDER} 补发 少了一支")
        said = (await shift.asks(QIANG, f"售后登记 {ORDER} 买家又来催"))[0]
        assert "已有一条同类工单" in said
        assert "进展：买家又来催" in said
        assert "小美 负责" in said
        assert len(list(shift.here.bot.runner.view("a1").cases.scan())) == 1


async def test_it_is_handed_on_by_buttons_with_the_reason_and_put_off_never_past_the_hard_end(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"差评 {ORDER} 1星 质量 坏了")
        await shift.press(MEI, "改时间")
        assert "最晚 3 天" in (await shift.asks(MEI, "11-20 18:00"))[0]
        await shift.asks(MEI, f"/casedue {the_case(shift).id} 明天 20:00")
        await shift.press(MEI, "转给别人")
        await shift.press(MEI, "阿强")
        await shift.asks(MEI, "我下班了，买家要换货")
        assert "小美 交给你一条工单" in newest(shift, QIANG)
        assert "买家要换货" in newest(shift, QIANG)
        await shift.at("12 20:00")
        assert "工单到点了" in newest(shift, QIANG)
        assert "由 阿强 负责" in (await shift.asks(MEI, f"/casenote {the_case(shift).id} 补一句"))[0]


async def test_a_slip_has_an_owner_who_says_what_is_done_about_it(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        assert "由组长或主管登记" in (await shift.asks(MEI, "失误 阿强 报错价格"))[0]
        await shift.asks(BOSS, "失误 小周 口播报错价格 59")
        await shift.asks(BOSS, "失误")
        await shift.press(BOSS, "小美")
        await shift.asks(BOSS, "忘了记备注")
        assert "林主管 记了一条工作失误" in newest(shift, MEI)
        await shift.press(MEI, "已整改，结案")
        await shift.asks(MEI, "以后先记备注再回复")
        assert the_case(shift, 2).outcome == "cured"
        assert "#2" in (await shift.asks(BOSS, "工单 全部"))[0]
        assert "由 小美 负责" in (await shift.asks(QIANG, "工单 2"))[0]


async def test_mondays_complaints_are_looked_at_together_and_a_week_without_says_nothing(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"投诉 {ORDER} 态度 没人回复")
        await shift.press(MEI, "买家撤回了")
        await shift.asks(MEI, "弄错了")
        await shift.at("16 10:00")
        assert "近 7 天 1 条，未结 0" in newest(shift, BOSS)
        assert "服务态度 1" in newest(shift, BOSS)
        said = len(heard(shift, BOSS))
        await shift.at("23 10:00")
        assert len(heard(shift, BOSS)) == said
        assert "0 条" in (await shift.asks(BOSS, "投诉复盘"))[0]


async def test_praise_with_a_complaint_is_replied_to_and_the_board_stays_quiet(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        group = len(shift.here.core.said(shift.group))
        await shift.asks(MEI, f"好评有问题 {ORDER} 5星 破损 盒子压坏了")
        await shift.press(MEI, "写公开回复")
        await shift.press(MEI, "用这句")
        await shift.press(MEI, "已发布")
        await shift.press(MEI, "已回复，结案")
        assert the_case(shift).outcome == "replied"
        assert len(shift.here.core.said(shift.group)) == group


async def test_money_for_a_buyer_with_a_bad_review_is_a_managers_to_settle(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"售后登记 {OTHER} 打款 少发补差 5元")
        assert the_case(shift, 1).owner == str(MEI)
        await shift.asks(MEI, f"差评 {ORDER} 1星 质量 坏了")
        await shift.asks(MEI, f"售后登记 {ORDER} 打款 补差 5元")
        assert the_case(shift, 3).owner == str(BOSS)
        assert "只能由主管结案" in newest(shift, MEI)
        await shift.asks(MEI, f"差评 {OTHER} 1星 质量 坏了")
        assert the_case(shift, 1).owner == str(BOSS)
        await shift.asks(MEI, f"售后登记 {THIRD} 换货 换大一码")
        assert the_case(shift, 5).owner == str(MEI)


async def test_what_came_due_while_nobody_was_there_is_told_once_and_of_the_gravest(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"差评 {ORDER} 1星 质量 坏了")
        told = len(heard(shift, MEI))
        day = timedelta(days=1)
        shift.clock.wind(
            shift.clock.now() + day + timedelta(hours=3)
        )  # 22:20 the next day: past every reminder
        await shift.minutes(1)
        assert len(heard(shift, MEI)) == told + 1
        assert "逾期" in newest(shift, BOSS)


async def test_my_work_has_the_cases_and_an_owner_who_left_has_none_any_more(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(MEI, f"售后登记 {ORDER} 补发 少一支")
        assert "工单 1" in (await shift.asks(MEI, "我的"))[0]
        shift.here.core.kick(MEI, shift.group, by=BOSS)
        await shift.here.settle()
        await shift.at("12 19:20")
        owner = int(the_case(shift).owner)
        assert owner in (QIANG, BOSS)
        assert [said for said in heard(shift, owner) if "工单到点了" in said]
