"""Swapping a shift 换班: offered with a reason, taken over only when the other person accepts (REQUIREMENTS B13)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from playbooks.model import Refusal
from playbooks.room import Member, Role
from playbooks.roster.model import AGENTS, Shift


def offer(shift: Shift, to: str, why: str) -> Shift:
    """The shift offered to `to`; a newer offer takes the place of one nobody answered.

    Raises Refusal `cover.usage` without a reason, `cover.yourself`.
    """
    if not why.strip():
        raise Refusal("cover.usage")
    if to == shift.who:
        raise Refusal("cover.yourself")
    return shift.changed(offered_to=to, offered_why=why.strip())


def check_fit(shift: Shift, owner: Member, other: Member, others: Iterable[Shift], now: datetime) -> None:
    """Whether `other` can serve in the place of `owner`; `others` are all shifts but this one.

    Raises Refusal `cover.other_role` {name} where they do not do that work, `cover.other_busy` {name} where they have
    a shift at that time, `cover.away` {name} where the shift runs already and they are not signed in.
    """
    if not _work(owner) & _work(other):
        raise Refusal("cover.other_role", name=other.name)
    start = max(shift.start, now)
    if any(one.who == other.id and one.meets(start, shift.end) for one in others):
        raise Refusal("cover.other_busy", name=other.name)
    if shift.covers(now) and other.presence != "in":
        raise Refusal("cover.away", name=other.name)


def _work(member: Member) -> frozenset[Role]:
    """The work somebody does: an agent and a lead answer the same buyers."""
    roles = frozenset(member.roles)
    return roles | AGENTS if roles & AGENTS else roles


def accept(shift: Shift, who: str, others: Iterable[Shift], now: datetime, rest_id: str) -> tuple[Shift, ...]:
    """The shift as `who`'s. One that runs already is split: what was worked stays, the rest, `rest_id`, is taken over.

    Raises Refusal `cover.gone` where it is not offered to `who` any more or over, `cover.busy` where `who` has a shift
    at that time.
    """
    _offered(shift, who, now)
    start = max(shift.start, now)
    if any(one.who == who and one.meets(start, shift.end) for one in others):
        raise Refusal("cover.busy")
    if now <= shift.start:
        return (_bare(shift).changed(who=who, asked=False, missed=False),)
    rest = _bare(shift).changed(id=rest_id, who=who, start=now, asked=False, missed=False)
    return _bare(shift).changed(end=now), rest


def decline(shift: Shift, who: str, now: datetime) -> Shift:
    """The shift stays whose it is. Raises Refusal `cover.gone`."""
    _offered(shift, who, now)
    return _bare(shift)


def _offered(shift: Shift, who: str, now: datetime) -> None:
    if shift.offered_to != who or shift.end <= now:
        raise Refusal("cover.gone")


def _bare(shift: Shift) -> Shift:
    return shift.changed(offered_to="", offered_why="")
