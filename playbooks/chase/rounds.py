"""The steps of one round 催付步骤 (phone, remind button, message, remark), and which stand open now."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Literal

from playbooks import contacts
from playbooks.chase.rules import rules
from playbooks.chase.state import Chase, StepKind
from playbooks.chase.windows import next_phone_window, phone_open
from playbooks.contacts import Channel
from playbooks.model import Model, Moment
from playbooks.notes import grouped

Status = Literal["todo", "done", "not_applicable", "later"]


A_MOMENT = timedelta(seconds=1)


class Step(Model):
    """A step of the current round. `at` is when a later step opens or a done one was done; `mandatory`
    once a phone call makes the others due (REQUIREMENTS C11) or a contact makes the remark due (C12)."""

    kind: StepKind
    status: Status
    at: Moment | None = None
    mandatory: bool = False


def round_at(chase: Chase, now: datetime) -> int:
    """The round (from 1) a contact at `now` belongs to.

    Ten minutes from the first contact of a round are that round, on whatever channel (REQUIREMENTS K02).
    """
    if not chase.touches:
        return 1
    last = chase.touches[-1].round
    began = next(contact.at for contact in chase.touches if contact.round == last)
    return last if now - began <= rules().round_length else last + 1


def rounds_left(chase: Chase, now: datetime) -> bool:
    """Whether the buyer may still be contacted: the running round, or one more under the cap.

    Who was only looking round gets one soft touch and no more (REQUIREMENTS C16).
    """
    most = 1 if chase.soft else rules().rounds
    return round_at(chase, now) <= most


def look_again(chase: Chase, at: datetime) -> datetime | None:
    """`at`, where the order is alive then and its buyer may be contacted then; else None: nobody is to look again."""
    # Ten minutes to the dot are still this round, but whoever is told then can do nothing in it any more.
    return at if not chase.expired(at) and rounds_left(chase, at + A_MOMENT) else None


def steps(chase: Chase, now: datetime, zone: tzinfo, *, sms: bool = False) -> tuple[Step, ...]:
    """The steps in the order to take them: phone, button, message, SMS where the room has it, remark.

    In a phone window the call comes first (C03, C08); outside, button and message lead and the call waits for
    the window, or is not applicable where the order dies before it (K09). So it is in the window in which the buyer
    said that it is inconvenient (C09). 拼多多 has the button only (K08).
    Claimed while many orders waited, the written ways lead, but for a first-time buyer (B10, C08).
    """
    at = _Standing(chase, now)
    may_call = phone_open(now, zone) and not _put_off(chase, now, zone)
    phone = _timed(at.channel("phone"), chase, may_call, next_phone_window(now, zone))
    written = [at.channel(kind) for kind in ("button", "message")]
    if sms:
        hushed = contacts.quiet("chase", "sms", now, zone)
        step = at.channel("sms", sms=True)
        written.append(_timed(step, chase, not hushed, contacts.quiet_until(now, zone)))
    first = phone.status in ("todo", "done") and (not chase.hurried or chase.first_time is True)
    return (phone, *written, _remark(chase)) if first else (*written, phone, _remark(chase))


def owed(chase: Chase, now: datetime) -> tuple[StepKind, ...]:
    """Undone steps of the running round that a phone call made mandatory (REQUIREMENTS C11)."""
    at = _Standing(chase, now)
    steps = (at.channel("button"), at.channel("message"))
    return tuple(step.kind for step in steps if step.mandatory and step.status == "todo")


def _put_off(chase: Chase, now: datetime, zone: tzinfo) -> bool:
    said = chase.answered_at if chase.answer == "inconvenient" else None
    return said is not None and now < next_phone_window(said, zone)


def _timed(step: Step, chase: Chase, open_now: bool, opens: datetime) -> Step:
    """A channel that has its hours: later, or not applicable where the order dies before they come (K09)."""
    if step.status != "todo" or open_now:
        return step
    if chase.expires_at is None or opens < chase.expires_at:
        return Step(kind=step.kind, status="later", at=opens)
    return Step(kind=step.kind, status="not_applicable")


class _Standing:
    """Where a chase stands in its running round; every channel is seen in its light."""

    def __init__(self, chase: Chase, now: datetime) -> None:
        current = round_at(chase, now)
        self._platform = chase.platform
        self._done = {contact.step: contact.at for contact in chase.touches if contact.round == current}
        self._reachable = chase.alive and not chase.expired(now) and rounds_left(chase, now)

    def channel(self, kind: Channel, *, sms: bool = False) -> Step:
        """The step on this channel, its hours left aside; `sms`: the room sends them."""
        if kind in self._done:
            return Step(kind=kind, status="done", at=self._done[kind])
        if kind not in rules().channels_of(self._platform, sms=sms) or not self._reachable:
            return Step(kind=kind, status="not_applicable")
        return Step(kind=kind, status="todo", mandatory="phone" in self._done and kind != "sms")


def may_note(chase: Chase) -> bool:
    """Whether the platform takes a remark on the order: not while its group is not complete 未成团 (REQUIREMENTS B27),
    and who has not paid is in none."""
    return chase.state == "paid" or grouped(chase.platform, None) is True


def _remark(chase: Chase) -> Step:
    if not may_note(chase):
        return Step(kind="remark", status="not_applicable")
    if not chase.touches:
        return Step(kind="remark", status="later")
    last = chase.touches[-1].round
    written = [c.at for c in chase.contacts if c.step == "remark" and c.round == last]
    if written:
        return Step(kind="remark", status="done", at=written[0])
    return Step(kind="remark", status="todo", mandatory=True)
