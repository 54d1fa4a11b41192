"""What agents are given to say to buyers never asks for freight, announces closing or says 缺货 (H13, H16, H35)."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bot import texts
from bot.texts import plain, say
from playbooks import aftercare

WORDS = tomllib.loads((Path(__file__).parents[1] / "support" / "forbidden_to_buyers.toml").read_text("utf-8"))
KEYS = sorted({key for keys in aftercare.rules().scripts.values() for key in keys})
LONGEST_COPIED = 256


def wrong(text: str) -> list[str]:
    """The ids of the facts that forbid `text`."""
    found = []
    for rule in WORDS["rules"]:
        excused = [m.span() for one in rule.get("except_regex", []) for m in re.finditer(one, text)]
        hits = [m.span() for one in rule["regex"] for m in re.finditer(one, text, re.IGNORECASE)]
        if any(not any(a < end and start < b for a, b in excused) for start, end in hits):
            found.append(rule["id"])
    return found


@pytest.mark.parametrize("lang", sorted(texts.LANGUAGES))
@pytest.mark.parametrize("key", KEYS)
def test_no_script_says_what_must_not_be_said_to_a_buyer(key: str, lang: str) -> None:
    text = plain(say(lang, key))
    assert wrong(text) == []
    assert 0 < len(text) <= LONGEST_COPIED


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("您那边是偏远地区，要补 15 元运费", "freight_extra"),
        ("新疆需要加20元快递费哦", "freight_extra"),
        ("我们这边先帮您取消订单", "close_order"),
        ("我这边直接给您关闭订单了", "close_order"),
        ("这款缺货了", "stock_word"),
        ("Please pay 15 yuan extra freight", "freight_extra"),
        ("We will close your order", "close_order"),
    ],
)
def test_the_words_that_are_forbidden_are_found(text: str, id: str) -> None:
    assert id in wrong(text)


def test_every_script_belongs_to_a_rule_of_the_audit() -> None:
    unknown = [rule for rule in aftercare.rules().scripts if not texts.known(f"audit.name_{rule}")]
    assert unknown == []
