"""What each person of a room did in a period, from its books and the archives of the broadcasts in it (G12, G16)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from playbooks.broadcast import Broadcast, business_day
from playbooks.chase import Chase, Funnel, funnel
from playbooks.daily import day_span
from playbooks.journal import Entry
from playbooks.orders import OrderState
from playbooks.settlement import Period, Row, SettlementSetup, bill
from playbooks.workload import OF_CHASE, UNITS, Duty, Span, Unit, Workload, duties, kinds_of, workloads
from storage.books import RoomBooks

Archives = Callable[[str], RoomBooks | None]
"""The books of an archived broadcast by its id."""
IN_ERROR = frozenset(["wrong", "malicious"])
"""Answers of a chase that take its order out of every figure (`playbooks.chase.fate`)."""


@dataclass(frozen=True)
class Day:
    """One business day: its broadcasts and what each person did on it."""

    day: date
    broadcasts: tuple[Broadcast, ...]
    works: tuple[Workload, ...]


@dataclass(frozen=True)
class Settlement:
    """A period settled at `made_at`: a row a person, day by day, and when each was signed in."""

    period: Period
    made_at: datetime
    setup: SettlementSetup
    rows: tuple[Row, ...]
    days: tuple[Day, ...]
    duties: tuple[Duty, ...]


def nowhere(_broadcast: str) -> RoomBooks | None:
    """For the running month: nothing of it is archived yet."""
    return None


class Counting:
    """The books a period is counted from, opened once; of them what `units` need and no more."""

    def __init__(
        self,
        books: RoomBooks,
        zone: ZoneInfo,
        period: Period,
        now: datetime,
        archives: Archives,
        *,
        units: frozenset[Unit] = UNITS,
    ) -> None:
        self._units = units
        self._books = books
        self._zone = zone
        self._now = now
        self._period = period
        broadcasts = [b for b in books.broadcasts.scan() if period.first <= b.opened_on <= period.last]
        self._broadcasts = sorted(broadcasts, key=lambda b: b.number)
        gone = ((b.id, archives(b.id)) for b in self._broadcasts if b.stage == "archived")
        self._archived = {id: one for id, one in gone if one is not None}
        self._entries = self._read()
        self._presence = [one for one in self._entries if one.kind in ("presence", "role")]

    def _read(self) -> list[Entry]:
        """Entries of whatever counts, each once: what is archived may still stand in the room."""
        parts = (self._books, *self._archived.values())
        some = (
            one for part in parts for kind in kinds_of(self._units) for one in part.journal.by("kind", kind)
        )
        return [one for one in {one.id: one for one in some}.values() if not self._in_error(one)]

    def _in_error(self, entry: Entry) -> bool:
        """A contact about an order that was registered in error or is malicious: it is in nobody's figures."""
        if entry.kind != "chase_contact":
            return False
        found = (part.chases.get(entry.about) for part in (self._books, *self._archived.values()))
        return any(one is not None and one.answer in IN_ERROR for one in found)

    def works(self) -> tuple[Workload, ...]:
        """What each person did in the whole period."""
        within = self._span(self._period.first, self._period.last)
        return self._works(self._entries, self._broadcasts, within)

    def duties(self) -> tuple[Duty, ...]:
        """When each person was signed in."""
        return duties(self._presence, *self._span(self._period.first, self._period.last), self._now)

    def days(self) -> Iterator[Day]:
        """Day by day, those on which somebody did something."""
        noted: dict[date, list[Entry]] = defaultdict(list)
        for entry in self._entries:
            noted[business_day(entry.at, self._zone)].append(entry)
        for day in self._period.days:
            aired = [b for b in self._broadcasts if b.opened_on == day]
            if works := self._works(noted[day], aired, self._span(day, day)):
                yield Day(day, tuple(b for b in aired if b.live_at), works)

    def _span(self, first: date, last: date) -> Span:
        return day_span(first, self._zone)[0], day_span(last, self._zone)[1]

    def _works(
        self, entries: Sequence[Entry], aired: Sequence[Broadcast], within: Span
    ) -> tuple[Workload, ...]:
        there = duties(self._presence, *within, self._now)
        return workloads(entries, there, self._broadcasts, self._chased(aired, within), within)

    def _chased(self, aired: Iterable[Broadcast], within: Span) -> Funnel:
        """The chase of these broadcasts, and of what was sold between them."""
        chases: list[Chase] = []
        orders: list[OrderState] = []
        if not self._units & OF_CHASE:
            return funnel(chases, orders, self._now)
        for one in aired:
            books = self._archived.get(one.id, self._books)
            chases += books.chases.by("broadcast", one.id)
            orders += books.orders.by("broadcast", one.id)
        start, end = within
        chases += [
            c for c in self._books.chases.by("broadcast", "") if start <= (c.created_at or c.seen_at) < end
        ]
        orders += [
            o for o in self._books.orders.by("broadcast", "") if start <= (o.created_at or o.as_of) < end
        ]
        return funnel(chases, orders, self._now)


def settled(
    books: RoomBooks, zone: ZoneInfo, period: Period, now: datetime, archives: Archives
) -> Settlement:
    """The settlement list of a period, as the books stand."""
    counting = Counting(books, zone, period, now, archives)
    setup = setup_of(books)
    rows = bill(setup, counting.works())
    return Settlement(period, now, setup, rows, tuple(counting.days()), counting.duties())


def setup_of(books: RoomBooks) -> SettlementSetup:
    """Teams and rates as a manager set them; none before."""
    id = books.raw.room
    return books.settlements.get(id) or SettlementSetup(id=id)


def newest_aired(books: RoomBooks) -> date | None:
    """The day of the newest broadcast that was on air."""
    aired = [b for b in books.broadcasts.scan() if b.live_at]
    return max(aired, key=lambda b: b.number).opened_on if aired else None
