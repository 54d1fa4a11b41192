"""Action items 改进项 of a review: each with an owner, a due time and an outcome; none closes silently (G03, B22)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from playbooks import due_times
from playbooks.daily.tasks import awake
from playbooks.model import Document, Model, Moment, Refusal
from playbooks.privacy import checked_note
from playbooks.room import Member
from playbooks.rulebook import load

ActionState = Literal["open", "done", "dropped"]
Ending = Literal["done", "dropped"]


class Rules(Model):
    """`data/actions.toml`."""

    source: str
    end_of_day: time
    usual_days: int
    nag_hours: int
    nag_most: int
    longest_text: int
    longest_days: int


class ActionItem(Document):
    """What is to be better next time. `broadcast`: the one whose review it came from; `ended_why`: what came of it.

    `nagged` counts the reminders its owner had since it was last put off.
    """

    broadcast: str
    text: str
    owner: str
    by: str
    at: Moment
    due_at: Moment
    state: ActionState = "open"
    nagged: int = 0
    put_off: int = 0
    ended_at: Moment | None = None
    ended_by: str = ""
    ended_why: str = ""


class Typed(Model):
    """An item as typed; `owner` is '' where nobody was named."""

    owner: str
    text: str
    due_at: Moment


def rules() -> Rules:
    """`data/actions.toml`."""
    known: Rules = load("actions", Rules)
    return known


def read(typed: str, members: Sequence[Member], now: datetime, zone: ZoneInfo) -> Typed:
    """`小美 明天 18:00 快捷语按新价重写`: owner and time in either order before the sentence, both may be missing.

    Raises Refusal `actions.usage`, `actions.long`, `actions.past`, `actions.far`, `common.personal_note`.
    """
    rest = " ".join(checked_note(typed).split())
    owner, rest = _owner(rest, members)
    due, rest = _due(rest, now, zone)
    if not owner:
        owner, rest = _owner(rest, members)
    if not rest:
        raise Refusal("actions.usage")
    if len(rest) > rules().longest_text:
        raise Refusal("actions.long", most=rules().longest_text)
    return Typed(owner=owner, text=rest, due_at=due or _usual(now, zone))


def _owner(text: str, members: Sequence[Member]) -> tuple[str, str]:
    """The member whose whole name the text begins with, and what follows."""
    first, _, rest = text.partition(" ")
    bare = first.lstrip("@").rstrip(":：").lower()
    found = [m.id for m in members if bare and m.name.lower() == bare]
    return (found[0], rest.strip()) if len(found) == 1 else ("", text)


def _due(text: str, now: datetime, zone: ZoneInfo) -> tuple[datetime | None, str]:
    """The time the text begins with; None where it begins with none (`3号话术` is no day)."""
    first = text.split(" ", 1)[0]
    if not due_times.is_time(first):
        return None, text
    due, rest = due_times.read_due(text, now, zone, rules().end_of_day)
    return checked_due(due, now), rest


def read_due(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """A new time for an item. Raises Refusal `promise.when`, `actions.past`, `actions.far`."""
    due, rest = due_times.read_due(text, now, zone, rules().end_of_day)
    if rest:
        raise Refusal("promise.when", text=text[:20])
    return checked_due(due, now)


def checked_due(due: datetime, now: datetime) -> datetime:
    """`due` where it lies ahead and not too far. Raises Refusal `actions.past`, `actions.far`."""
    if due <= now:
        raise Refusal("actions.past")
    if due > now + timedelta(days=rules().longest_days):
        raise Refusal("actions.far", days=rules().longest_days)
    return due


def _usual(now: datetime, zone: ZoneInfo) -> datetime:
    day = now.astimezone(zone).date() + timedelta(days=rules().usual_days)
    return datetime.combine(day, rules().end_of_day, zone)


def end(
    item: ActionItem, how: Literal["done", "dropped"], by: str, now: datetime, why: str = ""
) -> ActionItem:
    """Done, or dropped with a reason. Raises Refusal `actions.over`, `actions.why`, `common.personal_note`."""
    if item.state != "open":
        raise Refusal("actions.over")
    said = " ".join(checked_note(why).split())[: rules().longest_text]
    if how == "dropped" and not said:
        raise Refusal("actions.why")
    return item.changed(state=how, ended_at=now, ended_by=by, ended_why=said)


def put_off(item: ActionItem, due: datetime) -> ActionItem:
    """Due later; its reminders begin anew, and how often it was put off is kept. Raises Refusal `actions.over`."""
    if item.state != "open":
        raise Refusal("actions.over")
    return item.changed(due_at=due, nagged=0, put_off=item.put_off + 1)


def pass_on(item: ActionItem, to: str) -> ActionItem:
    """Somebody else's from now on, who is reminded afresh. Raises Refusal `actions.over`."""
    if item.state != "open":
        raise Refusal("actions.over")
    return item.changed(owner=to, nagged=0)


def nagged(item: ActionItem) -> tuple[ActionItem, bool]:
    """The item after one more reminder, and whether it was the last one, so that the managers hear of it."""
    after = item.changed(nagged=item.nagged + 1)
    return after, after.nagged >= rules().nag_most


def next_nag(item: ActionItem, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When its owner is reminded next, of what is overdue not at night; None once they were often enough, or it is
    over."""
    if item.state != "open" or item.nagged >= rules().nag_most:
        return None
    again = now + timedelta(hours=rules().nag_hours)
    return max(item.due_at, now) if item.nagged == 0 else awake(again, zone)


def open_ones(items: Iterable[ActionItem]) -> list[ActionItem]:
    """Those not over yet, the soonest due first."""
    return sorted((one for one in items if one.state == "open"), key=lambda one: (one.due_at, one.id))


def of_review(
    items: Iterable[ActionItem], broadcast: str, live_at: datetime | None
) -> tuple[ActionItem, ...]:
    """Section 11: the items of this broadcast, and those of earlier ones that were open when it began."""
    shown = [
        one
        for one in items
        if one.broadcast == broadcast
        or (live_at and one.at <= live_at and (one.ended_at is None or one.ended_at >= live_at))
    ]
    return tuple(sorted(shown, key=lambda one: (one.state != "open", one.due_at, one.id)))
