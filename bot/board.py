"""What the group's board and everybody's desk say: drawn from committed books, a glance at all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property

from bot.card import Card, Row, button, line, lines, listed
from bot.chase_figures import Live, board_line
from bot.chase_waiting import begun, waiting
from bot.cutting import back_button, cut_line
from bot.desk import Desk
from bot.disputes import hold_on, open_reports
from bot.exposure import open_holds, to_wrap
from bot.offer import change_line, name_of, offer_lines
from bot.questioning import open_questions, theirs
from bot.reminding import to_know
from bot.rostering import breaks
from bot.undoing import Undoable, newest
from bot.undoing_off import off_button
from bot.upcoming import warning
from playbooks import aftercare, announce, flash, segments
from playbooks.aftercare import Hold
from playbooks.announce import Listing, Notice
from playbooks.broadcast import Broadcast
from playbooks.chase import Chase
from playbooks.followup import FollowUp
from playbooks.questions import Question
from playbooks.room import CONTROL, IN_CHARGE, Member, Presence, Side
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
    recovery: Line | None

    @classmethod
    def of(cls, desk: Desk, live: Live) -> Glance:
        """Look at the room."""
        here, books = desk.broadcast(), desk.books
        return cls(
            desk=desk, here=here, on_air=desk.on_air(),
            after=announce.following(desk.listings(), here.on_air) if here else None,
            notices=tuple(sorted(books.notices.by("broadcast", here.id), key=lambda n: n.at)) if here else (),
            chases=tuple(begun(desk)), waiting=waiting(desk),
            holds=aftercare.open_holds(open_holds(desk)),
            follow_ups=tuple(books.follow_ups.by("state", "claimed")),
            to_follow_up=books.follow_ups.count("state", "open"),
            recovery=board_line(live.of(here, desk)) if here else None,
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
    def questions(self) -> list[Question]:
        """What nobody has answered yet, the longest waiting first."""
        return open_questions(self.desk)

    @cached_property
    def to_know(self) -> list[Notice]:
        """The changes that ask for 已知悉 now."""
        return to_know(self.notices, self.desk)

    @cached_property
    def disputed(self) -> list[Line]:
        """Prices nobody may tell a buyer before ops have settled them."""
        reports = open_reports(self.desk, self.here.id) if self.here and self.here.stage != "ended" else []
        return [line("quote.board", number=one.link_no, price=one.price, ours=one.ours) for one in reports]

    @cached_property
    def undoable(self) -> Undoable | None:
        """What ops may take back right now."""
        return newest(self.desk)

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
    there_now = line("board.there", names=there)
    said = lines(glance.head, glance.disputed, glance.changes, there_now, work, glance.recovery)
    return Card(lines=said)


def my_desk(member: Member, glance: Glance) -> Card:
    """One person's desk: the room, on air and next, what to confirm, latest changes, my work; for ops the pad."""
    first, *rest = glance.head
    named = [line("board.desk_head", shop=glance.desk.room.shop, text=first), *rest]
    unknown = [n for n in glance.to_know if member.id in n.waiting_for()]
    asks = [line("board.please_know", number=n.link_no) for n in unknown]
    warned = warning(glance.desk) if member.presence == "in" else []
    knows = (
        (button("notice.known_one", f"known {n.id}", number=n.link_no),) for n in unknown[:NOTICES_ASKED]
    )
    holds_on = ((hold_on(glance.desk),),) if glance.disputed else ()
    unanswered = theirs(member, glance.questions)
    waits = line("board.questions", count=len(unanswered)) if unanswered else None
    answers = ((button("pad.questions", "asks", count=len(unanswered)),),) if unanswered else ()
    rows = (*knows, *answers, *holds_on, *_pad(member, glance), _presence(member.presence))
    resting = breaks(glance.desk) if member.may(IN_CHARGE) else []
    held = to_wrap(glance.desk, glance.holds) if member.may(IN_CHARGE) else None
    mine = _mine(member, glance)
    said = lines(named, glance.disputed, warned, asks, waits, resting, held, glance.changes, mine)
    return Card(lines=said, buttons=rows)


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
    in_short = (one for one in offer_lines(listing) if one.key.startswith(IN_SHORT))
    return list(lines(now, cut_line(here, glance.desk), following, in_short))


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
        return _agents_pad(member.side, glance.on_air is not None) if agent and here else ()
    if here is None or here.stage == "planned":
        return ((button("pad.live", "live"),),)
    if here.stage == "ended":
        back = off_button(here, member.id, glance.desk)
        return ((back,),) if back else ()
    after = glance.after
    rows: list[Row] = [(button("pad.next", f"on {after.link_no}", product=name_of(after)),)] if after else []
    if segments.is_cut(here):
        rows.insert(0, (back_button(),))
    if glance.undoable:
        rows.append((glance.undoable.button,))
    if (n := here.on_air) is not None:
        # The number rides along: a press on a pad that is just being edited still means the product it showed.
        changes = (button("pad.price", f"price {n} ?"), button("pad.gift_out", f"giftout {n}"))
        rows += [changes, (button("pad.sold_out", f"soldout {n}"), button("pad.back", f"back {n}"))]
        rows += _flash_row(glance.on_air)
    ending = button("pad.closing", "closing") if here.stage == "live" else button("pad.off", "off")
    return (*rows, (ending,))


def _flash_row(listing: Listing | None) -> list[Row]:
    """Begin or end the flash sale of the product on air, where it has one."""
    found = flash.of(listing.offer) if listing else None
    if listing is None or found is None:
        return []
    if found.running:
        return [(button("pad.flash_end", f"flashend {listing.link_no}"),)]
    return [] if found.over else [(button("pad.flash", f"flash {listing.link_no}"),)]


@cache
def _agents_pad(side: Side, selling: bool) -> tuple[Row, ...]:
    """An agent for after sales begins with the follow-ups, others with the unpaid orders (I01)."""
    first = (
        button("followup.take_next", "take") if side == "after_sales" else button("chase.take_next", "chase")
    )
    work = (first, button("pad.now", "now"))
    asks = (button("pad.ask", "ask"), button("pad.angry", "angry"))
    return (work, asks, (button("quote.report", "quote ?"),)) if selling else (work, asks)


@cache
def _presence(presence: Presence) -> Row:
    if presence == "in":
        return (button("pad.break", "break"), button("pad.out", "out"))
    return (button("pad.in", "in"),)
