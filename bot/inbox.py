"""The inbox 收件箱: every update is kept before Telegram hears that it was received, and handled exactly once.

What a unit changed and the update's number are saved together (runner), so an update found unhandled after a
crash is safely handled again. Which numbers are known is a set, never "up to the last one": after a quiet week
Telegram begins anew at a random number, and what was not confirmed in time comes a second time.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.passwords import without_password
from bot.runner import Runner
from storage.books import DeskBooks
from storage.rows import Incoming
from storage.store import DESK, NotSaved
from storage.vault_inbox import open_payload, seal_payload

log = logging.getLogger(__name__)

Raw = dict[str, Any]
"""An update as Telegram's JSON."""

NUMBERS_KEPT = timedelta(days=2)
"""Telegram redelivers for a day at most; numbers of handled updates are kept twice as long."""
ASIDE_KEPT = timedelta(days=14)
"""Time for somebody to look why an update could not be handled."""
DROPPED_AT_ONCE = 500


def seal(raw: Raw) -> str:
    """An update as text; what rests in the inbox is this, encrypted where there are keys (storage/vault_inbox.py)."""
    return json.dumps(raw, ensure_ascii=False, separators=(",", ":"))


def unseal(payload: str) -> Raw:
    """What `seal` was given."""
    raw: Raw = json.loads(payload)
    return raw


def storable(raw: Raw) -> Raw:
    """The update as it can be stored and sent on: half a surrogate pair becomes "?". One that no text can be made of
    keeps its number alone: it must not hold up those that came with it."""
    try:
        seal(raw).encode()
    except UnicodeEncodeError:
        return unseal(seal(raw).encode(errors="replace").decode())
    except (ValueError, RecursionError) as error:
        log.error("update %s cannot be stored and is left out: %s", raw["update_id"], type(error).__name__)
        return {"update_id": raw["update_id"]}
    return raw


