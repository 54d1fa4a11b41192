"""The warehouse 仓库: what must not leave, to tick when taken out and when let go (L08)."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, Row, button, line, tell, toast
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.exposure import keep_hold, need_hold
from playbooks import aftercare
from playbooks.aftercare import Hold
from playbooks.room import Role
from storage.rows import Line

STORE: frozenset[Role] = frozenset(["warehouse", "manager", "lead"])
SHOWN = 10


def intercept(call: Call, desk: Desk) -> list[Card]:
    """拦截清单: what must not leave, to tick, and the same as a file for the ERP (L08)."""
    kept_back = aftercare.intercept_list(desk.books.holds.scan())
    if not kept_back:
        return [tell(desk.me.id, line("intercept.none"))]
    shown, key = kept_back[:SHOWN], f"intercept:{desk.me.id}"
    said = [line("intercept.head", count=len(kept_back)), *(_intercept_line(h) for h in shown)]
    rows = tuple(row for h in shown if (row := _ticks(h)))
    pressed = bool(call.press_id)
    answer = tell(desk.me.id, said, buttons=rows, key=key, edit=pressed, rank="work")
    file = tell(desk.me.id, line("intercept.file"), attach="intercept.xlsx all", rank="work")
    return [answer] if pressed else [answer, file]


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
    keep_hold(
        aftercare.tick_intercepted(need_hold(call.args, desk), desk.me.id, desk.now), "intercepted", desk
    )
    return [toast("intercept.ticked"), *intercept(call, desk)]


def released(call: Call, desk: Desk) -> list[Card]:
    """已放行: it may go on; only once the hold is dealt with."""
    keep_hold(aftercare.tick_released(need_hold(call.args, desk), desk.me.id, desk.now), "released", desk)
    return [toast("intercept.ticked"), *intercept(call, desk)]


DUTY = DutySpec(
    "warehouse",
    commands=(
        Command("intercept", intercept, words=("拦截清单", "拦截"), roles=STORE, args=False, private=True),
        Command("intercepted", intercepted, roles=STORE, listed=False, private=True),
        Command("released", released, roles=STORE, listed=False, private=True),
    ),
)
