"""What buyers read after a purchase: each sentence once, in short parts, K20's words, and nothing that is forbidden."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks import quick
from playbooks.aftercare import Hold
from playbooks.contacts import Ledger, Touch
from playbooks.model import Refusal
from playbooks.orders import OrderState, Status
from playbooks.platforms import platforms
from playbooks.post_purchase import (
    Bought,
    OwnText,
    check,
    kind_of,
    mark,
    message,
    read_own,
    rules,
    told,
    waits,
)

NOW = datetime(2026, 11, 12, 10, 0, tzinfo=UTC)
PLATFORMS = [one.id for one in platforms()]
LANGS = sorted(rules().frame)
NOT_TO_BE_SAID = ("绿茶 五星好评返现", "加微信领茶 abc12345", "茶 13800001234")
names = st.sampled_from(["", "云雾绿茶", "白瓷茶杯", "真丝睡裙", "Rose Essence Water", *NOT_TO_BE_SAID])
categories = st.sampled_from(["", "食品", "女装", "家电", "beauty"])
goods = st.lists(st.builds(Bought, name=names, category=categories), min_size=1, max_size=6)


def own(product: str, use: str = "", receipt: str = "") -> dict[str, OwnText]:
    return {product: OwnText(id="a1-pt1", product=product, use=use, receipt=receipt, by="101", at=NOW)}


@given(goods, st.sampled_from(PLATFORMS), st.sampled_from(LANGS))
def test_every_message_is_short_parts_says_each_sentence_once_and_may_be_said(
    bought: list[Bought], platform: str, lang: str
) -> None:
    parts = message(bought, {}, platform, lang)
    assert all(0 < len(part) <= quick.rules(lang).part for part in parts)
    whole = "\n".join(parts)
    check(whole)
    assert "{" not in whole
    for one in bought:
        assert (one.name in whole) == (one.name not in NOT_TO_BE_SAID)
        sentence = kind_of(one.category).use[lang].format_map(quick.terms(platform, lang))
        assert whole.replace("\n", "").replace(" ", "").count(sentence.replace(" ", "")) == 1


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_last_words_are_those_of_k20(platform: str) -> None:
    last = message([Bought(name="云雾绿茶")], {}, platform, "zh-CN")[-1]
    assert last.startswith("有任何问题请先")
    assert last.endswith("联系我们，我们为您处理。")


def test_a_platform_is_spoken_to_in_its_own_words() -> None:
    bought = [Bought(name="云雾绿茶")]
    assert "旺旺" in message(bought, {}, "tmall", "zh-CN")[-1]
    assert "旺旺" not in message(bought, {}, "douyin", "zh-CN")[-1]


def test_a_managers_sentence_stands_for_its_product_alone() -> None:
    bought = [Bought(name="云雾绿茶", category="食品"), Bought(name="真丝睡裙", category="女装")]
    said = "".join(message(bought, own("云雾绿茶", use="用 80 度水冲泡"), "douyin", "zh-CN"))
    assert "云雾绿茶：用 80 度水冲泡。" in said
    assert "真丝睡裙：首次清洗请看水洗标" in said
    assert "云雾绿茶：到货后请尽快签收" in said  # on receipt nothing of their own was written


@pytest.mark.parametrize(
    "text",
    [
        "不要直接给中差评", "有问题别给差评", "先不要急着写差评", "麻烦给个五星", "五 星 好评", "晒图返现5元",
        "好评领红包", "加V信领", "加 微信 聊", "质量问题运费您自理", "补 5 元运费",
        "运费您自理哦", "快递费到付", "偏远地区邮费由买家承担", "非质量问题不退", "１２元券送给好评的您",
        "好\u200b评返现",
        "Leave us a 5-star review", "please do not leave a bad review", "A gift for every review",
    ],
)  # fmt: skip
def test_what_must_not_be_said_is_refused_however_it_is_written(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        check(text)
    assert refused.value.key.startswith("postbuy.never_")


@pytest.mark.parametrize(
    "text",
    [
        "有任何问题请先联系我们，我们为您处理。", "开封后三天内吃完", "五星级酒店同款，冷水手洗",
        "签收时请保持电话畅通", "质量问题运费我们承担", "运费您不用出", "深色不退色", "加微量盐即可", "快递员会打电话",
        "If it is damaged, take a photo and write to us first.",
        "Store it in the fridge and give it a good shake.",
    ],
)  # fmt: skip
def test_honest_advice_passes(text: str) -> None:
    check(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "postbuy.empty"),
        (" | ", "postbuy.empty"),
        ("长" * 121, "postbuy.long"),
        ("问 13800001234", "common.personal_note"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_cure(text: str, key: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_own(text)
    assert refused.value.key == key


def test_either_of_the_two_may_be_left_out() -> None:
    assert read_own("冷水手洗") == ("冷水手洗", "")
    assert read_own("｜ 先看封口") == ("", "先看封口")


# -- who is written to ------------------------------------------------------------------------------------


def order(status: Status = "paid_unshipped", paid: timedelta | None = timedelta(hours=1)) -> OrderState:
    at = NOW - paid if paid is not None else None
    return OrderState(id="a1-o1", order_id="1", platform="douyin", status=status, as_of=NOW, paid_at=at)


@pytest.mark.parametrize(
    "status", ["pending_payment", "refunding", "refunded", "closed", "cancelled", "completed"]
)
def test_nobody_is_written_to_whose_order_is_unpaid_over_or_asked_back(status: Status) -> None:
    assert not waits(order(status), None, NOW)


def test_only_for_three_days_after_the_payment() -> None:
    assert waits(order(paid=timedelta(hours=72)), None, NOW)
    assert not waits(order(paid=timedelta(hours=72, seconds=1)), None, NOW)
    assert not waits(order(paid=None), None, NOW)


@pytest.mark.parametrize(
    ("state", "may"), [("open", False), ("claimed", False), ("solved", True), ("waived", True)]
)
def test_a_held_order_waits_until_the_hold_is_dealt_with(state: str, may: bool) -> None:
    hold = Hold.model_validate(
        {"id": "a1-h1", "order_id": "1", "found_at": NOW, "state": state, "rules": ("no_ship",), "verdict": "HOLD",
         "region": "台湾省"}
    )  # fmt: skip
    assert waits(order(), hold, NOW) is may


def test_once_of_an_order_and_once_of_a_product() -> None:
    touch = Touch(
        at=NOW, who="103", channel="message", purpose="post_purchase", order_id="1", text=mark("云雾绿茶")
    )
    ledger = Ledger(id="a1-kb1", touches=(touch,))
    assert told(ledger, "1", "白瓷茶杯")
    assert told(ledger, "2", "云雾绿茶")
    assert not told(ledger, "2", "白瓷茶杯")
    assert not told(ledger, "2", "")
    assert not told(None, "1", "云雾绿茶")
