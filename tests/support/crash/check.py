"""After the last kill: what the store holds and people were shown, against what they asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bot import keeping
from playbooks.journal import Entry
from storage.books import BOOKS, DeskBooks, RoomBooks
from storage.store import DESK
from storage.tiny import TinyStore
from tests.support.crash.evening import AGENTS
from tests.support.crash.load import Asked
from tests.support.crash.wire import Heard, Wire

ROOM = "a1"
MARK = "（重发）"
MORE = "done more often than asked"
THANKS = "已记下：您已知悉。"


def faults(core: Wire, data: Path, asked: Asked) -> list[str]:
    """Every way in which the run broke a promise, in words; empty where it kept all."""
    store = TinyStore(data, BOOKS, readonly=True)
    books, desk = RoomBooks(store.view(ROOM)), DeskBooks(store.view(DESK))
    journal = list(books.journal.scan())
    return [
        *_orders(journal, books, asked),
        *_steps(journal, books, asked),
        *_on_air(journal, asked),
        *_prices(journal, books, asked),
        *_known(journal, books, asked),
        *_cards(core, asked),
        *_screens(core, books),
        *_left_over(books, desk),
    ]


def resting(data: Path) -> bool:
    """Whether nothing waits in the store any more: no update to handle and no card to send. Beside the bot."""
    store = TinyStore(data, BOOKS, readonly=True)
    books, desk = RoomBooks(store.view(ROOM)), DeskBooks(store.view(DESK))
    return not books.outbox.by("state", "waiting") and not desk.inbox.by("state", "waiting")


def _orders(journal: list[Entry], books: RoomBooks, asked: Asked) -> Iterator[str]:
    """Each registration once, in the order its person sent them, and the chase there."""
    for who in AGENTS:
        sent = asked.orders.get(who, [])
        for kind in ("chase_new", "chase_claim"):
            done = [e.values["order_id"] for e in journal if e.kind == kind and e.who == str(who)]
            if done != sent:
                yield _differs(f"{kind} of {who}", done, sent)
    chased = Counter(one.order_id for one in books.chases.scan())
    every = [order for sent in asked.orders.values() for order in sent]
    if chased != Counter(every):
        yield f"chases: {len(every)} registered, {chased.total()} stored of {len(chased)} orders"


def _steps(journal: list[Entry], books: RoomBooks, asked: Asked) -> Iterator[str]:
    taken = Counter(e.values["order_id"] for e in journal if e.kind == "chase_contact")
    pressed = Counter(order for order, _ in asked.steps)
    if taken != pressed:
        yield f"contacts: {pressed.total()} pressed, {taken.total()} in the journal"
    kept = Counter({one.order_id: len(one.contacts) for one in books.chases.scan() if one.contacts})
    if kept != pressed:
        yield f"contacts: {pressed.total()} pressed, {kept.total()} kept with their chases"


def _on_air(journal: list[Entry], asked: Asked) -> Iterator[str]:
    """下一个 moves on by one however often it is delivered: said n times, products 1..n were on air."""
    done = [e.values["number"] for e in journal if e.kind == "on_air"]
    sent = [str(number) for number in range(1, asked.products + 1)]
    if done != sent:
        yield _differs("on air", done, sent)


def _prices(journal: list[Entry], books: RoomBooks, asked: Asked) -> Iterator[str]:
    done = [e.values["after"] for e in journal if e.kind == "changed"]
    if done != asked.prices:
        yield _differs("prices", done, asked.prices)
    revisions = [v.offer.revision for v in books.offers.scan() if v.id.rpartition("-r")[0].endswith("-1")]
    rising = list(range(revisions[0], revisions[0] + len(revisions))) if revisions else []
    if revisions != rising:
        yield f"the revisions of the offer are {revisions}"


def _known(journal: list[Entry], books: RoomBooks, asked: Asked) -> Iterator[str]:
    done = Counter((e.who, e.about, e.values["revision"]) for e in journal if e.kind == "known")
    yield from (f"known twice: {each}" for each, count in done.items() if count > 1)
    kept = sum(len(notice.known) for notice in books.notices.scan())
    if kept != done.total():
        yield f"known: {done.total()} in the journal, {kept} kept with their notices"
    thanked = sum(1 for _, _, press in asked.known if press.answer and press.answer.text == THANKS)
    if thanked > kept:
        yield f"known: {thanked} people were thanked, {kept} are kept"


def _cards(core: Wire, asked: Asked) -> Iterator[str]:
    """Every card and every answer was delivered. A process says it once; the next may, where a crash fell in the
    middle of that, say it once more, marked."""
    new = [h for h in core.heard if not h.edited]
    copies: dict[tuple[int, str], list[Heard]] = {}
    for h in new:
        copies.setdefault((h.chat, h.text.replace(MARK, "").strip()), []).append(h)
    for chat, words in sorted(asked.wanted):
        found = [some for (where, text), some in copies.items() if where == chat and words in text]
        if not found:
            yield f"never said in {chat}: {words}"
        for some in found:
            lives, marked = [h.life for h in some], [MARK in h.text for h in some]
            if len(set(lives)) < len(some) or not all(marked[1:]):
                yield f"{words} in {chat}: said by processes {lives}, marked {marked}"


def _screens(core: Wire, books: RoomBooks) -> Iterator[str]:
    """Board and desks stand since before the first kill: they are edited, and never said anew."""
    new = {(h.chat, h.message_id) for h in core.heard if not h.edited}
    for stands in books.sent.scan():
        if keeping.is_screen(stands) and (stands.chat_id, stands.message_id) in new:
            yield f"{stands.id} was said anew"


def _left_over(books: RoomBooks, desk: DeskBooks) -> Iterator[str]:
    yield from (f"still in the outbox ({row.state}): {row.card.lines[:1]}" for row in books.outbox.scan())
    for state in ("waiting", "aside"):
        yield from (f"update {row.id} is {state}: {row.error}" for row in desk.inbox.by("state", state))


def _differs(what: str, done: list[str], sent: list[str]) -> str:
    lost = [each for each in sent if each not in set(done)]
    more = len(done) - (len(sent) - len(lost))
    how = [f"lost {lost[:5]}"] if lost else []
    how += [f"{more} {MORE}: {[each for each, n in Counter(done).items() if n > 1][:5]}"] if more else []
    return f"{what}: {len(sent)} sent, {len(done)} done, {'; '.join(how) or 'out of order'}"
