"""Keeps rooms small: once a day what nobody needs any more goes, and broadcasts that are over are archived.

An archive is written and read back before the room drops what is in it, and whoever reads the broadcast turns to
the archive from the first dropped document on. So a crash at any moment loses nothing; the next run goes on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import cast
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from bot import logs
from bot.desk import Desk
from bot.runner import Runner
from bot.worker import Worker
from playbooks import contacts, keeping
from playbooks.broadcast import business_day
from storage import archive
from storage.archive import Ids, Seen
from storage.books import CONTACTS, DIALOGUES, DRAFTS, IMPORTS, JOBS, OUTBOX, POST_LISTS, SENT, RoomBooks
from storage.rows import Import, Sent, Tidied
from storage.store import Books
from storage.vault_books import past, shred

log = logging.getLogger(__name__)

AT_ONCE = 500
"""Documents in one unit: a press is answered in between."""
TRY_AGAIN_IN = timedelta(hours=1)


def next_tidying(after: datetime, zone: ZoneInfo) -> datetime:
    """The first moment later than `after` at which the room is to be tidied, by the clocks of its time zone."""
    at = keeping.rules().at
    daily = CronTrigger(hour=at.hour, minute=at.minute, second=0, timezone=zone)
    return cast(datetime, daily.get_next_fire_time(None, after.astimezone(zone) + timedelta(seconds=1)))


class Keeping:
    """Tidies each room daily at its hour. Of a room on air only buyers' keys are: the rest waits until it is off."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._failed: dict[str, datetime] = {}
        self.worker = Worker("keeping", self._work)

    def tick(self) -> None:
        """Begin where a room's time has come; the tick does not wait for it."""
        due = self.next_moment()
        if due and due <= self._runner.clock.now():
            self.worker.wake()

    def next_moment(self) -> datetime | None:
        """When the next room is to be tidied."""
        return min((due for key in self._runner.store.rooms() if (due := self._next(key))), default=None)

    def _next(self, key: str) -> datetime | None:
        books = self._runner.view(key)
        room, last = books.room.get(key), books.tidied.get(key)
        if room is None:
            return None
        zone, since = ZoneInfo(room.zone), last.at if last else room.made_at
        due = next_tidying(since, zone)
        if due <= self._runner.clock.now() and _on_air(books) and last and last.shredded_at:
            due = next_tidying(last.shredded_at, zone)
        return max(due, self._failed.get(key, due))

    async def _work(self) -> None:
        for key in self._runner.store.rooms():
            due, now = self._next(key), self._runner.clock.now()
            if due is None or due > now:
                continue
            try:
                await self._keep(key, now)
            except Exception as error:  # one room's trouble must not keep the others from being tidied
                log.error("room %s was not tidied: %s", key, logs.stack(error))
                self._failed[key] = now + TRY_AGAIN_IN

    async def _keep(self, key: str, now: datetime) -> None:
        """What buyers told us goes on its day, whatever is on air; what would slow down a stream waits."""
        await self._shred(key, now)
        done = await self._put_by(key, now)
        await self._runner.unit(key, lambda raw: _note(RoomBooks(raw), now, done), durable=False)
        self._failed.pop(key, None)

    async def _put_by(self, key: str, now: datetime) -> bool:
        """What nobody needs is dropped and what is over archived. False where the room is on air, or comes on."""
        view = self._runner.view(key)
        if _on_air(view):
            return False
        await self._drop(key, await asyncio.to_thread(lambda: list(stale(view, now))))
        over = keeping.over_for_good(view.broadcasts.scan(), now)
        archived = [b for b in view.broadcasts.scan() if b.stage == "archived"]
        for broadcast in (*archived, *over):
            if _on_air(self._runner.view(key)):
                return False  # what is left is taken up after the stream
            await self._archive(key, broadcast.id)
        return True

    async def _shred(self, key: str, now: datetime) -> None:
        """Delete the keys of buyers' fields that are past their time, from the files too. Needs no master key."""
        vault, view = self._runner.vault, self._runner.view(key)
        room = view.room.get(key)
        if room is None or not len(view.data_keys):
            return
        if past(view, business_day(now, ZoneInfo(room.zone)), vault.days):
            await self._runner.for_room(
                key, lambda desk: _shredded(desk, vault.days), f"shred:{now.isoformat()}"
            )
            vault.forget()
        await asyncio.to_thread(self._runner.store.fold, key)

    async def _archive(self, key: str, id: str) -> None:
        """A broadcast into its archive; of one that is archived what has come to it since, a review's entry."""
        put = await asyncio.to_thread(self._put_away, key, id)
        if put is None:
            return
        ids, kept = put
        if not await self._runner.unit(key, lambda raw: _shut(RoomBooks(raw), id)):
            return  # somebody began to work on it just now
        await self._drop(
            key, ((book, kept.shelf(book).get(one)) for book, some in ids.items() for one in some)
        )
        log.info("room %s: %d documents of broadcast %s are archived", key, sum(map(len, ids.values())), id)

    def _put_away(self, key: str, id: str) -> tuple[Ids, Books] | None:
        view = self._runner.view(key)
        ids = archive.documents(view, id)
        if not ids or archive.is_open(view, id):
            return None
        return ids, self._runner.store.put_away(key, id, {**archive.context(view, id), **ids})

    async def _drop(self, key: str, seen: Iterable[Seen]) -> None:
        left = iter(seen)
        while some := list(islice(left, AT_ONCE)):
            await self._runner.unit(key, _dropping(some), durable=False)


