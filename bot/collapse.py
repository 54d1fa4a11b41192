"""Cards nobody needs one by one any more are told in one: what waited too long, what came due while we were away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from bot.card import Card, Row, button, line
from bot.desk import Desk
from storage.rows import RANKS, Outgoing, Rank

LOW: tuple[Rank, ...] = ("work", "board", "digest")
"""What may be told together. Answers only among themselves, where somebody has been away; an announcement never."""
AGED = timedelta(minutes=10)
AT_LEAST = 3
MISSED_AT_LEAST = 2
SHOWN = 10
KEY = "digest:"
TAKES = ("chase", "take", "hold next")
"""The words that deal out work, as the group's cards offer them."""


def foldable(row: Outgoing) -> bool:
    """Whether the card may be told in a line: a message of its own, with nothing sent along, asked for nowhere."""
    card = row.card
    plain = bool(card.lines) and not (card.attach or card.told or card.edit or card.key.startswith(KEY))
    told_together = card.rank in LOW or (card.rank == "answer" and bool(card.person))
    return row.does == "say" and told_together and plain and not row.chat_id


def together(rows: Iterable[Outgoing], now: datetime) -> tuple[Outgoing, ...]:
    """Of the cards that wait for one place (foldable, oldest first) those that are told in one digest now.

    Three that waited ten minutes or were missed, or two that were missed; () where each is said by itself.
    """
    late = tuple(row for row in rows if row.missed or now - row.at >= AGED)
    missed = tuple(row for row in late if row.missed)
    if len(late) >= AT_LEAST:
        return late
    return missed if len(missed) >= MISSED_AT_LEAST else ()


def digest(cards: Sequence[Card], since: datetime, desk: Desk) -> Card:
    """One card for many of one place: how many, since when, what each said first, and where to go on.

    `about` keeps, for each line told, what it speaks of, so that it too is looked at again before it leaves.
    """
    shown, rest = cards[:SHOWN], len(cards) - SHOWN
    head = line("outbox.digest_head", count=len(cards), since=desk.clock(since))
    more = (line("outbox.digest_more", count=rest),) if rest > 0 else ()
    topics = {card.topic for card in cards}
    return Card(
        lines=(head, *(card.lines[0] for card in shown), *more),
        buttons=_goes_on(cards),
        person=cards[0].person,
        topic=topics.pop() if len(topics) == 1 else "announce",
        key=f"{KEY}{cards[0].person or 'group'}",
        rank=min((card.rank for card in cards), key=RANKS.index),
        silent=all(card.silent for card in cards),
        about=";".join(card.about for card in shown),
    )


def _goes_on(cards: Sequence[Card]) -> tuple[Row, ...]:
    """A person finds it all in `/my`; in the group whoever is free takes the next."""
    if cards[0].person:
        return ((button("outbox.my", "my"),),)
    offered = {one.act: one for card in cards for row in card.buttons for one in row if one.act in TAKES}
    return tuple((one,) for one in offered.values())


def looked_at_again(card: Card, look: Callable[[Card], Card | None]) -> Card | None:
    """A digest with each told line as `look` finds it now; None where nothing is left of it."""
    abouts = card.about.split(";")
    told = [
        (fresh.lines[0], about)
        for said, about in zip(card.lines[1:], abouts, strict=False)
        if (fresh := look(Card(lines=(said,), person=card.person, about=about)))
    ]
    if not told:
        return None
    gone = len(abouts) - len(told)
    head = card.lines[0]
    counted = head.changed(values={**head.values, "count": int(str(head.values["count"])) - gone})
    rest = card.lines[1 + len(abouts) :]
    lines = (counted, *(said for said, _ in told), *rest)
    return card.changed(lines=lines, about=";".join(about for _, about in told))
