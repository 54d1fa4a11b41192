"""What an agent looks up to answer a buyer: `/q`; what the room says of itself: `/ready`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot import knowing
from bot.call import Call
from bot.card import Button, Card, Line, Row, button, copy, line, lines, listed, tell
from bot.desk import Desk
from bot.disputes import dispute_lines, hold_on, of_listing
from bot.duty import Command, DutySpec
from bot.knowing import Answers, Found
from bot.meaning import moved_line
from bot.offer import name_of
from bot.which import which_broadcast
from playbooks import announce, products, quick
from playbooks.announce import Listing
from playbooks.model import Refusal
from playbooks.price_report import PriceReport
from playbooks.quick import ReadyAnswer, Topic
from playbooks.room import CONTROL, SERVICE

HITS = 4
MOST_UNITS = 3600
"""Of a message's 4096; what an answer would go beyond stays away, the best come first."""
NOTHING = frozenset(["无", "取消", "none"])


def q(call: Call, desk: Desk) -> list[Card]:
    """`/q 3`: the quick replies of product 3; `/q 词`: the best answers; alone: the product on air (A06, A07, B04)."""
    typed = call.args.strip()
    if typed and not products.is_number(typed):
        return [_answers(typed, desk)]
    listing = products.find_moved(desk.asked_about(), typed) if typed else desk.on_air()
    if listing is None:
        raise Refusal("quick.usage")
    return [_of_product(listing, moved_line(typed, listing), desk)]


def _of_product(listing: Listing, moved: Line | None, desk: Desk) -> Card:
    """A product's replies from the offer in force, and the way on in run order."""
    replies = knowing.replies(listing, desk)
    titled = [one_of(line(f"quick.title_{reply.id}"), reply.parts) for reply in replies]
    offer = listing.offer
    after = announce.following(desk.listings(), listing.link_no)
    on: tuple[Row, ...] = (
        ((button("quick.next", f"q {after.link_no}", product=name_of(after)),),) if after else ()
    )
    disputed = dispute_lines(listing, desk)
    meanwhile: tuple[Row, ...] = ((hold_on(desk),),) if disputed else ()
    return tell(
        desk.me.id,
        line("quick.head", product=name_of(listing)),
        moved,
        which_broadcast(desk),
        disputed,
        line("air.as_of", at=desk.clock(offer.at), revision=offer.revision),
        *(said for said, _ in titled),
        buttons=(*meanwhile, *(row for _, rows in titled for row in rows), *on),
    )


def one_of(title: Line, parts: Sequence[str], source: Line | None = None) -> tuple[list[Line], list[Row]]:
    """An answer's lines and its buttons to copy, one a part; one a row, so that none is pressed for another."""
    said = lines(line("quick.title", title=title), (line("quick.part", text=part) for part in parts), source)
    return list(said), [(_copies(title, part, n, len(parts)),) for n, part in enumerate(parts, 1)]


def _copies(title: Line, part: str, number: int, count: int) -> Button:
    if count == 1:
        return copy("quick.copy", part, title=title)
    return copy("quick.copy_part", part, title=title, part=number, count=count)


def _answers(typed: str, desk: Desk) -> Card:
    """The best answers in one message, or, where there is none, what to say meanwhile (B05)."""
    answers = knowing.find(typed, HITS, desk)
    held = line("quick.held_back", count=answers.held_back) if answers.held_back else None
    disputed = [
        line("quote.board", number=r.link_no, price=r.price, ours=r.ours) for r in _reports(answers, desk)
    ]
    meanwhile: tuple[Row, ...] = ((hold_on(desk),),) if disputed else ()
    if disputed and not answers.found:
        told = line("quote.script_shown", text=line("quote.script"))
        return tell(desk.me.id, disputed, held, told, buttons=meanwhile)
    if not answers.found:
        parts = quick.hold_on(desk.room.platform, desk.room.lang)
        said, rows = one_of(line("quick.title_hold_on"), parts)
        nothing = line("quick.nothing", text=typed[:40])
        return tell(desk.me.id, nothing, held, line("quick.never_guess"), said, buttons=tuple(rows))
    shown = [_shown(one, desk) for one in _fitting(answers.found)]
    return tell(
        desk.me.id,
        line("quick.found", text=typed[:40]),
        disputed,
        *(said for said, _ in shown),
        held,
        buttons=(*meanwhile, *(row for _, rows in shown for row in rows)),
    )


def _shown(found: Found, desk: Desk) -> tuple[list[Line], list[Row]]:
    """An answer; where it promises something of today, with the button that registers it once it was told (K06)."""
    said, rows = one_of(found.title, found.parts, found.source)
    if found.promise and desk.me.may(SERVICE | CONTROL):
        rows.append((button("quick.promised", f"told {found.promise}", title=found.title),))
    return said, rows


