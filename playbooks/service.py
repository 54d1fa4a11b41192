"""Service figures 客服指标 counted from a chat log, as each platform defines them (facts/metrics.yaml, G06-G10).

A *round* 轮 runs from the first unanswered buyer message to the first reply of a person; several messages before a
reply are one round. A robot's reply answers nothing. Times outside the platform's window do not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from playbooks.metrics import rate
from playbooks.model import Model, Moment
from playbooks.rulebook import load

Sender = Literal["buyer", "agent", "robot"]
Counts = Literal["rounds", "sessions", "messages", "first"]
Fraction = tuple[int, int]
"""How many of how many; of none the figure is not known."""


class Reply(Model):
    """How one platform counts replies in time: hours of the day as `08:00`, `24:00`."""

    figure: str
    counts: Counts
    opens: str = Field(alias="from")
    closes: str = Field(alias="to")
    within: int

    def holds(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether `at` lies in the window, the end not included."""
        local = at.astimezone(zone)
        minutes = local.hour * 60 + local.minute
        return _minutes(self.opens) <= minutes < _minutes(self.closes)


class Rules(Model):
    """`data/service.toml`."""

    source: str
    reopened_hours: int
    longest_file: int
    totals: tuple[str, ...]
    nothing: tuple[str, ...]
    reply: dict[str, Reply]
    columns: dict[str, tuple[str, ...]]
    answers: dict[Literal["yes", "no"], tuple[str, ...]]
    senders: dict[Sender, tuple[str, ...]]


class Said(Model):
    """One message of a session, without its text."""

    at: Moment
    who: Sender


class Round(Model):
    """One question and its reply; `answered` None: nobody replied."""

    asked: Moment
    answered: Moment | None
    messages: tuple[Moment, ...]
    """The buyer's messages in it."""

    @property
    def wait(self) -> timedelta | None:
        """How long the buyer waited; None without a reply."""
        return self.answered - self.asked if self.answered else None


class Session(Model):
    """One conversation; `solved` and `handed_on` where the platform says so (for the figure of one contact)."""

    said: tuple[Said, ...]
    solved: bool | None = None
    handed_on: bool = False
    reopened_after: timedelta | None = None


def _minutes(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)


def rules() -> Rules:
    """`data/service.toml`."""
    known: Rules = load("service", Rules)
    return known


def rounds(session: Session) -> Iterator[Round]:
    """The rounds of a session, in order; the last one may be unanswered."""
    asked: list[datetime] = []
    for one in sorted(session.said, key=lambda said: said.at):
        if one.who == "buyer":
            asked.append(one.at)
        elif one.who == "agent" and asked:
            yield Round(asked=asked[0], answered=one.at, messages=tuple(asked))
            asked = []
    if asked:
        yield Round(asked=asked[0], answered=None, messages=tuple(asked))


def replies(sessions: Iterable[Session], platform: str, zone: ZoneInfo) -> Fraction:
    """(in time, counted) as `platform` counts; (0, 0) where no definition of it is known."""
    how = rules().reply.get(platform)
    if how is None:
        return 0, 0
    count = {"rounds": _by_round, "sessions": _by_session, "messages": _by_message, "first": _by_first}[
        how.counts
    ]
    found = [one for session in sessions for one in count(session, how, zone)]
    return sum(found), len(found)


def _inside(session: Session, how: Reply, zone: ZoneInfo) -> list[Round]:
    return [one for one in rounds(session) if how.holds(one.asked, zone)]


def _in_time(wait: timedelta | None, how: Reply) -> bool:
    return wait is not None and wait <= timedelta(seconds=how.within)


def _by_round(session: Session, how: Reply, zone: ZoneInfo) -> Iterator[bool]:
    yield from (_in_time(one.wait, how) for one in _inside(session, how, zone))


def _by_session(session: Session, how: Reply, zone: ZoneInfo) -> Iterator[bool]:
    """The mean wait of its rounds; one message nobody answered in time makes it none (抖音)."""
    waits = [one.wait for one in _inside(session, how, zone)]
    if waits:
        known = [wait for wait in waits if wait is not None]
        mean = sum(known, timedelta(0)) / len(known) if len(known) == len(waits) else None
        yield _in_time(mean, how)


def _by_message(session: Session, how: Reply, zone: ZoneInfo) -> Iterator[bool]:
    for one in rounds(session):
        for at in one.messages:
            if how.holds(at, zone):
                yield _in_time(one.answered - at if one.answered else None, how)


def _by_first(session: Session, how: Reply, zone: ZoneInfo) -> Iterator[bool]:
    """By when the session began: asked at 8:56 and answered at 9:01 does not count (京东)."""
    first = next(iter(rounds(session)), None)
    if first is not None and how.holds(first.asked, zone):
        yield _in_time(first.wait, how)


def first_response(sessions: Iterable[Session]) -> Decimal | None:
    """Seconds from the start of a session to its first reply, the mean over sessions that had one."""
    firsts = [next(iter(rounds(one)), None) for one in sessions]
    return _mean([one.wait for one in firsts if one and one.wait is not None])


def mean_response(sessions: Iterable[Session]) -> Decimal | None:
    """Seconds a buyer waits for a reply, the mean over all rounds that had one."""
    return _mean([one.wait for session in sessions for one in rounds(session) if one.wait is not None])


def _mean(waits: Sequence[timedelta]) -> Decimal | None:
    if not waits:
        return None
    seconds = Decimal(str(sum(waits, timedelta(0)).total_seconds())) / len(waits)
    return seconds.quantize(Decimal(1), ROUND_HALF_UP)


def solved_at_once(sessions: Iterable[Session]) -> Fraction:
    """(solved at the first contact, questions): handed on or reopened within a day was not (REQUIREMENTS G07)."""
    told = [one for one in sessions if one.solved is not None]
    soon = timedelta(hours=rules().reopened_hours)
    good = [
        one
        for one in told
        if one.solved and not one.handed_on and (one.reopened_after is None or one.reopened_after > soon)
    ]
    return len(good), len(told)


def figures(sessions: Sequence[Session], platform: str, zone: ZoneInfo) -> dict[str, Decimal]:
    """What a chat log says of a platform's figures, by the ids of `data/review_figures.toml`; the known ones."""
    how = rules().reply.get(platform)
    asked = [one for one in sessions if any(said.who == "buyer" for said in one.said)]
    found: dict[str, Decimal | None] = {
        "inquiries": Decimal(len(asked)) if asked else None,
        "first_response": first_response(asked), "avg_response": mean_response(asked),
        "first_contact_resolution": rate(*solved_at_once(sessions)),
    }  # fmt: skip
    if how is not None:
        found[how.figure] = rate(*replies(asked, platform, zone))
    return {id: value for id, value in found.items() if value is not None}