class Inbox:
    """The desk book of updates. `last_poll`: when Telegram last answered a poll; None where it posts to us."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self.last_poll: datetime | None = None
        self.conflict_at: datetime | None = None
        """When Telegram last said that somebody else polls with our token."""
        self._here: dict[int, asyncio.Future[None]] = {}
        """Numbers that are being stored at this moment -> what comes of it."""
        self._unstored: set[int] = set()
        """Numbers no disk would take, until they are written down as handled."""
        self._done: list[str] = []
        """Handled, but not yet written as handled: that goes along with the next updates that are stored."""

    # -- in ------------------------------------------------------------------------------------------

    async def keep(self, raws: Sequence[Raw]) -> list[Raw]:
        """Store those never seen before and return them; they outlive a power cut from here on.

        Where the disk takes nothing (NotSaved) they come back all the same: what only reads must go on
        working, and what would change something fails by itself and says so. Other errors are raised, those of
        somebody else who is storing one of them too; then none of `raws` counts as received.
        """
        await self._others({raw["update_id"] for raw in raws})
        fresh = [storable(raw) for raw in raws if self._is_new(raw["update_id"])]
        if not fresh:
            return []
        numbers = {raw["update_id"] for raw in fresh}
        storing: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._here |= dict.fromkeys(numbers, storing)
        try:
            await self._put(fresh, numbers)
        except BaseException as error:
            # Who waits for this was not cancelled, though whoever stored it may have been.
            cut_off = isinstance(error, asyncio.CancelledError)
            storing.set_exception(RuntimeError("storing was cut off") if cut_off else error)
            storing.exception()  # often nobody else waits for it
            raise
        else:
            storing.set_result(None)
        finally:
            for number in numbers:
                del self._here[number]
        return fresh

    async def _others(self, numbers: set[int]) -> None:
        """Until nobody else is storing one of these: what came twice is received once the first of it is."""
        while storing := [self._here[number] for number in numbers if number in self._here]:
            await asyncio.wait(storing)
            for one in storing:
                one.result()

    async def _put(self, fresh: list[Raw], numbers: set[int]) -> None:
        done, self._done = self._done, []
        try:
            await self._runner.unit(DESK, lambda raw: self._store(DeskBooks(raw), fresh, done), quiet=True)
        except NotSaved as error:
            log.error("%s updates are handled without being stored: %s", len(fresh), error)
            self._unstored |= numbers
            self._done += done
        except BaseException:
            self._done += done
            raise
        else:
            self._written(done)

    def _is_new(self, number: int) -> bool:
        return number not in self._unstored and self._runner.front().inbox.get(str(number)) is None

    def _written(self, done: Iterable[str]) -> None:
        """These are written down as handled: their rows tell that they are known."""
        self._unstored.difference_update(int(number) for number in done)

    def _store(self, books: DeskBooks, raws: Iterable[Raw], done: Iterable[str]) -> None:
        now = self._runner.clock.now()
        for raw in raws:
            id = str(raw["update_id"])
            payload = seal_payload(books, self._runner.vault, id, seal(self._keepable(raw)), now)
            books.inbox.put(Incoming(id=id, at=now, payload=payload))
        _mark_done(books, done, now)

    def _keepable(self, raw: Raw) -> Raw:
        """What may rest in clear where there are no keys: not the password of a file."""
        if self._runner.vault:
            return raw
        return without_password(raw, map(self._runner.view, self._runner.store.rooms()))

    # -- handled -------------------------------------------------------------------------------------

    def done(self, number: int) -> None:
        """The update was handled; `note` or the next updates write it down. A crash before that repeats it."""
        self._done.append(str(number))

    async def note(self) -> None:
        """Write down what was handled: the payloads are gone. Not waited for: the next fsync takes it along."""
        if not self._done:
            return
        done, self._done = self._done, []
        now = self._runner.clock.now()
        try:
            await self._runner.unit(
                DESK, lambda raw: _mark_done(DeskBooks(raw), done, now), durable=False, quiet=True
            )
        except NotSaved as error:
            log.warning("handled updates are not written down yet: %s", error)
            self._done = done + self._done
        except BaseException:
            self._done = done + self._done
            raise
        else:
            self._written(done)

    async def set_aside(self, number: int, error: str, tries: int) -> None:
        """Handle it no more; the payload stays. `error`: a type's name, which holds nothing personal. NotSaved."""
        now = self._runner.clock.now()
        aside = {"state": "aside", "error": error, "tries": tries}
        await self._runner.unit(
            DESK, lambda raw: _change(DeskBooks(raw), str(number), now, **aside), quiet=True
        )
        self._written([str(number)])

    # -- after a crash -------------------------------------------------------------------------------

    async def left_over(self) -> list[Incoming]:
        """What a former life of the process did not finish, in the order received; `starts` counts this start."""
        waiting = self._runner.front().inbox.by("state", "waiting")
        if not waiting:
            return []
        try:
            return await self._runner.unit(
                DESK, lambda raw: [_started(DeskBooks(raw), row) for row in waiting], quiet=True
            )
        except NotSaved as error:
            log.error("this start is not counted: %s", error)
            return waiting

    def opened(self, row: Incoming) -> Raw:
        """The update a row keeps. Raises Sealed where it was encrypted with a key that is gone."""
        return unseal(open_payload(self._runner.front(), self._runner.vault, row))

    async def begin_alone(self, row: Incoming) -> None:
        """Count, before it begins, one more try of an update that may be what kills the process. NotSaved."""
        tried = row.changed(tries=row.tries + 1)
        await self._runner.unit(DESK, lambda raw: DeskBooks(raw).inbox.put(tried), quiet=True)

    async def tidy(self) -> None:
        """Drop numbers that Telegram will not send again, and what was set aside long ago."""
        now = self._runner.clock.now()
        first = self._runner.front().inbox.next_due()
        marked = self._runner.front().handled.next_due()
        if min((at for at in (first, marked) if at), default=now) > now - NUMBERS_KEPT:
            return
        if self._old(self._runner.front(), now) != ([], []):
            await self._runner.unit(
                DESK, lambda raw: self._drop_old(DeskBooks(raw), now), durable=False, quiet=True
            )

    def _old(self, books: DeskBooks, now: datetime) -> tuple[list[str], list[str]]:
        """Ids of inbox rows and of handled marks to drop."""
        rows = books.inbox.due(now - NUMBERS_KEPT, DROPPED_AT_ONCE)
        old = [r.id for r in rows if r.state == "done" or (r.state == "aside" and r.at <= now - ASIDE_KEPT)]
        return old, [mark.id for mark in books.handled.due(now - NUMBERS_KEPT, DROPPED_AT_ONCE)]

    def _drop_old(self, books: DeskBooks, now: datetime) -> None:
        rows, marks = self._old(books, now)
        for id in rows:
            books.inbox.drop(id)
        for id in marks:
            books.handled.drop(id)


def _mark_done(books: DeskBooks, numbers: Iterable[str], now: datetime) -> None:
    for number in numbers:
        _change(books, number, now, state="done", payload="")


def _change(books: DeskBooks, number: str, now: datetime, **fields: object) -> None:
    row = books.inbox.get(number) or Incoming(id=number, at=now)  # one no disk would take has no row yet
    books.inbox.put(row.changed(**fields))


def _started(books: DeskBooks, row: Incoming) -> Incoming:
    return books.inbox.put(row.changed(starts=row.starts + 1))
