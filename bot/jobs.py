"""Slow work outside any unit: files are fetched, read and taken in batch by batch; attachments are made.

A job is a stored row, so it is taken up again after a restart; its file is fetched from Telegram anew and
never rests on our disk.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from telegram import Bot
from telegram.error import BadRequest, Forbidden, TelegramError

from bot import logs, reading, refusals
from bot.card import Card, line, tell
from bot.desk import Desk
from bot.duty import FileKind
from bot.runner import Runner
from bot.worker import Worker
from playbooks.model import Refusal
from playbooks.room import Room
from storage.books import RoomBooks
from storage.exports.guard import Found
from storage.rows import Job, Line, Outgoing
from storage.store import NotSaved

log = logging.getLogger(__name__)
TRIES = 3
TRY_AGAIN_IN = timedelta(seconds=15)
UNSAVED_REST = timedelta(seconds=30)
"""How long the jobs of a room whose disk takes nothing are left alone."""


class Jobs:
    """Takes up waiting jobs, one after another in each room."""

    def __init__(self, bot: Bot, runner: Runner) -> None:
        self._bot = bot
        self._runner = runner
        self._rests: dict[str, datetime] = {}
        self.worker = Worker("jobs", self._work)

    async def _work(self) -> None:
        now = self._runner.clock.now()
        for key in self._runner.store.rooms():
            try:
                for job in self._waiting(key):
                    if (self._from(key, job) or now) <= now:
                        await self._do(key, job)
            except NotSaved as error:
                log.error("the files of %s wait, nothing can be saved: %s", key, error)
                self._rests[key] = now + UNSAVED_REST
            except Exception as error:  # a row nobody can read holds up its own room alone
                log.error("the files of %s wait: %s", key, logs.stack(error))
                self._rests[key] = now + UNSAVED_REST

    async def set_back(self) -> None:
        """The clock was set back: what was put off is tried now, not that much later. NotSaved."""
        self._rests.clear()
        for key in self._runner.store.rooms():
            for job in self._waiting(key):
                if job.not_before:
                    tried = job.changed(not_before=None)
                    await self._runner.unit(key, lambda raw, row=tried: RoomBooks(raw).jobs.put(row))  # type: ignore[misc]

    def next_moment(self) -> datetime | None:
        """When a job that waits to be tried again is next due."""
        rooms = self._runner.store.rooms()
        moments = (self._from(key, job) for key in rooms for job in self._waiting(key))
        return min((at for at in moments if at), default=None)

    def _waiting(self, key: str) -> list[Job]:
        return self._runner.view(key).jobs.by("state", "waiting")

    def _from(self, key: str, job: Job) -> datetime | None:
        """The moment before which the job is left alone."""
        return max((at for at in (job.not_before, self._rests.get(key)) if at), default=None)

    async def _do(self, key: str, job: Job) -> None:
        room = self._runner.room(key)
        if room is None:
            return
        try:
            await self._take_in(room, job)
        except Refusal as refusal:
            await self._end(key, job, "refused", self._why(refusal, room))
        except (BadRequest, Forbidden) as error:  # Telegram will never give us this file
            await self._end(key, job, "failed", line("files.failed", name=job.file_name, error=error.message))
        except TelegramError as error:
            await self._later(key, job, job, str(error))
        except NotSaved:  # no fault of the file's: it does not count as a try
            raise
        except Exception as error:
            log.error("job %s failed: %s", job.id, logs.stack(error))
            await self._again(key, job, type(error).__name__)

    def _why(self, refusal: Refusal, room: Room) -> Line:
        return refusals.said(refusal, room, self._runner.view(room.id), self._runner.clock.now())

    async def _take_in(self, room: Room, job: Job) -> None:
        file = await self._bot.get_file(job.file_id)
        data = bytes(await file.download_as_bytearray())
        found = await self._read(room, job, data)
        if found.kind is None:
            raise Refusal("files.unknown", name=job.file_name)
        kind = self._runner.files[found.kind]
        if not self._allowed(room.id, job, kind):
            raise Refusal("files.not_yours", kind=line(f"files.kind_{kind.kind}"))
        for batch in await asyncio.to_thread(kind.read, found.said, job):
            await self._runner.unit(room.id, self._taking(kind, batch, job))
        keep = kind.kind == "runsheet"
        await self._runner.unit(room.id, lambda raw: self._done(RoomBooks(raw), job, "done", keep=keep))

    async def _read(self, room: Room, job: Job, data: bytes) -> Found:
        """What the guarded child reads in the file; of a long one the sender sees one message that counts."""
        told = False

        async def tell_rows(rows: int) -> None:
            nonlocal told
            told = True
            await self._progress(room.id, job, line("files.reading", name=job.file_name, rows=rows))

        found = await reading.read(job.file_name, data, ZoneInfo(room.zone), tell_rows)
        if told:
            await self._progress(room.id, job, line("files.read_whole", name=job.file_name))
        return found

    async def _progress(self, key: str, job: Job, said: Line) -> None:
        card = tell(job.by, said, key=f"reading:{job.id}", silent=True)
        now = self._runner.clock.now()
        await self._runner.unit(key, lambda raw: self._runner.post(RoomBooks(raw), [card], now))

    def _allowed(self, key: str, job: Job, kind: FileKind) -> bool:
        return self._runner.member(self._runner.view(key), job.by, "").may(kind.roles)

    def _taking(self, kind: FileKind, batch: object, job: Job) -> Callable[[object], None]:
        def unit(raw: object) -> None:
            books = RoomBooks(raw)  # type: ignore[arg-type]
            room = books.room.get(raw.room)  # type: ignore[attr-defined]
            assert room is not None
            me = self._runner.member(books, job.by, "")
            now, vault = self._runner.clock.now(), self._runner.vault
            desk = Desk(books, self._runner.front(), room, me, None, now=now, vault=vault)
            self._runner.post(books, kind.take_in(batch, desk), desk.now)

        return unit

    def _done(self, books: RoomBooks, job: Job, state: str, *cards: Card, keep: bool = False) -> None:
        """The job's end. In the same unit a file sent to the group is taken from it, whatever became of it:
        exports hold buyers' data (PRODUCT, the chase). Only a run sheet may stay."""
        now = self._runner.clock.now()
        books.jobs.put(job.changed(state=state, done_at=now))
        self._runner.post(books, cards, now)
        if not job.private and not keep:
            books.outbox.put(
                Outgoing(
                    id=books.new_id("o"), card=Card(rank="answer"), does="delete", at=now,
                    chat_id=job.chat_id, message_id=job.message_id,
                )
            )  # fmt: skip

    async def _end(self, key: str, job: Job, state: str, said: Line) -> None:
        card = tell(job.by, said)
        await self._runner.unit(key, lambda raw: self._done(RoomBooks(raw), job, state, card))

    async def _again(self, key: str, job: Job, error: str) -> None:
        """A fault of our own: twice more, then the sender is told."""
        if job.tries + 1 >= TRIES:
            await self._end(key, job, "failed", line("files.failed", name=job.file_name, error=error))
            return
        await self._later(key, job, job.changed(tries=job.tries + 1), error)

    async def _later(self, key: str, job: Job, again: Job, error: str) -> None:
        """Telegram is out of reach: the file is fetched again in a while, for as long as it takes."""
        log.info("job %s waits: %s", job.id, error)
        waiting = again.changed(not_before=self._runner.clock.now() + TRY_AGAIN_IN)
        await self._runner.unit(key, lambda raw: RoomBooks(raw).jobs.put(waiting))
