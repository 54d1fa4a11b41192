"""Troubles to throw in: Telegram refuses, answers too late or loses a message, and what came of it is shown."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import Literal

from bot.rehearsal.samples import ZONE
from bot.rehearsal.show import Show
from bot.rehearsal.telegram import ApiError, Call, LostConnection
from bot.rehearsal.telegram.faults import Fault
from playbooks.model import Model

Trouble = Literal["throttled", "slow", "lost"]
TROUBLES: tuple[Trouble, ...] = ("throttled", "slow", "lost")
"""429 in the group for ten seconds; the next message arrives but Telegram's answer does not; the next message
is lost on the way."""

THROTTLED_SECONDS = 10
TOO_MANY = 429
HITS_SHOWN = 6
MANY_TIMES = 1_000_000


class Hit(Model):
    """One call that ran into trouble: `at` on the rehearsal clock (HH:MM:SS), where it was meant to go."""

    at: str
    kind: Trouble
    chat: int


class Troubles:
    """The faults of the page, in the core of a show."""

    def __init__(self, show: Show) -> None:
        self._core = show.core
        self._group = show.group
        self._thrown: dict[Trouble, tuple[Fault, datetime | None]] = {}
        self.hits: deque[Hit] = deque(maxlen=HITS_SHOWN)
        self._core.listeners.append(self._listen)
        show.expected.append(self._ends)

    def throw(self, kind: Trouble) -> None:
        """From now on; thrown again it begins anew."""
        if kind in self._thrown:
            self._drop(kind)
        faults, until = self._core.faults, None
        if kind == "throttled":
            until = self._core.now() + timedelta(seconds=THROTTLED_SECONDS)
            fault = faults.throttle(
                THROTTLED_SECONDS, chat=self._group, when=lambda _: self._still(until), times=MANY_TIMES
            )
        else:
            fault = faults.lose(after_effect=kind == "slow", timed_out=kind == "slow", method="sendMessage")
        self._thrown[kind] = fault, until
        self._core.pulse.beat()

    def clear(self) -> None:
        """Telegram works again."""
        for kind in tuple(self._thrown):
            self._drop(kind)
        self._core.pulse.beat()

    def active(self) -> list[Trouble]:
        """What is still to come or still lasts."""
        lasting = (
            kind for kind, (fault, until) in self._thrown.items() if fault.left > 0 and self._still(until)
        )
        return list(lasting)

    def _ends(self) -> datetime | None:
        """When the group is throttled no more."""
        _, until = self._thrown.get("throttled", (None, None))
        return until if self._still(until) else None

    def _still(self, until: datetime | None) -> bool:
        return until is None or self._core.now() < until

    def _drop(self, kind: Trouble) -> None:
        fault, _ = self._thrown.pop(kind)
        if fault in self._core.faults.rules:
            self._core.faults.rules.remove(fault)

    def _listen(self, call: Call) -> None:
        kind = _kind(call)
        if kind is not None:
            at = f"{call.at.astimezone(ZONE):%H:%M:%S}"
            self.hits.append(Hit(at=at, kind=kind, chat=int(call.params.get("chat_id") or 0)))


def _kind(call: Call) -> Trouble | None:
    if isinstance(call.error, LostConnection):
        return "slow" if call.error.timed_out else "lost"
    return "throttled" if isinstance(call.error, ApiError) and call.error.code == TOO_MANY else None
