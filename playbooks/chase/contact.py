"""Contacting a buyer about an unpaid order: which step may be taken now, and what is kept of it."""

from __future__ import annotations

from datetime import datetime, tzinfo

from playbooks.chase.queue import free_for, not_expired
from playbooks.chase.rounds import Step, round_at, rounds_left, steps
from playbooks.chase.rules import rules
from playbooks.chase.state import Chase, Contact, StepKind, moved
from playbooks.chase.windows import next_phone_window
from playbooks.model import Refusal


def record(chase: Chase, who: str, step: StepKind, now: datetime, zone: tzinfo) -> Chase:
    """`chase` with a step taken by `who`, who holds it from then on; a step twice in a round counts once.

    Raises Refusal `chase.taken`, `chase.expired`, `chase.said_paid`, `chase.rounds` (limit),
    `chase.phone_closed` (at: when the next window opens), `chase.channel` (platform), `chase.no_contact`
    (a remark before any contact) or `chase.step`, and changes nothing.
    """
    if step == "remark":
        return _remarked(chase, who, now)
    _may_contact(chase, who, now)
    wanted = next(each for each in steps(chase, now, zone) if each.kind == step)
    if wanted.status == "done":
        return chase
    if wanted.status != "todo":
        raise _closed(chase, wanted, now, zone)
    contact = Contact(at=now, who=who, step=step, round=round_at(chase, now))
    return moved(
        chase, "contact", owner=who, lease_until=now + rules().lease, returns_at=None,
        contacts=(*chase.contacts, contact),
    )  # fmt: skip


def _remarked(chase: Chase, who: str, now: datetime) -> Chase:
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
        raise Refusal("chase.rounds", order_id=chase.order_id, limit=rules().rounds)


def _closed(chase: Chase, step: Step, now: datetime, zone: tzinfo) -> Refusal:
    if step.kind == "phone" and "phone" in rules().channels_of(chase.platform):
        return Refusal("chase.phone_closed", order_id=chase.order_id, at=next_phone_window(now, zone))
    return Refusal("chase.channel", order_id=chase.order_id, platform=chase.platform)
