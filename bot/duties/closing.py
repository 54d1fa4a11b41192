"""The closing: held orders with only the allowed actions, the warehouse's list, the room's regions, `/wrap`."""

from __future__ import annotations

from datetime import timedelta

from bot.call import Call
from bot.card import Button, Card, Row, button, copy, group, line, lines, listed, tell, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.exposure import exposure_line, next_printing
from bot.offer import bought
from playbooks import aftercare, broadcast
from playbooks.addresses.regions import RegionRule, read_rule
from playbooks.aftercare import ACTIONS, Hold
from playbooks.model import Refusal
from playbooks.privacy import without_phones
from playbooks.room import MANAGERS, SERVICE, Role
from storage.rows import Dialogue, Line

STORE: frozenset[Role] = frozenset(["warehouse", "manager", "lead"])
RULERS: frozenset[Role] = frozenset(["ops", "lead", "manager", "warehouse"])
ANSWER_WITHIN = timedelta(minutes=5)
SHOWN = 10


# -- held orders ------------------------------------------------------------------------------------


def holds(call: Call, desk: Desk) -> list[Card]:
    """`/holds`: what is held and not dealt with, soonest ship-by first, each to open; `/holds 10` from the 11th on."""
    waiting = _waiting(desk)
    if not waiting:
        return [tell(desk.me.id, line("hold.none"))]
    first = int(call.args) if call.args.isdigit() else 0
    shown, rest = waiting[first : first + SHOWN], len(waiting) - first - SHOWN
    said = [line("hold.list_head", count=len(waiting)), *(_list_line(h, desk) for h in shown)]
    rows = [(button("hold.open_one", f"hold {h.id}", tail=h.order_id[-6:], region=h.region),) for h in shown]
    if rest > 0:
        rows.append((button("hold.more", f"holds {first + SHOWN}", count=rest),))
    return [tell(desk.me.id, said, buttons=tuple(rows))]


def _waiting(desk: Desk) -> list[Hold]:
    """What is not dealt with: first what must not ship, then what is to be looked at, last the next shift's."""
    waiting = aftercare.open_holds(desk.books.holds.scan())
    return sorted(waiting, key=lambda h: (h.state == "handed", h.verdict != "HOLD"))


def _list_line(hold: Hold, desk: Desk) -> Line:
    return line(
        "hold.list_line", order_id=hold.order_id, rule=line(f"audit.name_{hold.rules[0]}"), region=hold.region,
        ship_by=desk.clock(hold.ship_by), state=line(f"hold.state_{hold.state}"),
        owner=desk.name(hold.owner) if hold.owner else "—",
    )  # fmt: skip


def hold(call: Call, desk: Desk) -> list[Card]:
    """`hold <id>` opens one and claims it where it is free; `hold next` takes the most urgent free one."""
    if call.args == "next":
        free = [h for h in _waiting(desk) if not h.owner and h.state in ("open", "handed")]
        if not free:
            return [tell(desk.me.id, line("hold.none_free"))]
        one = free[0]
    else:
        one = _need(call.args, desk)
    if desk.me.may(SERVICE) and not one.owner and one.state in ("open", "handed"):
        one = _put(aftercare.claim(one, desk.me.id), "claim", desk)
    return [hold_card(one, desk)]


def _need(id: str, desk: Desk) -> Hold:
    one = desk.books.holds.get(id)
    if one is None:
        raise Refusal("hold.gone")
    return one


def _put(one: Hold, step: str, desk: Desk) -> Hold:
    desk.note("hold_step", one.id, broadcast=one.broadcast, step=step, state=one.state, order_id=one.order_id)
    return desk.books.holds.put(one)


