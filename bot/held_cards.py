"""What the group and the warehouse hear of held orders: those not to ship, and those that may leave again (L08)."""

from __future__ import annotations

from bot.audit_counts import by_rule, rules_told
from bot.card import Card, button, group, line, lines, listed, tell
from bot.desk import Desk
from bot.exposure import exposure_line, open_holds
from bot.hold_cards import place_line
from playbooks import aftercare

HOLDS_SHOWN = 12
NAMED = 5


def holds_told(desk: Desk) -> list[Card]:
    """One silent card for the group and one for each who packs; nothing where no order is held."""
    return [_to_the_group(desk), *to_the_warehouse(desk)] if open_holds(desk) else []


def _to_the_group(desk: Desk) -> Card:
    """Order number, rule, region, deadline; details privately to who claims one."""
    waiting = aftercare.open_holds(open_holds(desk))
    holds = [h for h in waiting if h.verdict == "HOLD"]
    checks = sum(h.verdict == "CHECK" for h in waiting)
    said = lines(
        line("hold.group_head", hold=len(holds), check=checks),
        by_rule(rules_told(waiting)),
        (
            line(
                "hold.group_line",
                order_id=h.order_id,
                rule=line(f"audit.name_{h.rules[0]}"),
                region=place_line(h),
                ship_by=desk.clock(h.ship_by),
            )
            for h in holds[:HOLDS_SHOWN]
        ),
        line("hold.group_more", count=len(holds) - HOLDS_SHOWN) if len(holds) > HOLDS_SHOWN else None,
        exposure_line(waiting, desk) if holds else None,
    )
    buttons = ((button("hold.take_next", "hold next"),),)
    return group(said, topic="anomaly", key="holds", buttons=buttons, silent=True, rank="work")


def to_the_warehouse(desk: Desk) -> list[Card]:
    """What must not leave reaches those who pack, privately."""
    kept_back = aftercare.intercept_list(desk.books.holds.scan())
    said, buttons = line("intercept.new", count=len(kept_back)), ((button("intercept.open", "intercept"),),)
    packers = desk.with_role("warehouse") if kept_back else []
    return [tell(m.id, said, buttons=buttons, key=f"intercept-new:{m.id}", rank="work") for m in packers]


def may_leave(desk: Desk) -> list[Card]:
    """Parcels taken out whose hold is dealt with: nobody else would tell those who pack, and they would lie there
    until they are late."""
    free = aftercare.may_leave(desk.books.holds.scan())
    if not free:
        return []
    said = line("intercept.may_leave", count=len(free), orders=listed(h.order_id for h in free[:NAMED]))
    buttons = ((button("intercept.open", "intercept"),),)
    packers = desk.with_role("warehouse")
    return [tell(m.id, said, buttons=buttons, key=f"intercept-free:{m.id}", rank="work") for m in packers]
