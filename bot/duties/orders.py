"""Order exports: confirm, add and settle. The same order again updates, an older file never goes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bot.audit_counts import MERGE
from bot.auditing import get_ready
from bot.card import Card
from bot.chase_asking import ask_life
from bot.closing_setup import ask_ship_hours
from bot.desk import Desk
from bot.doubts import counted as counted_doubts
from bot.doubts import timely
from bot.duty import Afterwards, DutySpec, FileKind
from bot.gifting import counted as gifts_counted
from bot.intake import batches, counted, record_of
from bot.night import nights_kept_true
from bot.open_work import watch_buyers
from bot.order_cards import summary, to_the_group
from bot.order_check import checked
from bot.order_intake import OrderBatch, OrderIntake
from bot.owed_work import owed_work
from bot.reading_card import progress
from bot.review_versions import brought, drafts_due
from bot.ship_watch import watch as watch_ship_by
from bot.surging import look as surge_in
from playbooks.model import Refusal
from playbooks.room import Role
from storage.exports.reader import Export
from storage.rows import Job

WORKERS: frozenset[Role] = frozenset(["manager", "lead", "ops", "agent"])


def read(export: Export, job: Job) -> Iterator[OrderBatch]:
    """The export in batches; personal fields go as far as the vault and no further (K08).

    Raises Refusal `orders.no_state` where nothing in it tells what became of an order: it would settle nothing.
    """
    if not export.says_status:
        raise Refusal("orders.no_state", form=export.format)
    get_ready()
    bare = export.model_copy(update={"orders": ()})
    return batches(job, bare, export.orders, export.exported_at)


def take_in(batch: OrderBatch, desk: Desk) -> list[Card]:
    """One batch into the books; taken up again after a restart it counts once."""
    if batch.job.only == "check":
        return checked(batch, desk)
    known = record_of(batch, "orders", desk)
    if known is None:
        return []
    intake = OrderIntake(batch, desk, known.found.get(MERGE, ()))
    rows = [timely(one, batch.job.at) for one in batch.rows]
    for read_order in rows:
        intake.take(read_order)
    intake.told += counted_doubts(rows)
    if intake.told["orders"]:
        watch_buyers(desk)
    told = Counter(known.counts) + intake.told
    merges = tuple(intake.merges.lines)
    counted(known.changed(found={} if batch.last else {MERGE: merges}), batch, told, desk)
    if not batch.last:
        return [*intake.cards, *progress(batch)]
    desk.note("import", batch.job.id, type="orders", name=batch.job.file_name, orders=str(told["orders"]))
    _wake_at_next_expiry(desk)
    watch_ship_by(desk)
    return [
        *intake.cards,
        summary(batch, told, merges, desk),
        *to_the_group(told, desk),
        *(ask_life(desk, [batch.about.platform]) if told["chase_new"] else []),
        *(ask_ship_hours(batch.about.platform, desk) if told["ship_unknown"] else []),
        *surge_in(desk, batch.as_of),
        *gifts_counted(desk),
        *owed_work(desk),
        *nights_kept_true(desk),
    ]


def _wake_at_next_expiry(desk: Desk) -> None:
    """One due row a room: the moment the next unpaid order dies."""
    first = desk.books.chases.next_due()
    if first:
        desk.sweep_at(first)


DUTY = DutySpec(
    "orders",
    files=(FileKind("orders", WORKERS, read, take_in, afterwards=Afterwards(drafts_due, brought)),),
)