def _reports(answers: Answers, desk: Desk) -> list[PriceReport]:
    """The prices in dispute that some of the answers would have named."""
    return [report for listing in answers.disputed for report in of_listing(desk, listing)]


def _fitting(found: Iterable[Found]) -> list[Found]:
    """As many of the answers as one message holds; at least the best."""
    kept: list[Found] = []
    used = 0
    for one in found:
        used += sum(len(part) + 8 for part in one.parts) + 80
        if kept and used > MOST_UNITS:
            break
        kept.append(one)
    return kept


def knows(call: Call, desk: Desk) -> str:
    """Taking a changed product's replies counts as 已知悉: the words that record it, '' where nothing is asked."""
    typed = call.args.strip()
    try:
        listing = products.find_moved(desk.asked_about(), typed) if products.is_number(typed) else None
    except Refusal:
        return ""
    asked = desk.books.notices.by("listing", listing.id) if listing else []
    waiting = (n for n in asked if not n.superseded and desk.me.id in n.waiting_for())
    return next((f"known {n.id} looked_up" for n in waiting), "")


def which(call: Call, desk: Desk) -> list[Card]:
    """An order number alone in private: what is wanted with it, each one press."""
    number = call.args.strip()
    rows = [(button("quick.order_look", f"order {number}"),)]
    if desk.me.may(SERVICE):
        rows.append((button("quick.order_chase", f"chase {number}"),))
    return [tell(desk.me.id, line("quick.order_which", order_id=number), buttons=tuple(rows))]


# -- what the room says of itself -------------------------------------------------------------------


def ready(call: Call, desk: Desk) -> list[Card]:
    """`/ready 快递 中通` sets an answer, `/ready 快递 无` takes it away, alone it shows them all (L03, H41, A14)."""
    if not call.args.strip():
        return [_all_ready(desk)]
    word, *rest = call.args.split(maxsplit=1)
    topic = quick.find_topic(word)
    if topic is None:
        raise Refusal("ready.topic", word=word[:20], known=_words(quick.topics(), desk.room.lang))
    if not rest:
        raise Refusal("ready.empty", word=word)
    if rest[0] in NOTHING:
        desk.books.ready_answers.drop(f"{desk.room.id}-r:{topic.id}")
        desk.note("ready", topic.id, change="removed")
        return [tell(desk.me.id, line("ready.removed", topic=_named(topic)))]
    answer = quick.state(
        desk.room.id, topic, " ".join(rest[0].split()), by=desk.me.id, now=desk.now, zone=desk.zone,
        lang=desk.room.lang,
    )  # fmt: skip
    desk.books.ready_answers.put(answer)
    desk.note("ready", topic.id, change="set")
    return [tell(desk.me.id, _ready_line(topic, answer, desk))]


def _all_ready(desk: Desk) -> Card:
    """Every topic with what is said, by whom and since when, or that nothing is."""
    known = {one.topic: one for one in desk.books.ready_answers.scan()}
    said = [_ready_line(topic, known.get(topic.id), desk) for topic in quick.topics()]
    return tell(
        desk.me.id,
        line("ready.head"),
        said,
        line("ready.usage", words=_words(quick.topics(), desk.room.lang)),
    )


def _ready_line(topic: Topic, answer: ReadyAnswer | None, desk: Desk) -> Line:
    if answer is None:
        return line("ready.unset", topic=_named(topic))
    if answer.until is not None and answer.until <= desk.now:
        return line("ready.past", topic=_named(topic), value=_value(answer, desk))
    key = "ready.stands_today" if answer.until else "ready.stands"
    return line(
        key,
        topic=_named(topic),
        value=_value(answer, desk),
        by=desk.name(answer.by),
        at=desk.clock(answer.at),
    )


def _value(answer: ReadyAnswer, desk: Desk) -> str | tuple[Line, ...]:
    """What the room states; guarantees by their names in its language."""
    if answer.topic != "guarantees":
        return answer.value
    given = quick.enabled({answer.topic: answer.value})
    return listed(quick.guarantee_name(name, desk.room.lang) for name in given)


def _named(topic: Topic) -> Line:
    return line(f"ready.topic_{topic.id}")


def _words(topics: Iterable[Topic], lang: str) -> str:
    return " / ".join(quick.topic_word(topic, lang) for topic in topics)


DUTY = DutySpec(
    "quick",
    commands=(
        Command("q", q, words=("搜", "快捷语", "快捷"), reads=True, slow=True, follow=knows),
        Command("number", which, roles=SERVICE | CONTROL, reads=True, private=True, listed=False),
        Command("ready", ready, words=("店铺资料",), roles=CONTROL),
    ),
)
