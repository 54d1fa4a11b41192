"""日报 and 周报: to managers by themselves at the set time, one silent message; a table if pressed (F19, G05, I06)."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.call import Call
from bot.card import Card, button, line, tell
from bot.daily_book import REPORT, of_day, plan_report, setup, today
from bot.daily_report import WEEK, report_day
from bot.desk import Desk
from bot.duty import Command, DutySpec
from playbooks import daily
from playbooks.model import Refusal
from playbooks.room import IN_CHARGE, MANAGERS
from playbooks.spoken_times import as_clock
from storage.rows import Due

DAY = re.compile(r"(\d{1,2})[-/月](\d{1,2})日?")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def dayreport(call: Call, desk: Desk) -> list[Card]:
    """`/dayreport` of the running day, `昨天` and `11-10` of another; `08:30` sets when it comes by itself.

    Raises Refusal `dayreport.usage`, `dayreport.old`, `dayreport.managers`.
    """
    typed = as_clock(call.args.strip())
    if at := daily.read_clock(typed):
        if not desk.me.may(MANAGERS):
            raise Refusal("dayreport.managers")
        desk.books.daily_setup.put(setup(desk).changed(report_at=at))
        plan_report(desk, anew=True)
        return [tell(desk.me.id, line("dayreport.time_set", at=f"{at:%H:%M}"))]
    return [_day_card(desk.me.id, _day(typed, desk))]


def _day(typed: str, desk: Desk) -> date:
    """The day meant, the last one of that date."""
    now = today(desk)
    if not typed:
        return now
    if typed in daily.rules().yesterday_words:
        return now - timedelta(days=1)
    match = DAY.fullmatch(typed)
    days = [day for year in (now.year, now.year - 1) if match and (day := _date(year, match)) and day <= now]
    if not days:
        raise Refusal("dayreport.usage")
    if days[0] < now - timedelta(days=daily.rules().kept_days):
        raise Refusal("dayreport.old", days=daily.rules().kept_days)
    return days[0]


def _date(year: int, match: re.Match[str]) -> date | None:
    try:
        return date(year, int(match[1]), int(match[2]))
    except ValueError:
        return None


def weekly(call: Call, desk: Desk) -> list[Card]:
    """`/weekly`: the last seven days, today included."""
    return [_week_card(desk.me.id, today(desk) - timedelta(days=WEEK - 1))]


def as_table(call: Call, desk: Desk) -> list[Card]:
    """The button under a report: its workbook."""
    what, _, day = call.args.partition(" ")
    return [tell(desk.me.id, line("dayreport.table"), attach=f"{what}_report.xlsx {day}")]


def due(row: Due, desk: Desk) -> list[Card]:
    """The report's time: of a day somebody worked, to every manager; on Mondays the digest of the week with it."""
    plan_report(desk, anew=True)
    _tidy(desk)
    managers = [m.id for m in desk.with_role("manager")]
    day, cards = report_day(desk.now, desk.zone), list[Card]()
    if _worked(day, 1, desk):
        desk.note("day_report", str(day))
        cards += [_day_card(who, day) for who in managers]
    if DAYS[desk.now.astimezone(desk.zone).weekday()] in daily.rules().week_days.split(","):
        first = day - timedelta(days=WEEK - 1)
        if _worked(first, WEEK, desk):
            desk.note("day_report", str(first), week="1")
            cards += [_week_card(who, first) for who in managers]
    return cards


def _worked(first: date, days: int, desk: Desk) -> bool:
    """Whether anybody signed in, or a task was given: a closed shop hears nothing."""
    span = [first + timedelta(days=n) for n in range(days)]
    if any(of_day(day, desk) for day in span):
        return True
    start, end = daily.day_span(span[0], desk.zone)[0], daily.day_span(span[-1], desk.zone)[1]
    return any(start <= one.at < end for one in desk.books.journal.by("kind", "presence"))


def _tidy(desk: Desk) -> None:
    """What is older than the digests look back goes; an open task never does."""
    oldest = today(desk) - timedelta(days=daily.rules().kept_days)
    for task in list(desk.books.daily_tasks.scan()):
        if task.date < oldest and not task.open:
            desk.books.daily_tasks.drop(task.id)
    for whole in list(desk.books.hand_overs.by("state", "closed")):
        if whole.at < daily.day_span(oldest, desk.zone)[0]:
            desk.books.hand_overs.drop(whole.id)


def _day_card(person: str, day: date) -> Card:
    row = (button("dayreport.xlsx", f"dayreportx day {day}"),)
    return tell(person, told=f"day_report {day}", buttons=(row,), silent=True, rank="digest")


def _week_card(person: str, first: date) -> Card:
    row = (button("dayreport.xlsx", f"dayreportx week {first}"),)
    return tell(person, told=f"week_report {first}", buttons=(row,), silent=True, rank="digest")


DUTY = DutySpec(
    "daily_report",
    commands=(
        Command("dayreport", dayreport, words=("日报",), roles=IN_CHARGE),
        Command("weekly", weekly, words=("周报",), roles=IN_CHARGE, args=False),
        Command("dayreportx", as_table, roles=IN_CHARGE, listed=False),
    ),
    due={REPORT: due},
)
