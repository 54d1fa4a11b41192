"""Card -> what Telegram is given: HTML and an inline keyboard, within Telegram's limits."""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import accumulate

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.texts import escape, plain, say
from storage.rows import Button, Card, Line

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
TOAST_UNITS = 200
DATA_BYTES = 64
RESERVED = 60
"""Units kept for the line that says how many lines were left out."""


def units(text: str) -> int:
    """Length as Telegram counts it: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def line_html(lang: str, line: Line) -> str:
    """A line in `lang` as Telegram HTML; a Line among the values is said in its place."""
    return say(lang, line.key, **{name: _value_html(lang, value) for name, value in line.values.items()})


def _value_html(lang: str, value: str | int | Line | tuple[Line, ...]) -> str:
    if isinstance(value, Line):
        return line_html(lang, value)
    if isinstance(value, tuple):
        return say(lang, "common.comma").join(line_html(lang, one) for one in value)
    return escape(value)


def text_html(card: Card, lang: str, shop: str = "", *, again: bool = False) -> str:
    """The card's text. `shop` names the room on a private card; `again` marks a send that may be the second.

    What does not fit is left out line by line from the end, and that is said.
    """
    limit = CAPTION_UNITS if card.attach else TEXT_UNITS
    said = [line_html(lang, one) for one in card.lines]
    if shop and said:
        said[0] = say(lang, "common.in_room", shop=escape(shop), text=said[0])
    if again:
        said.insert(0, say(lang, "common.again"))
    return _fit(said, lang, limit)


def _fit(said: list[str], lang: str, limit: int) -> str:
    """As many lines from the front as fit, with room for the line that counts the rest."""
    room = limit - RESERVED
    lengths = accumulate(units(plain(one)) + 1 for one in said)
    kept = sum(length <= room for length in lengths)
    if kept == len(said) or units(plain("\n".join(said))) <= limit:
        return "\n".join(said)
    if not kept:
        return escape(_cut(plain("\n".join(said)), limit))
    return "\n".join([*said[:kept], say(lang, "common.left_out", count=str(len(said) - kept))])


def _cut(text: str, limit: int) -> str:
    """`text` cut to `limit` units, with an ellipsis where something is missing."""
    if units(text) <= limit:
        return text
    whole = text.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", errors="ignore")
    return whole.rstrip("…") + "…"


def toast_text(card: Card, lang: str) -> str:
    """The answer to a press: plain, at most 200 units."""
    return _cut(plain("\n".join(line_html(lang, one) for one in card.lines)), TOAST_UNITS)


def keyboard(card: Card, lang: str, room: str) -> InlineKeyboardMarkup | None:
    """The card's buttons; their data is `room:words`, at most 64 bytes."""
    if not card.buttons:
        return None
    rows = [[_made(*_said(one, lang, room)) for one in row] for row in card.buttons if row]
    return InlineKeyboardMarkup(rows)


def keyboard_json(card: Card, lang: str, room: str) -> str:
    """The same buttons as the JSON Telegram is given, '' for none.

    For edits, not by way of PTB's objects: a card of a dozen buttons would cost a tenth of what a press does.
    """
    rows = [",".join(_made_json(*_said(one, lang, room)) for one in row) for row in card.buttons if row]
    return f'{{"inline_keyboard":[{",".join(f"[{row}]" for row in rows)}]}}' if rows else ""


def markup(keyboard: str) -> InlineKeyboardMarkup | None:
    """PTB's object of a `keyboard_json`."""
    return InlineKeyboardMarkup.de_json(json.loads(keyboard)) if keyboard else None


def _said(button: Button, lang: str, room: str) -> tuple[str, str, str, str]:
    """Caption, data, text to copy, URL."""
    said = button.line
    caption = plain(line_html(lang, said)) if said.values else _caption(lang, said.key)
    if button.copy_text or button.url:
        return caption, "", button.copy_text, button.url
    data = f"{room}:{button.act}"
    if len(data.encode()) > DATA_BYTES:
        raise ValueError(f"button data of {len(data.encode())} bytes: {data}")
    return caption, data, "", ""


@lru_cache(maxsize=4096)
def _caption(lang: str, key: str) -> str:
    return plain(say(lang, key))


@lru_cache(maxsize=4096)
def _made(caption: str, data: str, copy_text: str, url: str) -> InlineKeyboardButton:
    if copy_text:
        return InlineKeyboardButton(caption, copy_text=CopyTextButton(copy_text))
    return InlineKeyboardButton(caption, callback_data=data or None, url=url or None)


def _made_json(caption: str, data: str, copy_text: str, url: str) -> str:
    made: dict[str, object] = {"text": caption}
    if copy_text:
        made["copy_text"] = {"text": copy_text}
    elif data:
        made["callback_data"] = data
    elif url:
        made["url"] = url
    return json.dumps(made)
