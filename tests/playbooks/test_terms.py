"""Limit, stock and promotion as ops type them on air."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from playbooks import terms
from playbooks.announce import Offer, first_offer, revise
from playbooks.model import Refusal
from playbooks.promotion import parse
from playbooks.runsheet import Product

NOW = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)


def offer() -> Offer:
    said = parse("满199减30；暗号小满")
    gift = parse("小样3片", "gift")
    product = Product(
        seq=3, link_no=3, duration=10, name="面霜", live_price=Decimal(129), promo="满199减30；暗号小满",
        promotions=(*said.promotions, *gift.promotions), left=said.left, gift="小样3片",
    )  # fmt: skip
    return first_offer(product, "11", NOW)


def test_another_promotion_takes_the_place_of_the_old_one_and_leaves_the_gift():
    after = revise(offer(), "11", NOW, **terms.new_deal(offer(), "买2送1；神秘暗号"))
    assert after.promo == "买2送1；神秘暗号"
    assert [p.kind for p in after.promotions] == ["buy_x_get_y", "gift"]
    assert after.left == ("神秘暗号",)


def test_nothing_takes_the_promotion_away_and_nothing_else():
    after = revise(offer(), "11", NOW, **terms.new_deal(offer(), "无"))
    assert (after.promo, after.left, after.gift) == ("", (), "小样3片")
    assert [p.kind for p in after.promotions] == ["gift"]


@pytest.mark.parametrize(("word", "pieces"), [("2", 2), ("2件", 2), ("不限", None), ("0", None)])
def test_limits_as_people_write_them(word, pieces):
    assert terms.read_limit(word) == pieces


@pytest.mark.parametrize("word", ["²", "三", "-1", "2.5", "", "9999999"])
def test_what_is_no_number_of_pieces_is_refused(word):
    with pytest.raises(Refusal):
        terms.read_stock(word)
