"""What is kept of a buyer's contacts 联系台账, and whether one more may be made (REQUIREMENTS K02).

One ledger a known buyer, whatever the order, purpose or channel. Without a buyer key there is one an order,
so the limits are the order's, and cards say so.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from playbooks.contacts.rules import Channel, Purpose, quiet, quiet_until, rules
from playbooks.model import Document, Model, Moment, Refusal


class Touch(Model):
    """One step that reached the buyer: when, by whom (a person's id), how, what for and which text it said."""

    at: Moment
    who: str
    channel: Channel
    purpose: Purpose
    order_id: str
    text: str = ""


class Ledger(Document):
    """A buyer's contacts, oldest first, and what the buyer, or the shop of the buyer, has decided."""

    touches: tuple[Touch, ...] = ()
    opted_out_at: Moment | None = None
    """When the buyer asked not to be contacted any more."""
    malicious: bool = False
    """Orders without meaning to pay 恶意下单, as a manager said (REQUIREMENTS C07)."""

    @property
    def texts(self) -> frozenset[str]:
        """The texts the buyer has been told: none of them twice (REQUIREMENTS C27)."""
        return frozenset(touch.text for touch in self.touches if touch.text)


def ledger_id(room: str, buyer_key: str, order_id: str) -> str:
    """`a1-kb<buyer key>` where the buyer is known, else `a1-ko<order number>`."""
    return f"{room}-kb{buyer_key}" if buyer_key else f"{room}-ko{order_id}"


def contacts(
    ledger: Ledger, since: datetime | None = None, *, purpose: Purpose | None = None, order_id: str = ""
) -> tuple[datetime, ...]:
    """When each contact began, of those that ran after `since`; steps within ten minutes of one purpose are one."""
    begun: dict[Purpose, list[datetime]] = {}
    for touch in ledger.touches:
        if purpose not in (None, touch.purpose) or order_id not in ("", touch.order_id):
            continue
        times = begun.setdefault(touch.purpose, [])
        if not times or touch.at - times[-1] > rules().round_length:
            times.append(touch.at)
    every = sorted(at for times in begun.values() for at in times)
    return tuple(at for at in every if since is None or at > since)


def check(
    ledger: Ledger | None, purpose: Purpose, channel: Channel, *, order_id: str, now: datetime, zone: tzinfo
) -> None:
    """Raises Refusal where this buyer may not be contacted so, now.

    `contacts.quiet` (until), `contacts.opted_out`, `contacts.malicious`, `contacts.too_often` (most) for the
    purpose's cap, `contacts.any_too_often` (most, hours) for that across purposes. A contact that runs goes on.
    """
    if quiet(purpose, channel, now, zone):
        raise Refusal("contacts.quiet", order_id=order_id, until=quiet_until(now, zone))
    check_open(ledger, purpose, order_id, now)


def check_open(ledger: Ledger | None, purpose: Purpose, order_id: str, now: datetime) -> None:
    """Raises the Refusals of `check` but that of the hour: whether the buyer may be contacted by any channel at all."""
    if ledger is None:
        return
    _decided(ledger, order_id)
    if not _running(ledger, purpose, now):
        _capped(ledger, purpose, order_id, now)


def open_for(ledger: Ledger | None, purpose: Purpose, order_id: str, now: datetime) -> bool:
    """Whether the buyer may be contacted at all, by whatever channel is open at the hour."""
    try:
        check_open(ledger, purpose, order_id, now)
    except Refusal:
        return False
    return True


def with_touch(ledger: Ledger, touch: Touch) -> Ledger:
    """`ledger` with one more step; what is too old to count is left out."""
    oldest = touch.at - timedelta(days=rules().kept_days)
    return ledger.changed(touches=(*(one for one in ledger.touches if one.at > oldest), touch))


def forgettable(ledger: Ledger, now: datetime) -> bool:
    """Whether nothing in it counts any more: contacts too old, and no decision to keep the buyer alone."""
    oldest = now - timedelta(days=rules().kept_days)
    decided = ledger.opted_out_at is not None or ledger.malicious
    return not decided and all(touch.at <= oldest for touch in ledger.touches)


def merged(ledger: Ledger, other: Ledger) -> Ledger:
    """`ledger` with all that `other` knows: an order's contacts go to its buyer once an export tells who that is."""
    touches = sorted(
        {*ledger.touches, *other.touches}, key=lambda touch: (touch.at, touch.order_id, touch.channel)
    )
    return ledger.changed(
        touches=tuple(touches), opted_out_at=ledger.opted_out_at or other.opted_out_at,
        malicious=ledger.malicious or other.malicious,
    )  # fmt: skip


def _decided(ledger: Ledger, order_id: str) -> None:
    if ledger.opted_out_at is not None:
        raise Refusal("contacts.opted_out", order_id=order_id)
    if ledger.malicious:
        raise Refusal("contacts.malicious", order_id=order_id)


def _running(ledger: Ledger, purpose: Purpose, now: datetime) -> bool:
    begun = contacts(ledger, purpose=purpose)
    return bool(begun) and now - begun[-1] <= rules().round_length


def _capped(ledger: Ledger, purpose: Purpose, order_id: str, now: datetime) -> None:
    rule, every = rules().purposes[purpose], rules().all
    of_order = order_id if rule.per_order else ""
    if len(contacts(ledger, rule.since(now), purpose=purpose, order_id=of_order)) >= rule.most:
        raise Refusal("contacts.too_often", order_id=order_id, most=rule.most)
    if len(contacts(ledger, every.since(now))) >= every.most:
        raise Refusal("contacts.any_too_often", order_id=order_id, most=every.most, hours=every.hours)
