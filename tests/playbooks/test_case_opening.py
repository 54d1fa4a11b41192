"""What is said of a case once more is taken up whole, and two matters of one order are two cases (E21, E24, K16)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from playbooks import cases
from playbooks.cases import Case, Kind
from playbooks.model import Refusal

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 11, 12, tzinfo=UTC)
ORDER = "6917000000000000001"


def typed(kind: Kind, words: str) -> cases.Typed:
    return cases.read(kind, f"{ORDER} {words}", NOW, SHANGHAI, "douyin")


def opened(kind: Kind, words: str) -> Case:
    return cases.opened(
        "a1-cs1", 1, kind, typed(kind, words), owner="103", by="103", at=NOW, due_at=NOW + timedelta(hours=24)
    )


def more(case: Case, words: str) -> Case:
    window = cases.window_of("douyin", NOW)
    steps = cases.added(case, typed(case.kind, words), "104", NOW, SHANGHAI, window=window)
    return steps[-1][0] if steps else case


@pytest.mark.parametrize("words", ["态度 没人回复", "假货 说是假的"])
def test_a_complaint_whose_cause_is_said_at_once_can_go_on(words: str) -> None:
    one = opened("complaint", words)
    assert one.state == "cause"
    assert [step.what for step in one.happened] == ["new", "cause"]
    assert cases.proposed(one, "103", "道歉并补发", NOW).state == "proposed"


def test_of_other_cases_the_cause_stands_in_their_head_alone() -> None:
    assert [step.what for step in opened("negative", "2星 物流 慢").happened] == ["new"]


def test_a_complaint_without_a_cause_begins_with_asking_for_it() -> None:
    assert opened("complaint", "没人回复").state == "accepted"


def test_what_was_left_open_is_filled_in_by_what_is_said_later() -> None:
    one = more(opened("aftersale", "等了三天"), "退货退款 尺码 太小 退 59.9元")
    assert (one.type, one.cause, one.amount) == ("return_refund", "size", Decimal("59.9"))
    assert one.due_at == min(NOW + timedelta(hours=48), one.cap_at)
    review = more(opened("negative", "物流 等了十天"), "2星 到期 11-20")
    assert (review.stars, review.explain_by) == (2, datetime(2026, 11, 20, 18, 30, tzinfo=SHANGHAI))


def test_what_contradicts_what_is_known_is_noted_as_it_was_typed() -> None:
    one = more(opened("negative", "2星 物流 等了十天"), "1星 质量 又发现坏了")
    assert (one.stars, one.cause) == (2, "logistics")
    assert one.happened[-1].text == "1星 质量 又发现坏了"


def test_the_same_said_twice_changes_nothing() -> None:
    one = opened("negative", "2星 物流 等了十天")
    assert more(one, "2星 物流 等了十天") == one


def test_an_order_may_have_after_sales_cases_of_several_types() -> None:
    goods, money = opened("aftersale", "退货退款 尺码不对"), typed("aftersale", "打款 补偿20元")
    assert cases.same_matter([goods], "aftersale", money) is None
    assert cases.same_matter([goods], "aftersale", typed("aftersale", "退货退款 又问")) == goods
    assert cases.same_matter([goods], "aftersale", typed("aftersale", "又问")) == goods
    assert cases.same_matter([goods], "complaint", typed("complaint", "又问")) is None


def test_a_good_review_is_no_bad_one() -> None:
    with pytest.raises(Refusal, match=r"case\.good_stars"):
        typed("negative", "5星 好")


@pytest.mark.parametrize("text", ["给买家20元红包让他撤诉改好评", "晒图送小样"])
def test_no_solution_buys_another_review(text: str) -> None:
    with pytest.raises(Refusal, match=r"postbuy\.never"):
        cases.proposed(opened("complaint", "态度 差"), "103", text, NOW)
