"""The one place that reads the time. Everything else is told `now`."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Something that knows the time."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        return datetime.now(UTC)


class WoundClock:
    """A clock that is wound by hand: rehearsals and tests. With `running` it also goes on by itself."""

    def __init__(self, start: datetime, *, running: bool = False) -> None:
        self._base = start.astimezone(UTC)
        self._running = running
        self._since = time.monotonic()

    def now(self) -> datetime:
        """The moment the clock was last wound to, plus what has passed since where it runs."""
        if not self._running:
            return self._base
        return self._base + timedelta(seconds=time.monotonic() - self._since)

    def wind(self, to: datetime) -> None:
        """Set the clock to `to`; it never goes back."""
        self._base = max(to.astimezone(UTC), self.now())
        self._since = time.monotonic()
