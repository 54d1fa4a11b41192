"""跟进: what there is to follow up, who is at what, and optional work nobody came to (E01, E07, B22)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from bot.asking import ask
from bot.call import Call
from bot.card import Card, Row, button, line, lines, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.following import alive
from playbooks import followup
from playbooks.broadcast import business_day
from playbooks.followup import FollowUp, Kind
from playbooks.followup.work import stale
from playbooks.model import Refusal
from playbooks.privacy import checked_note
from playbooks.room import IN_CHARGE
from storage.rows import Line


def backlog(call: Call, desk: Desk) -> list[Card]:
    """`/backlog`: by kind how many wait, are in hand, late; by agent how many are in hand and were done today."""
    items = alive(desk)
    old = stale(items, desk.now)
    said = lines(
        line("backlog.head", count=len(items)),
        (
            _kind_line(kind, items, desk)
            for kind in followup.rules().kinds
            if any(i.kind == kind for i in items)
        ),
        line("backlog.people"),
        _people(items, desk),
        line("backlog.stale", count=len(old), days=followup.rules().stale.days) if old else None,
    )
    rows: tuple[Row, ...] = ((button("followup.take_next", "take"),), *_let_go(old))
    return [tell(desk.me.id, said, buttons=rows)]


def _kind_line(kind: Kind, items: list[FollowUp], desk: Desk) -> Line:
    some = [one for one in items if one.kind == kind]
    return line(
        "backlog.kind", kind=line(f"followup.kind_{kind}"), open=sum(one.state == "open" for one in some),
        claimed=sum(one.state == "claimed" for one in some), late=sum(one.due_at <= desk.now for one in some),
    )  # fmt: skip


def _people(items: list[FollowUp], desk: Desk) -> list[Line]:
    """Everybody who is on duty, has something in hand or ended something today, who has most in hand first."""
    held = Counter(one.owner for one in items if one.state == "claimed")
    done = _done_today(desk)
    people = {m.id for m in desk.on_duty("agent", "lead")} | held.keys() | done.keys()
    ordered = sorted(people - {""}, key=lambda id: (-held[id], -done[id], id))
    return [line("backlog.person", name=desk.name(id), held=held[id], done=done[id]) for id in ordered]


def _done_today(desk: Desk) -> Counter[str]:
    """By person: follow-ups whose outcome they gave in this business day, also those that come back later."""
    today = business_day(desk.now, desk.zone)
    since = desk.now - timedelta(days=1)
    entries = desk.books.journal.by("kind", "follow_done")
    return Counter(
        one.who for one in entries if one.at > since and one.who and business_day(one.at, desk.zone) == today
    )


def _let_go(old: list[FollowUp]) -> tuple[Row, ...]:
    counts = Counter(one.kind for one in old)
    return tuple(
        (button("backlog.let_go", f"letgo {kind}", kind=line(f"followup.kind_{kind}"), count=counts[kind]),)
        for kind in followup.rules().kinds
        if counts[kind]
    )


def let_go(call: Call, desk: Desk) -> list[Card]:
    """`letgo review_invite 忙不过来`: the optional work of a kind that was left for days ends, by name and with the
    reason; nothing that must be done does."""
    kind, _, why = call.args.partition(" ")
    old = [one for one in stale(alive(desk), desk.now) if one.kind == kind]
    if not old:
        raise Refusal("backlog.nothing_old", days=followup.rules().stale.days)
    if not why.strip():
        return ask(f"letgo {kind}", "hold.ask_why", desk)
    for one in old:
        dropped = desk.books.follow_ups.put(followup.drop(one, desk.me.id, checked_note(why)))
        desk.note("follow_done", one.id, type=one.kind, outcome="skipped", state=dropped.state)
    return [tell(desk.me.id, line("backlog.gone", kind=line(f"followup.kind_{kind}"), count=len(old)))]


DUTY = DutySpec(
    "backlog",
    commands=(
        Command("backlog", backlog, words=("跟进",), roles=IN_CHARGE, reads=True, args=False, private=True),
        Command("letgo", let_go, roles=IN_CHARGE, listed=False, private=True),
    ),
)
