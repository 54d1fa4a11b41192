"""Whom a question goes to: the words of a kind count only where they mean it (B16)."""

from __future__ import annotations

import pytest

from playbooks import questions

PARCEL = (
    "我的货到哪了", "快递到哪里了", "到哪儿了", "包裹到哪啦", "现在到哪", "件到哪了还没收到", "送到哪一站了",
    "物流到哪个网点", "走到哪里了呀", "单号发我一下", "东西到哪里了", "已经签收了吗",
)  # fmt: skip
PRODUCT = (
    "保质期到哪年", "保质期到哪一年呢", "有效期到哪天", "生产日期到哪个月", "优惠到哪天结束", "面霜要涂到哪个部位",
    "裙子长到哪里", "裤长到哪个位置", "这个能用到哪里", "衣长到哪", "讲到哪个链接了", "主播讲到哪了", "建议几岁用",
    "建议用量是多少", "有什么建议搭配", "建议零售价多少", "派送小样吗", "最少发几件", "活动到哪天",
)  # fmt: skip
ORDER = ("订单号在哪看", "我的订单号多少", "订单到今天还没动静")
ADVICE = ("买家建议包装换一下", "我要投诉", "给你们提个建议", "顾客有意见")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((text, "logistics") for text in PARCEL), *((text, "product") for text in PRODUCT),
        *((text, "order") for text in ORDER), *((text, "advice") for text in ADVICE),
        ("至少发五件包邮吗", "product"), ("少发了一件", "after_sale"), ("订单号和物流单号都发我", "logistics"),
    ],
)  # fmt: skip
def test_a_word_counts_only_where_it_means_its_kind(text: str, kind: str) -> None:
    assert questions.read_ask(text, (), None).kind == kind


def test_how_long_it_keeps_is_no_question_for_the_warehouse() -> None:
    assert questions.read_ask("保质期到哪年", (), None).to == "ops"
    assert questions.read_ask("快递到哪了", (), None).to == "warehouse"


def test_every_longer_word_holds_a_word_it_keeps_from_counting() -> None:
    for one in questions.rules().kind:
        for longer in one.unless:
            assert any(word[:2] in longer for word in one.words), (one.id, longer)
