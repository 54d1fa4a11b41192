"""Notices of delay 延误告知: which orders are on their way to a region, and what their buyers are told (E12)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from playbooks.addresses.region_names import region as region_of
from playbooks.addresses.regions import regions
from playbooks.followup.routes import KeptParcel
from playbooks.followup.rules import rules
from playbooks.model import Document, Model, Moment, Refusal
from playbooks.privacy import checked_note

State = Literal["open", "told", "dropped"]


class Delay(Document):
    """One notice: the orders on their way there when it was made, by number. Its maker answers for it."""

    carrier: str
    region: str
    cause: str
    orders: tuple[str, ...]
    by: str
    at: Moment
    due_at: Moment
    reminded: int = 0
    state: State = "open"
    ended_by: str = ""
    note: str = ""


class Typed(Model):
    """A notice as somebody typed it; `cause` '' where it was not said."""

    region: str
    carrier: str
    cause: str


def read(text: str, known_carriers: Iterable[str]) -> Typed:
    """`新疆 中通 暴风雪`: a region first, then perhaps a carrier, then the cause.

    Raises Refusal `delay.usage`, `delay.region`, `delay.long`, `common.personal_note`.
    """
    words = text.split()
    if not words:
        raise Refusal("delay.usage")
    place = region_of(words[0])
    if place is None:
        raise Refusal("delay.region", region=words[0][:20])
    carrier = _carrier(words[1], known_carriers) if len(words) > 1 else ""
    cause = checked_note(" ".join(words[2 if carrier else 1 :]))
    if len(cause) > rules().delay.longest_cause:
        raise Refusal("delay.long", most=rules().delay.longest_cause)
    return Typed(region=place, carrier=carrier, cause=cause)


def _carrier(word: str, known: Iterable[str]) -> str:
    """The carrier a word names, as people say it; '' where it names none."""
    named = word in regions().words.carriers or any(word in one or one in word for one in known if one)
    return word if named else ""


def on_the_way(parcels: Iterable[KeptParcel], carrier: str, region: str) -> tuple[str, ...]:
    """The numbers of the orders under way there, each once, the longest under way first."""
    there = [one for one in parcels if one.order_id and one.goes_to(carrier, region)]
    ordered = sorted(there, key=lambda one: (one.shipped_at is None, one.shipped_at, one.order_id))
    return tuple(dict.fromkeys(one.order_id for one in ordered))


def made(id: str, typed: Typed, orders: Sequence[str], *, by: str, now: datetime) -> Delay:
    """The notice, due within the rule's hours."""
    due = now + timedelta(hours=rules().delay.due_hours)
    return Delay(
        id=id, carrier=typed.carrier, region=typed.region, cause=typed.cause, orders=tuple(orders), by=by, at=now,
        due_at=due,
    )  # fmt: skip


def end(one: Delay, state: State, *, by: str, note: str = "") -> Delay:
    """Told, or dropped with the reason. Raises Refusal `delay.over`, `followup.note_missing`."""
    if one.state != "open":
        raise Refusal("delay.over")
    if state == "dropped" and not note.strip():
        raise Refusal("delay.why")
    return one.changed(state=state, ended_by=by, note=note.strip())
