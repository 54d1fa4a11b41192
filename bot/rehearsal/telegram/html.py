"""Telegram's HTML: a handful of tags, strictly nested; anything else is refused with its byte offset."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.rehearsal.telegram.entities import Entity, in_order, literals_alone, utf16_length
from bot.rehearsal.telegram.errors import ApiError, bad_request

SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
TOKEN = re.compile(
    r"<(?P<end>/)?(?P<body>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>|&(?P<ref>#?\w{1,10});?|(?P<lone><)", re.ASCII
)
ATTRIBUTE = re.compile(r"\s+([\w-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([\w.-]+)))?")
USER_LINK = re.compile(r"tg://user\?id=(\d+)$")


@dataclass
class _Open:
    tag: str
    attributes: dict[str, str]
    start: int


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The text and entities of `source`; a mention by `tg://user?id=` comes back as `{"user": {"id": …}}`.

    Raises ApiError `can't parse entities: …` for unknown, unclosed or badly nested tags.
    """
    reader = _Reader(source)
    return reader.read()


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.pieces: list[str] = []
        self.length = 0
        self.opened: list[_Open] = []
        self.entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        at = 0
        for match in TOKEN.finditer(self.source):
            self._say(self.source[at : match.start()])
            self._take(match)
            at = match.end()
        self._say(self.source[at:])
        if self.opened:
            raise _refused(f'Can\'t find end tag corresponding to start tag "{self.opened[-1].tag}"')
        return "".join(self.pieces), in_order(literals_alone(_codes_merged(self.entities)))

    def _say(self, text: str) -> None:
        self.pieces.append(text)
        self.length += utf16_length(text)

    def _take(self, match: re.Match[str]) -> None:
        offset = len(self.source[: match.start()].encode())
        if match["ref"] is not None:
            self._say(_character(match["ref"]) or match.group())
        elif match["lone"] is not None:
            raise _refused(f"Unclosed start tag at byte offset {offset}")
        elif match["end"]:
            self._close(match["body"].strip().lower(), offset)
        else:
            self._open(match["body"], offset)

    def _open(self, body: str, offset: int) -> None:
        name = re.match(r"[\w-]*", body)
        tag = name.group().lower() if name else ""
        if tag not in SIMPLE:
            raise _refused(f'Unsupported start tag "{tag}" at byte offset {offset}')
        attributes = _attributes(body[len(tag) :], tag, offset)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _refused(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
        if tag == "tg-emoji" and not attributes.get("emoji-id", "").isdigit():
            raise _refused("Invalid custom emoji identifier specified")
        self.opened.append(_Open(tag, attributes, self.length))

    def _close(self, tag: str, offset: int) -> None:
        if not self.opened:
            raise _refused(f"Unexpected end tag at byte offset {offset}")
        opened = self.opened.pop()
        if tag not in ("", opened.tag):
            expected = f'expected "</{opened.tag}>", found "</{tag}>"'
            raise _refused(f"Unmatched end tag at byte offset {offset}, {expected}")
        extras = _extras(opened)
        if self.length > opened.start and extras is not None:
            place = {"offset": opened.start, "length": self.length - opened.start}
            self.entities.append({"type": SIMPLE[opened.tag], **place, **extras})


def _extras(opened: _Open) -> dict[str, Any] | None:
    """What an entity carries beside its place; None where Telegram makes no entity of the tag."""
    attributes = opened.attributes
    if opened.tag == "a":
        return _link(attributes.get("href", ""))
    if opened.tag == "blockquote" and "expandable" in attributes:
        return {"type": "expandable_blockquote"}
    if opened.tag == "tg-emoji":
        return {"custom_emoji_id": attributes["emoji-id"]}
    # A language counts only on code inside pre; `_codes_merged` moves it there.
    if opened.tag == "code" and attributes.get("class", "").startswith("language-"):
        return {"language": attributes["class"].removeprefix("language-")}
    return {}


def _link(href: str) -> dict[str, Any] | None:
    person = USER_LINK.match(href)
    if person:
        return {"type": "text_mention", "user": {"id": int(person[1])}}
    # A link Telegram cannot make sense of stays plain text, without an error.
    return {"url": href} if re.match(r"(?:https?|tg)://[^\s/]+", href) else None


def _attributes(rest: str, tag: str, offset: int) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while rest[at:].strip():
        match = ATTRIBUTE.match(rest, at)
        if not match:
            where = f'of an attribute of the tag "{tag}" at byte offset {offset}'
            raise _refused(f"Expected equal sign in declaration {where}")
        value = next((each for each in match.groups()[1:] if each is not None), "")
        found[match[1].lower()] = _unescaped(value)
        at = match.end()
    return found


def _unescaped(value: str) -> str:
    return re.sub(r"&(#?\w{1,10});?", lambda match: _character(match[1]) or match.group(), value)


def _character(reference: str) -> str | None:
    """What `&reference;` stands for; None for what Telegram leaves as it is."""
    if reference.startswith("#"):
        digits = reference[1:].lower()
        number = _number(digits)
        return chr(number) if number and number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else None
    return NAMED.get(reference)


def _number(digits: str) -> int | None:
    try:
        return int(digits[1:], 16) if digits.startswith("x") else int(digits)
    except ValueError:
        return None


def _codes_merged(entities: list[Entity]) -> list[Entity]:
    """`<pre><code class="language-…">` is one block of code, not two entities."""
    blocks = {_place(each): each for each in entities if each["type"] == "pre"}
    kept: list[Entity] = []
    for each in entities:
        language = each.pop("language", None) if each["type"] == "code" else None
        block = blocks.get(_place(each))
        if each["type"] != "code" or block is None:
            kept.append(each)
        elif language:
            block["language"] = language
    return kept


def _place(entity: Entity) -> tuple[int, int]:
    return entity["offset"], entity["length"]


def _refused(why: str) -> ApiError:
    return bad_request(f"can't parse entities: {why}")
