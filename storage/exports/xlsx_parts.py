"""The small parts of an .xlsx as expat handlers: relations, shared strings, date styles."""

from __future__ import annotations

import re
from typing import Protocol, TypeVar
from xml.parsers.expat import ParserCreate
from zipfile import ZipFile

CHUNK = 1 << 16
MAX_TOKEN = 1 << 20
"""The longest tag or attribute: expat keeps an unfinished one in memory."""
MAX_TEXT = 100_000
"""The longest cell text; Excel's own limit is 32,767 characters."""
MAX_STRINGS = 5_000_000

ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
# Built-in number formats that show a date or a time, Chinese ones included (ECMA-376 part 1, 18.8.30).
BUILT_IN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


class Hostile(Exception):
    """A part of the workbook that no spreadsheet program writes."""


class Handler(Protocol):
    """What is done with the elements of a part; names come without their namespace prefix."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, text: str) -> None: ...


H = TypeVar("H", bound=Handler)


def parse(archive: ZipFile, path: str, handler: H) -> H:
    """`handler` after it has seen the whole part."""
    feed = Feed(path, handler)
    with archive.open(path) as part:
        while chunk := part.read(CHUNK):
            feed.give(chunk)
    feed.end()
    return handler


class Feed:
    """Feeds a part to `handler` piece by piece; an unfinished tag may not grow without end."""

    def __init__(self, path: str, handler: Handler) -> None:
        self.path = path
        self.fed = 0
        self.parser = ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = lambda name, attributes: handler.start(local(name), attributes)
        self.parser.EndElementHandler = lambda name: handler.end(local(name))
        self.parser.CharacterDataHandler = handler.text
        self.parser.StartDoctypeDeclHandler = refuse_doctype
        if hasattr(self.parser, "SetReparseDeferralEnabled"):  # what is finished is wanted at once
            self.parser.SetReparseDeferralEnabled(False)

    def give(self, piece: bytes) -> None:
        """The next bytes of the part."""
        self.fed += len(piece)
        self.parser.Parse(piece, False)
        if self.fed - self.parser.CurrentByteIndex > MAX_TOKEN:
            raise Hostile(self.path)

    def end(self) -> None:
        """There is no more."""
        self.parser.Parse(b"", True)


def refuse_doctype(*_: object) -> None:
    """Entities (billion laughs) need a doctype, and no spreadsheet program writes one."""
    raise Hostile("doctype")


def local(name: str) -> str:
    """The element's name without its prefix: some programs write x:row."""
    return name.rpartition(":")[2] if ":" in name else name


def unescaped(text: str) -> str:
    """_x000D_ and the like back to their characters (ECMA-376 ST_Xstring)."""
    return ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class Elements:
    """Keeps the attributes of the elements named `wanted`."""

    def __init__(self, wanted: str) -> None:
        self.wanted = wanted
        self.found: list[dict[str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == self.wanted:
            self.found.append(attributes)
            if len(self.found) > CHUNK:
                raise Hostile(name)

    def end(self, name: str) -> None:
        """Elements are known by their attributes alone."""

    def text(self, text: str) -> None:
        """Elements are known by their attributes alone."""


class Strings:
    """The shared strings in order; runs of rich text joined, phonetic readings left out."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.pieces: list[str] = []
        self.length = 0
        self.inside = False
        self.phonetic = False

    def start(self, name: str, _: dict[str, str]) -> None:
        if name == "si":
            self.pieces, self.length = [], 0
        elif name == "rPh":
            self.phonetic = True
        elif name == "t":
            self.inside = not self.phonetic

    def text(self, text: str) -> None:
        if self.inside:
            self.length += len(text)
            if self.length > MAX_TEXT:
                raise Hostile("text")
            self.pieces.append(text)

    def end(self, name: str) -> None:
        if name == "t":
            self.inside = False
        elif name == "rPh":
            self.phonetic = False
        elif name == "si":
            self.add([unescaped("".join(self.pieces))])

    def add(self, strings: list[str]) -> None:
        """The next strings of the table."""
        self.found += strings
        if len(self.found) > MAX_STRINGS:
            raise Hostile("strings")


class DateStyles:
    """Which cell styles show a number as a date or time."""

    def __init__(self) -> None:
        self.codes: dict[int, str] = {}
        self.formats: list[int] = []
        self.inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self.codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self.inside = True
        elif name == "xf" and self.inside:
            self.formats.append(int(attributes.get("numFmtId", "0")))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self.inside = False

    def text(self, text: str) -> None:
        """Styles have no text."""

    def dates(self) -> frozenset[int]:
        """Indexes of the cell styles that show dates or times."""
        return frozenset(i for i, number in enumerate(self.formats) if self.shows_date(number))

    def shows_date(self, number: int) -> bool:
        code = self.codes.get(number)
        if code is None:
            return number in BUILT_IN_DATES
        # [h] counts hours and is a time; other brackets are colours and locales.
        plain = LITERAL.sub("", code.lower().replace("[h", "h").replace("[m", "m").replace("[s", "s"))
        return "general" not in plain and any(letter in plain for letter in "ymdhs")