def hold_card(one: Hold, desk: Desk, *, edit: bool = True) -> Card:
    """Why it is held, by rule and region, and what may be done; nothing personal."""
    said = lines(
        line("hold.card_head", order_id=one.order_id, state=line(f"hold.state_{one.state}")),
        line(
            "hold.card_what",
            product=bought(one.link_no, one.title),
            amount=one.amount,
            ship_by=desk.clock(one.ship_by),
        ),
        (line("hold.card_why", what=line(f.text_key, **f.values)) for f in one.findings),
        line("hold.card_action", action=line(f"hold.action_{one.action}"), note=one.note or "—")
        if one.action
        else None,
        line("hold.until_seen") if one.state == "done_claimed" else None,
    )
    return tell(
        desk.me.id,
        said,
        buttons=_hold_buttons(one, desk),
        key=f"hold:{one.id}:{desk.me.id}",
        edit=edit,
        rank="work",
    )


def _hold_buttons(one: Hold, desk: Desk) -> tuple[Row, ...]:
    rows: list[Row] = [(copy("chase.copy_order", one.order_id),)]
    if one.owner == desk.me.id and one.state in ("claimed", "done_claimed"):
        rows += [(_act(one, a), _act(one, b)) for a, b in zip(ACTIONS[::2], ACTIONS[1::2], strict=True)]
        rows.append(
            (button("hold.hand_over", f"hand {one.id}"), button("hold.false_alarm", f"falsealarm {one.id}"))
        )
    if desk.me.may(MANAGERS) and one.state not in aftercare.DEALT_WITH:
        if one.state == "false_alarm_proposed":
            rows.append(
                (button("hold.approve", f"decide {one.id} yes"), button("hold.reject", f"decide {one.id} no"))
            )
        rows.append((button("hold.waive", f"waive {one.id}"),))
    return tuple(rows)


def _act(one: Hold, action: str) -> Button:
    return button(f"hold.action_{action}", f"act {one.id} {action}")


def _ask(words: str, key: str, desk: Desk) -> list[Card]:
    """Ask for a sentence; the next plain text of this person here becomes the words' last argument."""
    assert desk.call is not None
    where = desk.call.chat_id if desk.call.private else int(desk.me.id)
    desk.books.dialogues.put(
        Dialogue(id=f"{desk.me.id}:{where}", command=words, until=desk.now + ANSWER_WITHIN)
    )
    return [tell(desk.me.id, line(key))]


def act(call: Call, desk: Desk) -> list[Card]:
    """One of the four allowed actions (D07); the buyer's own request must be written down (L07)."""
    id, action, note = [*without_phones(call.args).split(" ", 2), "", ""][:3]
    if action == "buyer_refund" and not note:
        _need(id, desk)
        return _ask(f"act {id} buyer_refund", "hold.ask_request", desk)
    one = _put(aftercare.act(_need(id, desk), desk.me.id, action, note), f"act_{action}", desk)
    return [hold_card(one, desk)]


def waive(call: Call, desk: Desk) -> list[Card]:
    """A manager lets it ship by name, with a reason."""
    id, _, note = without_phones(call.args).partition(" ")
    if not note:
        _need(id, desk)
        return _ask(f"waive {id}", "hold.ask_why", desk)
    one = _put(aftercare.waive(_need(id, desk), desk.me.id, note), "waive", desk)
    return [hold_card(one, desk)]


def false_alarm(call: Call, desk: Desk) -> list[Card]:
    """误报: the owner says why the rule is wrong here; a manager decides."""
    id, _, note = without_phones(call.args).partition(" ")
    if not note:
        _need(id, desk)
        return _ask(f"falsealarm {id}", "hold.ask_why", desk)
    one = _put(aftercare.propose_false_alarm(_need(id, desk), desk.me.id, note), "propose", desk)
    decide_ = (button("hold.approve", f"decide {one.id} yes"), button("hold.reject", f"decide {one.id} no"))
    said = line("hold.proposed", order_id=one.order_id, by=desk.me.name, region=one.region, note=note)
    asks = [
        tell(m.id, said, buttons=(decide_,), key=f"decide:{one.id}:{m.id}", rank="work")
        for m in desk.with_role("manager")
    ]
    return [hold_card(one, desk), *asks]


