"""Slow work outside any unit: files are fetched, read and taken in batch by batch; attachments are made.

A job is a stored row, so it is taken up again after a restart; its file is fetched from Telegram anew and
never rests on our disk.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from telegram import Bot
from telegram.error import TelegramError

from bot import refusals
from bot.card import Card, line, tell
from bot.desk import Desk
from bot.duty import FileKind
from bot.runner import Runner
from bot.worker import Worker
from playbooks.model import Refusal
from playbooks.room import Room
from storage import exports
from storage.books import RoomBooks
from storage.rows import Job, Line, Outgoing

log = logging.getLogger(__name__)
TRIES = 3


class Jobs:
    """Takes up waiting jobs, one after another in each room."""

    def __init__(self, bot: Bot, runner: Runner) -> None:
        self._bot = bot
        self._runner = runner
        self.worker = Worker("jobs", self._work)

    async def _work(self) -> None:
        for key in self._runner.store.rooms():
            for job in self._runner.view(key).jobs.by("state", "waiting"):
                await self._do(key, job)

    async def _do(self, key: str, job: Job) -> None:
        room = self._runner.room(key)
        assert room is not None
        try:
            await self._take_in(room, job)
        except Refusal as refusal:
            await self._end(key, job, "refused", tell(job.by, self._why(refusal, room)))
        except TelegramError as error:
            await self._again(key, job, str(error))
        except Exception as error:
            log.exception("job %s failed", job.id)
            await self._again(key, job, type(error).__name__)

    def _why(self, refusal: Refusal, room: Room) -> Line:
        return refusals.said(refusal, room, self._runner.view(room.id), self._runner.clock.now())

    async def _take_in(self, room: Room, job: Job) -> None:
        file = await self._bot.get_file(job.file_id)
        data = bytes(await file.download_as_bytearray())
        kind, batches = await asyncio.to_thread(self._read, room, job, data)
        if not self._allowed(room.id, job, kind):
            raise Refusal("files.not_yours", kind=line(f"files.kind_{kind.kind}"))
        for batch in batches:
            await self._runner.unit(room.id, self._taking(kind, batch, job))
        await self._runner.unit(room.id, lambda raw: self._done(RoomBooks(raw), job, "done"))
        if not job.private and kind.kind != "runsheet":
            await self._runner.unit(room.id, lambda raw: self._remove_from_group(RoomBooks(raw), job))

    def _read(self, room: Room, job: Job, data: bytes) -> tuple[FileKind, Sequence[object]]:
        found = exports.kind(exports.read_head(job.file_name, data))
        if found is None:
            raise Refusal("files.unknown", name=job.file_name)
        kind = self._runner.files[found]
        return kind, kind.read(job.file_name, data, ZoneInfo(room.zone), job)

    def _allowed(self, key: str, job: Job, kind: FileKind) -> bool:
        return self._runner.member(self._runner.view(key), job.by, "").may(kind.roles)

    def _taking(self, kind: FileKind, batch: object, job: Job) -> Callable[[object], None]:
        def unit(raw: object) -> None:
            books = RoomBooks(raw)  # type: ignore[arg-type]
            room = books.room.get(raw.room)  # type: ignore[attr-defined]
            assert room is not None
            me = self._runner.member(books, job.by, "")
            desk = Desk(books, self._runner.front(), room, me, None, now=self._runner.clock.now())
            self._runner.post(books, kind.take_in(batch, desk), desk.now)

        return unit

    def _done(self, books: RoomBooks, job: Job, state: str, *cards: Card) -> None:
        books.jobs.put(job.changed(state=state, done_at=self._runner.clock.now()))
        self._runner.post(books, cards, self._runner.clock.now())

    async def _end(self, key: str, job: Job, state: str, *cards: Card) -> None:
        await self._runner.unit(key, lambda raw: self._done(RoomBooks(raw), job, state, *cards))

    async def _again(self, key: str, job: Job, error: str) -> None:
        """Telegram was not reachable, or we failed: twice more, then the sender is told."""
        if job.tries + 1 >= TRIES:
            await self._end(
                key, job, "failed", tell(job.by, line("files.failed", name=job.file_name, error=error))
            )
            return
        await self._runner.unit(key, lambda raw: RoomBooks(raw).jobs.put(job.changed(tries=job.tries + 1)))

    def _remove_from_group(self, books: RoomBooks, job: Job) -> None:
        """Exports hold buyers' data: in the group they are taken in and removed (PRODUCT, the chase)."""
        books.outbox.put(
            Outgoing(
                id=books.new_id("o"), card=Card(rank="answer"), does="delete", at=self._runner.clock.now(),
                chat_id=job.chat_id, message_id=job.message_id,
            )
        )  # fmt: skip
