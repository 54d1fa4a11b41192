"""What is a person's own, for `/my`: one function a kind of work, all of them in one visible tuple."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.card import Row, button, line, lines
from bot.case_cards import summary
from bot.cases import open_of
from bot.daily_book import title, today
from bot.daily_cards import own_tasks
from bot.desk import Desk
from bot.exposure import open_holds
from bot.following import items_of
from bot.post_purchase_lists import in_hand
from bot.questioning import open_questions
from playbooks import aftercare, inquiries, promises
from playbooks.aftercare import Hold
from storage.rows import Line

SHOWN = 10


@dataclass(frozen=True)
class Mine:
    """One kind of work: how much of it is mine, its head with {count}, what is due soonest, buttons that open it."""

    count: int
    head: str
    said: tuple[Line, ...]
    rows: tuple[Row, ...] = ()


Section = Callable[[Desk], Mine]


def chases(desk: Desk) -> Mine:
    """Unpaid orders in hand, or to return at a time agreed."""
    known = desk.books.chases.by("open_owner", desk.me.id)
    mine = [c for c in known if c.held(desk.now) or c.state == "waiting"]
    mine.sort(key=lambda c: (c.expires_at is None, c.expires_at, c.id))
    return Mine(
        len(mine), "my.head_chases",
        tuple(line("my.chase", order_id=c.order_id, until=desk.clock(c.expires_at)) for c in mine[:SHOWN]),
        tuple(_open(f"claim {c.id}", c.order_id, "my.kind_chase") for c in mine[:SHOWN]),
    )  # fmt: skip


def holds(desk: Desk) -> Mine:
    """Held orders of mine."""
    mine = [h for h in aftercare.worklist(open_holds(desk), desk.now) if h.owner == desk.me.id]
    return Mine(
        len(mine), "my.head_holds", tuple(_hold_line(h, desk) for h in mine[:SHOWN]),
        tuple(_open(f"hold {h.id}", h.order_id, "my.kind_hold") for h in mine[:SHOWN]),
    )  # fmt: skip


def follow_ups(desk: Desk) -> Mine:
    """Follow-ups I am at."""
    mine = items_of(desk.me.id, desk)
    said = tuple(
        line(
            "my.followup", order_id=one.number, kind=line(f"followup.kind_{one.kind}"),
            until=desk.clock(one.due_at),
        )
        for one in mine[:SHOWN]
    )  # fmt: skip
    return Mine(
        len(mine), "my.head_followups", said, ((button("my.open_followup", "take"),),) if mine else ()
    )


def messages(desk: Desk) -> Mine:
    """Messages after a purchase handed to me."""
    handed = in_hand(desk, desk.me.id)
    if handed is None:
        return Mine(0, "my.head_messages", ())
    said = line("postbuy.mine", buyers=len(handed.messages), until=desk.clock(handed.until))
    return Mine(len(handed.messages), "my.head_messages", (said,), ((button("postbuy.open", "messages"),),))


def promised(desk: Desk) -> Mine:
    """What I promised buyers and have not kept."""
    mine = [one for one in promises.open_ones(desk.books.promises.scan()) if one.owner == desk.me.id]
    said = tuple(
        line("my.promise", order_id=one.order_id, text=one.text, until=desk.clock(one.due_at))
        for one in mine[:SHOWN]
    )
    return Mine(
        len(mine), "my.head_promises", said, ((button("my.open_promises", "promise"),),) if mine else ()
    )


def questions(desk: Desk) -> Mine:
    """Questions I have taken up."""
    mine = [one for one in open_questions(desk) if one.owner == desk.me.id]
    said = tuple(line("my.question", number=one.number, text=one.text) for one in mine[:SHOWN])
    return Mine(
        len(mine), "my.head_questions", said, ((button("my.open_questions", "asks"),),) if mine else ()
    )


def lost(desk: Desk) -> Mine:
    """Buyers who asked and did not order, to try again."""
    mine = [one for one in inquiries.open_ones(desk.books.lost_inquiries.scan()) if one.by == desk.me.id]
    said = (line("my.lost", count=len(mine)),) if mine else ()
    return Mine(len(mine), "my.head_lost", said, ((button("my.open_lost", "lost"),),) if mine else ())


def delays(desk: Desk) -> Mine:
    """Notices of delay I made and buyers have not been told of."""
    mine = [one for one in desk.books.delays.by("state", "open") if one.by == desk.me.id]
    said = tuple(
        line("my.delay", region=one.region, count=len(one.orders), until=desk.clock(one.due_at))
        for one in mine
    )
    rows = tuple((button("my.open_delay", f"delayshow {one.id}", region=one.region),) for one in mine)
    return Mine(len(mine), "my.head_delays", said, rows)


def cases_(desk: Desk) -> Mine:
    """Cases I answer for."""
    mine = open_of(desk.me.id, desk)
    said = tuple(summary(one, desk) for one in mine[:SHOWN])
    return Mine(len(mine), "my.head_cases", said, ((button("case.show_list", "cases"),),) if mine else ())


def daily_tasks(desk: Desk) -> Mine:
    """Tasks of the day that are due."""
    known = own_tasks(desk.me.id, today(desk), desk)
    mine = [one for one in known if one.open and one.at <= desk.now]
    said = tuple(line("my.daily", what=title(one), at=desk.clock(one.at)) for one in mine[:SHOWN])
    return Mine(len(mine), "my.head_daily", said, ((button("my.open_daily", "daily"),),) if mine else ())


SECTIONS: tuple[Section, ...] = (
    chases,
    holds,
    follow_ups,
    messages,
    promised,
    questions,
    lost,
    delays,
    cases_,
    daily_tasks,
)


def all_of(desk: Desk) -> list[Mine]:
    """Everything that is mine, the kinds without any left out."""
    return [found for section in SECTIONS if (found := section(desk)).count]


def counts(found: list[Mine]) -> tuple[Line, ...]:
    """`催付 2 · 跟进 1`."""
    return lines(line(one.head, count=one.count) for one in found)


def _open(words: str, order_id: str, kind: str) -> Row:
    return (button("my.open", words, tail=order_id[-6:], kind=line(kind)),)


def _hold_line(one: Hold, desk: Desk) -> Line:
    return line("my.hold", order_id=one.order_id, region=one.place, until=desk.clock(one.ship_by))
