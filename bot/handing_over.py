"""Order exports from the command line into a room: handed to the running bot, or taken in here where none runs."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.card import line
from bot.clock import SystemClock
from bot.duties import DUTIES
from bot.handed import Handed
from bot.jobs import Jobs
from bot.render import line_html
from bot.runner import Runner
from bot.settings import Settings
from bot.texts import plain
from playbooks.model import Refusal
from playbooks.room import MANAGERS, Room
from storage.books import BOOKS, RoomBooks
from storage.exports import Export
from storage.rows import Job
from storage.spool import Header, Spool
from storage.store import StoreLocked
from storage.tiny import TinyStore


@dataclass(frozen=True)
class Given:
    """Where a command works: the settings and the books of the room that was named; without one neither."""

    settings: Settings | None = None
    books: RoomBooks | None = None


def given_room(given: argparse.Namespace, read_settings: Callable[[], Settings | None]) -> Given | None:
    """What `--room` names; None where it cannot be had, which is said. `read_settings` is asked only for a room.

    StoreDamaged.
    """
    if not given.room:
        return Given()
    settings = read_settings()
    if settings is None:
        return None
    try:
        return Given(settings, books_of(settings, given.room))
    except Refusal as refusal:
        print(plain(line_html(given.lang, line(refusal.key, **refusal.values))), file=sys.stderr)
        return None


def books_of(settings: Settings, named: str) -> RoomBooks:
    """The books of a room, named by its short key or its shop, as committed; the bot may run.

    Raises Refusal `cli.no_data`, `cli.no_room`; StoreDamaged.
    """
    return store_of(settings, named)[1][0]


def store_of(settings: Settings, named: str = "") -> tuple[TinyStore, list[RoomBooks]]:
    """The store opened to read, and the books of the room `named`, or without a name of every room.

    Raises as `books_of`.
    """
    folder = settings.data_dir.absolute()
    if not folder.is_dir():
        raise Refusal("cli.no_data", folder=str(folder))
    store = TinyStore(folder, BOOKS, readonly=True)
    books = {key: RoomBooks(store.view(key)) for key in store.rooms()}
    rooms = {key: room for key, one in books.items() if (room := one.room.get(key))}
    if not named and rooms:
        return store, [books[key] for key in rooms]
    found = [key for key, room in rooms.items() if named in (key, room.shop)]
    if len(found) != 1:
        known = ", ".join(f"{key} ({room.shop})" for key, room in rooms.items()) or "—"
        raise Refusal("cli.no_room", room=named, rooms=known)
    return store, [books[found[0]]]


def hand_over(
    settings: Settings, books: RoomBooks, files: Sequence[tuple[str, Export]], now: datetime
) -> list[Job] | None:
    """Give a room the exports (name, what it says). None: the running bot takes them in next.

    Else none runs, and what came of each here; its messages leave when the bot runs. OSError, StoreDamaged.
    """
    room = books.room.get(books.raw.room)
    assert room is not None
    folder = settings.data_dir.absolute()
    spool, by = Spool(folder, settings.vault()), _who_hears(room, books, settings)
    for name, export in files:
        spool.put(Header(room=room.id, by=by, name=name, at=now), export)
    try:
        store = TinyStore(folder, BOOKS)
    except StoreLocked:
        return None
    try:
        return asyncio.run(_take_in(store, settings, spool))
    finally:
        store.close()


def _who_hears(room: Room, books: RoomBooks, settings: Settings) -> str:
    """A manager of the room hears what came of it, first of all who set it up."""
    managers = [member.id for member in books.members.scan() if member.may(MANAGERS)]
    first = [room.made_by] if room.made_by in (*managers, *settings.owner_ids) else []
    return next(iter((*first, *managers, *sorted(settings.owner_ids))), room.made_by)


async def _take_in(store: TinyStore, settings: Settings, spool: Spool) -> list[Job]:
    """All that was handed over and is not taken in, as it stands afterwards."""
    runner = Runner(store, SystemClock(), DUTIES, settings.owner_ids, settings.vault())
    jobs = Jobs(None, runner)
    jobs.handed = Handed(runner, spool)
    try:
        await jobs.handed.sweep()
        found = await jobs.handed.pick_up()
        for key, job in found:
            await jobs.do(key, job)
        done = (runner.view(key).jobs.get(job.id) for key, job in found)
        return [job for job in done if job]
    finally:
        await runner.units.finish()
        runner.close()
