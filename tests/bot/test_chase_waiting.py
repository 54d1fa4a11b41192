"""What waits, counted by the books, is what one would count by reading every order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import chase_waiting
from bot.desk import Desk
from playbooks import chase, surge
from playbooks.chase import Chase, outcomes
from playbooks.chase.intake import expire
from playbooks.model import Refusal
from playbooks.room import Member, Room
from storage.books import BOOKS, DeskBooks, RoomBooks
from storage.store import DESK, Books
from storage.tiny import TinyStore

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 11, 20, 30, 20, tzinfo=ZONE)
Step = Callable[[Chase, datetime], Chase]


def answering(said: str) -> Step:
    return lambda one, at: outcomes.outcome(one, "mei", outcome=said, now=at, zone=ZONE)


STEPS: dict[str, Step] = {
    "claim": lambda one, at: chase.claim(one, "mei", at),
    "release": lambda one, at: chase.release(one, "mei", at),
    "phone": lambda one, at: chase.record(one, "mei", "phone", at, ZONE),
    "button": lambda one, at: chase.record(one, "mei", "button", at, ZONE),
    "remark": lambda one, at: chase.record(one, "mei", "remark", at, ZONE),
    "expire": expire,
    **{said: answering(said) for said in ("paid_said", "no_answer", "will_pay", "closed_said", "wrong")},
}


@st.composite
def worked(draw: st.DrawFn) -> tuple[Chase, ...]:
    """Orders placed within the last hour, some of them worked on, some dead unnoticed."""
    found = []
    for number in range(draw(st.integers(0, 12))):
        age = timedelta(seconds=draw(st.integers(0, 3600)))
        life = draw(st.sampled_from([None, 5, 30, 300]))
        one = Chase(
            id=f"a1-c{number}", order_id=str(number), platform="douyin", amount=Decimal(59),
            created_at=NOW - age if draw(st.booleans()) else None, seen_at=NOW - age, data_as_of=NOW - age,
            expires_at=NOW - age + timedelta(minutes=life) if life else None, source="file",
        )  # fmt: skip
        for name in draw(st.lists(st.sampled_from(sorted(STEPS)), max_size=4)):
            at = NOW - age * draw(st.floats(0, 1))
            try:
                one = STEPS[name](one, at)
            except Refusal:
                continue
        found.append(one)
    return tuple(found)


@pytest.fixture(scope="module")
def store() -> Iterator[TinyStore]:
    with TemporaryDirectory() as folder:
        opened = TinyStore(Path(folder), BOOKS)
        yield opened
        opened.close()


def desk_of(store: TinyStore, chases: tuple[Chase, ...]) -> Desk:
    """A room with these orders, put one after another over those of the example before."""

    def unit(raw: Books) -> None:
        books = RoomBooks(raw)
        for one in list(books.chases.scan()):
            books.chases.drop(one.id)
        for one in chases:
            books.chases.put(one)

    store.run("a1", unit)
    room = Room(id="a1", chat_id=-1, shop="小满优选", platform="douyin", made_at=NOW, made_by="9")
    books, front = RoomBooks(store.view("a1")), DeskBooks(store.view(DESK))
    return Desk(books, front, room, Member(id="9", name="林主管"), None, now=NOW)


@settings(deadline=None)
@given(chases=worked())
def test_what_waits_and_what_dies_first_is_what_reading_every_order_gives(
    store: TinyStore, chases: tuple[Chase, ...]
) -> None:
    desk = desk_of(store, chases)
    ready = [one for one in chases if chase.workable(one, NOW)]
    assert chase_waiting.waiting(desk) == len(ready)
    first = min((one.expires_at for one in ready if one.expires_at), default=None)
    assert chase_waiting.first_to_die(desk) == first
    held = {one.id for one in chases if one.held(NOW)}
    assert held <= {one.id for one in chase_waiting.begun(desk)}


@settings(deadline=None)
@given(chases=worked(), late=st.integers(0, 600))
def test_what_came_in_lately_is_found_by_its_minute(
    store: TinyStore, chases: tuple[Chase, ...], late: int
) -> None:
    until = NOW - timedelta(seconds=late)
    since = until - surge.rules().window
    found = list(chase_waiting.came_in(since, until, desk_of(store, chases)))
    alive = [one.created_at or one.seen_at for one in chases if one.alive]
    assert sorted(at for at in found if since < at <= until) == sorted(
        at for at in alive if since < at <= until
    )
    assert all(since - timedelta(minutes=1) < at < until + timedelta(minutes=1) for at in found)


def test_the_first_to_die_is_found_behind_many_that_are_held(
    store: TinyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chase_waiting, "LOOKED_AT", 3)
    some = [
        Chase(
            id=f"a1-c{n}", order_id=str(n), platform="douyin", seen_at=NOW, data_as_of=NOW, source="file",
            expires_at=NOW + timedelta(minutes=10 + n),
        )
        for n in range(6)
    ]  # fmt: skip
    held = [chase.claim(one, "mei", NOW) for one in some[:5]]
    desk = desk_of(store, (*held, some[5]))
    assert chase_waiting.first_to_die(desk) == NOW.astimezone(UTC) + timedelta(minutes=15)
