"""What is special to a terminal: how far a file is, in one line of stderr that is gone in the end; hidden typing."""

from __future__ import annotations

import sys
from getpass import getpass

from bot.card import line
from bot.render import line_html
from bot.texts import plain


class Progress:
    """How far a file is, on a terminal alone, in one line that is gone in the end."""

    def __init__(self, name: str, lang: str, key: str = "files.reading") -> None:
        """`key`: the text that says so, with `name` and `rows`."""
        self._name, self._lang, self._key = name, lang, key
        self._shown = False

    def __call__(self, rows: int) -> None:
        if sys.stderr.isatty():
            self._shown = True
            said = plain(line_html(self._lang, line(self._key, name=self._name, rows=rows)))
            print(f"\r\x1b[K{said}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """It is read."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def hidden(asked: str) -> str | None:
    """What somebody types without its being shown; None where nobody sits at a terminal, or types nothing."""
    if not sys.stdin.isatty():
        return None
    try:
        return getpass(asked) or None
    except EOFError:
        return None
