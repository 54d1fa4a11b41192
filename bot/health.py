"""Whether the bot is well: what the process says of itself, and what each figure means. No personal data here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from bot.card import line
from playbooks.model import Model, Moment
from storage.rows import Line

BEAT_EVERY = timedelta(seconds=10)
BEAT_OLD = timedelta(seconds=30)
"""Three beats left out: the loop stands, or the disk takes no file."""
POLL_OLD = timedelta(seconds=90)
"""An idle poll ends after seconds, and polling is started anew after a minute without a good one."""
CARD_OLD = timedelta(minutes=2)
"""A group takes 20 messages a minute, so what is worth saying now has left by then."""
DUE_LATE = timedelta(minutes=2)
"""A tick comes every second; a row that failed rests for a minute."""

Name = Literal["process", "heartbeat", "poll", "cards", "store", "due", "updates", "token"]


class Pulse(Model):
    """The process at one moment, as heartbeat.json keeps it. `polls`: it fetches updates, it is not called.

    `troubles`: rooms that take nothing until a restart, or whose last unit was not saved -> why. `overdue`: due rows
    late by more than DUE_LATE. `conflict_at`: when Telegram last said that another process polls with this token.
    `aside`: updates that were set aside.
    """

    pid: int
    version: str
    at: Moment
    started_at: Moment
    polls: bool = True
    last_poll_at: Moment | None = None
    waiting: int = 0
    oldest_card_at: Moment | None = None
    troubles: dict[str, str] = Field(default_factory=dict)
    conflict_at: Moment | None = None
    overdue: int = 0
    aside: int = 0


class Check(Model):
    """One thing looked at: what was found, and what to do where it is not well."""

    name: Name
    found: Line
    cure: Line | None = None

    @property
    def ok(self) -> bool:
        """There is nothing to cure."""
        return self.cure is None

    def said(self) -> Line:
        """The check as a line of a card or of a screen."""
        if self.cure is None:
            return line("health.ok", found=self.found)
        return line("health.trouble", found=self.found, cure=self.cure)


def check(name: Name, ok: bool, key: str, **values: object) -> Check:
    """A check that found what the text `key` says; where that is not `ok`, the text `cure_<name>` is its cure."""
    return Check(name=name, found=line(key, **values), cure=None if ok else line(f"health.cure_{name}"))


def heartbeat(pulse: Pulse, now: datetime) -> Check:
    """Whether the loop beats. One from the future says nothing of now: the machine's clock was set back."""
    age = now - pulse.at
    if age < -BEAT_OLD:
        return check("heartbeat", False, "health.heartbeat_ahead", age=seconds(-age))
    return check("heartbeat", age <= BEAT_OLD, "health.heartbeat", age=seconds(age))


def checks(pulse: Pulse, now: datetime) -> list[Check]:
    """What a living process is judged by."""
    found = [poll(pulse, now), cards(pulse, now), store(pulse.troubles), _due(pulse), _updates(pulse)]
    return [*found, *_token(pulse, now)]


def poll(pulse: Pulse, now: datetime) -> Check:
    """Whether Telegram is heard. A process that never polled is judged by how long it has been trying."""
    if not pulse.polls:
        return check("poll", True, "health.poll_webhook")
    age = now - (pulse.last_poll_at or pulse.started_at)
    key = "health.poll" if pulse.last_poll_at else "health.poll_never"
    return check("poll", age <= POLL_OLD, key, age=seconds(age))


def cards(pulse: Pulse, now: datetime) -> Check:
    """Whether what is to be said leaves."""
    if pulse.oldest_card_at is None:
        return check("cards", True, "health.cards_none", waiting=pulse.waiting)
    age = now - pulse.oldest_card_at
    return check("cards", age <= CARD_OLD, "health.cards", waiting=pulse.waiting, age=seconds(age))


def store(troubles: Mapping[str, str]) -> Check:
    """Whether everything is saved. What a trouble is stands in English: it comes from the disk."""
    said = tuple(line("health.store_room", room=room, why=why) for room, why in sorted(troubles.items()))
    return (
        check("store", False, "health.store_bad", rooms=said)
        if said
        else check("store", True, "health.store")
    )


def _token(pulse: Pulse, now: datetime) -> Iterator[Check]:
    """Two on one token take each other's updates away. Told apart from `poll`: a restart would not cure it."""
    if pulse.conflict_at and now - pulse.conflict_at <= POLL_OLD:
        yield check("token", False, "health.token")


def _due(pulse: Pulse) -> Check:
    key = "health.due_late" if pulse.overdue else "health.due"
    return check("due", not pulse.overdue, key, count=pulse.overdue)


def _updates(pulse: Pulse) -> Check:
    """An update that was set aside is told to the owners at once; it is no fault of the process that runs."""
    return check("updates", True, "health.aside" if pulse.aside else "health.aside_none", count=pulse.aside)


def seconds(age: timedelta) -> int:
    """Whole seconds, none below nought where two clocks differ."""
    return max(0, int(age.total_seconds()))
