"""The chase's figures as people read them 催付数据: never a recovery without what pays by itself beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.card import line, lines
from bot.desk import Desk
from bot.review_words import count, percent, whose, yuan
from playbooks import chase
from playbooks.broadcast import Broadcast
from playbooks.chase import Cut, Fate, Funnel, Group, Share
from playbooks.chase.rules import rules
from playbooks.orders import OrderState
from playbooks.references import Yardstick
from storage.rows import Line


def funnel_of(here: Broadcast, desk: Desk) -> Funnel:
    """The funnel of a broadcast as the books stand. A big one takes a while: not in a unit."""
    return chase.funnel(desk.books.chases.by("broadcast", here.id), _orders_of(here, desk), desk.now)


def fates_of(here: Broadcast, desk: Desk) -> tuple[Fate, ...]:
    """What became of each order of a broadcast."""
    found = chase.fates(desk.books.chases.by("broadcast", here.id), _orders_of(here, desk), desk.now)
    return tuple(found)


def _orders_of(here: Broadcast, desk: Desk) -> Iterable[OrderState]:
    """The orders of a broadcast. Few are kept parsed, for the board reads them again with every press."""
    orders = desk.books.orders
    read = orders.by if len(orders) <= rules().live_rows else orders.scan
    return read("broadcast", here.id)


@dataclass(frozen=True)
class _Counted:
    """A funnel, the moment it is of, and what the books were then."""

    broadcast: str
    at: datetime
    books: tuple[object, object]
    funnel: Funnel

    def unchanged(self, books: tuple[object, object]) -> bool:
        return all(before is now for before, now in zip(self.books, books, strict=True))


class Live:
    """The funnels the boards show. Every press asks for a board to be drawn, so one is counted again only once its
    orders or chases have changed or a minute has passed; with many orders at most once a minute, or drawing would
    keep the presses waiting."""

    def __init__(self) -> None:
        self._counted: dict[str, _Counted] = {}

    def of(self, here: Broadcast, desk: Desk) -> Funnel:
        """The funnel of the room's current broadcast, of this moment or of this minute."""
        known = self._counted.get(desk.room.id)
        if known is None or known.broadcast != here.id or self._is_old(known, desk):
            known = _Counted(here.id, desk.now, _books(desk), funnel_of(here, desk))
            self._counted[desk.room.id] = known
        return known.funnel

    def _is_old(self, known: _Counted, desk: Desk) -> bool:
        few = len(desk.books.orders) + len(desk.books.chases) <= rules().live_rows
        if few and not known.unchanged(_books(desk)):
            return True
        return not timedelta() <= desk.now - known.at < timedelta(seconds=rules().live_seconds)


def _books(desk: Desk) -> tuple[object, object]:
    return desk.books.orders.state(), desk.books.chases.state()


def board_line(told: Funnel) -> Line | None:
    """One line for the group's board; None while no order was seen unpaid."""
    if not told.unpaid:
        return None
    if not told.contacted:
        return line("figures.board_none", unpaid=told.unpaid, natural=percent(told.natural_rate))
    return line(
        "figures.board", recovered=told.recovered, amount=yuan(told.recovered_amount),
        rate=percent(told.success_rate), natural=percent(told.natural_rate), coverage=percent(told.coverage),
    )  # fmt: skip


def overview(told: Funnel, beside: Yardstick) -> tuple[Line, ...]:
    """The whole funnel beside the shop's yardstick or the playbook's; what is not known says so."""
    reference, minutes = percent(beside.unpaid), rules().first_touch_minutes
    return lines(
        line(
            "figures.unpaid", created=count(told.created), rate=percent(told.unpaid_rate), unpaid=told.unpaid,
            reference=reference, whose=whose(beside),
        ),
        line(
            "figures.coverage", contacted=told.contacted, lasting=told.lasting, rate=percent(told.coverage),
            minutes=minutes,
        ),
        _recovery(told),
        line(
            "figures.natural", paid=told.uncontacted_paid, all=told.uncontacted, rate=percent(told.natural_rate),
            minutes=minutes,
        ),
        line(
            "figures.target_own" if beside.own else "figures.target", rate=percent(told.won_rate),
            reference=reference, target=percent(beside.target),
        ),
        line("figures.unpriced", count=told.recovered_unpriced) if told.recovered_unpriced else None,
        line("figures.excluded", count=told.excluded) if told.excluded else None,
    )  # fmt: skip


def _recovery(told: Funnel) -> list[Line]:
    if not told.contacted:
        return [line("figures.not_contacted")]
    recovered = line(
        "figures.recovered", recovered=told.recovered, amount=yuan(told.recovered_amount),
        rate=percent(told.success_rate), natural=percent(told.natural_rate), hours=rules().success_hours,
    )  # fmt: skip
    return [recovered, line("figures.discount", discount=yuan(told.discount), gifts=told.gifts)]


def share_line(share: Share, cut: Cut, desk: Desk) -> Line:
    """One agent, channel, product or reason."""
    return line(
        "figures.share", name=named(share.key, share.title, cut, desk), unpaid=share.unpaid,
        contacted=share.contacted, recovered=share.recovered, amount=yuan(share.amount),
        rate=percent(share.success_rate), natural=percent(share.natural_rate), discount=yuan(share.discount),
    )  # fmt: skip


def group_line(group: Group, size: int) -> Line:
    """What the orders of a group are called, and how many there are."""
    return line(f"figures.group_{group}", count=size, minutes=rules().first_touch_minutes)


def named(key: str, title: str, cut: Cut, desk: Desk) -> Line:
    """What people call the key of a cut."""
    if cut == "channel":
        return line(f"chase.step_{key}")
    if cut == "reason":
        return line(f"chase.reason_{key}")
    if cut == "agent":
        return line("common.verbatim", text=desk.name(key))
    if key.isdigit():
        return line("air.product", number=int(key), name=title or "—")
    return line("common.verbatim", text=key) if key else line("figures.no_product")


def order_line(fate: Fate, desk: Desk) -> Line:
    """One order behind a figure: when it began, who contacted the buyer when, and how it ended."""
    contacted = (
        line("figures.event_contact", at=desk.clock(fate.contacted_at), name=desk.name(fate.agent))
        if fate.contacted_at
        else line("figures.event_no_contact")
    )
    return line(
        "figures.event", order_id=fate.order_id, began=desk.clock(fate.began_at), amount=fate.amount,
        contacted=contacted, ended=_ended(fate, desk),
    )  # fmt: skip


def _ended(fate: Fate, desk: Desk) -> Line:
    if fate.refunded:
        return line("figures.event_refunded")
    if fate.paid:
        return line("figures.event_paid", at=desk.clock(fate.paid_at))
    return (
        line("figures.event_dead", at=desk.clock(fate.ended_at)) if fate.dead else line("figures.event_open")
    )
