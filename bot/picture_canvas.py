"""Drawing for the review picture: a growing page, rounded shapes without jags, text that is never tofu."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from io import BytesIO
from typing import Literal

from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import sans_path

SMALLEST = 24
"""Pixels: on a phone a 1080 px picture is shown at about a third."""
BOLD_STROKE = 0.013
"""Of the size: the package has the regular weight only; stroked by this it looks like the bold one."""
SMOOTH = 4
STEPS = [round(shade / 17) * 17 for shade in range(256)]

Anchor = Literal["l", "m", "r"]
Area = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""
_UNKNOWN = "\U0010ffff"
_WORD = re.compile(r"[^\s\u2e80-\uffef]+|\s+|.", re.DOTALL)
_NO_LINE_START = frozenset("，。、；：！？）」』”’…,.;:!?)%")
_NO_LINE_END = frozenset("（「『“‘([")


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Noto Sans SC, simplified forms. Basic layout: the same picture whatever libraries a machine has."""
    return ImageFont.truetype(sans_path(), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(8192)
def has_glyph(character: str) -> bool:
    """Whether the font draws this character; what it lacks all looks like one box."""
    if character == " ":
        return True
    mask = font(SMALLEST).getmask(character)
    return bool(mask.getbbox()) and bytes(mask) != _missing()


@cache
def _missing() -> bytes:
    return bytes(font(SMALLEST).getmask(_UNKNOWN))


def clean(text: str) -> str:
    """`text` on one line without what the font cannot draw: emoji, other scripts, control characters."""
    drawn = "".join(one if has_glyph(one) else " " if one.isspace() else "" for one in text)
    return " ".join(drawn.split())


@lru_cache(8192)
def width(text: str, size: int) -> float:
    """Pixels `text` takes."""
    return font(size).getlength(text)


def ellipsise(text: str, size: int, most: float) -> str:
    """`text`, shortened by an ellipsis to at most `most` pixels."""
    if width(text, size) <= most:
        return text
    while text and width(text + "…", size) > most:
        text = text[:-1].rstrip()
    return text + "…"


def fitting(text: str, size: int, most: float) -> int:
    """The largest size from `size` down to the smallest at which `text` is at most `most` pixels wide."""
    while size > SMALLEST and width(text, size) > most:
        size -= 2
    return size


def wrap(text: str, size: int, most: float) -> list[str]:
    """Lines of at most `most` pixels; numbers and Latin words stay whole, no line begins with punctuation
    or ends with an opening bracket."""
    lines, line = [], ""
    for piece in (part for word in _WORD.findall(text) for part in _pieces(word, size, most)):
        if line and width(line + piece, size) > most and piece not in _NO_LINE_START:
            kept = line.rstrip()
            carried = kept[-1] if len(kept) > 1 and kept[-1] in _NO_LINE_END else ""
            lines.append(kept.removesuffix(carried).rstrip())
            line = carried + piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(word: str, size: int, most: float) -> list[str]:
    """A word, or its characters where it is wider than a line."""
    return [word] if width(word, size) <= most else list(word)


class Page:
    """A page of fixed width whose height is cut to what was drawn."""

    def __init__(self, wide: int, tallest: int, ground: str) -> None:
        self._image = Image.new("RGB", (wide, tallest), ground)
        self._draw = ImageDraw.Draw(self._image)

    def text(
        self, x: float, y: float, text: str, size: int, fill: str, *, bold: bool = False, anchor: Anchor = "l"
    ) -> float:
        """`text` with its baseline at `y`, from, around or up to `x`; the x at which it ends."""
        text = clean(text)
        wide = width(text, size)
        left = round(x - {"l": 0, "m": wide / 2, "r": wide}[anchor])
        if text:
            mask, offset = _mask(text, size, bold=bold)
            self._image.paste(fill, (left + offset[0], round(y) + offset[1]), mask)
        return left + wide

    def box(self, area: Area, radius: int, fill: str) -> None:
        """A rectangle with round corners."""
        left, top, right, bottom = area
        wide, tall = round(right) - round(left), round(bottom) - round(top)
        if wide > 0 and tall > 0:
            mask = _rounded(wide, tall, min(radius, wide // 2, tall // 2))
            self._image.paste(fill, (round(left), round(top)), mask)

    def dot(self, x: float, y: float, radius: int, fill: str) -> None:
        """A disc around x, y."""
        self.box((x - radius, y - radius, x + radius, y + radius), radius, fill)

    def rule(self, left: float, right: float, y: float, fill: str) -> None:
        """A level hairline of two pixels."""
        self._draw.rectangle((left, y, right, y + 1), fill=fill)

    def png(self, tall: int) -> bytes:
        """The first `tall` pixels as PNG."""
        file = BytesIO()
        self._image.crop((0, 0, self._image.width, tall)).save(file, "PNG", compress_level=6)
        return file.getvalue()


def _mask(text: str, size: int, *, bold: bool) -> tuple[Image.Image, tuple[int, int]]:
    """`text` as a mask, and where its corner stands from the start of the baseline.

    The smoothing has sixteen steps instead of 256: the eye sees no difference, the file is a third smaller.
    """
    stroke = size * BOLD_STROKE if bold else 0
    left, top, right, bottom = (
        round(edge) for edge in font(size).getbbox(text, anchor="ls", stroke_width=stroke)
    )
    mask = Image.new("L", (right - left + 4, bottom - top + 4), 0)
    ImageDraw.Draw(mask).text(
        (2 - left, 2 - top),
        text,
        font=font(size),
        fill=255,
        anchor="ls",
        stroke_width=stroke,
        stroke_fill=255,
    )
    return mask.point(STEPS), (left - 2, top - 2)


def _rounded(wide: int, tall: int, radius: int) -> Image.Image:
    """A mask with smooth corners: only the corners are drawn large and shrunk, a whole card would be slow."""
    mask = Image.new("L", (wide, tall), 255)
    if radius < 1:
        return mask
    corner = _corner(radius)
    turns = (
        (corner, (0, 0)), (corner.transpose(Image.Transpose.FLIP_LEFT_RIGHT), (wide - radius, 0)),
        (corner.transpose(Image.Transpose.FLIP_TOP_BOTTOM), (0, tall - radius)),
        (corner.transpose(Image.Transpose.ROTATE_180), (wide - radius, tall - radius)),
    )  # fmt: skip
    for turned, place in turns:
        mask.paste(turned, place)
    return mask


@cache
def _corner(radius: int) -> Image.Image:
    large = Image.new("L", (radius * SMOOTH, radius * SMOOTH), 0)
    ImageDraw.Draw(large).ellipse((0, 0, 2 * radius * SMOOTH, 2 * radius * SMOOTH), fill=255)
    return large.resize((radius, radius), Image.Resampling.BOX)
