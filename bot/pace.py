"""How fast Telegram lets a bot speak, and when the next call to a chat may leave. Counting only, no waiting."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from storage.rows import Rank

Counted = deque[datetime]
CHATS_KEPT = 2000
"""More than there can be calls a minute: those of the last minute always have room."""


@dataclass(frozen=True)
class Window:
    """At most `most` calls in any span of length `span`."""

    most: int
    span: timedelta


@dataclass(frozen=True)
class Limits:
    """Telegram's figures (Bots FAQ, "My bot is hitting limits"): about 30 messages a second overall, one a second
    in a chat, 20 a minute in a group. Messages, edits and pins count; deletions count overall only.

    `reserve` of a group's calls are kept for what is on air, so that no other card can use up the minute.
    """

    overall: Window = field(default=Window(30, timedelta(seconds=1)))
    chat: Window = field(default=Window(1, timedelta(seconds=1)))
    group: Window = field(default=Window(20, timedelta(minutes=1)))
    reserve: int = 5


class Pace:
    """What was spent of the limits. Groups are told by their negative ids; chat 0 counts overall only.

    With `limits` None anything may leave at any time: for clocks that stand still between two steps.
    """

    def __init__(self, limits: Limits | None) -> None:
        self.limits = limits
        self._overall: Counted = deque()
        self._chats: dict[int, Counted] = {}

    def when(self, chat: int, rank: Rank, now: datetime) -> datetime:
        """The earliest moment, `now` or later, at which one more call to `chat` keeps every limit."""
        if self.limits is None:
            return now
        _set_back(self._overall, now)
        moments = [now, _free(self._overall, self.limits.overall.most, self.limits.overall.span)]
        if chat:
            spent = self._chats.get(chat, deque())
            _set_back(spent, now)
            moments.append(_free(spent, self.limits.chat.most, self.limits.chat.span))
        if chat < 0:
            group = self.limits.group
            most = group.most if rank == "air" else group.most - self.limits.reserve
            moments.append(_free(spent, most, group.span))
        return max(moment for moment in moments if moment)

    def spent(self, chat: int, now: datetime) -> None:
        """A call to `chat` leaves at `now`; moments come in order."""
        if self.limits is None:
            return
        _count(self._overall, self.limits.overall.most, now)
        if chat:
            _count(self._chats.setdefault(chat, deque()), self._kept(chat), now)
        if len(self._chats) > CHATS_KEPT:
            span = max(self.limits.chat.span, self.limits.group.span)
            self._chats = {one: counted for one, counted in self._chats.items() if counted[-1] + span > now}

    def _kept(self, chat: int) -> int:
        assert self.limits
        return max(self.limits.chat.most, self.limits.group.most) if chat < 0 else self.limits.chat.most


def _count(counted: Counted, most: int, now: datetime) -> None:
    """No more is kept than a full window holds: what is older cannot fill one."""
    counted.append(now)
    while len(counted) > most:
        counted.popleft()


def _set_back(counted: Counted, now: datetime) -> None:
    """On a clock that was set back, calls that lie ahead count as made now: else nothing would leave until then."""
    if not counted or max(counted) <= now:
        return
    for place, at in enumerate(counted):
        counted[place] = min(at, now)


def _free(counted: Counted, most: int, span: timedelta) -> datetime | None:
    """When fewer than `most` of the counted lie in the span before; None where that is always so."""
    return counted[-most] + span if len(counted) >= most else None
