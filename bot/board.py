"""What the group's board and everybody's desk say: drawn from committed books, a glance at all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property

from bot.card import Card, Row, button, line, lines, listed
from bot.desk import Desk
from bot.exposure import open_holds
from bot.offer import change_line, name_of, offer_lines
from playbooks import aftercare, announce, chase
from playbooks.aftercare import Hold
from playbooks.announce import Listing, Notice
from playbooks.broadcast import Broadcast
from playbooks.chase import Chase
from playbooks.followup import FollowUp
from playbooks.room import CONTROL, Member, Presence
from storage.rows import Line

CHANGES_SHOWN = 3
NOTICES_ASKED = 3
IN_SHORT = ("promo.", "air.gift", "air.stock", "air.sold_out")


@dataclass(frozen=True)
class Glance:
    """A room's open work, gathered once for the board and all desks."""

    desk: Desk
    here: Broadcast | None
    on_air: Listing | None
    after: Listing | None
    notices: tuple[Notice, ...]
    chases: tuple[Chase, ...]
    waiting: int
    holds: tuple[Hold, ...]
    follow_ups: tuple[FollowUp, ...]
    to_follow_up: int

    @classmethod
    def of(cls, desk: Desk) -> Glance:
        """Look at the room."""
        here, books = desk.broadcast(), desk.books
        chases = tuple(desk.chases())
        return cls(
            desk=desk, here=here, on_air=desk.on_air(),
            after=announce.following(desk.listings(), here.on_air) if here else None,
            notices=tuple(sorted(books.notices.by("broadcast", here.id), key=lambda n: n.at)) if here else (),
            chases=chases, waiting=sum(chase.workable(c, desk.now) for c in chases),
            holds=aftercare.open_holds(open_holds(desk)),
            follow_ups=tuple(books.follow_ups.by("state", "claimed")),
            to_follow_up=len(books.follow_ups.by("state", "open")),
        )  # fmt: skip

    @cached_property
    def head(self) -> list[Line]:
        """What every screen begins with: drawn once for all of them."""
        return _head(self)

    @cached_property
    def changes(self) -> list[Line]:
        """The latest changes, on every screen."""
        return _changes(self)

    @cached_property
    def chases_of(self) -> dict[str, list[Chase]]:
        """Person -> the chases that are theirs now."""
        held = (c for c in self.chases if c.owner and (c.held(self.desk.now) or c.state == "waiting"))
        found: dict[str, list[Chase]] = {}
        for one in held:
            found.setdefault(one.owner, []).append(one)
        return found


def board(glance: Glance) -> Card:
    """The group's board: on air, latest changes, who is on duty, how much work waits. No order, no person's work."""
    there = listed(m.name for m in glance.desk.on_duty())
    held = len(aftercare.may_wrap(glance.holds, glance.desk.now))
    work = line("board.work", chases=glance.waiting, holds=held, followups=glance.to_follow_up)
    return Card(lines=lines(glance.head, glance.changes, line("board.there", names=there), work))


def my_desk(member: Member, glance: Glance) -> Card:
    """One person's desk: the room, on air and next, what to confirm, latest changes, my work; for ops the pad."""
    first, *rest = glance.head
    named = [line("board.desk_head", shop=glance.desk.room.shop, text=first), *rest]
    unknown = [n for n in glance.notices if not n.superseded and member.id in n.waiting_for()]
    asks = [line("board.please_know", number=n.link_no) for n in unknown]
    knows = (
        (button("notice.known_one", f"known {n.id}", number=n.link_no),) for n in unknown[:NOTICES_ASKED]
    )
    rows = (*knows, *_pad(member, glance), _presence(member.presence))
    return Card(lines=lines(named, asks, glance.changes, _mine(member, glance)), buttons=rows)


def _head(glance: Glance) -> list[Line]:
    """The first line suffices alone: on air now; then what comes next and what is in force."""
    here, listing, shop = glance.here, glance.on_air, glance.desk.room.shop
    if here is None:
        return [line("board.none", shop=shop)]
    selling = glance.after if here.stage != "ended" else None
    following = line("board.next", product=name_of(selling)) if selling else None
    if listing is None:
        return list(lines(line(f"board.{here.stage}", shop=shop, day=f"{here.opened_on:%m-%d}"), following))
    now = line("board.on_air", product=name_of(listing), price=listing.offer.live_price)
    return list(lines(now, following, (one for one in offer_lines(listing) if one.key.startswith(IN_SHORT))))


def _changes(glance: Glance) -> list[Line]:
    return [
        line(
            "board.change", at=glance.desk.clock(n.at), number=n.link_no,
            changes=tuple(change_line(c) for c in n.changes),
        )
        for n in reversed(glance.notices[-CHANGES_SHOWN:])
    ]  # fmt: skip


def _mine(member: Member, glance: Glance) -> Line:
    chases = glance.chases_of.get(member.id, [])
    holds = [h for h in glance.holds if h.owner == member.id]
    items = [i for i in glance.follow_ups if i.owner == member.id]
    due = _soonest([*(c.expires_at for c in chases), *(h.ship_by for h in holds), *(i.due_at for i in items)])
    return line(
        "board.mine", chases=len(chases), holds=len(holds), followups=len(items),
        due=glance.desk.clock(due), waiting=glance.waiting,
    )  # fmt: skip


def _soonest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((m for m in moments if m), default=None)


def _pad(member: Member, glance: Glance) -> tuple[Row, ...]:
    """Ops work with one hand: the next product by name on top; for agents what they do most."""
    here = glance.here
    if not member.may(CONTROL):
        agent = member.may(frozenset(["agent"]))
        return _agents_pad() if agent and here else ()
    if here is None or here.stage == "planned":
        return ((button("pad.live", "live"),),)
    if here.stage == "ended":
        return ()
    after = glance.after
    rows: list[Row] = [(button("pad.next", f"on {after.link_no}", product=name_of(after)),)] if after else []
    if (n := here.on_air) is not None:
        # The number rides along: a press on a pad that is just being edited still means the product it showed.
        changes = (button("pad.price", f"price {n} ?"), button("pad.gift_out", f"giftout {n}"))
        rows += [changes, (button("pad.sold_out", f"soldout {n}"), button("pad.back", f"back {n}"))]
    ending = button("pad.closing", "closing") if here.stage == "live" else button("pad.off", "off")
    return (*rows, (ending,))


@cache
def _agents_pad() -> tuple[Row, ...]:
    return ((button("chase.take_next", "chase"), button("pad.now", "now")),)


@cache
def _presence(presence: Presence) -> Row:
    if presence == "in":
        return (button("pad.break", "break"), button("pad.out", "out"))
    return (button("pad.in", "in"),)
