"""Polling: Telegram is asked for updates, and asked for the next ones only when these are stored.

The loop is our own, around PTB's `get_updates`: PTB's Updater confirms what it has merely read, and ends
without a word when anything but a TelegramError comes up.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from telegram import Bot, Update
from telegram.error import Conflict, NetworkError, RetryAfter, TelegramError
from telegram.request import BaseRequest, RequestData

from bot import logs
from bot.clock import Clock
from bot.inbox import Inbox, Raw

log = logging.getLogger(__name__)

POLL_SECONDS = 10
"""How long Telegram may let a poll wait for the first update."""
FIRST_WAIT = 0.25
LONGEST_WAIT = 30.0
"""Seconds until the next poll after one that failed: doubled each time."""
SILENT_FOR = timedelta(seconds=90)
"""Nine polls' time without an answer: whatever the task is waiting for, it will not come."""
END_SECONDS = 5.0


class Receiving(BaseRequest):
    """The request PTB polls with: `receive` has stored what Telegram answered before anybody else sees it.

    What PTB reads of it is the last update's number alone, by which the next poll confirms all of them.
    """

    def __init__(self, request: BaseRequest, receive: Callable[[Sequence[Raw]], Awaitable[None]]) -> None:
        super().__init__()
        self._request = request
        self._receive = receive

    @property
    def read_timeout(self) -> float | None:
        """Seconds; see BaseRequest."""
        return self._request.read_timeout

    async def initialize(self) -> None:
        """Open the request beneath."""
        await self._request.initialize()

    async def shutdown(self) -> None:
        """Close the request beneath."""
        await self._request.shutdown()

    async def do_request(  # noqa: PLR0917 - the signature is PTB's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        write_timeout: object = None,
        connect_timeout: object = None,
        pool_timeout: object = None,
    ) -> tuple[int, bytes]:
        """Status and body. Raises TelegramError; NetworkError where the updates could not be stored."""
        status, body = await self._request.do_request(
            url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout  # type: ignore[arg-type]
        )  # fmt: skip
        if status != 200 or not url.endswith("/getUpdates"):
            return status, body
        raws = self.parse_json_payload(body)["result"]
        if not raws:
            return status, body
        try:
            await self._receive(raws)
        except Exception as error:
            raise NetworkError(f"updates were not stored: {type(error).__name__}") from error
        return status, json.dumps({"ok": True, "result": [{"update_id": raws[-1]["update_id"]}]}).encode()


class Polling:
    """The task that polls, and the watch over it."""

    def __init__(self, bot: Bot, inbox: Inbox, clock: Clock) -> None:
        self._bot = bot
        self._inbox = inbox
        self._clock = clock
        self._offset = 0
        self._heard: float | None = None
        """When Telegram last answered, or polling began, by the clock's ticks."""
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to poll; a webhook left over is taken away first, as Telegram allows only one of the two."""
        self._heard = self._clock.ticks()
        self._task = asyncio.create_task(self._poll_on(), name="polling")

    async def stop(self) -> None:
        """End the task. What came with a poll cut off is either stored or comes again."""
        task, self._task = self._task, None
        if task:
            task.cancel()
            await asyncio.wait({task}, timeout=END_SECONDS)

    async def watch(self) -> None:
        """Start polling anew where Telegram has not answered for long, or the task ended. Call it now and then."""
        if self._task is None or self._heard is None:
            return
        silent = timedelta(seconds=self._clock.ticks() - self._heard)
        if silent <= SILENT_FOR and not self._task.done():
            return
        log.warning("no poll was answered for %s s; polling starts anew", int(silent.total_seconds()))
        await self.stop()
        self.start()

    async def _poll_on(self) -> None:
        wait, cleared = 0.0, False
        while True:
            try:
                cleared = cleared or await self._bot.delete_webhook()
                await self._poll()
                wait = 0.0
            except RetryAfter as error:
                after = error.retry_after
                wait = after.total_seconds() if isinstance(after, timedelta) else float(after)
            except TelegramError as error:
                if isinstance(error, Conflict):
                    self._inbox.conflict_at = self._clock.now()
                wait = min(wait * 2, LONGEST_WAIT) or FIRST_WAIT
                log.warning("polling failed, again in %.1f s: %s", wait, error)
            except Exception as error:  # nothing may end polling but stop
                wait = min(wait * 2, LONGEST_WAIT) or FIRST_WAIT
                log.error("polling failed, again in %.1f s: %s", wait, logs.stack(error))
            if wait:
                await asyncio.sleep(wait)

    async def _poll(self) -> None:
        updates = await self._bot.get_updates(
            offset=self._offset, timeout=POLL_SECONDS, allowed_updates=Update.ALL_TYPES
        )
        self._inbox.last_poll, self._heard = self._clock.now(), self._clock.ticks()
        if updates:
            self._offset = updates[-1].update_id + 1
