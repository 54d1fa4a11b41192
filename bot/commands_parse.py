"""`shiftbot parse`: pasted addresses, one a line, taken apart into division, detail, name and phone."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING

from bot.card import line
from bot.render import line_html
from bot.texts import LANGUAGES, plain
from playbooks.addresses.parse import parse

if TYPE_CHECKING:
    Subcommands = argparse._SubParsersAction[argparse.ArgumentParser]

GOOD, BAD_INPUT = 0, 2
STDIN = Path("-")
FIELDS = ("province", "city", "district", "town", "detail", "name", "phone")


def add(commands: Subcommands) -> None:
    """Its options."""
    parsing = commands.add_parser("parse", help="take pasted addresses apart, one a line")
    parsing.add_argument(
        "file", metavar="FILE", nargs="?", type=Path, default=STDIN,
        help="a text file in UTF-8; - or none: what is typed or piped in",
    )  # fmt: skip
    parsing.add_argument("--json", action="store_true", help="one JSON object a line")
    parsing.add_argument("--lang", choices=list(LANGUAGES), default="zh-CN", help="language (default: zh-CN)")


def run(given: argparse.Namespace) -> int:
    """Print each line's parts as it is read; 2 where the file cannot be read or is no UTF-8."""
    told = records if given.json else tables
    try:
        with ExitStack() as stack:
            source: IO[bytes] = (
                sys.stdin.buffer if given.file == STDIN else stack.enter_context(given.file.open("rb"))
            )
            for said in told(lines_of(source), given.lang):
                print(said)
            sys.stdout.flush()
    except BrokenPipeError:  # whoever reads it has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except UnicodeDecodeError:
        print(_said(given.lang, "addresses.not_utf8", name=str(given.file)), file=sys.stderr)
        return BAD_INPUT
    except OSError as error:
        why = error.strerror or str(error)
        print(_said(given.lang, "cli.no_file", name=str(given.file), error=why), file=sys.stderr)
        return BAD_INPUT
    return GOOD


def lines_of(source: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """(number, text) of the lines that say something. Raises UnicodeDecodeError."""
    for number, data in enumerate(source, 1):
        if text := data.decode("utf-8-sig" if number == 1 else "utf-8").strip():
            yield number, text


def parts_of(text: str) -> dict[str, str | None]:
    """Field -> what the line says of it, None where it says nothing."""
    found = parse(text)
    return {field: getattr(found, field) or None for field in FIELDS}


def records(lines: Iterable[tuple[int, str]], lang: str) -> Iterator[str]:
    """For programs: an object a line, with the line's number."""
    for number, text in lines:
        yield json.dumps({"line": number} | parts_of(text), ensure_ascii=False)


def tables(lines: Iterable[tuple[int, str]], lang: str) -> Iterator[str]:
    """For people: the line, and below it what was found in it."""
    for number, text in lines:
        found = {field: said for field, said in parts_of(text).items() if said}
        said = (_said(lang, f"addresses.part_{field}", text=one) for field, one in found.items())
        yield "\n".join(chain([_said(lang, "addresses.parsed", line=number, text=text)], said))


def _said(lang: str, key: str, **values: object) -> str:
    return plain(line_html(lang, line(key, **values)))
