"""The broadcast from `/live` to `/off`: facts are recorded, illegal steps change nothing and say why."""

from __future__ import annotations

from datetime import datetime

from bot.airing import put_on
from bot.call import Call
from bot.candidates import digests
from bot.card import Card, Rank, group, line, listed, tell
from bot.closing_time import begin, watch_after, watch_the_end
from bot.cutting import back_on
from bot.desk import Desk
from bot.disputes import left_open, open_reports, wait
from bot.duty import Command, DutySpec
from bot.entered import feedback_card
from bot.flashing import arm_all, left_on
from bot.night import night_card
from bot.readiness import missing_at_live
from bot.reminding import drop_reminders
from bot.undoing import offer_undo
from bot.upcoming import watch_the_clock
from playbooks import broadcast as stages
from playbooks import segments
from playbooks.broadcast import Broadcast, business_day
from playbooks.on_air import rules
from playbooks.room import CONTROL, MANAGERS


def _to_go_live(desk: Desk) -> Broadcast:
    """The broadcast `/live` is about: the current one, or a new one once the last is over for good."""
    here, today = desk.broadcast(), business_day(desk.now, desk.zone)
    if here is None or (here.stage == "ended" and here.opened_on != today):
        return desk.open_broadcast()
    # A sheet may come days ahead: a broadcast belongs to the day it opens.
    return here.changed(opened_on=today) if here.stage == "planned" else here


def _end_forgotten(desk: Desk) -> list[Card]:
    """A broadcast of another business day nobody sent `/off` for ends where its journal does; the managers are told."""
    today = business_day(desk.now, desk.zone)
    open_ = (b for b in desk.books.broadcasts.scan() if b.stage in ("live", "closing"))
    old = next((b for b in open_ if b.opened_on != today), None)
    if old is None:
        return []
    ended = desk.books.broadcasts.put(stages.end(old, _last_known(old, desk)))
    desk.note("off", old.id, broadcast=old.id, assumed="yes")
    day, at = f"{old.opened_on:%m-%d}", desk.clock(ended.ended_at)
    said = group(line("live.off_assumed", day=day, at=at), key=f"stage:{old.id}")
    return [said, *_for_the_night(ended, desk)]


def _for_the_night(ended: Broadcast, desk: Desk) -> list[Card]:
    """What on air was to be reminded of is dropped; the managers get their card, and prices still in dispute are put
    before ops and them."""
    drop_reminders(ended, desk)
    watch_after(ended, desk)
    return [
        *(night_card(m.id, ended, desk) for m in desk.with_role("manager")),
        *left_open(ended, desk),
        *left_on(ended, desk),
        *digests(desk),
        *(feedback_card(m.id, ended) for m in desk.on_duty("agent", "lead", "ops") if not m.may(MANAGERS)),
    ]


def _last_known(old: Broadcast, desk: Desk) -> datetime:
    """The last thing somebody did in the broadcast on its own day: neither the next shift's signing in nor what the
    bot noted by itself at night is any of it."""
    entries = desk.books.journal.by("broadcast", old.id)
    known = [e.at for e in entries if e.who and business_day(e.at, desk.zone) == old.opened_on]
    return max(known, default=old.live_at or desk.now)


def live(call: Call, desk: Desk) -> list[Card]:
    """`/live` records that the stream is on air. Never refused; what is missing goes to the managers.

    While it was cut off 断播 it says what `/resume` says.
    """
    forgotten = _end_forgotten(desk)
    before = _to_go_live(desk)
    if segments.is_cut(before):
        return back_on(before, desk)
    if before.stage == "live":
        return [tell(desk.me.id, line("live.already", since=desk.clock(before.live_at)))]
    here = desk.books.broadcasts.put(stages.go_live(before, desk.now))
    desk.note("live", here.id, broadcast=here.id)
    watch_the_clock(here, desk)
    watch_the_end(here, desk)
    arm_all(here, desk)  # the sheet may have come days ahead
    for report in open_reports(desk, here.id):  # of the segment before
        wait(report, desk)
    there = listed(m.name for m in desk.on_duty())
    key = "live.back" if before.stage in ("closing", "ended") else "live.on"
    said = line(key, shop=desk.room.shop, products=len(desk.listings()), there=there)
    # Told of once, not when the stream goes on.
    missing = missing_at_live(here, desk) if before.live_at is None else []
    again = _on_air_again(before, here, desk)
    rank: Rank = "air" if again else "answer"  # said before what is on air
    return [*forgotten, group(said, key=f"stage:{here.id}", rank=rank), *again, *missing]


def _on_air_again(before: Broadcast, here: Broadcast, desk: Desk) -> list[Card]:
    """Soon after the end the host goes on with the product of before, unless it is sold no more."""
    number = stages.resumes_with(before, rules().back_within, desk.now)
    listing = next((one for one in desk.listings() if one.link_no == number), None)
    return put_on(listing, here, desk) if listing else []


def closing(call: Call, desk: Desk) -> list[Card]:
    """`/closing`: the selling end is near; asks for the day's paid orders."""
    here = desk.need_broadcast()
    stages.step(here, "closing")
    if here.stage == "closing":
        return [tell(desk.me.id, line("closing.already", since=desk.clock(here.closing_at)))]
    return begin(here, desk, line("closing.begun"))


def off(call: Call, desk: Desk) -> list[Card]:
    """`/off` records that the stream is over. Never refused. The managers get one silent card for the night."""
    before = desk.broadcast()
    if before is None:
        desk.note("off")
        return [tell(desk.me.id, line("off.nothing"))]
    over = _ended_tonight(before, desk)
    if over:
        return [tell(desk.me.id, line("off.already", since=desk.clock(over.ended_at)))]
    here = desk.books.broadcasts.put(stages.end(before, desk.now))
    desk.note("off", here.id)
    offer_undo(desk)
    said = group(
        line("off.done", shop=desk.room.shop, at=desk.clock(desk.now)),
        line("off.then"),
        key=f"stage:{here.id}",
    )
    return [said, *_for_the_night(here, desk)]


def _ended_tonight(here: Broadcast, desk: Desk) -> Broadcast | None:
    """The broadcast that is off air already, also where the next one's sheet was taken over since."""
    if here.stage == "ended":
        return here
    last = desk.to_wrap() if here.stage == "planned" else None
    return last if last and last.opened_on == business_day(desk.now, desk.zone) else None


DUTY = DutySpec(
    "broadcast",
    commands=(
        Command("live", live, words=("开播", "开播了"), roles=CONTROL, args=False),
        Command("closing", closing, words=("快下播", "准备下播"), roles=CONTROL, args=False),
        Command("off", off, words=("下播", "下播了"), roles=CONTROL, args=False),
    ),
)
