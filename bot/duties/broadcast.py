"""The broadcast from `/live` to `/off`: facts are recorded, illegal steps change nothing and say why."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, button, group, line, listed, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.exposure import to_decide
from bot.reviewing import data_until
from playbooks import broadcast as stages
from playbooks.broadcast import Broadcast, business_day
from playbooks.room import CONTROL


def _to_go_live(desk: Desk) -> Broadcast:
    """The broadcast `/live` is about: the current one, or a new one once the last is over for good."""
    here = desk.broadcast()
    if here is None or (
        here.stage == "ended" and (here.wrapped_at or here.opened_on != business_day(desk.now, desk.zone))
    ):
        return desk.open_broadcast()
    return here


def live(call: Call, desk: Desk) -> list[Card]:
    """`/live` records that the stream is on air. Never refused; what is missing goes to the managers."""
    before = _to_go_live(desk)
    if before.stage == "live":
        return [tell(desk.me.id, line("live.already", since=desk.clock(before.live_at)))]
    here = desk.books.broadcasts.put(stages.go_live(before, desk.now))
    desk.note("live", here.id, broadcast=here.id)
    there = listed(m.name for m in desk.on_duty())
    key = "live.back" if before.stage in ("closing", "ended") else "live.on"
    said = line(key, shop=desk.room.shop, products=len(desk.listings()), there=there)
    return [group(said, key=f"stage:{here.id}"), *_missing(desk)]


def _missing(desk: Desk) -> list[Card]:
    gaps = [
        line("live.no_sheet") if not desk.listings() else None,
        None if desk.on_duty("agent", "lead") else line("live.no_agent"),
        None if list(desk.books.region_rules.scan()) else line("live.no_rules"),
    ]
    found = tuple(gap for gap in gaps if gap)
    if not found:
        return []
    return [
        tell(m.id, line("live.missing"), found, silent=True, rank="work") for m in desk.with_role("manager")
    ]


def closing(call: Call, desk: Desk) -> list[Card]:
    """`/closing`: the selling end is near; asks for the day's paid orders."""
    before = desk.need_broadcast()
    here = desk.books.broadcasts.put(stages.begin_closing(before, desk.now))
    if before.stage == "closing":
        return [tell(desk.me.id, line("closing.already", since=desk.clock(here.closing_at)))]
    desk.note("closing", here.id)
    return [
        group(line("closing.begun"), line("closing.send_export"), topic="anomaly", key=f"closing:{here.id}")
    ]


def off(call: Call, desk: Desk) -> list[Card]:
    """`/off` records that the stream is over. Never refused. The managers get one silent card for the night."""
    before = desk.broadcast()
    if before is None:
        desk.note("off")
        return [tell(desk.me.id, line("off.nothing"))]
    if before.stage == "ended":
        return [tell(desk.me.id, line("off.already", since=desk.clock(before.ended_at)))]
    here = desk.books.broadcasts.put(stages.end(before, desk.now))
    desk.note("off", here.id)
    said = group(
        line("off.done", shop=desk.room.shop, at=desk.clock(desk.now)),
        line("off.then"),
        key=f"stage:{here.id}",
    )
    return [said, *(night_card(m.id, here, desk) for m in desk.with_role("manager"))]


def night_card(manager: str, here: Broadcast, desk: Desk) -> Card:
    """One silent card for a phone at 1 a.m.: what to decide, what is due before 9, data until when."""
    waiting = sum(1 for c in desk.books.chases.by("broadcast", here.id) if c.alive)
    return tell(
        manager,
        line("night.head", at=desk.clock(desk.now)),
        to_decide(desk),
        line("night.chases", count=waiting),
        line("night.data_until", until=desk.clock(data_until(desk.books))),
        buttons=(
            (button("night.review", f"review {here.id}"), button("night.holds", "holds")),
            (button("night.wrap", "wrap"),),
        ),
        key=f"night:{here.id}:{manager}",
        silent=True,
        rank="digest",
    )


DUTY = DutySpec(
    "broadcast",
    commands=(
        Command("live", live, words=("开播",), roles=CONTROL, args=False),
        Command("closing", closing, words=("快下播", "准备下播"), roles=CONTROL, args=False),
        Command("off", off, words=("下播",), roles=CONTROL, args=False),
    ),
)
