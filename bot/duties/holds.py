"""Held orders 异常订单: the list, the card with only the allowed actions, and what people do about one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.asking import ask
from bot.call import Call
from bot.card import Button, Card, Row, button, copy, line, lines, tell, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.exposure import keep_hold, need_hold, next_printing, open_holds
from bot.offer import bought
from bot.open_work import reveal_button
from playbooks import aftercare
from playbooks.aftercare import ACTIONS, Hold
from playbooks.privacy import checked_note
from playbooks.room import MANAGERS, SERVICE, Role
from storage.rows import Due, Line

LOOK: frozenset[Role] = SERVICE | {"warehouse"}
"""Who may see held orders; the warehouse reads only."""
IN_CHARGE: frozenset[Role] = frozenset(["manager", "lead"])
SHOWN = 10


# -- to see -----------------------------------------------------------------------------------------


def holds(call: Call, desk: Desk) -> list[Card]:
    """`/holds`: what is not dealt with, the most pressing first, each to open; `/holds 10` from the 11th on."""
    waiting = aftercare.worklist(open_holds(desk), desk.now)
    if not waiting:
        return [tell(desk.me.id, line("hold.none"))]
    first = int(call.args) if call.args.isascii() and call.args.isdecimal() else 0
    shown, rest = waiting[first : first + SHOWN], len(waiting) - first - SHOWN
    said = [line("hold.list_head", count=len(waiting)), *(_list_line(h, desk) for h in shown)]
    rows = [_open_row(h) for h in shown]
    if rest > 0:
        rows.append((button("hold.more", f"holds {first + SHOWN}", count=rest),))
    return [tell(desk.me.id, said, buttons=tuple(rows))]


def _open_row(one: Hold) -> Row:
    return (button("hold.open_one", f"hold {one.id}", tail=one.order_id[-6:], region=one.region),)


def _list_line(one: Hold, desk: Desk) -> Line:
    state = "overdue" if aftercare.overdue(one, desk.now) else one.state
    return line(
        "hold.list_line", order_id=one.order_id, rule=line(f"audit.name_{one.rules[0]}"), region=one.region,
        ship_by=desk.clock(one.ship_by), state=line(f"hold.state_{state}"),
        owner=desk.name(one.owner) if one.owner else "—",
    )  # fmt: skip


def hold(call: Call, desk: Desk) -> list[Card]:
    """`hold <id>` opens one and claims it where it is free; `hold next` takes the most pressing free one.

    The warehouse opens it to read.
    """
    one = need_hold(call.args, desk) if call.args != "next" else _next_free(desk)
    if one is None:
        return [tell(desk.me.id, line("hold.none_free"))]
    if desk.me.may(SERVICE) and _free(one):
        one = keep_hold(aftercare.claim(one, desk.me.id), "claim", desk)
    return [hold_card(one, desk)]


def _next_free(desk: Desk) -> Hold | None:
    return next((h for h in aftercare.worklist(open_holds(desk), desk.now) if _free(h)), None)


def _free(one: Hold) -> bool:
    return not one.owner and one.state in ("open", "handed")


def hold_card(one: Hold, desk: Desk) -> Card:
    """Why it is held, by rule and region, and what may be done; nothing personal."""
    what = line(
        "hold.card_what",
        product=bought(one.link_no, one.title),
        amount=one.amount,
        ship_by=desk.clock(one.ship_by),
    )
    said = lines(
        line("hold.card_head", order_id=one.order_id, state=line(f"hold.state_{one.state}")),
        what,
        (line("hold.card_why", what=line(f.text_key, **f.values)) for f in one.findings),
        _done_line(one),
        line("hold.until_seen") if one.state == "done_claimed" else None,
        _handed_line(one, desk),
    )
    key = f"hold:{one.id}:{desk.me.id}"
    return tell(desk.me.id, said, buttons=_buttons(one, desk), key=key, edit=True, rank="work")


def _done_line(one: Hold) -> Line | None:
    if one.action is None:
        return None
    return line("hold.card_action", action=line(f"hold.action_{one.action}"), note=one.note or "—")


def _handed_line(one: Hold, desk: Desk) -> Line | None:
    if one.state != "handed":
        return None
    return line("hold.card_handed", to=line(f"hold.to_{one.handed_to}"), due=desk.clock(one.due_at))


def _buttons(one: Hold, desk: Desk) -> tuple[Row, ...]:
    mine = one.owner == desk.me.id and one.state in ("claimed", "done_claimed")
    rows: list[Row] = [(copy("chase.copy_order", one.order_id), *_buyer(one, desk, mine=mine))]
    if mine:
        rows += [(_act(one, a), _act(one, b)) for a, b in zip(ACTIONS[::2], ACTIONS[1::2], strict=True)]
        rows.append((_hand(one), button("hold.false_alarm", f"falsealarm {one.id}")))
        rows.append((button("hold.give_back", f"giveback_hold {one.id}"),))
    elif desk.me.may(IN_CHARGE) and one.state in ("open", "claimed", "done_claimed"):
        rows.append((_hand(one),))
    if desk.me.may(MANAGERS) and one.state not in aftercare.DEALT_WITH:
        rows += _to_decide(one)
    return tuple(rows)


def _buyer(one: Hold, desk: Desk, *, mine: bool) -> Row:
    return reveal_button(one.order_id, desk) if mine or desk.me.may(MANAGERS) else ()


def _to_decide(one: Hold) -> list[Row]:
    asked = [_decide(one)] if one.state == "false_alarm_proposed" else []
    return [*asked, (button("hold.waive", f"waive {one.id}"),)]


def _act(one: Hold, action: str) -> Button:
    return button(f"hold.action_{action}", f"act {one.id} {action}")


def _hand(one: Hold) -> Button:
    return button("hold.hand_over", f"hand {one.id}")


def _decide(one: Hold) -> Row:
    return (button("hold.approve", f"decide {one.id} yes"), button("hold.reject", f"decide {one.id} no"))


# -- to do ------------------------------------------------------------------------------------------


def act(call: Call, desk: Desk) -> list[Card]:
    """One of the four allowed actions (D07); the buyer's own request must be written down (L07)."""
    id, action, note = [*call.args.split(" ", 2), "", ""][:3]
    one = need_hold(id, desk)
    if action == "buyer_refund" and not note:
        return ask(f"act {id} buyer_refund", "hold.ask_request", desk)
    done = aftercare.act(one, desk.me.id, action, checked_note(note))
    return [hold_card(keep_hold(done, f"act_{action}", desk), desk)]


