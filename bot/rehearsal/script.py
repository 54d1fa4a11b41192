"""What a script is made of: acts of steps; a step is a moment, deeds, and a note on what it shows."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.rehearsal.cast import Where, Who
from bot.rehearsal.deeds import Deed, Presses, Sample, Says, Sends, Starts
from bot.rehearsal.samples import ZONE
from playbooks.model import Model, Moment

OPENING_DAY = datetime(2026, 11, 11, tzinfo=ZONE)


class Step(Model):
    """One step: at `at` its deeds are done in order; the text `rehearsal.note.<note>` says what it shows."""

    note: str
    at: Moment
    deeds: tuple[Deed, ...]
    look: tuple[Who, Where] | None = None

    @property
    def who(self) -> tuple[Who, ...]:
        """The people who act, in the order in which they do."""
        acting = (deed.who for deed in self.deeds if deed.does != "winds")
        return tuple(dict.fromkeys(acting))

    @property
    def seen_at(self) -> tuple[Who, Where]:
        """Through whose eyes and in which chat the step is best watched: `look`, else where its last deed is."""
        if self.look:
            return self.look
        last = next(deed for deed in reversed(self.deeds) if deed.does != "winds")
        return last.who, "private" if last.does == "starts" else last.where


class Act(Model):
    """Steps under one heading, the text `rehearsal.act.<key>`."""

    key: str
    steps: tuple[Step, ...]


def step(at: str, note: str, *deeds: Deed, look: tuple[Who, Where] | None = None) -> Step:
    """A step at a room time of the opening day, `20:40`, or days later, `+3 10:00`."""
    days, _, clock = at.rpartition(" ")
    hour, minute = (int(part) for part in clock.split(":"))
    then = OPENING_DAY + timedelta(days=int(days or 0), hours=hour, minutes=minute)
    return Step(note=note, at=then, deeds=deeds, look=look)


def says(who: Who, text: str = "", where: Where = "private", *, line: str = "") -> Says:
    """Writes a command, or a `line` of the texts."""
    return Says(who=who, where=where, text=text, line=line)


def starts(who: Who) -> Starts:
    """Opens the private chat."""
    return Starts(who=who)


def sends(who: Who, sample: Sample) -> Sends:
    """Sends a file that lies ready, in private."""
    return Sends(who=who, sample=sample)


def presses(who: Who, words: str, where: Where = "private") -> Presses:
    """Presses the newest button that means `words` (a pattern)."""
    return Presses(who=who, words=words, where=where)
