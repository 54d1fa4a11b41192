"""Held orders of one province together: claimed, said to be done, handed to the next shift in one press (D06, D07)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bot.call import Call
from bot.card import Card, Row, button, line, lines, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.exposure import keep_hold, open_holds
from bot.handing_holds import hand_on
from bot.hold_cards import UNKNOWN, list_line, open_row, province_name
from playbooks import aftercare
from playbooks.addresses import divisions
from playbooks.aftercare import Hold
from playbooks.model import Refusal
from playbooks.room import IN_CHARGE, SERVICE

SHOWN = 10
ALL = "all"


def province(call: Call, desk: Desk) -> list[Card]:
    """`/provhold 新疆`: that province's held orders, with what may be done to all of them at once."""
    if not call.args:
        return [_which(desk)]
    name, found = _meant(call.args, desk)
    return [_card(name, found, desk)]


def _which(desk: Desk) -> Card:
    """The provinces there are, the most orders first."""
    every = aftercare.provinces(open_holds(desk))
    if not every:
        return tell(desk.me.id, line("hold.none"))
    rows = tuple(
        (button("hold.province", f"provhold {name or UNKNOWN}", province=province_name(name), count=count),)
        for name, count in every[:SHOWN]
    )
    return tell(desk.me.id, line("hold.which_province", count=len(every)), buttons=rows)


def _meant(word: str, desk: Desk) -> tuple[str, tuple[Hold, ...]]:
    """The province and its holds. Raises Refusal hold.no_province."""
    known = divisions.province(word)
    name = known.name if known else "" if word == UNKNOWN else word.strip()
    found = aftercare.of_province(open_holds(desk), name)
    if not found:
        raise Refusal("hold.no_province", province=word[:20])
    return name, found


def _card(name: str, found: Iterable[Hold], desk: Desk) -> Card:
    waiting = aftercare.worklist(found, desk.now)
    said = lines(
        line("hold.province_head", province=province_name(name), count=len(waiting)),
        (list_line(one, desk) for one in waiting[:SHOWN]),
        line("common.left_out", count=len(waiting) - SHOWN) if len(waiting) > SHOWN else None,
    )
    rows = (*_at_once(name or UNKNOWN, waiting, desk), *(open_row(one) for one in waiting[:SHOWN]))
    key = f"hold-province:{desk.me.id}"
    pressed = bool(desk.call and desk.call.press_id)
    return tell(desk.me.id, said, buttons=rows, key=key, edit=pressed, rank="work")


def _at_once(name: str, waiting: tuple[Hold, ...], desk: Desk) -> list[Row]:
    free = sum(aftercare.free(one) for one in waiting)
    mine = [one for one in waiting if one.owner == desk.me.id]
    rows: list[Row] = [(button("hold.claim_all", f"claimall {name}", count=free),)] if free else []
    if any(one.state == "claimed" for one in mine):
        rows += [
            (button(f"hold.action_{action}", f"actall {name} {action}"),) for action in aftercare.AT_ONCE
        ]
    if mine or desk.me.may(IN_CHARGE):
        rows.append((button("hold.hand_all", f"handall {name}"),))
    return rows


def claim_all(call: Call, desk: Desk) -> list[Card]:
    """Those nobody has are the caller's."""
    name, found = _meant(call.args, desk)
    for one in aftercare.claim_all(found, desk.me.id):
        keep_hold(one, "claim", desk)
    return [_card(name, aftercare.of_province(open_holds(desk), name), desk)]


def act_all(call: Call, desk: Desk) -> list[Card]:
    """What the caller has claimed there is said to be done, all in the same way; a later file shows it."""
    word, _, action = call.args.rpartition(" ")
    name, found = _meant(word, desk)
    done = aftercare.act_all(found, desk.me.id, action)
    for one in done:
        keep_hold(one, f"act_{action}", desk)
    card = _card(name, aftercare.of_province(open_holds(desk), name), desk)
    head = line("hold.all_done", count=len(done), action=line(f"hold.action_{action}"))
    return [card.changed(lines=(head, line("hold.until_seen"), *card.lines))]


def hand_all(call: Call, desk: Desk) -> list[Card]:
    """To the next shift: the caller's, or, for who is in charge, all that keep the shift open; `all` provinces."""
    found = open_holds(desk) if call.args == ALL else _meant(call.args, desk)[1]
    theirs = [one for one in found if _may_hand(one, desk)]
    if not theirs:
        raise Refusal("hold.none_to_hand")
    taken = Counter(one.owner for one in theirs if one.owner and one.owner != desk.me.id)
    last = max(hand_on(one, desk)[1] for one in theirs)
    said = line("hold.handed_all", count=len(theirs), at=desk.clock(last))
    return [
        tell(desk.me.id, said, line("hold.handed_wrap") if call.args == ALL else None),
        *(
            tell(owner, line("hold.handed_away", count=count, by=desk.me.name), rank="work")
            for owner, count in taken.items()
        ),
    ]


def _may_hand(one: Hold, desk: Desk) -> bool:
    if "hand_over" not in aftercare.NEXT[one.state] or one.state == "handed":
        return False
    return desk.me.may(IN_CHARGE) or one.owner == desk.me.id


DUTY = DutySpec(
    "holds_together",
    commands=(
        Command("provhold", province, words=("按省处理",), roles=SERVICE, private=True),
        Command("claimall", claim_all, roles=SERVICE, listed=False, private=True),
        Command("actall", act_all, roles=SERVICE, listed=False, private=True),
        Command("handall", hand_all, roles=SERVICE, listed=False, private=True),
    ),
)
