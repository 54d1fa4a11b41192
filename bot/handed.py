"""What the command line handed over, as the bot's jobs: each spooled file becomes one, and goes once it is over."""

from __future__ import annotations

import asyncio
import logging

from bot.runner import Runner
from playbooks.model import Refusal
from storage.books import RoomBooks
from storage.exports.guard import Found
from storage.rows import Job
from storage.spool import Gone, Spool
from storage.store import NotSaved

log = logging.getLogger(__name__)


class Handed:
    """The spool at work."""

    def __init__(self, runner: Runner, spool: Spool) -> None:
        self._runner = runner
        self._spool = spool
        self._unreadable: set[str] = set()
        """Files it was logged of that nobody can tell whose they are."""

    async def sweep(self) -> None:
        """At the start: what a command line that was killed left half written goes, for buyers' data may be in it."""
        try:
            await asyncio.to_thread(self._spool.sweep, self._runner.clock.now())
        except OSError as error:
            log.error("what was left half handed over cannot be removed: %s", error)

    async def pick_up(self) -> list[tuple[str, Job]]:
        """What is there becomes jobs, each file once; those still to be done, with their rooms' keys."""
        found = []
        for id in self._spool.waiting():
            try:
                if (job := await self._picked_up(id)) is not None:
                    found.append(job)
            except NotSaved as error:
                log.error("what was handed over waits, nothing can be saved: %s", error)
            except (Gone, OSError) as error:
                if id not in self._unreadable:
                    log.error("what was handed over as %s cannot be read: %s", id, error)
                self._unreadable.add(id)
        return found

    async def _picked_up(self, id: str) -> tuple[str, Job] | None:
        header = await asyncio.to_thread(self._spool.header, id)
        if self._runner.room(header.room) is None:
            raise Gone(f"there is no room {header.room}")
        key, job_id = header.room, f"{header.room}-fs{id}"
        known = self._runner.view(key).jobs.get(job_id)
        if known and known.state != "waiting":  # it was over before a crash kept it from being removed
            self._spool.remove(id)
            return None
        if known:
            return key, known
        job = Job(id=job_id, kind="spool", file_id=id, file_name=header.name, by=header.by, at=header.at)
        await self._runner.unit(key, lambda raw: RoomBooks(raw).jobs.put(job))
        return key, job

    async def found(self, job: Job) -> Found:
        """What the job's file says. Raises Refusal `files.spool_gone`."""
        try:
            return Found("orders", await asyncio.to_thread(self._spool.export, job.file_id))
        except Gone as error:
            log.warning("a file handed over cannot be taken in: %s", error)
            raise Refusal("files.spool_gone", name=job.file_name) from error

    def remove(self, job: Job) -> None:
        """The job is over."""
        self._spool.remove(job.file_id)
