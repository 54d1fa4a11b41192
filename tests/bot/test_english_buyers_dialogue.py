"""A room whose buyers read English: every text to paste is English, and is found by English words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.evening import BOSS, MEI, OPS, Shift, evening

SHEET = """Link no.,Product name,Live price,Offer,Gift,Stock
1,Rose Essence Water,79,,,120
2,Velvet Lipstick,69,¥30 off over ¥199,,200
3,Niacinamide Cream,129,buy 1 get 1 free,cotton pads,50
"""
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


async def selling(shift: Shift) -> None:
    await shift.says(BOSS, "/setup Lumi douyin en")
    await shift.sends(OPS, "run.csv", SHEET.encode())
    await shift.press(OPS, "Take")
    await shift.at("20:00")
    await shift.says(OPS, "/live")


def pasted(shift: Shift, who: int) -> list[str]:
    """What the copy buttons of the newest answer copy."""
    message = shift.here.core.said(who)[-1]
    return [b.copied for row in message.rows for b in row if b.copied]


@pytest.mark.parametrize("number", ["1", "2", "3"])
async def test_all_quick_replies_of_a_product_are_english(tmp_path: Path, number: str) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(MEI, f"/q {number}")
        texts = pasted(shift, MEI)
        assert texts
        assert not [text for text in texts if CHINESE.search(text)]


async def test_the_hold_on_and_the_calming_script_are_english(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        for words in ("/q zzzxxq", "/ask 3 may I use it with retinol", "/angry 3 the buyer shouts"):
            await shift.asks(MEI, words)
            texts = pasted(shift, MEI)
            assert texts, words
            assert not [text for text in texts if CHINESE.search(text)], words


@pytest.mark.parametrize("typed", ["shipping", "shiping", "courier", "shipping time"])
async def test_ready_answers_are_set_and_found_by_english_words(tmp_path: Path, typed: str) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        await shift.asks(OPS, "/ready carrier SF Express")
        await shift.asks(OPS, "/ready shipping within 48 hours")
        await shift.asks(MEI, f"/q {typed}")
        texts = pasted(shift, MEI)
        assert any("SF Express" in text or "within 48 hours" in text for text in texts)
        assert not [text for text in texts if CHINESE.search(text)]


async def test_guarantees_and_topics_go_by_english_names(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await selling(shift)
        said = (await shift.asks(OPS, "/ready guarantees free shipping, 7-day returns"))[0]
        assert "free shipping, 7-day returns" in said
        unknown = (await shift.asks(OPS, "/ready guarantees moon on a stick"))[0]
        assert "fast dispatch" in unknown
        assert "carriers / ship / cutoff / return / guarantees" in (await shift.asks(OPS, "/ready xyz a"))[0]
        for answer in (said, unknown):
            assert not CHINESE.search(answer.replace("小周", ""))
        await shift.asks(MEI, "/q guarantee")
        assert "Our shop offers: free shipping, 7-day returns." in pasted(shift, MEI)