def _with_reason(
    call: Call, desk: Desk, step: str, how: Callable[[Hold, str, str], Hold]
) -> Hold | list[Card]:
    """The hold after a step that wants a reason; where none was given, the card that asks for it."""
    id, _, note = call.args.partition(" ")
    one = need_hold(id, desk)
    if not note:
        return ask(f"{call.command} {id}", "hold.ask_why", desk)
    return keep_hold(how(one, desk.me.id, checked_note(note)), step, desk)


def waive(call: Call, desk: Desk) -> list[Card]:
    """A manager lets it ship by name, with a reason."""
    done = _with_reason(call, desk, "waive", aftercare.waive)
    return [hold_card(done, desk)] if isinstance(done, Hold) else done


def false_alarm(call: Call, desk: Desk) -> list[Card]:
    """误报: the owner says why the rule is wrong here; a manager decides."""
    done = _with_reason(call, desk, "propose", aftercare.propose_false_alarm)
    if not isinstance(done, Hold):
        return done
    said = line("hold.proposed", order_id=done.order_id, by=desk.me.name, region=done.region, note=done.note)
    asked = {"buttons": (_decide(done),), "rank": "work", "about": f"decide {done.id}"}
    asks = [tell(m.id, said, key=f"decide:{done.id}:{m.id}", **asked) for m in desk.with_role("manager")]
    return [hold_card(done, desk), *asks]


def decide(call: Call, desk: Desk) -> list[Card]:
    """A manager approves the exception or sends it back."""
    id, _, word = call.args.partition(" ")
    one = aftercare.decide_false_alarm(need_hold(id, desk), approved=word == "yes")
    keep_hold(one, "approve" if word == "yes" else "reject", desk)
    cards = [toast("hold.decided"), hold_card(one, desk)]
    if one.owner and one.owner != desk.me.id:
        key = "hold.told_approved" if word == "yes" else "hold.told_rejected"
        cards.append(tell(one.owner, line(key, order_id=one.order_id, by=desk.me.name), rank="work"))
    return cards


def give_back(call: Call, desk: Desk) -> list[Card]:
    """Back to everybody."""
    one = keep_hold(aftercare.give_back(need_hold(call.args, desk), desk.me.id), "give_back", desk)
    return [toast("hold.given_back"), hold_card(one, desk)]


# -- the next shift ---------------------------------------------------------------------------------


def hand(call: Call, desk: Desk) -> list[Card]:
    """To the next shift, to be dealt with before the labels are printed in the morning."""
    one, print_at = need_hold(call.args, desk), next_printing(desk)
    due = min(print_at, one.ship_by) if one.ship_by and one.ship_by > desk.now else print_at
    handed = aftercare.hand_over(
        one,
        desk.me.id,
        aftercare.NEXT_SHIFT,
        due,
        now=desk.now,
        print_at=print_at,
        in_charge=desk.me.may(IN_CHARGE),
    )
    keep_hold(handed, "hand_over", desk)
    # One row a moment, not one a hold: what comes due together is told together.
    desk.later("hold_due", due, due.astimezone(desk.zone).isoformat())
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
    said = (line("hold.due", count=len(late)), *(_list_line(h, desk) for h in shown))
    return card.changed(lines=said, buttons=tuple(_open_row(h) for h in shown))


def _still_to_decide(card: Card, desk: Desk) -> Card | None:
    """The false alarm a manager is asked about, unless somebody has decided it meanwhile."""
    one = desk.books.holds.get(card.about.partition(" ")[2])
    if one is None:
        return None
    if one.state == "false_alarm_proposed":
        return card
    state = line(f"hold.state_{one.state}")
    return card.changed(lines=(line("outbox.hold_settled", order_id=one.order_id, state=state),), buttons=())


DUTY = DutySpec(
    "holds",
    commands=(
        Command("holds", holds, words=("异常",), roles=LOOK, reads=True, private=True),
        Command("hold", hold, roles=LOOK, listed=False, private=True),
        Command("act", act, roles=SERVICE, listed=False, private=True),
        Command("hand", hand, roles=SERVICE, listed=False, private=True),
        Command("giveback_hold", give_back, roles=SERVICE, listed=False, private=True),
        Command("falsealarm", false_alarm, roles=SERVICE, listed=False, private=True),
        Command("decide", decide, roles=MANAGERS, listed=False),
        Command("waive", waive, roles=MANAGERS, listed=False, private=True),
    ),
    due={"hold_due": handed_due},
    fresh={"holds_due": _due_card, "decide": _still_to_decide},
)
