"""The picture of the review is readable on a phone, whatever the evening was."""

from __future__ import annotations

import struct
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pylopdf_fonts_zh_cn import sans_path

from bot import picture
from bot.picture_canvas import SMALLEST, clean, ellipsise, fitting, width, wrap
from bot.texts import plain, texts
from tests.support.review_evening import OFF, Evening, full_evening, fullest

LONG = (
    "【官方旗舰店同款】超长商品名称山茶花精粹水光焕颜保湿修护面霜礼盒装 50ml×2 限量版",
    "Hyaluronic Acid Intensive Hydrating Serum with Ceramides and Niacinamide 30 ml",
)
ODD = ("✨💄 口红 №07 ❤️", "한국어 크림", "ขวดน้ำหอม", "مرحبا", "a\u200b\u202eb\x07c\nd", "", "<b>&amp;</b>")


def zero():
    evening = Evening(products=0, orders=0)
    never = evening.broadcast.changed(live_at=None, ended_at=None, segments=())
    return evening.review(data_until=None, broadcast=never)


EVENINGS = {
    "nothing at all": zero,
    "one product": lambda: full_evening(products=1, orders=30).review(version=3),
    "an evening": lambda: full_evening().review(),
    "sixty products": lambda: full_evening(3, products=60, orders=1500, names=LONG + ODD).review(),
    "everything at its fullest": lambda: fullest(LONG + ODD),
    "data that ends early": lambda: full_evening(orders=50).review(data_until=OFF.replace(hour=14)),
    "a very long shop name": lambda: full_evening(orders=50).review(
        room_shop="美妆护肤个护香水海外专营旗舰店" * 4
    ),
}


def drawn(review, lang="zh-CN"):
    return Image.open(BytesIO(picture.draw(review, lang)))


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("name", EVENINGS)
def test_every_evening_is_a_true_colour_png_for_a_phone_of_at_most_400_kb(name, lang):
    data = picture.draw(EVENINGS[name](), lang)
    image = Image.open(BytesIO(data))
    assert (image.format, image.mode, image.width) == ("PNG", "RGB", 1080)
    assert 900 < image.height < picture.TALLEST
    assert len(data) <= 400_000


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("name", EVENINGS)
def test_nothing_is_drawn_over_the_edge(name, lang):
    image = drawn(EVENINGS[name](), lang)
    ground = image.getpixel((0, 0))
    for left in (0, image.width - 30):
        strip = image.crop((left, 0, left + 30, image.height))
        assert strip.getcolors() == [(30 * image.height, ground)]
    last = image.crop((0, image.height - 8, image.width, image.height))
    assert last.getcolors() == [(8 * image.width, ground)]


def named(name):
    evening = Evening(products=1, orders=12, names=[name])
    return picture.draw(evening.review(), "zh-CN")


@pytest.mark.parametrize("dressed", ["口红✨", "💄口红", "口\u200b红", "口红❤️", "口\x07红", " 口红\n"])
def test_what_the_font_cannot_draw_leaves_no_box_behind(dressed):
    assert named(dressed) == named("口红")


def test_a_name_of_which_nothing_can_be_drawn_leaves_the_number():
    assert named("💄💄") == named("")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_every_character_drawn_has_a_glyph(text):
    assert set(clean(text)) <= covered() | {" "}


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_the_texts_of_the_review_lose_no_character(lang):
    for key, text in texts(lang).items():
        if key.startswith(("picture.", "review.", "followup.kind", "chase.reason")):
            shown = " ".join(plain(text).split())
            assert clean(shown) == shown, key


def test_a_long_name_ends_in_an_ellipsis_and_fits():
    for name in LONG:
        short = ellipsise(name, 28, 380)
        assert short.endswith("…")
        assert name.startswith(short[:-1])
        assert width(short, 28) <= 380


@given(st.integers(0, 10**9), st.integers(90, 400))
def test_a_figure_is_made_smaller_rather_than_cut_but_never_below_the_smallest(number, most):
    size = fitting(f"{number:,}", 56, most)
    assert SMALLEST <= size <= 56
    assert width(f"{number:,}", size) <= most or size == SMALLEST


WORDS = ("21:45", "玫瑰精华水", "89.00", "→", "未确认，", "Lily", "1,204", "知悉。")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=30))
def test_lines_fit_their_width_keep_numbers_whole_and_begin_with_no_comma(words):
    lines = wrap(" ".join(words), 28, 300)
    assert "".join(lines).replace(" ", "") == "".join(words)
    for line in lines:
        assert width(line.rstrip("，。"), 28) <= 300
        assert line[0] not in "，。"
    for number in ("21:45", "89.00", "1,204", "Lily"):
        assert sum(line.split().count(number) for line in lines) == words.count(number)


def test_a_day_long_stream_still_has_bars_one_can_tell_apart():
    evening = full_evening(orders=50)
    long = evening.broadcast.changed(ended_at=OFF.replace(day=12, hour=11))
    image = drawn(evening.review(broadcast=long))
    assert image.width == 1080


@cache
def covered():
    """Every character the font file maps to a glyph, read from its cmap (format 12) without the picture's code."""
    data = Path(sans_path()).read_bytes()
    tables = struct.unpack(">H", data[4:6])[0]
    at = next(
        struct.unpack(">I", data[row + 8 : row + 12])[0]
        for row in range(12, 12 + 16 * tables, 16)
        if data[row : row + 4] == b"cmap"
    )
    found = set()
    for number in range(struct.unpack(">H", data[at + 2 : at + 4])[0]):
        _, _, offset = struct.unpack(">HHI", data[at + 4 + 8 * number : at + 12 + 8 * number])
        found |= mapped(data, at + offset)
    return found


def mapped(data, at):
    if struct.unpack(">H", data[at : at + 2])[0] != 12:
        return set()
    groups = (at + 16 + 12 * n for n in range(struct.unpack(">I", data[at + 12 : at + 16])[0]))
    spans = (struct.unpack(">III", data[group : group + 12]) for group in groups)
    return {chr(code) for first, last, _ in spans for code in range(first, last + 1)}
