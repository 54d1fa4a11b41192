"""What is said once an order export is in: what it did, for its sender; what the group has to act on."""

from __future__ import annotations

from collections import Counter

from bot.audit_counts import by_note, by_province, by_rule
from bot.card import Card, group, line, lines, tell
from bot.chase_cards import queue_buttons
from bot.chase_waiting import first_to_die, waiting
from bot.desk import Desk
from bot.doubts import doubt_lines
from bot.held_cards import holds_told, may_leave
from bot.intake import BAD_ROWS_SHOWN, bad_line, file_names, unknown_words
from bot.order_intake import OrderBatch
from playbooks import chase
from playbooks.orders import DEAD, PAID
from storage.rows import Line


def summary(batch: OrderBatch, told: Counter[str], merges: tuple[Line, ...], desk: Desk) -> Card:
    """What the file did, counted in `told`, and its rows that could not be read."""
    export = batch.about
    if not told["orders"] and export.bad:
        bad = (bad_line(row) for row in export.bad[:BAD_ROWS_SHOWN])
        return tell(desk.me.id, line("orders.bad_rows_only", count=len(export.bad)), bad)
    said = lines(
        line(
            "orders.taken",
            orders=told["orders"],
            format=line(f"platform.{export.platform}"),
            as_of=desk.clock(batch.as_of),
        ),
        _by_status(told),
        line("orders.by_status_unknown", count=told["status_unknown"]) if told["status_unknown"] else None,
        line("orders.chases", new=told["chase_new"], paid=told["chase_paid"], lost=told["chase_lost"]),
        line("orders.holds", hold=told["hold_HOLD"], check=told["hold_CHECK"], solved=told["hold_solved"]),
        by_rule(told),
        by_province(told),
        by_note(told),
        merges,
        line("orders.followups", count=told["follow_review_invite"])
        if told["follow_review_invite"]
        else None,
        line("orders.older", count=told["older"]) if told["older"] else None,
        line("orders.archived", count=told["archived"]) if told["archived"] else None,
        line("orders.other_money", count=told["other_money"]) if told["other_money"] else None,
        line("audit.no_rules") if not list(desk.books.region_rules.scan()) else None,
        line("orders.unknown_statuses", words=unknown_words(export.unknown_statuses))
        if export.unknown_statuses
        else None,
        doubt_lines(told),
        line("orders.passed", names=file_names(export.passed)) if export.passed else None,
        line("orders.bad_rows", count=len(export.bad)) if export.bad else None,
        (bad_line(row) for row in export.bad[:BAD_ROWS_SHOWN]),
        _life_unknown(export.platform, desk) if told["chase_new"] else None,
    )
    return tell(desk.me.id, said)


def _life_unknown(platform: str, desk: Desk) -> Line | None:
    theirs = line(f"platform.{chase.sold_on(platform, desk.room.platform)}")
    return line("orders.life_unknown", platform=theirs) if desk.unpaid_life(platform) is None else None


def _by_status(told: Counter[str]) -> Line:
    """Each order once: a refunded one was paid and is over, so it is told among the closed."""
    paid, dead = (sum(told[f"status_{s}"] for s in some) for some in (PAID - DEAD, DEAD))
    return line("orders.by_status", unpaid=told["status_pending_payment"], paid=paid, dead=dead)


def to_the_group(told: Counter[str], desk: Desk) -> list[Card]:
    """At most two silent cards an import: the chases to take, and near the end the orders not to ship."""
    here = desk.broadcast()
    cards = []
    if told["chase_new"]:
        ready = waiting(desk)
        first = desk.clock(first_to_die(desk))
        said = line("chase.queue", new=told["chase_new"], waiting=ready, first=first)
        buttons = queue_buttons(ready)
        cards.append(group(said, topic="chase", key="chase-queue", buttons=buttons, silent=True, rank="work"))
    if here and here.stage == "planned":  # the next one's sheet is in while tonight's is being wrapped
        here = desk.to_wrap()
    if here and here.stage in ("closing", "ended") and told["hold_HOLD"] + told["hold_CHECK"]:
        cards += holds_told(desk)
    return [*cards, *may_leave(desk)] if told["hold_solved"] else cards
