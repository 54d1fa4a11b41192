"""Held orders 异常订单: the list, the card with only the allowed actions, and what people do about one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.asking import ask
from bot.audit_counts import by_rule, rules_told
from bot.call import Call
from bot.card import Card, Row, button, line, lines, tell, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.exposure import keep_hold, need_hold, open_holds
from bot.handing_holds import hand_on
from bot.held_cards import may_leave
from bot.hold_cards import UNKNOWN, hold_card, list_line, open_row, province_name
from bot.hold_words import checked_reason, chosen, said_as
from playbooks import aftercare
from playbooks.aftercare import Hold
from playbooks.privacy import checked_note
from playbooks.room import MANAGERS, SERVICE, Role
from storage.rows import Due

LOOK: frozenset[Role] = SERVICE | {"warehouse"}
"""Who may see held orders; the warehouse reads only."""
SHOWN = 10
PROVINCES_SHOWN = 6
LONGEST_COUNT = 4
"""Digits of a place in the list; an order's number has more."""
SEVERAL = 2
"""So many in one province are worth a button of their own."""


# -- to see -----------------------------------------------------------------------------------------


def holds(call: Call, desk: Desk) -> list[Card]:
    """`/holds`: what is not dealt with, the most pressing first, each to open; `/holds 10` from the 11th on.

    `/holds 新疆`, `/holds 双地址`: of a province, a place or a rule.
    """
    waiting = aftercare.worklist(open_holds(desk), desk.now)
    if not waiting:
        return [tell(desk.me.id, line("hold.none"))]
    word, first = _asked(call.args)
    found = chosen(word, waiting) if word else waiting
    first = first if first < len(found) else 0
    shown, rest = found[first : first + SHOWN], len(found) - first - SHOWN
    said = lines(
        line("hold.list_of", word=said_as(word), count=len(found), all=len(waiting))
        if word
        else line("hold.list_head", count=len(found)),
        by_rule(rules_told(found)) if first == 0 else None,
        (list_line(h, desk) for h in shown),
    )
    rows = [open_row(h) for h in shown]
    if rest > 0:
        rows.append((button("hold.more", f"holds {word} {first + SHOWN}".replace("  ", " "), count=rest),))
    return [tell(desk.me.id, said, buttons=(*rows, *_by_province(found)))]


def _asked(args: str) -> tuple[str, int]:
    """(word, from where on) of `新疆`, `10`, `新疆 10`; an order's number is a word."""
    word, _, last = args.strip().rpartition(" ")
    if last.isascii() and last.isdecimal() and len(last) <= LONGEST_COUNT:
        return word.strip(), int(last)
    return args.strip(), 0


def _by_province(waiting: tuple[Hold, ...]) -> list[Row]:
    """A button for each province in which there are several, to work on them together."""
    several = [(province, count) for province, count in aftercare.provinces(waiting) if count >= SEVERAL]
    return [
        (button("hold.province", f"provhold {name or UNKNOWN}", province=province_name(name), count=count),)
        for name, count in several[:PROVINCES_SHOWN]
    ]


def hold(call: Call, desk: Desk) -> list[Card]:
    """`hold <id>` opens one and claims it where it is free; `hold next` takes the most pressing free one.

    The warehouse opens it to read.
    """
    one = need_hold(call.args, desk) if call.args != "next" else _next_free(desk)
    if one is None:
        return [tell(desk.me.id, line("hold.none_free"))]
    if desk.me.may(SERVICE) and aftercare.free(one):
        one = keep_hold(aftercare.claim(one, desk.me.id), "claim", desk)
    return [hold_card(one, desk)]


def _next_free(desk: Desk) -> Hold | None:
    return next((h for h in aftercare.worklist(open_holds(desk), desk.now) if aftercare.free(h)), None)


# -- to do ------------------------------------------------------------------------------------------


def act(call: Call, desk: Desk) -> list[Card]:
    """One of the four allowed actions (D07); the buyer's own request must be written down (L07)."""
    id, action, note = [*call.args.split(" ", 2), "", ""][:3]
    one = need_hold(id, desk)
    if action == "buyer_refund" and not note:
        return ask(f"act {id} buyer_refund", "hold.ask_request", desk)
    said = checked_note(note) if action == "buyer_refund" else checked_reason(note)  # their own words stand
    done = aftercare.act(one, desk.me.id, action, said)
    return [hold_card(keep_hold(done, f"act_{action}", desk), desk)]


def _with_reason(
    call: Call, desk: Desk, step: str, how: Callable[[Hold, str, str], Hold]
) -> Hold | list[Card]:
    """The hold after a step that wants a reason; where none was given, the card that asks for it."""
    id, _, note = call.args.partition(" ")
    one = need_hold(id, desk)
    if not note:
        return ask(f"{call.command} {id}", "hold.ask_why", desk)
    return keep_hold(how(one, desk.me.id, checked_reason(note)), step, desk)


def waive(call: Call, desk: Desk) -> list[Card]:
    """A manager lets it ship by name, with a reason."""
    done = _with_reason(call, desk, "waive", aftercare.waive)
    return [hold_card(done, desk), *may_leave(desk)] if isinstance(done, Hold) else done


def give_back(call: Call, desk: Desk) -> list[Card]:
    """Back to everybody."""
    one = keep_hold(aftercare.give_back(need_hold(call.args, desk), desk.me.id), "give_back", desk)
    return [toast("hold.given_back"), hold_card(one, desk)]


# -- the next shift ---------------------------------------------------------------------------------


def hand(call: Call, desk: Desk) -> list[Card]:
    """To the next shift, to be dealt with before the labels are printed in the morning."""
    handed, due = hand_on(need_hold(call.args, desk), desk)
    return [hold_card(handed, desk), toast("hold.handed", at=desk.clock(due))]


def handed_due(row: Due, desk: Desk) -> list[Card]:
    """The time of holds that were handed over has come and nobody took them up: those on duty are told, once."""
    there = desk.on_duty("agent", "lead") or desk.with_role("manager")
    about = f"holds_due {row.due_at.isoformat()}"
    cards = (
        _due_card(tell(m.id, key=f"hold-due:{row.id}:{m.id}", rank="work", about=about), desk) for m in there
    )
    return [card for card in cards if card]


def _due_card(card: Card, desk: Desk) -> Card | None:
    """The holds handed over until the moment `card` is about, as they are now; None where none is left."""
    due_at = datetime.fromisoformat(card.about.partition(" ")[2])
    late = [h for h in desk.books.holds.by("state", "handed") if h.due_at == due_at]
    if not late:
        return None
    shown = aftercare.worklist(late, desk.now)[:SHOWN]
    said = (line("hold.due", count=len(late)), *(list_line(h, desk) for h in shown))
    return card.changed(lines=said, buttons=tuple(open_row(h) for h in shown))


DUTY = DutySpec(
    "holds",
    commands=(
        Command("holds", holds, words=("异常",), roles=LOOK, reads=True, private=True),
        Command("hold", hold, roles=LOOK, listed=False, private=True),
        Command("act", act, roles=SERVICE, listed=False, private=True),
        Command("hand", hand, roles=SERVICE, listed=False, private=True),
        Command("giveback_hold", give_back, roles=SERVICE, listed=False, private=True),
        Command("waive", waive, roles=MANAGERS, listed=False, private=True),
    ),
    due={"hold_due": handed_due},
    fresh={"holds_due": _due_card},
)
