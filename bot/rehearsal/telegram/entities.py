"""Text as Telegram counts it: UTF-16 units, trimmed ends, and the entities it finds by itself."""

from __future__ import annotations

import re
from html import escape
from typing import Any

Entity = dict[str, Any]
"""A MessageEntity as the Bot API writes it: `type`, `offset`, `length` (UTF-16 units), then its extras."""

FOUND = (
    ("url", re.compile(r"https?://[^\s<>\"'，。；：！？、）】》]+")),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d])\w{1,256}")),
)
LITERAL = frozenset({"code", "pre"})
TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "spoiler": "tg-spoiler",
    "blockquote": "blockquote",
}


def utf16_length(text: str) -> int:
    """How long Telegram finds `text`: an emoji outside the basic plane counts two."""
    return len(text) + sum(1 for character in text if character > "\uffff")


def entity_text(text: str, entity: Entity) -> str:
    """The piece of `text` an entity covers."""
    units = text.encode("utf-16-le")
    start = 2 * entity["offset"]
    return units[start : start + 2 * entity["length"]].decode("utf-16-le")


def found_entities(text: str, marked: list[Entity]) -> list[Entity]:
    """`marked` and the commands, mentions, links and hashtags Telegram adds where nothing forbids it."""
    taken = [(each["offset"], _end(each)) for each in marked if each["type"] in LITERAL | {"text_link"}]
    every = list(marked)
    for kind, pattern in FOUND:
        for match in pattern.finditer(text):
            start = utf16_length(text[: match.start()])
            end = start + utf16_length(match.group())
            if all(end <= low or start >= high for low, high in taken):
                taken.append((start, end))
                every.append({"type": kind, "offset": start, "length": end - start})
    return in_order(every)


def in_order(entities: list[Entity]) -> list[Entity]:
    """By offset, the longer first, as Telegram sends them."""
    return sorted(entities, key=lambda each: (each["offset"], -each["length"]))


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """`text` without white space at its ends, entities moved and cut to fit; empty ones are gone."""
    lead = len(text) - len(text.lstrip())
    kept = text.strip()
    moved = (_cut(each, -lead, utf16_length(kept)) for each in entities)
    return kept, [each for each in moved if each["length"] > 0]


def literals_alone(entities: list[Entity]) -> list[Entity]:
    """Nothing but a quotation lies over code: other entities are cut around it."""
    holes = [(each["offset"], _end(each)) for each in entities if each["type"] in LITERAL]
    kept: list[Entity] = []
    for each in entities:
        whole = each["type"] in LITERAL | {"blockquote", "expandable_blockquote"}
        pieces = [(each["offset"], _end(each))] if whole else _without(each, holes)
        kept += [{**each, "offset": start, "length": end - start} for start, end in pieces if end > start]
    return kept


def as_html(text: str, entities: list[Entity]) -> str:
    """`text` with its entities as the HTML a page can show; only markup Telegram itself reads back."""
    units = text.encode("utf-16-le")
    opens: dict[int, list[str]] = {}
    closes: dict[int, list[str]] = {}
    for each in in_order(entities):
        start_tag, end_tag = _tags(each)
        opens.setdefault(each["offset"], []).append(start_tag)
        closes.setdefault(_end(each), []).insert(0, end_tag)
    edges = sorted({0, len(units) // 2, *opens, *closes})
    pieces: list[str] = []
    for edge, following in zip(edges, [*edges[1:], edges[-1]], strict=True):
        pieces += closes.get(edge, []) + opens.get(edge, [])
        pieces.append(escape(units[2 * edge : 2 * following].decode("utf-16-le"), quote=False))
    return "".join(pieces)


def _end(entity: Entity) -> int:
    return int(entity["offset"]) + int(entity["length"])


def _cut(entity: Entity, shift: int, limit: int) -> Entity:
    start = max(0, entity["offset"] + shift)
    end = min(limit, _end(entity) + shift)
    return {**entity, "offset": start, "length": end - start}


def _without(entity: Entity, holes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    pieces = [(int(entity["offset"]), _end(entity))]
    for low, high in holes:
        pieces = [
            piece
            for start, end in pieces
            for piece in ([(start, end)] if end <= low or start >= high else [(start, low), (high, end)])
        ]
    return pieces


def _tags(entity: Entity) -> tuple[str, str]:
    kind = entity["type"]
    if kind == "text_link":
        return f'<a href="{escape(entity["url"])}">', "</a>"
    if kind == "text_mention":
        return f'<a href="tg://user?id={entity["user"]["id"]}">', "</a>"
    if kind == "expandable_blockquote":
        return "<blockquote expandable>", "</blockquote>"
    if kind == "custom_emoji":
        return f'<tg-emoji emoji-id="{entity["custom_emoji_id"]}">', "</tg-emoji>"
    return (f"<{TAGS[kind]}>", f"</{TAGS[kind]}>") if kind in TAGS else ("", "")
