"""Files named on the command line: read one by one, and what cannot be read is said on stderr and passed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.card import line
from bot.clock import SystemClock
from bot.refusals import said as refusal_line
from bot.render import line_html
from bot.terminal import Progress, hidden
from bot.texts import plain
from playbooks.model import Refusal
from storage.books import RoomBooks
from storage.exports import FORMATS, LIMITS, Export
from storage.exports.formats import named
from storage.exports.guard import Fault, read_in_child
from storage.rows import Line

T = TypeVar("T")

ZONE = "Asia/Shanghai"
"""Of the wall clocks in files of platforms that have no zone of their own, where no room says otherwise."""
FROM_HERE = replace(LIMITS, sent=100_000_000)
"""A file on this machine does not come through Telegram, which gives a bot 20 MB."""


LOCKED = {"files.password_needed": "files.use_password", "files.password_wrong": "files.password_wrong"}
"""Refusals a password may cure -> what is said where there is none to try."""
TRIES = 3


def password_option(command: argparse.ArgumentParser) -> None:
    """A password is never an argument itself: everybody on the machine sees those."""
    command.add_argument(
        "--password-file",
        metavar="FILE",
        type=Path,
        help="a file whose first line opens locked files (without it you are asked)",
    )


def first_line(file: Path) -> str:
    """The password in a file. Raises Refusal `cli.no_file`."""
    try:
        return next(iter(file.read_text(encoding="utf-8-sig").splitlines()), "")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "UTF-8?"
        raise Refusal("cli.no_file", name=str(file), error=why or str(error)) from error


class Files:
    """The files `given` to a command, with its `lang`, `as_platform` and `password_file`.

    `books`: the room's, where there is one.
    """

    def __init__(self, given: argparse.Namespace, books: RoomBooks | None) -> None:
        self.given = given
        self.books = books
        room = books.room.get(books.raw.room) if books else None
        self.zone = ZoneInfo(room.zone if room else ZONE)
        self.mapped = [one.format() for one in books.mappings.scan()] if books else []
        self.now = SystemClock().now()
        self.refused = False

    def opened(self, read: Callable[[Path], T]) -> Iterator[tuple[Path, T]]:
        """What `read` makes of each file that can be read; of the others it is said why."""
        for file in self.given.files:
            try:
                self._check_options()
                yield file, read(file)
            except Refusal as refusal:
                said = refusal_line(refusal, None, None, self.now)
                named = "name" in refusal.values
                self.complain(said if named else line("cli.of_file", name=file.name, what=said))
            except OSError as error:
                self.complain(line("cli.no_file", name=str(file), error=error.strerror or str(error)))
            except Fault as error:
                self.complain(line("files.failed", name=file.name, error=str(error)))

    def export(self, file: Path) -> Export:
        """The order export in a file, opened with its password where it has one. Raises Refusal, OSError, Fault."""
        passwords = self._passwords(file.name)
        password = None
        while True:
            try:
                return self._read(file, password)
            except Refusal as refusal:
                if refusal.key not in LOCKED:
                    raise
                password = next(passwords, None)
                if password is None:
                    raise Refusal(LOCKED[refusal.key], name=file.name) from None

    def _check_options(self) -> None:
        """Raises Refusal `cli.no_file`, `orders.no_such_format` for what cannot be right whatever the files are."""
        if self.given.password_file:
            _ = self._password
        if self.given.as_platform:
            named(self.given.as_platform, (*FORMATS, *self.mapped))

    @cached_property
    def _password(self) -> str:
        """Read once: it may be a pipe. Raises Refusal `cli.no_file`."""
        return first_line(self.given.password_file)

    def _passwords(self, name: str) -> Iterator[str]:
        """What may open a locked file: the password file's first line, else what somebody types, three times."""
        if self.given.password_file:
            yield self._password
            return
        asked = self.text(line("files.enter_password", name=name))
        for _ in range(TRIES):
            if (typed := hidden(asked)) is None:
                return
            yield typed

    def _read(self, file: Path, password: str | None) -> Export:
        progress = Progress(file.name, self.given.lang)
        try:
            found = read_in_child(
                file.name, file, self.zone, wanted="orders", formats=self.mapped, limits=FROM_HERE,
                as_platform=self.given.as_platform, password=password, progress=progress,
            )  # fmt: skip
        finally:
            progress.clear()
        assert isinstance(found.said, Export)
        return found.said

    def complain(self, said: Line) -> None:
        """Something given cannot be used."""
        self.refused = True
        print(self.text(said), file=sys.stderr)

    def text(self, said: Line) -> str:
        """A line as plain text in the language asked for."""
        return plain(line_html(self.given.lang, said))
