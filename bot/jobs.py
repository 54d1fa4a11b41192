"""Slow work outside any unit: files are fetched, read and taken in batch by batch; attachments are made.

A job is a stored row, so it is taken up again after a restart; its file is fetched from Telegram anew and
never rests on our disk. What only its sender can say (columns, platform, password) it waits for, as a row too.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from telegram import Bot
from telegram.error import BadRequest, Forbidden, TelegramError

from bot import file_questions, logs, mapping_cards, reading, reading_card, refusals
from bot.card import Card, line, tell
from bot.desk import Desk
from bot.duty import Afterwards, FileKind
from bot.handed import Handed
from bot.runner import Runner
from bot.worker import Worker
from playbooks.model import Refusal
from playbooks.room import Room
from storage.books import RoomBooks
from storage.exports import Export
from storage.exports.guard import Asked, Found
from storage.exports.mapping import Mapped
from storage.rows import Job, Line, Outgoing
from storage.store import Books, NotSaved

log = logging.getLogger(__name__)
TRIES = 3
TRY_AGAIN_IN = timedelta(seconds=15)
UNSAVED_REST = timedelta(seconds=30)
"""How long the jobs of a room whose disk takes nothing are left alone."""


class Jobs:
    """Takes up waiting jobs, one after another in each room. `bot`: None where nothing of Telegram's is to be fetched.

    `handed`: what the command line hands over, where it can.
    """

    def __init__(self, bot: Bot | None, runner: Runner) -> None:
        self._bot = bot
        self._runner = runner
        self.handed: Handed | None = None
        self._rests: dict[str, datetime] = {}
        self.worker = Worker("jobs", self._work)

    async def _work(self) -> None:
        now = self._runner.clock.now()
        if self.handed:
            await self.handed.pick_up()
        for key in self._runner.store.rooms():
            try:
                for job in self._waiting(key):
                    if (self._from(key, job) or now) <= now:
                        await self.do(key, job)
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

    async def do(self, key: str, job: Job) -> None:
        """One try; what comes of it is stored, and said to its sender."""
        room = self._runner.room(key)
        if room is None:
            return
        try:
            await self._take_in(room, job)
        except Refusal as refusal:
            await self._refused(room, job, refusal)
        except (BadRequest, Forbidden) as error:  # Telegram will never give us this file
            await self._end(key, job, "failed", line("files.failed", name=job.file_name, error=error.message))
        except TelegramError as error:
            await self._later(key, job, job, str(error))
        except NotSaved:  # no fault of the file's: it does not count as a try
            raise
        except Exception as error:
            log.error("job %s failed: %s", job.id, logs.stack(error))
            await self._again(key, job, type(error).__name__)

    async def _refused(self, room: Room, job: Job, refusal: Refusal) -> None:
        """The sender is asked for what would help, if anything would; else the file is given up with the reason."""
        try:
            asked = file_questions.asked(refusal, job)
        except Refusal as final:
            asked, refusal = None, final
        if asked is None:
            await self._end(room.id, job, "refused", self._why(refusal, room))
        else:
            await self._ask(room.id, asked, file_questions.question(asked, refusal, self._mapped(room.id)))

    def _why(self, refusal: Refusal, room: Room) -> Line:
        return refusals.said(refusal, room, self._runner.view(room.id), self._runner.clock.now())

    def _mapped(self, key: str) -> list[Mapped]:
        """The tables people have mapped in the room."""
        return list(self._runner.view(key).mappings.scan())

    async def _take_in(self, room: Room, job: Job) -> None:
        found = await self._found(room, job)
        if found.kind is None:
            await self._ask_columns(room, job, found)
            return
        kind = self._runner.files[found.kind]
        if job.only == "check" and found.kind != "orders":
            raise Refusal("check.orders_only", name=job.file_name)
        if not self._allowed(room.id, job, kind):
            raise Refusal("files.not_yours", kind=line(f"files.kind_{kind.kind}"))
        batches = iter(await asyncio.to_thread(kind.read, found.said, job))
        # A big file stays till its last batch, and what it is read with longer: collections would walk them, and stop
        # the loop meanwhile.
        gc.collect(1)
        gc.freeze()
        while (
            batch := await asyncio.to_thread(next, batches, None)
        ) is not None:  # each is built off the loop
            await self._runner.unit(room.id, self._taking(kind, batch, job))
        if kind.afterwards:
            await self._afterwards(room, job, kind.afterwards)
        keep = kind.kind == "runsheet"
        told = self._read_by(room.id, job, found)
        await self._runner.unit(
            room.id, lambda raw: self._done(RoomBooks(raw), job, "done", *told, keep=keep)
        )
        self._forget(job)

    async def _found(self, room: Room, job: Job) -> Found:
        """What the file is and says, wherever it came from."""
        if job.kind == "spool":
            if self.handed is None:
                raise Refusal("files.spool_gone", name=job.file_name)
            return await self.handed.found(job)
        assert self._bot is not None
        file = await self._bot.get_file(job.file_id)
        return await self._read(room, job, bytes(await file.download_as_bytearray()))

    async def _ask_columns(self, room: Room, job: Job, found: Found) -> None:
        """A table nobody declared: its sender says which column is which. Raises Refusal `files.unknown`."""
        like = self._runner.view(room.id).mappings.get(job.like)
        seen = mapping_cards.guessed(found.said[0].rows, like) if isinstance(found.said, tuple) else None
        if seen is None or not self._allowed(room.id, job, self._runner.files[seen.kind]):
            raise Refusal("files.unknown", name=job.file_name)
        asked = job.changed(state="asked", asks="mapping", mapping=seen)
        await self._ask(room.id, asked, mapping_cards.overview(asked, room))

    async def _ask(self, key: str, asked: Job, card: Card) -> None:
        """The file waits for an answer; where it was sent to the group it is taken from there meanwhile."""

        def unit(raw: Books) -> None:
            books, now = RoomBooks(raw), self._runner.clock.now()
            self._take_away(books, asked)
            books.jobs.put(asked.changed(private=True))
            if asked.asks == "password":
                books.dialogues.put(file_questions.waits_for_password(asked, now))
            self._runner.post(books, [*reading_card.ended(books, asked, taken=True), card], now)

        await self._runner.unit(key, unit)

    def _read_by(self, key: str, job: Job, found: Found) -> list[Card]:
        """Which mapping a file was read by, if by one."""
        said = found.said
        if not isinstance(said, Export):
            return []
        by = (m for m in self._mapped(key) if (m.name, m.platform) == (said.format, said.platform))
        return [mapping_cards.read_by(mapped, job) for mapped in islice(by, 1)]

    def _forget(self, job: Job) -> None:
        """Nothing of the file is needed any more."""
        self._runner.passwords.forget(job.id)
        if job.kind == "spool" and self.handed:
            self.handed.remove(job)

    async def _read(self, room: Room, job: Job, data: bytes) -> Found:
        """What the guarded child reads in the file; of a long one the sender sees one message that counts."""

        async def heard(rows: int) -> None:
            card, now = reading_card.counting(job, rows), self._runner.clock.now()
            await self._runner.unit(room.id, lambda raw: self._runner.post(RoomBooks(raw), [card], now))

        asked = Asked(
            formats=[one.format() for one in self._mapped(room.id) if one.id != job.like and not one.parcels],
            parcels=[dict(one.parcels) for one in self._mapped(room.id) if one.id != job.like and one.parcels],
            as_platform=job.as_platform, password=self._runner.passwords.of(job.id),
        )  # fmt: skip
        return await reading.read(job.file_name, data, ZoneInfo(room.zone), heard, **asked)

    def _allowed(self, key: str, job: Job, kind: FileKind) -> bool:
        return self._runner.member(self._runner.view(key), job.by, "").may(kind.roles)

    def _taking(self, kind: FileKind, batch: object, job: Job) -> Callable[[object], None]:
        def unit(raw: object) -> None:
            desk = self._desk(RoomBooks(raw), job)  # type: ignore[arg-type]
            self._runner.post(desk.books, kind.take_in(batch, desk), desk.now)

        return unit

    async def _afterwards(self, room: Room, job: Job, then: Afterwards) -> None:
        """What takes a while is worked out off the loop, on a view; saved in a unit of its own."""
        found = await asyncio.to_thread(
            lambda: then.think(job.id, self._desk(self._runner.view(room.id), job))
        )

        def unit(raw: Books) -> None:
            desk = self._desk(RoomBooks(raw), job)
            self._runner.post(desk.books, then.save(found, desk), desk.now)

        if found:
            await self._runner.unit(room.id, unit)

    def _desk(self, books: RoomBooks, job: Job) -> Desk:
        """Where the file is taken in, by its sender."""
        room = books.room.get(books.raw.room)
        assert room is not None
        me = self._runner.member(books, job.by, "")
        now, vault = self._runner.clock.now(), self._runner.vault
        return Desk(books, self._runner.front(), room, me, None, now=now, vault=vault)

    def _done(self, books: RoomBooks, job: Job, state: str, *cards: Card, keep: bool = False) -> None:
        """The job's end. In the same unit a file sent to the group is taken from it, whatever became of it:
        exports hold buyers' data (PRODUCT, the chase). Only a run sheet may stay."""
        now = self._runner.clock.now()
        books.jobs.put(job.changed(state=state, asks="", done_at=now))
        self._runner.post(books, [*reading_card.ended(books, job, taken=state == "done"), *cards], now)
        if not keep:
            self._take_away(books, job)

    def _take_away(self, books: RoomBooks, job: Job) -> None:
        if not job.private:
            books.outbox.put(
                Outgoing(
                    id=books.new_id("o"), card=Card(rank="answer"), does="delete", at=self._runner.clock.now(),
                    chat_id=job.chat_id, message_id=job.message_id,
                )
            )  # fmt: skip

    async def _end(self, key: str, job: Job, state: str, said: Line) -> None:
        card = tell(job.by, said)
        await self._runner.unit(key, lambda raw: self._done(RoomBooks(raw), job, state, card))
        self._forget(job)

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
