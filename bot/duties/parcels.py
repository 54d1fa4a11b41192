"""Logistics lists 物流清单: parcels that need somebody, those that need nobody any more, slow routes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from bot.card import Card, line, lines, tell
from bot.delaying import offer_notices
from bot.desk import Desk
from bot.duty import DutySpec, FileKind
from bot.follow_cards import queue_card
from bot.following import forget_old, watch_alarm
from bot.intake import BAD_ROWS_SHOWN, bad_line, batches, counted, record_of, unknown_words
from bot.parcel_intake import ParcelBatch, ParcelIntake, forget_ended
from playbooks.followup import ParcelState
from playbooks.room import STAFF
from storage.exports.logistics import Parcels
from storage.rows import Job, Line


def read(parcels: Parcels, job: Job) -> Iterator[ParcelBatch]:
    """The list in batches."""
    rows = [
        ParcelState(
            order_id=p.order_id, tracking_no=p.tracking_no, carrier=p.carrier, state=p.state,
            shipped_at=p.shipped_at, last_scan_at=p.last_scan_at, signed_at=p.signed_at,
        )
        for p in parcels.rows
        if p.state != "unknown"
    ]  # fmt: skip
    return batches(job, parcels.model_copy(update={"rows": ()}), rows, parcels.exported_at)


def take_in(batch: ParcelBatch, desk: Desk) -> list[Card]:
    """One batch into the queues: new follow-ups, and those a newer list settles. What a newer list told of stays."""
    known = record_of(batch, "parcels", desk)
    if known is None:
        return []
    told, newest = Counter(known.counts), _newest_before(batch, desk)
    intake = ParcelIntake(desk, batch.as_of, newest)
    for parcel in batch.rows:
        intake.take(parcel)
    intake.close()
    told.update(intake.told)
    told["parcels"] += len(batch.rows)
    counted(known, batch, told, desk)
    if not batch.last:
        return []
    desk.note("import", batch.job.id, type="parcels", name=batch.job.file_name, parcels=str(told["parcels"]))
    nothing = told["older"] == told["parcels"] > 0
    said = tell(desk.me.id, _summary(batch, told, newest if nothing else None, desk))
    if nothing:
        return [said]
    forget_ended(desk)
    forget_old(desk)
    watch_alarm(desk)
    return [said, *queue_card(desk), *offer_notices(desk)]


def _summary(batch: ParcelBatch, told: Counter[str], newest: datetime | None, desk: Desk) -> tuple[Line, ...]:
    """What was read, what came of it, what could not be read; `newest`: of the list that is newer, if all of it is."""
    parcels = batch.about
    queues = line(
        "parcels.queues", logistics=told["logistics"], pickup=told["pickup"], settled=told["settled"]
    )
    return lines(
        line("parcels.taken", parcels=told["parcels"], as_of=desk.clock(batch.as_of)),
        line("parcels.older", newest=desk.clock(newest)) if newest else queues,
        line("parcels.some_older", count=told["older"]) if told["older"] and not newest else None,
        line("parcels.unknown_states", words=unknown_words(parcels.unknown)) if parcels.unknown else None,
        line("orders.bad_rows", count=len(parcels.bad)) if parcels.bad else None,
        (bad_line(row) for row in parcels.bad[:BAD_ROWS_SHOWN]),
    )


def _newest_before(batch: ParcelBatch, desk: Desk) -> datetime | None:
    """How new the newest other logistics list is; None where there was none."""
    others = (i for i in desk.books.imports.scan() if i.kind == "parcels" and i.id != batch.job.id)
    return max((i.as_of for i in others), default=None)


DUTY = DutySpec("parcels", files=(FileKind("parcels", STAFF, read, take_in),))
