"""Watches over the simulated week: how often the bot speaks, minute by minute, against what the product promises."""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import datetime, timedelta

from tests.support.evening import NAMES, SHANGHAI, Shift

HOUR = timedelta(hours=1)
NUDGES_APART = timedelta(minutes=10)
"""Nobody is reminded of changes they have not confirmed more often."""
GROUP_SPARE = 10
"""Messages an hour in the group besides two per switch or change."""
NIGHT = (1, 8)
"""Between these hours of the room nobody's phone rings, whatever is due."""
NUDGE = "请确认变更"
QUIET = ("免打扰时段", "安静时段", "没有要跟进的")
REMINDERS = {"还没回答的提问": 3, "个提问超时还没有回答": 4}
"""What reminds of unanswered questions, and how often one question may."""


class Watch:
    """Every message the bot sends is looked at once, at the minute it was sent."""

    def __init__(self, shift: Shift) -> None:
        self.shift = shift
        self.broken: list[str] = []
        """What was promised and not kept, in words."""
        self.rung: dict[int, list[datetime]] = defaultdict(list)
        """When a person's phone rang for something they had not just asked for."""
        self.reminded: dict[tuple[int, str], int] = defaultdict(int)
        self.waiting = 0
        """Questions of all streams that were answered late or never."""
        self.group: deque[datetime] = deque()
        self.events: deque[datetime] = deque()
        """Switches, changes and what else the script did in the group."""
        self.nudged: dict[int, datetime] = {}
        self.looked = 0
        self._seen = len(shift.here.core.transcript)

    def happened(self) -> None:
        """A switch, a binding change, a slip of the host, the beginning or the end."""
        self.events.append(self.shift.clock.now())

    def look(self, actor: int | None = None) -> None:
        """What the bot has said since the last look; `actor` has just asked for something."""
        core = self.shift.here.core
        for event in core.transcript[self._seen :]:
            if event.kind != "said" or event.who != core.bot.id:
                continue
            self.looked += 1
            if event.chat_id == self.shift.group:
                self._in_group(event.at)
            elif event.chat_id != actor:
                silent = core.chats[event.chat_id].posts[event.message_id].silent
                self._in_private(event.chat_id, event.at, event.text, silent=silent)
        self._seen = len(core.transcript)

    def _in_group(self, at: datetime) -> None:
        self.group.append(at)
        for moments in (self.group, self.events):
            while moments and moments[0] <= at - HOUR:
                moments.popleft()
        if len(self.group) > 2 * len(self.events) + GROUP_SPARE:
            self._breaks(f"{len(self.group)} messages in the group within the hour before {_clock(at)}")

    def _in_private(self, who: int, at: datetime, text: str, *, silent: bool) -> None:
        if NUDGE in text:
            before, self.nudged[who] = self.nudged.get(who), at
            if before and at - before < NUDGES_APART:
                self._breaks(f"{NAMES[who]} was reminded of changes at {_clock(before)} and {_clock(at)}")
        for words in REMINDERS:
            self.reminded[who, words] += words in text
        if not silent:
            self.rung[who].append(at)
            if NIGHT[0] <= at.astimezone(SHANGHAI).hour < NIGHT[1]:
                self._breaks(f"{NAMES[who]} was woken at {_clock(at)}: {text[:40]}")

    def questions_left(self, waiting: int) -> None:
        """So many more questions were answered late or never; the others remind of nothing."""
        self.waiting += waiting
        for (who, words), times in self.reminded.items():
            if times > REMINDERS[words] * self.waiting:
                self._breaks(f"{NAMES[who]} was reminded {times} times of {self.waiting} questions")

    def dealt_at_night(self, card: str) -> None:
        """What an agent is told who takes work in the quiet hours: until when buyers are left alone."""
        if not any(words in card for words in QUIET):
            self._breaks(f"at {_clock(self.shift.clock.now())} somebody was to be contacted: {card}")

    def most_in_an_hour(self, who: int) -> int:
        """How often at most a person's phone rang within an hour."""
        moments = self.rung[who]
        return max((sum(at <= other < at + HOUR for other in moments) for at in moments), default=0)

    def _breaks(self, what: str) -> None:
        self.broken.append(what)


def _clock(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%m-%d %H:%M}"
