"""The warehouse 仓库: what must not leave, to tick when taken out and when let go (L08)."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, Row, button, line, tell, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.exposure import keep_hold, need_hold
from bot.hold_cards import place_line
from playbooks import aftercare
from playbooks.aftercare import Hold
from playbooks.room import Role
from storage.rows import Line

STORE: frozenset[Role] = frozenset(["warehouse", "manager", "lead"])
SHOWN = 10


def intercept(call: Call, desk: Desk) -> list[Card]:
    """拦截清单: what must not leave, to tick, and the same as a file for the ERP (L08); `/intercept 10` from the 11th
    on."""
    first = int(call.args) if call.args.isascii() and call.args.isdecimal() else 0
    return _listed(first, call, desk)


def _listed(first: int, call: Call, desk: Desk) -> list[Card]:
    kept_back = aftercare.intercept_list(desk.books.holds.scan())
    if not kept_back:
        return [tell(desk.me.id, line("intercept.none"))]
    first = first if first < len(kept_back) else 0
    shown, key = kept_back[first : first + SHOWN], f"intercept:{desk.me.id}"
    said = [line("intercept.head", count=len(kept_back)), *(_intercept_line(h) for h in shown)]
    rest = len(kept_back) - first - SHOWN
    rows = [row for h in shown if (row := _ticks(h, first))]
    if rest > 0:
        rows.append((button("hold.more", f"intercept {first + SHOWN}", count=rest),))
    pressed = bool(call.press_id)
    answer = tell(desk.me.id, said, buttons=tuple(rows), key=key, edit=pressed, rank="work")
    file = tell(desk.me.id, line("intercept.file"), attach="intercept.xlsx all", rank="work")
    return [answer] if pressed else [answer, file]


def _intercept_line(h: Hold) -> Line:
    mark = "intercept.kept" if h.intercepted_at else "intercept.not_yet"
    return line(
        "intercept.line",
        order_id=h.order_id,
        region=place_line(h),
        mark=line(mark),
        state=line(f"hold.state_{h.state}"),
    )


def _ticks(h: Hold, first: int) -> Row:
    """The button carries which page it is on: after the tick the list goes on from there."""
    tail, page = h.order_id[-6:], f" {first}" if first else ""
    if not h.intercepted_at:
        return (button("intercept.tick", f"intercepted {h.id}{page}", tail=tail),)
    if h.state in aftercare.DEALT_WITH:
        return (button("intercept.release", f"released {h.id}{page}", tail=tail),)
    return ()


def intercepted(call: Call, desk: Desk) -> list[Card]:
    """已拦截: the parcel has been taken out."""
    id, first = _ticked(call)
    keep_hold(aftercare.tick_intercepted(need_hold(id, desk), desk.me.id, desk.now), "intercepted", desk)
    return [toast("intercept.ticked"), *_listed(first, call, desk)]


def _ticked(call: Call) -> tuple[str, int]:
    """Which order, and from where on the list was shown."""
    id, _, first = call.args.partition(" ")
    return id, int(first) if first.isascii() and first.isdecimal() else 0


def released(call: Call, desk: Desk) -> list[Card]:
    """已放行: it may go on; only once the hold is dealt with."""
    id, first = _ticked(call)
    keep_hold(aftercare.tick_released(need_hold(id, desk), desk.me.id, desk.now), "released", desk)
    return [toast("intercept.ticked"), *_listed(first, call, desk)]


DUTY = DutySpec(
    "warehouse",
    commands=(
        Command("intercept", intercept, words=("拦截清单", "拦截"), roles=STORE, private=True),
        Command("intercepted", intercepted, roles=STORE, listed=False, private=True),
        Command("released", released, roles=STORE, listed=False, private=True),
    ),
)
