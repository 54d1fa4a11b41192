"""Quick replies say what is offered now and nothing else, in short parts and in the platform's terms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import texts
from playbooks import quick
from playbooks.announce import Listing, first_offer, revise
from playbooks.model import Refusal
from playbooks.platforms import platforms
from playbooks.promotion import parse
from playbooks.quick import QuickReply
from playbooks.runsheet import Product

NOW = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")


def listing(promo: str = "", **fields: object) -> Listing:
    read = parse(promo)
    row = {"seq": 3, "link_no": 3, "duration": 10, "name": "玫瑰精华水", "live_price": Decimal("79")}
    product = Product.model_validate(
        {**row, "promo": promo, "promotions": read.promotions, "left": read.left, **fields}
    )
    return Listing(
        id="a1-b1-p3", broadcast="a1-b1", link_no=3, product=product, offer=first_offer(product, "1", NOW)
    )


def replies(
    one: Listing, platform: str = "douyin", stated: Mapping[str, str] | None = None
) -> dict[str, QuickReply]:
    return {reply.id: reply for reply in quick.for_product(one, platform, stated or {})}


def said(reply: QuickReply) -> str:
    return "".join(reply.parts)


def test_a_reply_says_the_price_and_the_worked_hand_price_and_names_its_revision() -> None:
    reply = replies(listing("拍1发3"))["price"]
    assert said(reply) == "您好，玫瑰精华水在3号链接，直播价79元。拍1件到手79元，共发3件，合每件26.33元。"
    assert (reply.link_no, reply.revision) == (3, 1)
    assert said(replies(listing())["price"]) == "您好，玫瑰精华水在3号链接，直播价79元。"
    assert "拍3件到手207元。" in said(replies(listing("满199减30"))["price"])


@pytest.mark.parametrize(
    ("changed", "id", "text"),
    [
        ({"live_price": Decimal(75)}, "price", "直播价75元"),
        ({"limit": 1}, "limit", "每人限购1件"),
        ({"gift": "面膜"}, "gift", "赠品：面膜"),
    ],
)
def test_when_the_offer_moves_the_replies_are_made_anew(
    changed: dict[str, object], id: str, text: str
) -> None:
    one = listing(gift="小样", limit=2)
    before = replies(one)
    moved = one.changed(offer=revise(one.offer, "2", NOW, **changed))
    after = replies(moved)
    assert text in said(after[id])
    assert text not in said(before[id])
    assert after[id].revision == 2


def test_nothing_is_said_of_what_is_not_known() -> None:
    assert set(replies(listing())) == {"price"}
    full = replies(
        listing(
            "送小样(限量200份)，运费险",
            spec="150ml",
            limit=2,
            stock=500,
            ship_time="48",
            after_sale="退换",
            points=("温和",),
            stop_regions=("新疆", "西藏"),
        )
    )
    expected = {"price", "gift", "gift_left", "limit", "stock", "spec", "ship_hours", "no_ship", "after_sale"}
    assert set(full) == expected | {"guarantees", "points"}


def test_urgency_comes_from_figures_the_sheet_has() -> None:
    assert "小样共200份，送完为止" in said(replies(listing("送小样(限量200份)"))["gift_left"])
    assert "gift_left" not in replies(listing("送小样"))
    assert "stock" not in replies(listing())


def test_what_is_sold_out_is_said_so_with_the_substitute_and_no_price() -> None:
    one = listing(stock=0, backup="茉莉精华水", promo="拍1发3")
    found = replies(one)
    assert set(found) == {"sold_out", "backup"}
    assert "茉莉精华水" in said(found["backup"])
    assert "已售完" in said(found["sold_out"])


@pytest.mark.parametrize(
    ("platform", "spec", "says"),
    [
        ("douyin", "S/M/L", "已售完"),
        ("tmall", "S/M/L", "断码"),
        ("tmall", "42码", "断码"),
        ("tmall", "150ml", "暂时售完"),
        ("tmall", "LED灯", "暂时售完"),
    ],
)
def test_sizes_run_out_only_where_there_are_sizes(platform: str, spec: str, says: str) -> None:
    assert says in said(replies(listing(stock=0, spec=spec), platform)["sold_out"])


@pytest.mark.parametrize("platform", [one.id for one in platforms()])
def test_no_reply_of_ours_uses_a_word_some_platform_forbids(platform: str) -> None:
    one = listing(
        "送小样(限量200份)，七天无理由", spec="S/M", limit=2, stock=500, ship_time="48", after_sale="可退"
    )
    says = {
        "carriers": "中通",
        "ship_today": "今天发",
        "cutoff": "16:00",
        "return_address": "杭州",
        "guarantees": "试用装",
    }
    gone = listing(stock=0, spec="S/M", backup="别的")
    every = [
        *quick.for_product(one, platform, says),
        *quick.for_product(gone, platform, says),
        *quick.for_room(platform, says),
    ]
    text = "".join(map(said, every))
    assert not re.search(r"你|宝贝|缺货|支付宝|微信|最|第一(?!时间)|亲", text)
    assert len({reply.id for reply in every}) > 15


@pytest.mark.parametrize("template", [*quick.rules().product, *quick.rules().room])
def test_every_template_has_a_title_in_every_language(template: object) -> None:
    assert texts.known(f"quick.title_{template.id}")


def test_every_topic_and_room_template_of_a_ready_answer_go_together() -> None:
    says = {topic.id: "值" for topic in quick.topics()}
    told = {reply.id for reply in quick.for_room("douyin", says)}
    without = {reply.id for reply in quick.for_room("douyin", {})}
    assert without == {"pay", "hold_on", "identity", "follow"}
    assert len(told - without) == len(says)
    assert all(texts.known(f"ready.topic_{topic}") for topic in says)


def test_a_promise_ends_when_the_business_day_turns_and_a_standing_answer_does_not() -> None:
    late = datetime(2026, 11, 12, 1, 0, tzinfo=ZONE)  # still the business day of the 11th
    cutoff = quick.state("a1", quick.find_topic("截单"), "16:00", by="1", now=late, zone=ZONE)
    carriers = quick.state("a1", quick.find_topic("快递"), "中通", by="1", now=late, zone=ZONE)
    turns = datetime(2026, 11, 12, 6, 0, tzinfo=ZONE)
    assert quick.in_force([cutoff, carriers], turns - timedelta(minutes=1)) == {
        "cutoff": "16:00",
        "carriers": "中通",
    }
    assert quick.in_force([cutoff, carriers], turns) == {"carriers": "中通"}


def test_guarantees_are_kept_by_one_name_each_and_unknown_ones_refused() -> None:
    topic = quick.find_topic("保障")
    kept = quick.state("a1", topic, "7天无理由、运费险 七天无理由", by="1", now=NOW, zone=ZONE)
    assert kept.value == "七天无理由、退货包运费"
    with pytest.raises(Refusal, match=r"ready\.guarantee"):
        quick.state("a1", topic, "终身保修", by="1", now=NOW, zone=ZONE)


def test_a_service_with_regions_left_out_is_told_with_them() -> None:
    assert "除新疆" in said(replies(listing("包邮(除新疆)"))["guarantees"])


@given(st.text(alphabet="发货。，！ 赠品abc\n；", max_size=400))
def test_parts_hold_every_character_and_none_is_too_long(text: str) -> None:
    parts = quick.in_parts(text, 60)
    assert all(0 < len(part) <= 60 for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_parts_end_with_a_sentence_where_they_can() -> None:
    text = "先洗净。" * 10 + "再涂抹到手上，" * 6 + "就好了。"
    parts = quick.in_parts(text, 60)
    assert parts[0].endswith("。")
    assert all(part[-1] in "。，" for part in parts)


@pytest.mark.parametrize(("platform", "account"), [("taobao", "旺旺"), ("tmall", "旺旺"), ("jd", "账号")])
def test_an_order_is_spoken_of_only_with_the_account_that_placed_it(platform: str, account: str) -> None:
    said = next(one for one in quick.for_room(platform, {}) if one.id == "identity")
    assert f"请您用下单的{account}来联系我们" in "".join(said.parts)


def test_group_orders_are_spoken_of_where_the_platform_has_them_alone() -> None:
    told = {reply.id: "".join(reply.parts) for reply in quick.for_room("pinduoduo", {})}
    assert "拼单成功才会安排发货" in told["group_buy"]
    assert "免拼卡" in told["group_card"]
    assert not {"group_buy", "group_card"} & {reply.id for reply in quick.for_room("douyin", {})}
