"""The one place that reads the time. Everything else is told `now`."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

STEP = timedelta(seconds=2)
"""Less is how clocks drift and are slewed."""


class Clock(Protocol):
    """Something that knows the time."""

    def now(self) -> datetime:
        """This moment, aware, in UTC. It may go back: a server's clock is sometimes set."""

    def ticks(self) -> float:
        """Seconds that only ever go on, whatever becomes of the time of day: for spans within one process."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        return datetime.now(UTC)

    def ticks(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()


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

    def ticks(self) -> float:
        """Seconds as wound."""
        return WoundClock.now(self).timestamp()

    def wind(self, to: datetime) -> None:
        """Set the clock to `to`; it never goes back."""
        self._base = max(to.astimezone(UTC), self.now())
        self._since = time.monotonic()


class Steps:
    """Notices that the time of day was set back (by NTP, or by hand): moments kept in memory lie too far off then."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._between = self._apart()

    def back(self) -> timedelta | None:
        """By how much it went back since last asked; None where it did not. Setting it forward harms nothing."""
        before, self._between = self._between, self._apart()
        gone = timedelta(seconds=before - self._between)
        return gone if gone > STEP else None

    def _apart(self) -> float:
        return self._clock.now().timestamp() - self._clock.ticks()
