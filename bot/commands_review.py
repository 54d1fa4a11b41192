"""`shiftbot review --out DIR`: the last broadcasts' reviews as picture, text, workbook and page; the bot may run."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.card import line
from bot.clock import SystemClock
from bot.handing_over import store_of
from bot.render import line_html
from bot.review_files import FILES, Made, made, name_of
from bot.settings import Settings
from bot.texts import LANGUAGES, plain
from playbooks.broadcast import Broadcast
from playbooks.model import Refusal
from playbooks.review_marks import headline
from storage.books import RoomBooks
from storage.tiny import TinyStore

if TYPE_CHECKING:
    Subcommands = argparse._SubParsersAction[argparse.ArgumentParser]

GOOD, BAD_INPUT = 0, 2
MOST = 366


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= MOST):
        raise argparse.ArgumentTypeError(f"{text} is no number of broadcasts; give 1 to {MOST}")
    return int(text)


def add(commands: Subcommands) -> None:
    """Its options."""
    review = commands.add_parser(
        "review", help="write the reviews of the last broadcasts as files; the bot may run"
    )
    review.add_argument("--room", metavar="ROOM", default="", help="its key or shop (default: every room)")
    review.add_argument(
        "--last", metavar="N", type=_count, default=1, help="how many broadcasts (default: 1)"
    )
    review.add_argument("--out", metavar="DIR", type=Path, required=True, help="where the files go")
    review.add_argument("--json", action="store_true", help="print the figures too, a review a line")
    review.add_argument("--lang", choices=list(LANGUAGES), default="", help="language (default: the room's)")


def run(given: argparse.Namespace, settings_of: Callable[[], Settings | None]) -> int:
    """0 the files are written; 2 there is no such room, or nothing was on air yet."""
    settings = settings_of()
    if settings is None:
        return BAD_INPUT
    try:
        store, rooms = store_of(settings, given.room)
        found = [one for books in rooms for one in _last(store, books, given.last, SystemClock().now())]
        if not found:
            raise Refusal("review.none")
    except Refusal as refusal:
        said = line_html(given.lang or "zh-CN", line(refusal.key, **refusal.values))
        print(plain(said), file=sys.stderr)
        return BAD_INPUT
    for one in found:
        _write(one, given)
    return GOOD


def _last(store: TinyStore, kept: RoomBooks, count: int, now: datetime) -> Iterator[Made]:
    """The reviews of a room's newest broadcasts that were on air, the oldest first."""
    room = kept.room.get(kept.raw.room)
    assert room is not None
    aired = sorted((b for b in kept.broadcasts.scan() if b.live_at or b.ended_at), key=lambda b: b.number)
    for here in aired[-count:]:
        yield made(_books_of(store, kept, here), kept, room, here, now)


def _books_of(store: TinyStore, kept: RoomBooks, here: Broadcast) -> RoomBooks:
    archived = store.archived(kept.raw.room, here.id) if here.stage == "archived" else None
    return RoomBooks(archived) if archived else kept


def _write(one: Made, given: argparse.Namespace) -> None:
    """Every file, its name said; with --json the figures instead."""
    folder, lang = given.out / one.room.id, given.lang or one.room.lang
    folder.mkdir(parents=True, exist_ok=True)
    for ending, make in FILES.items():
        file = folder / f"{name_of(one)}.{ending}"
        file.write_bytes(make(one, lang))
        if not given.json:
            print(file)
    if given.json:
        print(json.dumps(_record(one), ensure_ascii=False))


def _record(one: Made) -> dict[str, object]:
    """The figures that are known, Decimals as text, times in seconds."""
    review = one.review
    until = review.data_until.astimezone(review.tz).isoformat() if review.data_until else None
    figures = {id: f"{value:f}" for id, value in headline(review).items()}
    return {
        "room": one.room.id, "broadcast": one.here.id, "opened_on": str(one.here.opened_on),
        "version": review.version, "data_until": until, "not_entered": list(review.not_entered), "figures": figures,
    }  # fmt: skip