def decide(call: Call, desk: Desk) -> list[Card]:
    """A manager approves the exception or sends it back."""
    id, _, word = call.args.partition(" ")
    one = aftercare.decide_false_alarm(_need(id, desk), approved=word == "yes")
    _put(one, "approve" if word == "yes" else "reject", desk)
    cards = [toast("hold.decided"), hold_card(one, desk)]
    if one.owner and one.owner != desk.me.id:
        key = "hold.told_approved" if word == "yes" else "hold.told_rejected"
        cards.append(tell(one.owner, line(key, order_id=one.order_id, by=desk.me.name), rank="work"))
    return cards


def hand(call: Call, desk: Desk) -> list[Card]:
    """To the next shift, to be dealt with before the labels are printed in the morning."""
    one = _need(call.args, desk)
    print_at = next_printing(desk)
    due = min(print_at, one.ship_by) if one.ship_by and one.ship_by > desk.now else print_at
    next_shift = "下一班" if desk.room.lang == "zh-CN" else "next shift"
    one = _put(aftercare.hand_over(one, next_shift, due, now=desk.now, print_at=print_at), "hand_over", desk)
    return [hold_card(one, desk), toast("hold.handed", at=desk.clock(due))]


# -- the warehouse ----------------------------------------------------------------------------------


def intercept(call: Call, desk: Desk) -> list[Card]:
    """拦截清单: what must not leave, to tick, and the same as a file for the ERP (L08)."""
    listed = aftercare.intercept_list(desk.books.holds.scan())
    if not listed:
        return [tell(desk.me.id, line("intercept.none"))]
    said = [line("intercept.head", count=len(listed))] + [_intercept_line(h) for h in listed[:SHOWN]]
    rows = tuple(row for h in listed[:SHOWN] if (row := _ticks(h)))
    return [
        tell(
            desk.me.id,
            said,
            buttons=rows,
            key=f"intercept:{desk.me.id}",
            edit=bool(call.press_id),
            rank="work",
        ),
        *(
            []
            if call.press_id
            else [tell(desk.me.id, line("intercept.file"), attach="intercept.xlsx all", rank="work")]
        ),
    ]


def _intercept_line(h: Hold) -> Line:
    mark = "intercept.kept" if h.intercepted_at else "intercept.not_yet"
    return line(
        "intercept.line",
        order_id=h.order_id,
        region=h.region,
        mark=line(mark),
        state=line(f"hold.state_{h.state}"),
    )


def _ticks(h: Hold) -> Row:
    tail = h.order_id[-6:]
    if not h.intercepted_at:
        return (button("intercept.tick", f"intercepted {h.id}", tail=tail),)
    if h.state in aftercare.DEALT_WITH:
        return (button("intercept.release", f"released {h.id}", tail=tail),)
    return ()


def intercepted(call: Call, desk: Desk) -> list[Card]:
    """已拦截: the parcel has been taken out."""
    _put(aftercare.tick_intercepted(_need(call.args, desk), desk.me.id, desk.now), "intercepted", desk)
    return [toast("intercept.ticked"), *intercept(call, desk)]


def released(call: Call, desk: Desk) -> list[Card]:
    """已放行: it may go on; only once the hold is dealt with."""
    _put(aftercare.tick_released(_need(call.args, desk), desk.me.id, desk.now), "released", desk)
    return [toast("intercept.ticked"), *intercept(call, desk)]


# -- regions ----------------------------------------------------------------------------------------


def no_ship(call: Call, desk: Desk) -> list[Card]:
    """`停发 新疆 西藏`: orders to there are held from now on."""
    return _rule(f"停发 {call.args}", desk) if call.args else rules(call, desk)


def remote(call: Call, desk: Desk) -> list[Card]:
    """`偏远 内蒙古 圆通`: orders to there are checked."""
    return _rule(f"偏远 {call.args}", desk) if call.args else rules(call, desk)


def _rule(text: str, desk: Desk) -> list[Card]:
    rule = read_rule(
        text, rule_id=desk.books.new_id("r"), author=desk.me.id, now=desk.now.astimezone(desk.zone)
    )
    desk.books.region_rules.put(rule)
    desk.note("rules", rule.id, change="added", text=text)
    return [
        group(line("rules.added", rule=_rule_line(rule, desk), by=desk.me.name), topic="anomaly", silent=True)
    ]


