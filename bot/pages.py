"""Long lists as several messages, each within what Telegram takes (4096 units) and a person reads in one go."""

from __future__ import annotations

from collections.abc import Sequence

from bot.card import line
from bot.render import RESERVED, TEXT_UNITS, line_html, units
from bot.texts import plain
from storage.rows import Line

LINES_A_MESSAGE = 40
ROOM = TEXT_UNITS - 2 * RESERVED
"""Units, with room for the shop's name in front and a line about what was left out."""


def in_pages(said: Sequence[Line], lang: str, *, at_most: int = 0, more: str = "") -> list[tuple[Line, ...]]:
    """Lines as messages in `lang`; at least one. Of more than `at_most` messages (0: any number) the rest is left
    out, which the text `more` says with {count}."""
    pages: list[list[Line]] = [[]]
    length = 0
    for one in said:
        needs = units(plain(line_html(lang, one))) + 1
        if pages[-1] and (len(pages[-1]) == LINES_A_MESSAGE or length + needs > ROOM):
            pages.append([])
            length = 0
        pages[-1].append(one)
        length += needs
    if at_most and len(pages) > at_most:
        left_out = sum(map(len, pages[at_most:])) + 1
        pages = [*pages[: at_most - 1], [*pages[at_most - 1][:-1], line(more, count=left_out)]]
    return [tuple(page) for page in pages]
