"""How held orders are shown: a line of a list, one order's card with what may be done, what to say to its buyer."""

from __future__ import annotations

from datetime import timedelta

from bot.card import Button, Card, Row, button, copy, line, lines, tell
from bot.desk import Desk
from bot.offer import bought
from bot.open_work import reveal_button
from bot.texts import plain, say
from playbooks import aftercare
from playbooks.aftercare import ACTIONS, Hold
from playbooks.room import IN_CHARGE, MANAGERS
from storage.rows import Line

UNKNOWN = "?"
"""What a button says for the province nobody knows."""


def rule_name(rule: str) -> Line:
    """What people call a rule of the audit."""
    return line(f"audit.name_{rule}")


def province_name(province: str) -> Line:
    """The province as its own name, or that it is unknown."""
    return line("common.verbatim", text=province) if province else line("hold.province_unknown")


def place_line(one: Hold) -> Line:
    """Where the order goes, and beside it the other place that was named."""
    if one.elsewhere:
        return line("hold.place_and_other", place=one.place or "—", other=one.elsewhere)
    return line("common.verbatim", text=one.place or "—")


def list_line(one: Hold, desk: Desk) -> Line:
    """Number, rule, region, until when, whose."""
    state = "overdue" if aftercare.overdue(one, desk.now) else one.state
    return line(
        "hold.list_line", order_id=one.order_id, rule=rule_name(one.rules[0]), region=place_line(one),
        ship_by=desk.clock(one.ship_by), state=line(f"hold.state_{state}"),
        owner=desk.name(one.owner) if one.owner else "—",
    )  # fmt: skip


def open_row(one: Hold) -> Row:
    """The button that opens, and where it is free claims, one order."""
    return (button("hold.open_one", f"hold {one.id}", tail=one.order_id[-6:], region=one.place),)


def hold_card(one: Hold, desk: Desk) -> Card:
    """Why it is held, by rule and region, what may be done and what to say to the buyer; nothing personal."""
    what = line(
        "hold.card_what",
        product=bought(one.link_no, one.title),
        amount=one.amount,
        ship_by=desk.clock(one.ship_by),
    )
    scripts = aftercare.script_keys(one.rules) if one.state not in aftercare.DEALT_WITH else ()
    said = lines(
        line("hold.card_head", order_id=one.order_id, state=line(f"hold.state_{one.state}")),
        what,
        (line("hold.card_why", what=line(f.text_key, **f.values)) for f in one.findings),
        _done_line(one),
        line("hold.until_seen") if one.state == "done_claimed" else None,
        _handed_line(one, desk),
        (line("hold.card_script", text=line(key)) for key in scripts),
    )
    key = f"hold:{one.id}:{desk.me.id}"
    return tell(desk.me.id, said, buttons=_buttons(one, desk, scripts), key=key, edit=True, rank="work")


def _done_line(one: Hold) -> Line | None:
    if one.action is None:
        return None
    return line("hold.card_action", action=line(f"hold.action_{one.action}"), note=one.note or "—")


def _handed_line(one: Hold, desk: Desk) -> Line | None:
    if one.state != "handed":
        return None
    return line("hold.card_handed", to=line(f"hold.to_{one.handed_to}"), due=desk.clock(one.due_at))


def _buttons(one: Hold, desk: Desk, scripts: tuple[str, ...]) -> tuple[Row, ...]:
    mine = one.owner == desk.me.id and one.state in ("claimed", "done_claimed")
    rows: list[Row] = [(copy("chase.copy_order", one.order_id), *_buyer(one, desk, mine=mine))]
    if mine:
        rows += _copies(scripts, desk)
        rows += [(_act(one, a), _act(one, b)) for a, b in zip(ACTIONS[::2], ACTIONS[1::2], strict=True)]
        rows.append((_hand(one), button("hold.false_alarm", f"falsealarm {one.id}")))
        rows.append((button("hold.give_back", f"giveback_hold {one.id}"),))
    elif desk.me.may(IN_CHARGE) and one.state in ("open", "claimed", "done_claimed"):
        rows.append((_hand(one),))
    if desk.me.may(MANAGERS) and one.state not in aftercare.DEALT_WITH:
        rows += _to_decide(one, desk)
    return tuple(rows)


def _copies(scripts: tuple[str, ...], desk: Desk) -> list[Row]:
    """What buyers read is in the room's language, as it was written."""
    texts = [plain(say(desk.room.lang, key)) for key in scripts]
    several = len(texts) > 1
    found = (
        copy("hold.copy_part", text, part=part) if several else copy("hold.copy_script", text)
        for part, text in enumerate(texts, 1)
    )
    return [row for row in (tuple(found),) if row]


def _buyer(one: Hold, desk: Desk, *, mine: bool) -> Row:
    return reveal_button(one.order_id, desk) if mine or desk.me.may(MANAGERS) else ()


def _to_decide(one: Hold, desk: Desk) -> list[Row]:
    asked = decide_rows(one, desk) if one.state == "false_alarm_proposed" else []
    return [*asked, (button("hold.waive", f"waive {one.id}"),)]


def decide_rows(one: Hold, desk: Desk) -> list[Row]:
    """What a manager may say to a proposed false alarm: this order, everything like it for a while, or no."""
    this = (button("hold.approve", f"decide {one.id} yes"), button("hold.reject", f"decide {one.id} no"))
    like = aftercare.asked_for(one)
    if not like:
        return [this]
    days = aftercare.rules().exception_days
    day = f"{(desk.now + timedelta(days=days)).astimezone(desk.zone):%m-%d}"
    return [this, (button("hold.approve_like", f"decide {one.id} like", region=like[0][1], day=day),)]


def _act(one: Hold, action: str) -> Button:
    return button(f"hold.action_{action}", f"act {one.id} {action}")


def _hand(one: Hold) -> Button:
    return button("hold.hand_over", f"hand {one.id}")
