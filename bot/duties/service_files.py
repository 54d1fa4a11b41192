"""A chat log or a platform's service report sent to the bot: its figures stand in the review's section 7 (G06-G10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from bot.card import Card, button, line, tell
from bot.desk import Desk
from bot.duty import DutySpec, FileKind
from bot.entered import aired, entered_of
from bot.intake import Batch, batches
from bot.review_words import figure
from playbooks import review_entered, service
from playbooks.broadcast import Broadcast, business_day
from playbooks.model import Refusal
from playbooks.room import CONTROL
from storage.exports import Grid
from storage.exports.service_rows import LogHead, log_head, report, report_head, sessions
from storage.rows import Job

ServiceBatch = Batch[Grid, str]
"""`about`: the sheet with the figures; it is one batch, for the messages of a session belong together."""


def read(grids: Sequence[Grid], job: Job) -> Iterator[ServiceBatch]:
    """The sheet that is a log or a report. Raises Refusal `service.too_long` (most)."""
    grid = next(one for one in grids if log_head(one.rows) or report_head(one.rows) is not None)
    if len(grid.rows) > service.rules().longest_file:
        raise Refusal("service.too_long", name=job.file_name, most=service.rules().longest_file)
    return batches(job, grid, (), None)


def take_in(batch: ServiceBatch, desk: Desk) -> list[Card]:
    """The figures of the newest broadcast's day, in place of what was entered before; taken up again it is the same."""
    here, grid = aired(desk), batch.about
    head = log_head(grid.rows)
    found = _counted(grid, head, here, desk) if head else _reported(grid, desk)
    if not found:
        raise Refusal("service.nothing", name=batch.job.file_name, day=f"{here.opened_on:%m-%d}")
    known = entered_of(here.id, desk)
    name = batch.job.file_name[:40]
    desk.books.review_entries.put(
        review_entered.with_figures(known, found, batch.job.by, desk.now, source=name)
    )
    for id, value in found.items():
        desk.note("review_entry", here.id, broadcast=here.id, figure=id, value=str(value), file=name)
    said = [
        line(
            "entry.line",
            name=line(f"entry.figure_{id}"),
            value=figure(review_entered.spec_of(id).kind, value),
        )
        for id, value in found.items()
    ]
    key = "service.counted" if head else "service.read"
    platform = line(f"platform.{desk.room.platform}")
    top = line(key, name=name, day=f"{here.opened_on:%m-%d}", platform=platform)
    again = ((button("entry.review", f"review {here.id}"),),) if here.ended_at else ()
    return [tell(batch.job.by, top, said, buttons=again)]


def _counted(grid: Grid, head: LogHead, here: Broadcast, desk: Desk) -> dict[str, Decimal]:
    """Of the broadcast's business day alone: a log may hold a week."""
    every = sessions(grid.rows, head, desk.zone)
    tonight = [one for one in every if business_day(one.said[0].at, desk.zone) == here.opened_on]
    return service.figures(tonight, desk.room.platform, desk.zone)


def _reported(grid: Grid, desk: Desk) -> dict[str, Decimal]:
    at = report_head(grid.rows)
    return report(grid.rows, at, desk.room.platform) if at is not None else {}


DUTY = DutySpec("service_files", files=(FileKind("service", CONTROL, read, take_in),))
