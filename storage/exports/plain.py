"""A table that is no archive: text in its encoding and delimiter, or a web page 网页 under a table's name."""

from __future__ import annotations

import csv
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from typing import IO

from playbooks.model import Refusal
from storage.exports.containers import ENCRYPTED_MARK, OLE_MAGIC
from storage.exports.html_table import html_rows
from storage.exports.limits import HEAD_ROWS, Row
from storage.exports.xlsx_parts import CHUNK

CHECKED = 1 << 20
"""Bytes decoded at once when a text is looked through."""
CONTROL = (*range(9), *range(14, 32), 127)


def read_plain(name: str, start: bytes, opened: Callable[[], IO[bytes]]) -> tuple[bool, Iterator[Row]]:
    """Whether it is text, and the rows of what is no archive: text, or a web page under a table's name.

    Raises Refusal for an old .xls and for a workbook with a password; `opened` gives the bytes from the start.
    """
    if start.startswith(OLE_MAGIC):
        locked = ENCRYPTED_MARK in opened().read()
        raise Refusal("files.password_needed" if locked else "files.old_xls", name=name)
    if start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        start = start.decode("utf-16", "ignore").encode()
    begins = start.removeprefix(BOM_UTF8).lstrip().lower()
    if begins.startswith(b"<?xml") and b"<table" not in begins.replace(b"<table ss:", b""):
        raise Refusal("files.html", name=name)
    if begins.startswith((b"<html", b"<table", b"<!doctype", b"<meta", b"<head", b"<?xml")):
        return False, read_page(name, opened)
    return True, read_text(name, opened)


def read_text(name: str, opened: Callable[[], IO[bytes]]) -> Iterator[Row]:
    """Rows of a csv or tsv. Quotes are strict: an unclosed one would swallow the rest of the file."""
    encoding, start = encoding_of(name, opened)
    with opened() as file:
        lines = TextIOWrapper(file, encoding=encoding, newline="")
        reader = csv.reader(lines, delimiter=delimiter_of(start), strict=True)
        read = 0
        try:
            for row in reader:
                read = reader.line_num
                yield tuple(row)
        except csv.Error as error:
            raise _broken(name, reader.line_num, read, str(error)) from error


def _broken(name: str, line: int, read: int, why: str) -> Refusal:
    """`read`: the line up to which all was well. What goes on over several lines is a quote left open; a cell that is
    too long on its own line is just that."""
    if line - read == 1 and "field limit" in why:
        return Refusal("files.cell_too_long", name=name, line=line, most=csv.field_size_limit())
    return Refusal("files.csv_broken", name=name, line=line)


def read_page(name: str, opened: Callable[[], IO[bytes]]) -> Iterator[Row]:
    """Rows of the tables of an HTML page."""
    encoding, _ = encoding_of(name, opened)
    with opened() as file:
        lines = TextIOWrapper(file, encoding=encoding)
        yield from html_rows(iter(lambda: lines.read(CHUNK), ""))


def encoding_of(name: str, opened: Callable[[], IO[bytes]]) -> tuple[str, str]:
    """The encoding and the text's start: BOM, strict UTF-8, strict GB18030 (GBK lacks emoji), no guessing."""
    with opened() as file:
        utf_16 = file.read(2) in (BOM_UTF16_LE, BOM_UTF16_BE)
    for encoding in ("utf-16",) if utf_16 else ("utf-8-sig", "gb18030"):
        try:
            return encoding, checked_text(name, opened, encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal("files.not_table", name=name)


def checked_text(name: str, opened: Callable[[], IO[bytes]], encoding: str) -> str:
    """The text's start, after all of it was decoded and holds no control characters: no table has any.

    Raises UnicodeDecodeError, Refusal `files.not_table`.
    """
    start, decoder = "", getincrementaldecoder(encoding)()
    with opened() as file:
        while True:
            data = file.read(CHECKED)
            text = decoder.decode(data, final=not data)
            seen = text.encode() if encoding == "utf-16" else data  # elsewhere they are bytes of their own
            if any(sign in seen for sign in CONTROL):
                raise Refusal("files.not_table", name=name)
            start = start or text
            if not data:
                return start[:200_000]


def delimiter_of(start: str) -> str:
    """Comma, else tab, whichever a line of the first 20 holds most of (抖店 puts single tabs before ids); a semicolon,
    as Excel writes in some countries, where the first line of several cells has more of them than of either.

    Below that line semicolons tell nothing: an order-dimension report joins sub-orders with them.
    """
    lines = start.split("\n", HEAD_ROWS)[:HEAD_ROWS]
    first = next((line for line in lines if max(map(line.count, ",\t;")) > 1), "")
    if first.count(";") > max(first.count(","), first.count("\t")):
        return ";"
    commas, tabs = (max(line.count(mark) for line in lines) for mark in ",\t")
    return "\t" if tabs > commas else ","
