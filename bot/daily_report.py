"""The daily report 日报 and the weekly digest 周报: counted from committed books, said so that they stand alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.card import line
from bot.daily_book import title
from bot.reviewing import data_until
from bot.target_lines import of_people, progress_of
from playbooks import daily
from playbooks.broadcast import business_day
from playbooks.daily import DailyTask, DayReport, Work
from playbooks.daily.work import WORK
from playbooks.room import Room
from storage.books import RoomBooks
from storage.rows import Line

READ = (*WORK, "chase_new", "chase_paid", "chase_lost", "hold_new")
"""The journal's kinds a report is counted from."""
PEOPLE = 12
NOT_DONE = 10
WEEK = 7
Values = dict[str, int]


def report_of(books: RoomBooks, room: Room, first: date, days: int, now: datetime) -> DayReport:
    """What the books say of `days` business days from `first` on."""
    zone = ZoneInfo(room.zone)
    each = [first + timedelta(days=n) for n in range(days)]
    start, end = daily.day_span(first, zone)[0], daily.day_span(each[-1], zone)[1]
    return daily.summarise(
        start, end, now,
        journal=(entry for kind in READ for entry in books.journal.by("kind", kind)),
        broadcasts=books.broadcasts.scan(),
        tasks=daily.in_order(task for day in each for task in books.daily_tasks.by("day", str(day))),
        questions=books.questions.scan(), needs=books.needs.scan(), lost=books.lost_inquiries.scan(),
        handed=books.hand_overs.scan(),
    )  # fmt: skip


def report_day(now: datetime, zone: ZoneInfo) -> date:
    """Of which day a report made now is: in the morning of the one that is over, else of the running one."""
    today, local = business_day(now, zone), now.astimezone(zone)
    over = local.date() == today and local.hour < 12
    return today - timedelta(days=1) if over else today


