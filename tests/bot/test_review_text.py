"""The review as text: it fits a message, stands alone, and never says a recovery without its baseline."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from bot import review_text, review_text_more
from bot.render import line_html, units
from bot.review_words import said, spoken
from bot.review_words import span as length
from bot.texts import plain
from playbooks.review_entered import Entered, with_figures
from playbooks.review_marks import marked
from tests.support.review_evening import NAMES, OFF, PEOPLE, Evening, full_evening, fullest

LONG = ("【官方旗舰店同款】超长商品名称山茶花精粹水光焕颜保湿修护面霜礼盒装 50ml×2 限量版 <赠>&💄",)


def whole(review):
    return [*review_text.lines(review), *review_text_more.lines(review)]


def told(review, lang="zh-CN", part=whole):
    return [plain(line_html(lang, line)) for line in part(review)]


def sixty():
    evening = full_evening(3, products=60, orders=3000, names=LONG + NAMES)
    for number in range(30):
        evening.change_price(1 + number, 5 * number, "129.00", "119.00", {})
    people = {id: name * 10 for id, name in PEOPLE.items()}
    return evening.review(names=people, room_shop="美妆旗舰店" * 20, data_until=OFF - timedelta(hours=1))


def nothing():
    evening = Evening(products=0, orders=0)
    never = evening.broadcast.changed(live_at=None, ended_at=None, segments=())
    return evening.review(broadcast=never, data_until=None)


EVENINGS = {
    "an evening": lambda: full_evening().review(),
    "sixty products": sixty,
    "nothing at all": nothing,
    "everything at its fullest": lambda: fullest(LONG + NAMES).changed(
        people={id: name * 10 for id, name in PEOPLE.items()}
    ),
}


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("name", EVENINGS)
def test_the_long_text_fits_a_message_and_the_short_one_a_caption(name, lang):
    review = EVENINGS[name]()
    for part in (review_text.lines, review_text_more.lines):
        assert units("\n".join(told(review, lang, part))) <= 4096
    short = told(review, lang, review_text.short)
    assert len(short) <= 6
    assert units("\n".join(short)) <= 1024


@pytest.mark.parametrize("name", EVENINGS)
def test_whoever_recovered_is_told_beside_what_pays_by_itself(name):
    for part in (whole, review_text.short):
        for line in told(EVENINGS[name](), part=part):
            assert "自然付款" in line or "催回率" not in line


def test_the_figures_said_are_those_the_script_counted():
    evening = full_evening(2)
    tally, text = evening.tally, "\n".join(told(evening.review()))
    assert f"下单 {tally.orders.total()}，付款 {tally.paid.total()}" in text
    assert f"催回 {tally.recovered.total()} 单 {sum(tally.amount.values()):,.0f} 元" in text
    assert f"待付 {tally.unpaid.total()} 单" in text
    assert "敞口：2 单未解决 × 3 元 = 6 元（罚款标准 2023-10-04）" in text
    assert "22:10 3号 净颜卸妆膏 100g 直播价 79 → 75，Lily过了 3 分 20 秒才知悉" in text
    assert "其余 2 项见表格" in text


def test_what_nobody_entered_says_so_and_never_zero():
    text = "\n".join(told(nothing()))
    assert "未录入：目标与实际、流量与互动、客服指标、岗位复盘、改进项" in text
    assert "没有成交数字" in text
    assert "没有订单数据" in text
    assert "没有审单" in text
    assert "主播 未录入" in text


def test_figures_that_may_still_change_are_named_with_the_time_of_the_data():
    review = full_evening().review(data_until=OFF - timedelta(minutes=40))
    assert told(review)[1] == "订单数据截至 11-11 23:00；以下数字还会变：商品、催付、异常订单。"
    assert told(full_evening().review())[1] == "订单数据截至 11-12 00:30。"


SPANS = [(0, "0 秒"), (59, "59 秒"), (200, "3 分 20 秒"), (3600, "1 小时 0 分"), (13_259, "3 小时 40 分")]


@pytest.mark.parametrize(("seconds", "zh"), SPANS)
def test_a_length_of_time_is_said_in_its_two_largest_units(seconds, zh):
    assert spoken("zh-CN", length(timedelta(seconds=seconds))) == zh


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("section", ["basics", "goals", "traffic", "products", "chase", "anomalies", "service",
                                     "handoff", "posts", "follow_ups", "actions"])  # fmt: skip
def test_every_section_has_a_name(section, lang):
    assert said(lang, f"review.section_{section}")


def test_a_refund_goal_is_kept_or_exceeded_never_reached_in_part():
    """Of refunds less is better: a result of nothing is no goal missed by all of it."""
    night = full_evening(orders=40)
    entered = with_figures(Entered(id="a1-b1"), {"goal_refund_rate": Decimal("0.05")}, "31", OFF)
    assert [one.reached for one in night.review(entered=entered).goals] == [None]
    fine = "\n".join(told(night.review(entered=entered)))
    assert "目标退款率 5%：实际 0%（控制住了）" in fine
    night.orders = [one.changed(status="refunded") if one.paid_at else one for one in night.orders]
    bad = "\n".join(told(night.review(entered=entered)))
    assert "目标退款率 5%：实际 100%（超出）" in bad
    assert "达成" not in fine + bad


def test_a_name_does_not_turn_the_line_it_stands_in():
    turned = "面霜\u202e霜面\u2067 50ml"
    shown = "\n".join(told(full_evening(products=2, orders=30, names=(turned, "眼霜")).review()))
    assert "面霜霜面 50ml" in shown
    assert not set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068") & set(shown)


def test_what_is_compared_and_is_not_known_is_said_as_what_it_lacks():
    """Nobody was to enter how soon a change was known."""
    before = marked(None, full_evening(orders=30).review(), 1)
    quiet = Evening(orders=0)
    quiet.broadcast = quiet.broadcast.changed(id="a1-b2", number=2)
    shown = "\n".join(told(quiet.review(marks=[before], notices=(), data_until=None)))
    assert "知悉中位 无记录 ·" in shown
    assert "催回率 无法计算 ·" in shown
