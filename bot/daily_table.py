"""The daily report as .xlsx: who did what on and off air, the day's tasks, what was handed over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from bot.card import line
from bot.daily_book import title
from bot.render import line_html
from bot.texts import plain
from bot.workbook_sheets import Cell, Column, Workbook
from playbooks.daily import DailyTask, DayReport, HandOver, Work
from playbooks.daily.work import WORK
from storage.rows import Line


def build(
    report: DayReport, handed: Iterable[HandOver], names: Mapping[str, str], lang: str, zone: ZoneInfo
) -> bytes:
    """The workbook; `names` go by person id, times are in `zone`."""
    book = Workbook(zone, report.until)
    columns = [
        Column(_said(lang, line(f"dayreport.table_{key}")), "count") for key in ("on_air", "off_air", "total")
    ]
    kinds = [Column(_said(lang, line(f"dayreport.work_{kind}")), "count", 14) for kind in WORK]
    who = Column(_said(lang, line("dayreport.table_who")), width=16)
    rows = [_person(one, names) for one in report.work]
    book.data_sheet(_said(lang, line("dayreport.sheet_work")), [who, *columns, *kinds], rows)
    book.data_sheet(_said(lang, line("dayreport.sheet_tasks")), _columns(lang, "task", TASKS),
                    [_task(one, names, lang) for one in report.tasks])  # fmt: skip
    within = (one for one in handed if report.start <= one.at < report.end)
    items = [row for one in within for row in _handed(one, names, lang)]
    book.data_sheet(_said(lang, line("dayreport.sheet_handed")), _columns(lang, "handed", HANDED), items)
    return book.bytes()


TASKS = ("number", "what", "owner", "at", "state", "ended_at", "ended_by", "proof")
HANDED = ("at", "from", "what", "order", "due", "outcome", "to")
TIMES = frozenset(["at", "ended_at", "due"])


def _columns(lang: str, sheet: str, keys: Iterable[str]) -> list[Column]:
    return [
        Column(_said(lang, line(f"dayreport.{sheet}_col_{key}")), "time" if key in TIMES else "text", 18)
        for key in keys
    ]


def _person(one: Work, names: Mapping[str, str]) -> list[Cell]:
    on, off = sum(one.on_air.values()), sum(one.off_air.values())
    each = [one.on_air.get(kind, 0) + one.off_air.get(kind, 0) or None for kind in WORK]
    return [names.get(one.who, one.who), on, off, one.total, *each]


def _task(one: DailyTask, names: Mapping[str, str], lang: str) -> list[Cell]:
    found = one.state == "done" and not one.ended_by
    state = _said(lang, line("dayreport.task_found" if found else f"dayreport.task_{one.state}"))
    return [
        str(one.number or ""), _said(lang, title(one)), names.get(one.owner, one.owner), one.at, state,
        one.ended_at, names.get(one.ended_by, one.ended_by), one.evidence or one.why,
    ]  # fmt: skip


def _handed(one: HandOver, names: Mapping[str, str], lang: str) -> list[list[Cell]]:
    return [
        [one.at, names.get(one.by, one.by), _said(lang, line(f"dayreport.handed_is_{item.kind}", text=item.text)),
         item.order_id, item.due_at, _said(lang, line(f"dayreport.handed_{item.outcome or 'waiting'}")),
         names.get(item.to, item.to)]
        for item in one.items
    ]  # fmt: skip


def _said(lang: str, said: Line) -> str:
    return plain(line_html(lang, said))