def _shredded(desk: Desk, days: int) -> None:
    """In a unit: what is past its time is gone, and the journal says so."""
    for one in past(desk.books, business_day(desk.now, desk.zone), days):
        orders = shred(desk.books, [one])
        desk.note("shredded", one.id, day=str(one.day), orders=str(orders))


def _note(books: RoomBooks, now: datetime, done: bool) -> None:
    """In a unit: when the room was tidied, all of it or buyers' keys alone."""
    key = books.raw.room
    room, last = books.room.get(key), books.tidied.get(key)
    assert room is not None
    before = last.at if last else room.made_at
    books.tidied.put(Tidied(id=key, at=now) if done else Tidied(id=key, at=before, shredded_at=now))


def _dropping(some: Sequence[Seen]) -> Callable[[Books], None]:
    return lambda raw: archive.drop_unchanged(RoomBooks(raw), some)


def _on_air(books: RoomBooks) -> bool:
    return any(b.stage in ("live", "closing") for b in books.broadcasts.scan())


def _shut(books: RoomBooks, id: str) -> bool:
    """In a unit: the broadcast is archived from now on. False where it cannot be."""
    here = books.broadcasts.get(id)
    if here is None or archive.is_open(books, id):
        return False
    if here.stage == "ended":
        here = books.broadcasts.put(keeping.archive(here))
    return here.stage == "archived"


def stale(books: RoomBooks, now: datetime) -> Iterator[Seen]:
    """What the room has kept for long enough, see `playbooks/data/keeping.toml`, and contacts.toml for buyers'."""
    days = keeping.rules().days

    def old(at: datetime, most: int) -> bool:
        return at <= now - timedelta(days=most)

    ended = (job for job in books.jobs.scan() if job.state != "waiting")
    yield from ((JOBS, job) for job in ended if old(job.done_at or job.at, days.job))
    yield from ((DRAFTS, draft) for draft in books.drafts.scan() if old(draft.at, days.draft))
    yield from ((POST_LISTS, one) for one in books.post_lists.scan() if old(one.at, days.draft))
    # Failed, or waiting for a person who never came or for a group that stayed closed.
    yield from ((OUTBOX, row) for row in books.outbox.scan() if old(row.at, days.failed_card))
    yield from (
        (SENT, row) for row in books.sent.scan() if not is_screen(row) and old(_stood(row), days.sent)
    )
    asked = books.dialogues.scan()
    yield from ((DIALOGUES, question) for question in asked if old(question.until, days.dialogue))
    yield from ((CONTACTS, one) for one in books.contacts.scan() if contacts.forgettable(one, now))
    newest = _newest(books)
    records = (one for one in books.imports.scan() if one.id not in newest)
    yield from ((IMPORTS, one) for one in records if old(one.at, days.broadcast))


def is_screen(row: Sent) -> bool:
    """The board and the desks are edited in place for as long as they stand."""
    return row.id == "board" or row.id.startswith("desk:")


def _stood(row: Sent) -> datetime:
    return row.edited_at or row.sent_at


def _newest(books: RoomBooks) -> set[str]:
    """The imports that say how recent the room's data is: the newest of each kind."""
    newest: dict[str, Import] = {}
    for one in books.imports.scan():
        if one.done and (one.kind not in newest or newest[one.kind].as_of <= one.as_of):
            newest[one.kind] = one
    return {one.id for one in newest.values()}
