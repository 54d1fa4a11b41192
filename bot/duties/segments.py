"""The stream cut off and back, and who hosts: `/cut`, `/resume`, `/host 小美` (PRODUCT, People and places)."""

from __future__ import annotations

from bot.asking import ask
from bot.call import Call
from bot.card import Card, group, line, tell
from bot.cutting import back_button, back_on
from bot.desk import Desk
from bot.duty import Command, DutySpec
from playbooks import segments
from playbooks.room import CONTROL


def cut(call: Call, desk: Desk) -> list[Card]:
    """`/cut`: the stream broke off; what is on air stays, and who cut in may press that it is back."""
    here = desk.books.broadcasts.put(segments.cut(desk.need_broadcast(), desk.now))
    desk.note("segment", here.id, step="cut")
    said = line("segment.cut", at=desk.clock(desk.now), by=desk.me.name)
    return [group(said, key=f"segment:{here.id}", buttons=((back_button(),),), rank="air")]


def resume(call: Call, desk: Desk) -> list[Card]:
    """`/resume`: on air again in a new segment, with the same product and host."""
    return back_on(desk.need_broadcast(), desk)


def host(call: Call, desk: Desk) -> list[Card]:
    """`/host 小美`: who hosts from now; alone it asks. Only the review has to know: the group is left alone."""
    if not call.args:
        return ask("host", "segment.host_which", desk)
    name = segments.read_host(call.args)
    before = desk.need_broadcast()
    here = desk.books.broadcasts.put(segments.hosted(before, name, desk.now))
    desk.note("host", here.id, name=name)
    key = "segment.host_changed" if len(here.segments) > len(before.segments) else "segment.host_noted"
    return [tell(desk.me.id, line(key, name=name, count=len(here.segments)))]


DUTY = DutySpec(
    "segments",
    commands=(
        Command("cut", cut, words=("断播", "断播了", "断流", "断流了"), roles=CONTROL, args=False),
        Command("resume", resume, words=("复播", "恢复直播", "恢复了"), roles=CONTROL, args=False),
        Command("host", host, words=("主播",), roles=CONTROL),
    ),
)
