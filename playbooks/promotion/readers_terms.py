"""Patterns and builders of promotions with terms of their own: 秒杀, 定金, 会员价, 加价购, 福袋, services."""

from __future__ import annotations

import re

from playbooks.promotion.grammar import (
    COUNT,
    DATE,
    PIECES,
    RATE,
    SAID,
    TIME,
    TO,
    YUAN,
    Found,
    any_of,
    clock_of,
    number,
    quantity_and_name,
    rate_of,
    yuan,
)
from playbooks.promotion.terms import AddOn, Flash, Freebie, LuckyBag, Member, Presale
from playbooks.promotion.working import Promotion

WORTH = re.compile(rf"价值({YUAN})")


def _flash(found: Found, text: str) -> Promotion | None:
    price = yuan(found["price"] or found["before"])
    starts, ends = clock_of(found["starts"] or found["since"]), clock_of(found["ends"] or found["until"])
    if price is None or (found["starts"] and not starts):
        return None
    return Flash(text=text, price=price, starts=starts, ends=ends, qty=number(found["qty"] or "") or None,
                 per_user=number(found["each"] or "") or None)  # fmt: skip


def _presale(found: Found, text: str) -> Promotion | None:
    deposit, worth = yuan(found["deposit"]), yuan(found["worth"])
    if not deposit or not worth or worth < deposit:
        return None
    return Presale(text=text, deposit=deposit, deposit_value=worth, balance_from=found["since"] or "",
                   balance_to=found["until"] or "", ship_by=found["ship"] or "")  # fmt: skip


def _member(found: Found, text: str) -> Promotion | None:
    price, rate = yuan(found["price"]), rate_of(found["rate"]) if found["rate"] else None
    if (price is None) == (rate is None):
        return None
    return Member(
        text=text, level=found["level"], price=price, rate=rate, stackable="不可叠加" not in found[0]
    )


def _add_on(found: Found, text: str) -> Promotion | None:
    add = yuan(found["add"] or found["behind"])
    item = found["item"] or found["ahead"]
    return (
        AddOn(text=text, add_price=add, item=item, threshold=yuan(found["reach"])) if add and item else None
    )


def _lucky_bag(found: Found, text: str) -> Promotion | None:
    qty, prize = quantity_and_name(found["what"])
    worth = WORTH.search(text)
    if not prize:
        return None
    return LuckyBag(text=text, prize=prize, qty=qty if re.search(r"\d|[一二三四五六七八九十]", found["what"]) else None,
                    draw_at=clock_of(found["at"] or found["drawn"]),
                    condition=(found["condition"] or "").strip("(),"),
                    value=yuan(worth[1]) if worth else None)  # fmt: skip


def _freebie(found: Found, text: str) -> Promotion | None:
    service = next(name for name, words in SAID.services.items() if found[1] in words)
    regions = tuple(re.split(r"[、,/;和]", found[2])) if found[2] else ()
    return Freebie(text=text, service=service, regions_excluded=regions)


FLASH = (
    (rf"(?:(?P<starts>{TIME})(?:{TO}(?P<ends>{TIME}))?(?:限时|限量|[:,])*)?"
     rf"(?:秒杀价?:?(?P<price>{YUAN})元?|(?P<before>{YUAN})元?(?:限时|限量)*秒杀价?)"
     rf"(?:[,(]*(?P<since>{TIME}){TO}(?P<until>{TIME})\)?)?(?:[,(]*(?:限量?|共)(?P<qty>{COUNT}){PIECES}\)?)?"
     rf"(?:[,(]*每人限购?(?P<each>{COUNT}){PIECES}?\)?)?", _flash),
)  # fmt: skip
SERVICES = (
    (rf"({any_of(w for words in SAID.services.values() for w in words)})"
     r"(?:\(除?([^()]+?)(?:除外|不包邮|不包|不发)?\))?", _freebie),
)  # fmt: skip
MEMBERS = (
    (rf"(?P<level>{any_of(SAID.members)})(?:专享|专属)?(?:价:?(?P<price>{YUAN})元?|(?:再|享|打)*(?P<rate>{RATE})折)"
     r"(?!券)(?:\(?不?可叠加\)?)?", _member),
)  # fmt: skip
MOMENT = rf"{DATE}(?:,?{TIME})?"
PRESALES = (
    (rf"(?:预售:?)?(?:付|预付)?定金(?P<deposit>{YUAN})元?(?:可|立)?(?:抵扣|抵用|抵|膨胀到?|顶|当)(?P<worth>{YUAN})元?"
     rf"(?:[,(]*(?:付?尾款(?:时间)?:?)(?P<since>{MOMENT})(?:{TO}(?P<until>{MOMENT}|{TIME}))?\)?)?"
     rf"(?:[,(]*(?:最晚|预计)?(?P<ship>{DATE})(?:之?前)?发货\)?)?", _presale),
)  # fmt: skip
ADD_ONS = (
    (rf"(?:满(?P<reach>{YUAN})元?)?(?:(?:再?加|\+)?(?P<add>{YUAN})元?(?:即?可)?(?:换购|加购)(?P<item>[^,()\d]{{1,30}})"
     rf"|加价?购:?(?P<ahead>[^,()\d]{{1,30}})(?P<behind>{YUAN})元?)", _add_on),
)  # fmt: skip
LUCKY_BAGS = (
    (rf"(?:(?P<at>{TIME})(?:开奖|开|抽)?:?)?(?:超级|粉丝)?福袋:?(?:抽|送)?(?P<what>[^,()]+?)"
     rf"(?:[,(]*(?P<drawn>{TIME})(?:开奖|开|抽)\)?)?(?P<condition>[,(].*)?$", _lucky_bag),
)  # fmt: skip
