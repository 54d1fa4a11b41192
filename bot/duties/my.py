"""`/my` 我的: everything that is mine, of each kind what is due soonest first (B22)."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, line, lines, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.mine import all_of, counts
from bot.target_lines import progress_line, progress_of
from storage.rows import Line


def my(call: Call, desk: Desk) -> list[Card]:
    """`/my`: chases, held orders, follow-ups, promises, questions … and the buttons that open them."""
    found, targets = all_of(desk), _targets(desk)
    if not found:
        return [tell(desk.me.id, line("my.nothing"), targets)]
    said = lines(line("my.head", counts=counts(found)), *(one.said for one in found))
    return [tell(desk.me.id, said, targets, buttons=tuple(row for one in found for row in one.rows))]


def _targets(desk: Desk) -> Line | None:
    """How far I am with what a manager set for the month; None where nothing is set (G16)."""
    found = progress_of(desk.books, desk.zone, desk.now, desk.me.id)
    return line("target.mine", each=tuple(map(progress_line, found))) if found else None


DUTY = DutySpec(
    "my",
    # A month's work is counted for it where there are targets.
    commands=(Command("my", my, words=("我的",), reads=True, slow=True, args=False, private=True),),
)
