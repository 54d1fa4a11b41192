"""The plain parts of a sheet read by pattern, five times as fast as element by element.

Spreadsheet programs write nearly every row and shared string in one plain form. What has exactly that form, to the
last character, is taken from the text; everything else goes to expat, which then sees the part without the plain
pieces and is still the judge of all of its structure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import IO, NamedTuple

from storage.exports.xlsx_parts import CHUNK, MAX_TEXT, MAX_TOKEN

TEXT = r"[^<&\x00-\x08\x0b-\x1f]*(?:&(?:amp|lt|gt|quot|apos);[^<&\x00-\x08\x0b-\x1f]*)*"
ROW = re.compile(r'<row(?: r="(\d{1,7})")?(?: [\w:.]+="[^"<&]*")*>')
CELL = re.compile(
    r'<c r="([A-Z]{1,3})\d{1,7}"(?: s="(\d{1,5})")?(?: t="(\w+)")?'
    rf'(?:/>|>(?:<v>({TEXT})</v>|<is><t(?: xml:space="preserve")?>({TEXT})</t></is>)?</c>)'
)
CELL_GROUPS = 6
"""What `CELL.split` gives a cell: what stands before it, then its five groups."""
STRING = re.compile(rf'<si><t(?: xml:space="preserve")?>({TEXT})</t></si>')
ENCODING = re.compile(rb"<\?xml[^>]*?encoding=[\"']([\w-]+)")


class PlainRow(NamedTuple):
    """A row's number, None where it has none, and of each cell: column letters, style, type and value."""

    number: int | None
    letters: list[str]
    styles: list[str | None]
    kinds: list[str | None]
    values: list[str | None]


def pieces(part: IO[bytes], end: bytes) -> Iterator[tuple[bytes, bool]]:
    """The part in pieces that end with the tag `end`, and whether a piece may be read by pattern.

    After a comment or CDATA (or in another encoding) what looks like a row may be none: no more patterns then.
    """
    rest, plain, first = b"", True, True
    while chunk := part.read(CHUNK):
        rest += chunk
        cut = rest.rfind(end) + len(end)
        if cut < len(end) and len(rest) < MAX_TOKEN:
            continue
        whole = cut >= len(end)
        piece, rest = (rest[:cut], rest[cut:]) if whole else (rest, b"")
        plain = plain and b"<!" not in piece and not (first and foreign(piece))
        first = False
        yield piece, plain and whole
    yield rest, False


def foreign(start: bytes) -> bool:
    """Whether the part declares another encoding than UTF-8."""
    found = ENCODING.match(start[:200].removeprefix(b"\xef\xbb\xbf"))
    return found is not None and found[1].lower() not in (b"utf-8", b"utf8")


def plain_row(text: str) -> PlainRow | None:
    """A row without its end tag; None where anything of it is not of the plain form."""
    tag = ROW.match(text)
    if tag is None or len(text) > MAX_TEXT:
        return None
    parts: list[str | None] = CELL.split(text[tag.end() :])
    if any(parts[::CELL_GROUPS]):
        return None
    values = parts[4::CELL_GROUPS]
    if any(inline := parts[5::CELL_GROUPS]):
        values = [value if value is not None else other for value, other in zip(values, inline, strict=True)]
    if "&" in text:
        values = [value and unescape(value) for value in values]
    number = int(tag[1]) if tag[1] else None
    return PlainRow(number, parts[1::CELL_GROUPS], parts[2::CELL_GROUPS], parts[3::CELL_GROUPS], values)  # type: ignore[arg-type]


def plain_strings(piece: bytes) -> list[str] | None:
    """The shared strings of a piece; None where anything of it is not of the plain form."""
    try:
        parts = STRING.split(piece.decode())
    except UnicodeDecodeError:
        return None
    if any(parts[::2]):
        return None
    found = parts[1::2]
    if any(len(text) > MAX_TEXT for text in found):
        return None
    return [unescape(text) for text in found] if b"&" in piece else found
