"""Contacting a buyer about an unpaid order: which step may be taken now, and what is kept of it."""

from __future__ import annotations

from datetime import datetime, tzinfo

from playbooks import contacts
from playbooks.chase.queue import free_for, not_expired
from playbooks.chase.rounds import may_note, round_at, rounds_left, steps
from playbooks.chase.rules import rules
from playbooks.chase.state import Chase, Contact, StepKind, moved
from playbooks.chase.windows import next_phone_window
from playbooks.contacts import Ledger, Touch
from playbooks.model import Refusal


def record(
    chase: Chase,
    who: str,
    step: StepKind,
    now: datetime,
    zone: tzinfo,
    *,
    ledger: Ledger | None = None,
    sms: bool = False,
    text: str = "",
) -> Chase:
    """`chase` with a step taken by `who`, who holds it from then on; a step twice in a round counts once.

    `ledger`: the buyer's, None where nothing was ever kept. `text`: the key of what the buyer was told.
    Raises Refusal `chase.taken`, `chase.avoid`, `chase.expired`, `chase.said_paid`, `chase.rounds` (limit),
    `chase.phone_closed` (at: when the next window opens), `chase.channel` (platform), `chase.no_contact`
    (a remark before any contact), `chase.ungrouped` (a remark the platform does not take yet), `chase.step`,
    `contacts.*`, and changes nothing.
    """
    if step == "remark":
        return _remarked(chase, who, now)
    _may_contact(chase, who, now)
    wanted = next((each for each in steps(chase, now, zone, sms=sms) if each.kind == step), None)
    if wanted is not None and wanted.status == "done":
        return chase
    if wanted is None or wanted.status != "todo":
        raise _closed(chase, step, now, zone)
    contacts.check(ledger, "chase", step, order_id=chase.order_id, now=now, zone=zone)
    contact = Contact(at=now, who=who, step=step, round=round_at(chase, now), text=text)
    return _with(chase, contact)


def share(contacted: Chase, other: Chase) -> Chase:
    """`other`, an unpaid order of the same buyer, with the newest contact of `contacted`: one for both.

    A buyer with three unpaid orders is called once about the three of them (PRODUCT, buyer merge). One that waits
    for its time keeps that time and who is to look then.
    """
    newest = contacted.touches[-1]
    if any(touch.at == newest.at and touch.step == newest.step for touch in other.touches):
        return other
    contact = newest.changed(round=round_at(other, newest.at))
    if other.waits(newest.at):
        return other.changed(contacts=(*other.contacts, contact))
    return _with(other, contact)


def touch_of(contacted: Chase) -> Touch:
    """The newest contact as the buyer's ledger keeps it."""
    newest = contacted.touches[-1]
    assert newest.step != "remark"
    return Touch(
        at=newest.at, who=newest.who, channel=newest.step, purpose="chase", order_id=contacted.order_id,
        text=newest.text,
    )  # fmt: skip


def _with(chase: Chase, contact: Contact) -> Chase:
    return moved(
        chase, "contact", owner=contact.who, lease_until=contact.at + rules().lease, returns_at=None,
        contacts=(*chase.contacts, contact),
    )  # fmt: skip


def _remarked(chase: Chase, who: str, now: datetime) -> Chase:
    if not may_note(chase):
        raise Refusal("chase.ungrouped", order_id=chase.order_id)
    if not chase.touches:
        raise Refusal("chase.no_contact", order_id=chase.order_id)
    last = chase.touches[-1].round
    if any(contact.step == "remark" and contact.round == last for contact in chase.contacts):
        return chase
    contact = Contact(at=now, who=who, step="remark", round=last)
    return moved(chase, "note", contacts=(*chase.contacts, contact))


def _may_contact(chase: Chase, who: str, now: datetime) -> None:
    free_for(chase, who, now)
    not_expired(chase, now)
    if not chase.alive:
        moved(chase, "contact")
    if chase.doubted:
        raise Refusal("chase.said_paid", order_id=chase.order_id)
    if not rounds_left(chase, now):
        raise Refusal("chase.rounds", order_id=chase.order_id, limit=1 if chase.soft else rules().rounds)


def _closed(chase: Chase, kind: StepKind, now: datetime, zone: tzinfo) -> Refusal:
    if kind == "phone" and "phone" in rules().channels_of(chase.platform):
        return Refusal("chase.phone_closed", order_id=chase.order_id, at=next_phone_window(now, zone))
    if kind == "sms" and contacts.quiet("chase", "sms", now, zone):
        return Refusal("contacts.quiet", order_id=chase.order_id, until=contacts.quiet_until(now, zone))
    return Refusal("chase.channel", order_id=chase.order_id, platform=chase.platform)