class Teller:
    """Says a report in lines; `names` go by person id."""

    def __init__(self, books: RoomBooks, room: Room, report: DayReport) -> None:
        self._books = books
        self._report = report
        self._zone = ZoneInfo(room.zone)
        self._names = {m.id: m.name for m in books.members.scan()}
        self._data_until = data_until(books)

    def day(self) -> list[Line]:
        """The report of a day."""
        return [self._head("dayreport.head"), *self._sections(), *self._not_done(), self._data()]

    def week(self) -> list[Line]:
        """The digest of a week: the same figures, what was missed most often, what people suggested (I06)."""
        said = [
            line("dayreport.said", name=self._name(one.ended_by or one.owner), text=one.evidence)
            for one in self._report.tasks
            if one.task in ("suggestions", "process") and one.evidence
        ]
        proposed = [line("dayreport.proposed"), *said] if said else []
        return [
            self._head("dayreport.week"),
            *self._sections(),
            *self._missed_most(),
            *proposed,
            *self._targets(),
            self._data(),
        ]

    def _targets(self) -> list[Line]:
        """How far people are with this month's targets, where a manager set any (G16)."""
        said = of_people(progress_of(self._books, self._zone, self._report.until), self._names)
        return [line("target.week"), *said] if said else []

    def _head(self, key: str) -> Line:
        hours, minutes = divmod(self._report.on_air_minutes, 60)
        last = self._report.end - timedelta(days=1)
        return line(
            key, day=self._date(self._report.start), last=self._date(last), until=self._clock(self._report.until),
            on_air=line("dayreport.on_air", hours=hours, minutes=minutes) if hours or minutes
            else line("dayreport.not_on_air"),
        )  # fmt: skip

    def _sections(self) -> Iterator[Line]:
        report, missing = self._report, []
        for name, found in (
            ("chases", report.chases), ("questions", report.questions), ("promises", report.promises),
            ("holds", report.holds),
        ):  # fmt: skip
            if found:
                yield line(f"dayreport.{name}", counts=_counts(name, found))
            else:
                missing.append(line(f"dayreport.name_{name}"))
        for section, name in (
            (self._cases(), "cases"), (self._lost(), "lost"), (self._needs(), "needs"), (self._work(), "work"),
        ):  # fmt: skip
            if section:
                yield from section
            else:
                missing.append(line(f"dayreport.name_{name}"))
        yield from self._asked()
        yield from self._tasks()
        if report.handed:
            yield line("dayreport.handed", counts=_counts("handed", report.handed))
        if missing:
            yield line("dayreport.missing", names=tuple(missing))

    def _cases(self) -> list[Line]:
        return [
            line("dayreport.case", kind=line(f"dayreport.case_{one.kind}"), new=one.new, closed=one.closed,
                 late=line("dayreport.late", count=one.late) if one.late else "")
            for one in self._report.cases
        ]  # fmt: skip

    def _lost(self) -> list[Line]:
        counts = tuple(
            line(
                "dayreport.count",
                what=line(f"lost.reason_{why}" if why else "dayreport.no_reason"),
                count=count,
            )
            for why, count in self._report.lost
        )
        return [line("dayreport.lost", counts=counts)] if counts else []

    def _needs(self) -> list[Line]:
        counts = tuple(
            line(
                "dayreport.count",
                what=line(f"need.sort_{sort}" if sort else "dayreport.unsorted"),
                count=count,
            )
            for sort, count in self._report.needs
        )
        said = [line("dayreport.need", text=text) for text in self._report.suggested]
        return [line("dayreport.needs", counts=counts), *said] if counts else []

    def _asked(self) -> Iterator[Line]:
        if self._report.top:
            yield line("dayreport.top")
        for one in self._report.top:
            yield line("dayreport.asked", text=one.text[:60], product=one.product, count=one.count)

    def _work(self) -> list[Line]:
        """Who did how much while the room was on air and while it was not (I07)."""
        shown = self._report.work[:PEOPLE]
        return [line("dayreport.work"), *map(self._person, shown)] if shown else []

    def _person(self, one: Work) -> Line:
        kinds = Counter(one.on_air) + Counter(one.off_air)
        told = tuple(
            line("dayreport.count", what=line(f"dayreport.work_{kind}"), count=count)
            for kind, count in kinds.most_common()
        )
        on, off = sum(one.on_air.values()), sum(one.off_air.values())
        return line("dayreport.person", name=self._name(one.who), total=one.total, on=on, off=off, kinds=told)

    def _tasks(self) -> Iterator[Line]:
        if self._report.tasks:
            counts = Counter(
                "found" if t.state == "done" and not t.ended_by else t.state for t in self._report.tasks
            )
            yield line("dayreport.tasks", counts=_counts("task", dict(counts)))

    def _not_done(self) -> Iterator[Line]:
        """Skipped with its reason, or missed: by name."""
        for one in [t for t in self._report.tasks if t.state in ("skipped", "missed")][:NOT_DONE]:
            key = "dayreport.task_why" if one.why else "dayreport.task_not_done"
            yield line(key, what=title(one), name=self._name(one.owner), why=one.why)

    def _missed_most(self) -> Iterator[Line]:
        missed: dict[int, list[DailyTask]] = {}
        for one in self._report.tasks:
            if one.state in ("skipped", "missed"):
                missed.setdefault(one.number, []).append(one)
        for some in sorted(missed.values(), key=lambda found: (-len(found), found[0].number))[:NOT_DONE]:
            yield line("dayreport.task_times", what=title(some[0]), count=len(some))

    def _data(self) -> Line:
        until = self._clock(self._data_until) if self._data_until else None
        return line("dayreport.data", until=until) if until else line("dayreport.no_data")

    def _name(self, person: str) -> str | Line:
        return self._names.get(person, person) if person else line("daily.nobody")

    def _date(self, at: datetime) -> str:
        return f"{at.astimezone(self._zone):%m-%d}"

    def _clock(self, at: datetime) -> str:
        return f"{at.astimezone(self._zone):%m-%d %H:%M}"


def _counts(name: str, found: Values) -> tuple[Line, ...]:
    return tuple(
        line("dayreport.count", what=line(f"dayreport.{name}_{what}"), count=count)
        for what, count in found.items()
    )
