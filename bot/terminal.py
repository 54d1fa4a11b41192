"""How far a command line is with a file: on a terminal alone, in one line of stderr that is gone in the end."""

from __future__ import annotations

import sys

from bot.card import line
from bot.render import line_html
from bot.texts import plain


class Progress:
    """How far a file is, on a terminal alone, in one line that is gone in the end."""

    def __init__(self, name: str, lang: str) -> None:
        self._name, self._lang = name, lang
        self._shown = False

    def __call__(self, rows: int) -> None:
        if sys.stderr.isatty():
            self._shown = True
            said = plain(line_html(self._lang, line("files.reading", name=self._name, rows=rows)))
            print(f"\r\x1b[K{said}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """It is read."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
