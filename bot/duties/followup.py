"""After the stream: `/take` deals the next best follow-up and says why, one tap says what came of it (E01-E13)."""

from __future__ import annotations

from collections.abc import Sequence

from bot import vips
from bot.asking import ask
from bot.call import Call
from bot.card import Card, button, line, lines, tell
from bot.contacting import BY, may_reach
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.follow_cards import card, closed
from bot.following import ALARM, HELD, alive, busy, finish, hold, items_of, need_item, watch_alarm, watch_held
from bot.offer import bought
from playbooks import contacts, followup
from playbooks.followup import FollowUp, held
from playbooks.followup.work import late_unseen, result_of
from playbooks.privacy import checked_note
from playbooks.room import SERVICE
from storage.rows import Due, Line


def take(call: Call, desk: Desk) -> list[Card]:
    """`/take`: the next best work, and why this one. What was begun comes first."""
    if mine := items_of(desk.me.id, desk):
        return [card(mine[0], "followup.begun", desk)]
    waiting, pressed = desk.books.follow_ups.by("state", "open"), busy(desk)
    ready = [one for one in waiting if _may_take(one, desk)]
    best = followup.next_for(ready, desk.now, busy=pressed)
    if best is None:
        return [tell(desk.me.id, _nothing(waiting, desk, busy=pressed))]
    item, why = best
    claimed = hold(followup.claim(item, desk.me.id), desk)
    desk.note("follow_take", item.id, type=item.kind, why=why)
    behind = sum((one.returns_at or desk.now) <= desk.now for one in ready) - 1
    return [card(claimed, why, desk, behind=behind)]


def _may_take(item: FollowUp, desk: Desk) -> bool:
    """Whether the caller can do it now: buyers are not to be disturbed at night, too often, or by anybody but the
    agent of their own; the carrier and the warehouse may be asked at any hour."""
    without_buyer = followup.rules().kinds[item.kind].without_buyer
    return (without_buyer or may_reach(item.kind, item.order_id, desk)) and not vips.order_is_anothers(
        item.order_id, desk
    )


def _nothing(waiting: Sequence[FollowUp], desk: Desk, *, busy: bool) -> Line:
    """Nothing to do, nothing while so much is unpaid, or nothing until the quiet hours are over."""
    if busy and any(item.optional for item in waiting):
        return line("followup.busy", count=sum(item.optional for item in waiting))
    if any(contacts.quiet(item.kind, BY, desk.now, desk.zone) for item in waiting):
        return line("followup.quiet", until=desk.clock(contacts.quiet_until(desk.now, desk.zone)))
    return line("followup.none")


def followed(call: Call, desk: Desk) -> list[Card]:
    """What came of it; some outcomes bring it back later, some need a sentence."""
    id, outcome, note = [*call.args.split(" ", 2), "", ""][:3]
    item = need_item(id, desk)
    if result_of(item, outcome).note_required and not note:
        followup.own_step(item, "finish", desk.me.id)
        return ask(f"followed {id} {outcome}", "hold.ask_why", desk)
    done = finish(item, outcome, checked_note(note), desk, asked=True)
    return [closed(done, line(f"followup.outcome_{outcome}"), desk)]


def give_back(call: Call, desk: Desk) -> list[Card]:
    """Back to everybody."""
    item = desk.books.follow_ups.put(followup.give_back(need_item(call.args, desk), desk.me.id))
    return [closed(item, line("followup.given_back"), desk)]


def skip(call: Call, desk: Desk) -> list[Card]:
    """Left undone, with the reason; what must be done cannot be skipped (E07)."""
    id, _, note = call.args.partition(" ")
    item = need_item(id, desk)
    followup.may_drop(item, desk.me.id)
    if not note:
        return ask(f"skip {id}", "hold.ask_why", desk)
    dropped = desk.books.follow_ups.put(followup.drop(item, desk.me.id, checked_note(note)))
    desk.note("follow_done", id, type=item.kind, outcome="skipped", state=dropped.state)
    return [closed(dropped, line("followup.skipped"), desk)]


def over(row: Due, desk: Desk) -> list[Card]:
    """The time of what a person has in hand is over: they are reminded once of each, then it is everybody's again.
    One message, however many there are (B22)."""
    remind, back = held.over(items_of(row.about, desk), desk.now)
    for one in remind:
        desk.books.follow_ups.put(one)
    for one in back:
        desk.books.follow_ups.put(followup.give_back(one, row.about))
    watch_held(row.about, desk)
    if not (remind or back):
        return []
    until = desk.clock(remind[0].held_until) if remind else ""
    said = lines(
        line("followup.late", until=until) if remind else None, _named(remind),
        line("followup.lapsed") if back else None, _named(back),
    )  # fmt: skip
    return [tell(row.about, said, buttons=((button("followup.take_next", "take"),),), rank="work")]


def _named(items: list[FollowUp]) -> list[Line]:
    shown = items[: followup.rules().shown]
    said = [
        line("followup.late_one", order_id=one.number, kind=line(f"followup.kind_{one.kind}"))
        for one in shown
    ]
    return said + (
        [line("followup.late_more", count=len(items) - len(shown))] if len(items) > len(shown) else []
    )


def alarm(row: Due, desk: Desk) -> list[Card]:
    """Goods that spoil wait for pick-up and nobody has seen to it in time: who is in charge is told, in one message
    however many there are (E08)."""
    items = alive(desk)
    late = late_unseen(items, desk.now)
    for one in late:
        desk.books.follow_ups.put(one.changed(alarms=one.alarms + 1))
    watch_alarm(desk)
    if not late:
        return []
    shown = late[: followup.rules().shown]
    said = [line("followup.alarm", count=len(late)), *(_late_line(one, desk) for one in shown)]
    buttons = ((button("followup.take_next", "take"),),)
    people = desk.on_duty("lead", "manager") or desk.with_role("manager")
    return [tell(m.id, said, buttons=buttons, key=f"follow-alarm:{m.id}", rank="work") for m in people]


def _late_line(one: FollowUp, desk: Desk) -> Line:
    return line(
        "followup.alarm_one", order_id=one.number, product=bought(one.link_no, one.title),
        due=desk.clock(one.due_at), owner=desk.name(one.owner) if one.owner else "—",
    )  # fmt: skip


DUTY = DutySpec(
    "followup",
    commands=(
        Command("take", take, words=("接活",), roles=SERVICE, args=False, private=True),
        Command("followed", followed, roles=SERVICE, listed=False, private=True),
        Command("giveback", give_back, roles=SERVICE, listed=False, private=True),
        Command("skip", skip, roles=SERVICE, listed=False, private=True),
    ),
    due={ALARM: alarm, HELD: over},
)
