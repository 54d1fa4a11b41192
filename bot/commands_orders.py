"""`shiftbot orders FILE…`: reads order exports for people and programs, or gives them to a room."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.card import line
from bot.clock import SystemClock
from bot.doubts import counted, doubt_lines, timely
from bot.export_files import Files, password_option
from bot.handing_over import given_room, hand_over
from bot.intake import bad_line, file_names, unknown_words
from bot.order_lines import as_records
from bot.settings import Settings
from bot.texts import LANGUAGES
from playbooks.orders import RANK, ReadOrder, Status
from playbooks.privacy import has_phone
from storage.books import RoomBooks
from storage.exports import FORMATS, BadRow, Export

if TYPE_CHECKING:
    Subcommands = argparse._SubParsersAction[argparse.ArgumentParser]

GOOD, FOUND, BAD_INPUT = 0, 1, 2
BAD_SHOWN = 20


def add(commands: Subcommands) -> None:
    """Its options."""
    orders = commands.add_parser("orders", help="read order exports, or give them to a room; the bot may run")
    orders.add_argument("files", metavar="FILE", nargs="+", type=Path, help="as downloaded: csv, xlsx, zip …")
    orders.add_argument(
        "--json", action="store_true", help="one JSON object per sub-order, and per row not read"
    )
    orders.add_argument(
        "--as",
        dest="as_platform",
        metavar="PLATFORM",
        default="",
        help=f"read as {', '.join(f.id for f in FORMATS)}",
    )
    orders.add_argument(
        "--with-personal", action="store_true", help="show names, phones, addresses in --json"
    )
    orders.add_argument(
        "--room", metavar="ROOM", help="give the orders to this room (its key or shop), by the bot if it runs"
    )
    password_option(orders)
    orders.add_argument("--lang", choices=list(LANGUAGES), default="zh-CN", help="language (default: zh-CN)")


@dataclass(frozen=True)
class Read:
    """One file that was read."""

    file: Path
    export: Export


class Orders(Files):
    """One run of the command."""

    def read(self) -> Iterator[Read]:
        """The files that can be read; of the others it is said why."""
        return (Read(file, export) for file, export in self.opened(self.export))

    def told(self, read: Read) -> Read:
        """Print what it says."""
        said = map(_as_json, self.records(read)) if self.given.json else self.summary(read)
        try:
            for one in said:
                print(one)
            sys.stdout.flush()
        except BrokenPipeError:  # whoever reads it has seen enough, as `head` does
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return read

    # -- for programs --------------------------------------------------------------------------------

    def records(self, read: Read) -> Iterator[dict[str, Any]]:
        """One object a sub-order, then one a row that could not be read. Of several files each names its own."""
        export = read.export
        own = next((f.zone for f in (*FORMATS, *self.mapped) if f.name == export.format and f.zone), "")
        zone = ZoneInfo(own) if own else self.zone
        which = {"file": str(read.file)} if len(self.given.files) > 1 else {}
        for order in export.orders:
            for one in as_records(timely(order, self.now), zone, personal=self.given.with_personal):
                yield one | which
        for bad in export.bad:
            part = {"part": bad.part} if bad.part else {}
            yield {"line": bad.line, "column": bad.column, "error": self._why(bad)} | part | which

    def _why(self, bad: BadRow) -> str:
        return self.text(line(bad.key, **bad.values))

    # -- for people ----------------------------------------------------------------------------------

    def summary(self, read: Read) -> Iterator[str]:
        """What a file says, by status, and its bad rows."""
        export = read.export
        as_of = f"{export.exported_at.astimezone(self.zone):%Y-%m-%d %H:%M}" if export.exported_at else "—"
        yield self.text(
            line(
                "cli.head", name=read.file.name, format=export.format, platform=line(f"platform.{export.platform}"),
                orders=len(export.orders), as_of=as_of,
            )
        )  # fmt: skip
        orders = (timely(one, self.now) for one in export.orders)
        counts, doubts = _counted(orders)
        for status in sorted(counts, key=RANK.__getitem__):
            yield self.text(line("cli.status", status=line(f"order_status.{status}"), count=counts[status]))
        if export.unknown_statuses:
            words = unknown_words(export.unknown_statuses)
            yield self.text(line("orders.unknown_statuses", words=words))
        yield from map(self.text, doubt_lines(doubts))
        if export.passed:
            yield self.text(line("orders.passed", names=file_names(export.passed)))
        if export.bad:
            yield self.text(line("orders.bad_rows", count=len(export.bad)))
            yield from (f"  {self.text(bad_line(bad))}" for bad in export.bad[:BAD_SHOWN])
        if len(export.bad) > BAD_SHOWN:
            yield self.text(line("cli.more_bad", count=len(export.bad) - BAD_SHOWN))

    # -- to a room -----------------------------------------------------------------------------------

    def give(self, settings: Settings, books: RoomBooks, files: Iterable[Read]) -> None:
        """Hand over what tells the state of orders; what came of it is said."""
        good = []
        for read in files:
            if read.export.says_status:
                good.append((kept_name(read.file), read.export))
            else:
                self.complain(line("orders.no_state", form=read.export.format))
        done = hand_over(settings, books, good, SystemClock().now()) if good else []
        if done is None:
            print(self.text(line("cli.handed", count=len(good))), file=sys.stderr)
        for job in done or ():
            print(self.text(line(f"cli.job_{job.state}", name=job.file_name)), file=sys.stderr)
            self.refused = self.refused or job.state in ("refused", "failed")


def run(given: argparse.Namespace, read_settings: Callable[[], Settings | None]) -> int:
    """Read the files; 0 all is well, 1 some rows could not be read, 2 a file is no order export or not there.

    `read_settings` is asked only where there is a room. OSError, StoreDamaged.
    """
    room = given_room(given, read_settings)
    if room is None:
        return BAD_INPUT
    orders = Orders(given, room.books)
    read = [orders.told(one) for one in orders.read()]
    if room.settings and room.books:
        orders.give(room.settings, room.books, read)
    return BAD_INPUT if orders.refused else FOUND if any(one.export.bad for one in read) else GOOD


def _counted(orders: Iterable[ReadOrder]) -> tuple[Counter[Status], Counter[str]]:
    """How many orders there are of each status, and their doubts; looked at once, for they are built as they come."""
    counts: Counter[Status] = Counter()

    def each() -> Iterator[ReadOrder]:
        for one in orders:
            counts[one.order.status] += 1
            yield one

    return counts, counted(each())


def _as_json(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False)


def kept_name(file: Path) -> str:
    """The file's name as it may rest: people put buyers' phones even into file names."""
    return f"…{PurePath(file).suffix}" if has_phone(file.name) else file.name
