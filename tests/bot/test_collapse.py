"""What waited too long, or came due while the bot was away, is told in one card instead of flooding people."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.card import Button, button, group, line, tell
from bot.rehearsal import samples
from bot.texts import plain, say
from storage.books import DeskBooks, RoomBooks
from storage.rows import Card, Outgoing
from storage.store import DESK, Books
from tests.support.evening import MEI, OPS, Shift, evening

TAKE: tuple[tuple[Button, ...], ...] = ((button("chase.take_next", "chase"),),)


async def put(shift: Shift, *cards: Card, missed: bool = False) -> None:
    """Cards into the outbox, as of now."""
    now = shift.clock.now()

    def unit(raw: Books) -> None:
        books = RoomBooks(raw)
        for card in cards:
            books.outbox.put(Outgoing(id=books.new_id("o"), card=card, at=now, missed=missed))

    await shift.here.bot.runner.unit("a1", unit)
    await shift.here.settle()


def work(number: int, who: int = MEI, **more: object) -> Card:
    return tell(str(who), line("common.verbatim", text=f"work {number}"), rank="work", **more)


async def throttled(shift: Shift, chat: int, seconds: int) -> None:
    """Telegram asks for silence in the chat; what is put from now on waits."""
    shift.here.core.faults.throttle(seconds, chat=chat)
    at = tell(str(chat), line("common.verbatim", text="first")) if chat > 0 else None
    await put(shift, at or group(line("common.verbatim", text="first")))


def news(shift: Shift, chat: int) -> list[str]:
    return [m.text for m in shift.here.core.said(chat) if not m.pinned]


async def test_three_cards_that_waited_ten_minutes_become_one(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await throttled(shift, MEI, 900)
        await put(shift, *(work(n) for n in range(12)))
        await shift.minutes(14)
        before = len(news(shift, MEI))
        await shift.minutes(2)
        answer, digest = news(shift, MEI)[before:]
        assert "first" in answer  # answers and announcements stand alone
        head, *lines = digest.splitlines()
        assert "19:20 起有 12 条消息" in head
        assert lines == [*(f"work {n}" for n in range(10)), "…另有 2 条"]
        assert shift.find(MEI, "我手上的活")[0].text == digest
        await shift.press(MEI, "我手上的活")
        assert shift.here.last(MEI).text.endswith(plain(say("zh-CN", "my.nothing")))
        assert not shift.here.bot.outbox.count()


async def test_two_that_waited_or_three_that_waited_less_are_said_one_by_one(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await throttled(shift, MEI, 900)
        await throttled(shift, OPS, 300)
        await put(shift, work(1), work(2), *(work(n, OPS) for n in (3, 4, 5)))
        await shift.minutes(16)
        assert [sum(f"work {n}" in text for text in news(shift, MEI)) for n in (1, 2)] == [1, 1]
        assert not any("消息没来得及发" in text for text in news(shift, MEI) + news(shift, OPS))
        assert sum("work" in text for text in news(shift, OPS)) == 3


async def test_what_a_person_missed_is_told_in_one_card_and_a_single_one_as_it_is(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await put(shift, work(1), work(2), work(3, OPS), missed=True)
        (digest,) = [text for text in news(shift, MEI) if "work" in text]
        assert digest.splitlines()[1:] == ["work 1", "work 2"]
        (single,) = [text for text in news(shift, OPS) if "work" in text]
        assert "消息没来得及发" not in single


async def test_the_groups_digest_keeps_its_topic_and_deals_out_the_work(tmp_path: Path) -> None:
    async with evening(tmp_path, forum=True) as shift:
        await throttled(shift, shift.group, 900)
        for n in range(3):
            said = line("common.verbatim", text=f"queue {n}")
            await put(shift, group(said, topic="chase", key="chase-queue", buttons=TAKE, rank="work"))
        await shift.minutes(16)
        (digest,) = [m for m in shift.here.core.said(shift.group) if "queue" in m.text]
        room = shift.here.bot.runner.room("a1")
        assert room is not None
        assert digest.thread_id == room.topics["chase"]
        assert [b.data for b in digest.buttons] == ["a1:chase"]


async def test_a_file_is_never_swallowed_by_a_digest(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await throttled(shift, MEI, 900)
        listed = work(0, attach="intercept.xlsx all")
        await put(shift, listed, *(work(n) for n in (1, 2, 3)))
        await shift.minutes(16)
        assert [m.document for m in shift.here.core.said(MEI) if m.document]


async def test_cards_of_a_person_who_comes_at_last_are_told_in_one(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:

        def away(raw: Books) -> None:
            people = DeskBooks(raw).people
            met = people.get(str(MEI))
            assert met is not None
            people.put(met.changed(private=False))

        await shift.here.bot.runner.unit(DESK, away)
        for n in range(4):
            await put(shift, work(n))
            await shift.minutes(5)
        await shift.here.starts(MEI)
        said = [text for text in news(shift, MEI) if "work" in text]
        assert sorted(text.count("work") for text in said) == [1, 3]


async def test_an_order_settled_meanwhile_is_not_to_be_chased_in_a_digest_either(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await shift.sends(OPS, "排品表.xlsx", samples.runsheet_xlsx(corrected=True))
        await shift.press(OPS, "启用")
        await shift.says(OPS, "开播")
        number = samples.TAGGED["registered_by_hand"]
        await shift.asks(MEI, f"催 {number} 3号")
        runner = shift.here.bot.runner
        (one,) = runner.view("a1").chases.scan()
        await throttled(shift, MEI, 900)
        due = tell(
            str(MEI),
            line("chase.returned", order_id=number, at="20:00"),
            about=f"chase {one.id}",
            rank="work",
        )
        await put(shift, due, work(1), work(2))
        paid = one.changed(state="paid", closed_why="paid", paid_at=shift.clock.now() + timedelta(minutes=1))
        await runner.unit("a1", lambda raw: RoomBooks(raw).chases.put(paid))
        await shift.minutes(16)
        (digest,) = [text for text in news(shift, MEI) if "work 1" in text]
        assert f"订单 {number} 已付款" in digest
        assert "还没看到付款" not in shift.read(MEI)


async def test_a_digest_says_that_something_in_it_may_have_been_said_before(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        then = shift.clock.now() - timedelta(minutes=30)

        def unit(raw: Books) -> None:
            for n in range(3):
                RoomBooks(raw).outbox.put(Outgoing(id=f"a1-o-d{n}", card=work(n), at=then, leaving=n == 1))

        await shift.here.bot.runner.unit("a1", unit)
        await shift.here.settle()
        assert "（重发）" in shift.here.last(MEI).text


async def test_answers_that_waited_for_a_person_are_told_in_one_apart_from_the_work(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await throttled(shift, MEI, 900)
        await put(shift, *(work(n) for n in range(3)))
        await put(shift, *(tell(str(MEI), line("common.verbatim", text=f"answer {n}")) for n in range(3)))
        await shift.minutes(16)
        answers, works = [text for text in news(shift, MEI) if "消息没来得及发" in text]
        assert "有 4 条消息" in answers  # with the one that was throttled
        assert "answer 2" in answers
        assert works.splitlines()[1:] == ["work 0", "work 1", "work 2"]