def _rule_line(rule: RegionRule, desk: Desk) -> Line:
    author = desk.name(rule.author) if rule.author else line("rules.default")
    return line(
        f"rules.{rule.kind}", regions=listed(rule.regions), carrier=rule.carrier or line("rules.all_carriers"),
        author=author, since=desk.clock(rule.from_at), source=rule.source,
    )  # fmt: skip


def rules(call: Call, desk: Desk) -> list[Card]:
    """`/rules`: where this room does not ship, or only with care; a press takes a rule away."""
    known = list(desk.books.region_rules.scan())
    if not known:
        return [tell(desk.me.id, line("audit.no_rules"))]
    said = [line("rules.head"), *(_rule_line(r, desk) for r in known)]
    rows = tuple((button("rules.remove", f"unrule {r.id}", regions=listed(r.regions[:3])),) for r in known)
    return [tell(desk.me.id, said, buttons=rows if desk.me.may(RULERS) else ())]


def unrule(call: Call, desk: Desk) -> list[Card]:
    """Takes one rule away; its holds settle with the next export."""
    rule = desk.books.region_rules.get(call.args)
    if rule is None:
        raise Refusal("rules.gone")
    desk.books.region_rules.drop(rule.id)
    desk.note("rules", rule.id, change="removed", text=rule.source)
    return [
        group(
            line("rules.removed", rule=_rule_line(rule, desk), by=desk.me.name), topic="anomaly", silent=True
        )
    ]


# -- the end of the shift ---------------------------------------------------------------------------


def wrap(call: Call, desk: Desk) -> list[Card]:
    """`/wrap` closes the shift once each HOLD is solved, waived by name or handed to the next shift."""
    here = desk.need_broadcast()
    broadcast.step(here, "wrap")
    if here.wrapped_at:
        return [
            tell(
                desk.me.id,
                line("wrap.already", at=desk.clock(here.wrapped_at), by=desk.name(here.wrapped_by)),
            )
        ]
    blocking = aftercare.may_wrap(desk.books.holds.scan())
    if blocking:
        raise Refusal(
            "wrap.blocked",
            count=len(blocking),
            orders=tuple(h.order_id for h in blocking[:5]),
            exposure=exposure_line(blocking, desk),
        )
    desk.books.broadcasts.put(broadcast.wrap(here, desk.me.id, desk.now))
    handed = [h for h in aftercare.open_holds(desk.books.holds.scan()) if h.state == "handed"]
    desk.note("wrap", here.id, handed=str(len(handed)))
    said = line("wrap.done", by=desk.me.name, handed=len(handed), exposure=exposure_line(handed, desk))
    return [group(said, topic="anomaly", key=f"wrap:{here.id}")]


DUTY = DutySpec(
    "closing",
    commands=(
        Command("holds", holds, words=("异常",), roles=SERVICE | STORE, reads=True),
        Command("intercept", intercept, words=("拦截清单", "拦截"), roles=STORE, args=False),
        Command("noship", no_ship, words=("停发",), roles=RULERS),
        Command("remote", remote, words=("偏远",), roles=RULERS),
        Command("rules", rules, words=("停发规则",), reads=True, args=False),
        Command("wrap", wrap, words=("收尾",), roles=frozenset(["manager", "lead"]), args=False),
        Command("hold", hold, roles=SERVICE, listed=False),
        Command("act", act, roles=SERVICE, listed=False),
        Command("hand", hand, roles=SERVICE, listed=False),
        Command("falsealarm", false_alarm, roles=SERVICE, listed=False),
        Command("decide", decide, roles=MANAGERS, listed=False),
        Command("waive", waive, roles=MANAGERS, listed=False),
        Command("unrule", unrule, roles=RULERS, listed=False),
        Command("intercepted", intercepted, roles=STORE, listed=False),
        Command("released", released, roles=STORE, listed=False),
    ),
)
