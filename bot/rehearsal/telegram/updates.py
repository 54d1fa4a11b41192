"""Updates waiting for the bot: kept until an offset confirms them, told to a long poll at once."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from bot.rehearsal.telegram.errors import ApiError

UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""What Telegram leaves out unless `allowed_updates` names it."""

MOST_AT_ONCE = 100
FIRST_ID = 100_000_001
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete it first"
)


class Pulse:
    """A number that only grows, and tasks of one event loop that wait for it to grow."""

    def __init__(self) -> None:
        self.version = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def beat(self) -> None:
        """One change more; whoever waits goes on."""
        self.version += 1
        waiting, self._waiting = self._waiting, set()
        for each in waiting:
            if not each.done():
                each.set_result(None)

    async def after(self, version: int) -> int:
        """The version, as soon as it is above `version`."""
        while self.version <= version:
            woken = asyncio.get_running_loop().create_future()
            self._waiting.add(woken)
            try:
                await woken
            finally:
                self._waiting.discard(woken)
        return self.version


class UpdateQueue:
    """What `getUpdates` reads. At most one poll at a time: a second one ends the first with 409."""

    def __init__(self) -> None:
        self.pulse = Pulse()
        self._allowed: frozenset[str] = frozenset()
        self._waiting: deque[dict[str, Any]] = deque()
        self._next_id = FIRST_ID
        self._poll = 0
        self._closed = False
        self.webhook = ""
        """Where updates are posted; '' where they are polled."""
        self.polling = False
        """Whether the bot is waiting in a long poll: all it was told, it has taken."""

    def push(self, kind: str, body: dict[str, Any]) -> None:
        """Queue one update, or drop it where the bot has not asked for its kind; asking later is too late."""
        if kind not in self._allowed if self._allowed else kind in UNASKED:
            return
        self._waiting.append({"update_id": self._next_id, kind: body})
        self._next_id += 1
        self.pulse.beat()

    def unconfirmed(self) -> int:
        """How many updates no offset has confirmed yet, fetched ones included."""
        return len(self._waiting)

    def waiting(self) -> list[dict[str, Any]]:
        """What would be posted to the webhook, in order; what was taken is confirmed by `confirm`."""
        return list(self._waiting)

    def confirm(self, below: int) -> None:
        """Forget the updates with numbers below this: the webhook answered 200 to them."""
        self._confirm(below)
        self.pulse.beat()

    def allow(self, kinds: list[str]) -> None:
        """Which kinds of update are queued from now on; none named: Telegram's default."""
        self._allowed = frozenset(kinds)

    def drop(self) -> None:
        """Forget everything that waits (`drop_pending_updates`)."""
        self._waiting.clear()
        self.pulse.beat()

    def close(self) -> None:
        """Let polls under way return empty-handed, and later ones at once."""
        self._closed = True
        self.pulse.beat()

    def reopen(self) -> None:
        """Long polls wait again."""
        self._closed = False

    async def fetch(
        self, offset: int, limit: int, seconds: int, allowed: list[str] | None
    ) -> list[dict[str, Any]]:
        """At most `limit` updates from `offset` on; waits up to `seconds` for the first.

        A positive offset confirms what is below it, a negative one all but the last ones; `allowed`
        (empty: Telegram's default) holds until it is given again. Raises ApiError 409 when another poll
        takes over.
        """
        if self.webhook:
            raise ApiError(409, WEBHOOK_ACTIVE)
        if allowed is not None:
            self.allow(allowed)
        self._confirm(offset)
        self._poll += 1
        poll = self._poll
        self.pulse.beat()
        await self._first(poll, seconds)
        if poll != self._poll:
            raise ApiError(409, CONFLICT)
        return list(self._waiting)[: max(1, min(limit, MOST_AT_ONCE))]

    def _confirm(self, offset: int) -> None:
        while offset > 0 and self._waiting and self._waiting[0]["update_id"] < offset:
            self._waiting.popleft()
        while offset < 0 and len(self._waiting) > -offset:
            self._waiting.popleft()

    async def _first(self, poll: int, seconds: int) -> None:
        try:
            async with asyncio.timeout(seconds):
                while not self._waiting and poll == self._poll and not self._closed:
                    self.polling = True
                    await self.pulse.after(self.pulse.version)
        except TimeoutError:
            return
        finally:
            # The poll that took over speaks for itself.
            self.polling = self.polling and poll != self._poll
