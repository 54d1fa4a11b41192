"""Nothing is given for a review and no good one asked for, in whatever spelling, and honest words pass (K01, K16)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import inducement
from playbooks.followup import texts
from playbooks.inducement import found_in
from playbooks.model import Refusal

NOW = datetime(2026, 11, 11, tzinfo=UTC)
GIVEN = (
    "好评返现", "返🧧哦亲", "发个🎁给您", "晒图送小样", "五星有礼", "加V领福利", "评价后联系客服领惊喜",
    "写评价得5块", "评完私信我有惊喜",
    "晒单送金币", "好坪反現", "给好評返現金", "hao ping fan xian", "haoping返5", "评价满15字返3r", "评价抽大奖",
    "带图评价有小惊喜", "评价后给您转5",
    "评价得猫币", "写感受，得小样一份", "评价后下单减10", "评价后店铺补给您一份", "返②元", "红 包", "红.包",
    "洪包", "鸿包", "小红苞", "评论赢手机",
    "写评论免单", "评价就给您报销运费", "评价后给您退差价", "leave a review and get 10% off",
    "write a review, we send you something nice",
    "we pay you 5 yuan for a review", "get your money back after reviewing", "a present for your review",
    "f r e e gift", "cоupon", "给您5￥", "评价得¥5",
    "支付宝给您转点", "请您喝奶茶", "有偿评价", "不会让您白写", "酬谢", "小心意", "盲盒", "抽一位送", "试用装",
    "回馈", "优*惠", "代金",
)  # fmt: skip
ASKED = (
    "给个好平价", "打五颗🌟", "⭐⭐⭐⭐⭐哦", "五星好评", "麻烦给5分", "打10分", "给个满 分", "给我们点个赞",
    "给个五★", "★★★★★", "5 stars please",
    "five-star rating", "please rate us 5/5", "欢迎追评", "晒图给大家看看", "先别给差评", "do leave us a good word",
)  # fmt: skip
HONEST = (
    "您好，请问商品收到了吗？用得怎么样？", "您好，评价一下使用感受吧，好坏都行",
    "您好，元旦快乐，请问商品用着还满意吗？", "礼貌问一下，收到了吗",
    "您好，单元门口的包裹拿到了吗？", "Feel free to tell us what you think.",
    "Hello, please share your honest experience.",
    "如有质量问题，7天内可退换，请先联系我们", "您好，用了5-10分钟见效吗？", "快递员送达了吗，领口合适吗？",
    "感谢您的支持，方便的话请写下真实评价，好与不好都可以。",
)  # fmt: skip
REPLIES = (
    "您好，非常抱歉，问题已经处理好了", "感谢您的好评，我们会继续努力", "谢谢您的五星好评！",
    "已为您办理退款，抱歉", "少发的赠品已补寄，抱歉给您添麻烦",
    "感谢评价，已安排返修", "Thank you for your feedback, we have sent a replacement",
)  # fmt: skip


@pytest.mark.parametrize("text", [*GIVEN, *ASKED])
def test_no_invitation_gives_anything_or_asks_for_a_good_review(text: str) -> None:
    assert found_in(f"您好，{text}", "invitation")
    with pytest.raises(Refusal):
        texts.own_script("a1", "review_invite", text, by="101", now=NOW, platform="douyin")


@pytest.mark.parametrize("text", HONEST)
def test_an_honest_invitation_passes(text: str) -> None:
    assert not found_in(text, "invitation")
    texts.check("review_invite", text)


@pytest.mark.parametrize("text", REPLIES)
def test_thanks_for_praise_and_what_was_done_may_stand_below_a_review(text: str) -> None:
    assert not found_in(text, "reply")


@pytest.mark.parametrize(
    "text",
    [
        "晒图送小样",
        "五星有礼",
        "返2元",
        "🧧",
        "如满意可以追评",
        "亲，加我们🧧领",
        "评价满15字返3r",
        "洪包已备好",
        "亲，帮忙打五颗星",
        "please leave us five stars",
    ],
)
def test_a_public_reply_neither_gives_nor_asks(text: str) -> None:
    assert found_in(text, "reply")


@pytest.mark.parametrize(
    "text",
    [
        "晒单送金币",
        "写评价得红包",
        "给20元红包让他改好评",
        "评价后给您退差价",
        "haoping 返5",
        "hǎopíng 返5",
        "hǎo评返现",
        "review it and get a gift",
    ],
)
def test_nothing_else_a_buyer_is_told_ties_something_to_a_review(text: str) -> None:
    with pytest.raises(Refusal, match="postbuy"):
        inducement.check(text)


@pytest.mark.parametrize(
    "text",
    [
        "补发赠品",
        "退20元运费",
        "您反馈的问题今天补发",
        "优惠券明天补到账户",
        "补发口红包",
        "差价返现 5 元",
        "带图案的是限量款，送完为止",
        "五星级酒店同款，送运费险",
        "您好，我们没有好评返现活动",
        "礼盒明天发出",
    ],
)
def test_what_is_owed_may_be_promised(text: str) -> None:
    inducement.check(text)


@given(
    st.sampled_from(["红包", "返现", "优惠券", "礼品", "小样", "積分", "禮物"]),
    st.text(" .。，!~·*_-\u200b\ufe0f", max_size=4),
    st.sampled_from(["", "您好，", "Hello "]),
)
def test_signs_between_the_characters_do_not_help(word: str, between: str, before: str) -> None:
    assert found_in(before + between.join(word), "invitation")


def test_that_there_is_none_excuses_nothing_beside_it() -> None:
    assert found_in("我们没有好评返现活动，晒图送小样", "other")
    assert found_in("没有好评返现活动", "invitation")
