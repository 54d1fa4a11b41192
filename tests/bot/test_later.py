"""What is due happens once, at its time: after faults, crashes, beside other processes, and after a downtime."""

from __future__ import annotations

import asyncio
import errno
import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import texts
from bot.card import Card, line, tell
from bot.clock import WoundClock
from bot.desk import Desk
from bot.duties import DUTIES
from bot.duty import DutySpec
from bot.later import Later
from bot.rehearsal import samples
from bot.rehearsal.telegram import TelegramCore
from bot.runner import Runner
from playbooks.model import Refusal
from playbooks.room import Member, Room
from storage.books import BOOKS, RoomBooks
from storage.rows import Due, Outgoing
from storage.store import Books
from storage.tiny import TinyStore
from storage.tiny_disk import Disk, RealDisk
from tests.support.evening import MEI, OPS, QIANG, Shift, evening

START = datetime(2026, 11, 11, 20, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MANAGER, AGENT = "201", "202"
Handler = Callable[[Due, Desk], list[Card]]


def reminds(row: Due, desk: Desk) -> list[Card]:
    """Says what it is about, to the agent."""
    return [tell(AGENT, line("common.verbatim", text=row.about), rank="work")]


class Bench:
    """A room with due rows of kind `nag`, a clock, and what the outbox holds."""

    def __init__(self, folder: Path, nag: Handler, disk: Disk | None = None) -> None:
        self.store = TinyStore(folder, BOOKS, disk=disk)
        self.clock = WoundClock(START)
        self.runner = Runner(
            self.store, self.clock, [DutySpec("nags", due={"nag": nag})], frozenset([MANAGER])
        )
        self.later = Later(self.runner)

    def settle_in(self, key: str = "a1") -> None:
        """The room and its manager."""
        room = Room(id=key, shop="小满优选", platform="douyin", chat_id=-1001, made_at=START, made_by=MANAGER)

        def unit(books: RoomBooks) -> None:
            books.room.put(room)
            books.members.put(Member(id=MANAGER, name="林主管", roles=("manager",)))

        self.store.run(key, lambda raw: unit(RoomBooks(raw)))

    async def plan(self, about: str, seconds: float, *, key: str = "a1", **more: int) -> None:
        """Remind about `about` so many seconds from now."""
        now = self.clock.now()

        def unit(raw: Books) -> None:
            books = RoomBooks(raw)
            room = books.room.get(key)
            assert room is not None
            desk = Desk(books, self.runner.front(), room, Member(id="", name=""), None, now=now)
            desk.later("nag", now + timedelta(seconds=seconds), about, **more)

        await self.runner.unit(key, unit)

    async def after(self, seconds: float) -> None:
        """Wind on, visiting each moment the bot asks for."""
        to = self.clock.now() + timedelta(seconds=seconds)
        while (due := self.later.next_due()) and due <= to:
            self.clock.wind(due)
            await self.later.tick()
        self.clock.wind(to)
        await self.later.tick()

    async def away(self, seconds: float) -> None:
        """Nobody ticks for so long; then one tick."""
        self.clock.wind(self.clock.now() + timedelta(seconds=seconds))
        await self.later.tick()

    def outbox(self, key: str = "a1") -> list[Outgoing]:
        """The cards that were said."""
        return list(self.runner.view(key).outbox.scan())

    def said(self, key: str = "a1") -> list[tuple[float, object]]:
        """When each reminder was said, in seconds from the start, and about what."""
        return [
            ((o.at - START).total_seconds(), o.card.lines[0].values.get("text")) for o in self.outbox(key)
        ]


@contextmanager
def bench(folder: Path, nag: Handler = reminds, disk: Disk | None = None) -> Iterator[Bench]:
    """A bench on `folder`; opened again there, it goes on."""
    here = Bench(folder, nag, disk)
    try:
        if here.runner.room("a1") is None:
            here.settle_in()
        yield here
    finally:
        here.runner.close()
        here.store.close()


class Faulty:
    """A handler that fails so many times before it works."""

    def __init__(self, times: int, error: Exception) -> None:
        self.left = times
        self.error = error

    def __call__(self, row: Due, desk: Desk) -> list[Card]:
        self.left -= 1
        if self.left >= 0:
            raise self.error
        return reminds(row, desk)


async def test_a_reminder_is_said_once_at_its_time(tmp_path: Path) -> None:
    with bench(tmp_path) as here:
        await here.plan("order 7", 90)
        await here.after(600)
        assert here.said() == [(90, "order 7")]
        assert here.later.next_due() == START + timedelta(days=2, seconds=90)  # only its own memory is left


async def test_a_reminder_that_failed_is_tried_again_after_its_cool_down(tmp_path: Path) -> None:
    with bench(tmp_path, Faulty(1, ValueError("a fault"))) as here:
        await here.plan("order 7", 10, cool_down=45)
        await here.after(54)
        assert here.said() == []
        await here.after(1)
        assert here.said() == [(55, "order 7")]


async def test_a_reminder_that_always_fails_is_given_up_and_managers_are_told_once(tmp_path: Path) -> None:
    with bench(tmp_path, Faulty(99, ValueError("a fault"))) as here:
        await here.plan("order 7", 10, at_most=2, cool_down=30)
        await here.after(3600)
        (told,) = here.outbox()
        assert told.card.person == MANAGER
        assert told.card.lines[0].key == "due.given_up"
        assert told.card.lines[0].values["about"] == "order 7"
        assert told.at == START + timedelta(seconds=40)
        assert here.later.next_due() is None


async def test_a_refused_reminder_is_logged_and_gone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with bench(tmp_path, Faulty(1, Refusal("broadcast.none"))) as here:
        await here.plan("order 7", 10)
        with caplog.at_level(logging.WARNING):
            await here.after(3600)
        assert here.said() == []
        assert "due row a1-d:nag:order 7 was refused (broadcast.none)" in caplog.text


async def test_a_row_planned_anew_while_it_was_claimed_happens_at_its_new_time(tmp_path: Path) -> None:
    def nag(row: Due, desk: Desk) -> list[Card]:
        if row.about == "first":
            desk.later("nag", desk.now + timedelta(minutes=5), "second")  # due and claimed in this very tick
        return reminds(row, desk)

    with bench(tmp_path, nag) as here:
        await here.plan("first", 10)
        await here.plan("second", 10)
        await here.after(3600)
        assert here.said() == [(10, "first"), (310, "second")]


async def test_what_another_process_has_claimed_is_left_to_it_until_its_lease_runs_out(
    tmp_path: Path,
) -> None:
    with bench(tmp_path) as here:
        await here.plan("order 7", 10)
        await here.plan("order 8", 30)
        (row, _) = here.runner.view("a1").due.scan()
        until = START + timedelta(seconds=50)
        claimed = row.changed(leased_until=until, tries=1)
        here.store.run("a1", lambda raw: RoomBooks(raw).due.put(claimed))
        await here.after(49)
        assert here.said() == [(30, "order 8")]  # it does not wait behind the claimed one
        assert here.later.next_due() == until
        await here.after(1)
        assert here.said() == [(30, "order 8"), (50, "order 7")]


DIES = """
import asyncio, os, sys
from datetime import timedelta
from pathlib import Path
from tests.bot.test_later import Bench

async def main():
    here = Bench(Path(sys.argv[1]), lambda row, desk: os._exit(9))
    here.settle_in()
    await here.plan("order 7", 10)
    await here.after(10)

asyncio.run(main())
"""


async def test_a_process_that_dies_between_claim_and_unit_delays_nothing_and_doubles_nothing(
    tmp_path: Path,
) -> None:
    root = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", DIES, str(tmp_path), cwd=root)
    assert await process.wait() == 9
    with bench(tmp_path) as here:
        (row,) = here.runner.view("a1").due.scan()
        assert row.leased_until == START + timedelta(seconds=70)
        here.clock.wind(START + timedelta(seconds=15))
        await here.later.take_back()
        await here.after(600)
        assert here.said() == [(15, "order 7")]


async def test_a_row_over_which_the_process_dies_every_time_is_given_up(tmp_path: Path) -> None:
    with bench(tmp_path) as here:
        await here.plan("order 7", 10)
        (row,) = here.runner.view("a1").due.scan()
        here.store.run("a1", lambda raw: RoomBooks(raw).due.put(row.changed(tries=row.at_most)))
        await here.after(600)
        assert [o.card.lines[0].key for o in here.outbox()] == ["due.given_up"]


async def test_what_came_due_while_the_bot_was_away_is_marked_for_one_digest(tmp_path: Path) -> None:
    with bench(tmp_path) as here:
        await here.plan("order 7", 10)
        await here.away(131)
        assert [o.missed for o in here.outbox()] == [True]


async def test_two_minutes_late_is_a_busy_bot_not_an_absent_one(tmp_path: Path) -> None:
    with bench(tmp_path) as here:
        await here.plan("order 7", 10)
        await here.away(130)
        assert [o.missed for o in here.outbox()] == [False]


async def test_winding_the_clock_over_an_hour_is_no_downtime(tmp_path: Path) -> None:
    with bench(tmp_path, Faulty(2, ValueError("a fault"))) as here:
        await here.plan("order 7", 600, cool_down=300)
        await here.after(3600)
        assert [(o.at - START, o.missed) for o in here.outbox()] == [(timedelta(minutes=20), False)]


async def test_a_reminder_that_repeats_is_said_once_after_a_downtime(tmp_path: Path) -> None:
    def nag(row: Due, desk: Desk) -> list[Card]:
        desk.later("nag", row.due_at + timedelta(minutes=5), row.about, cool_down=300)
        return reminds(row, desk)

    with bench(tmp_path, nag) as here:
        await here.plan("order 7", 10)
        await here.away(3600)
        assert here.said() == [(3600, "order 7")]
        await here.after(310)
        assert here.said()[1:] == [(3900, "order 7")]


async def test_reminders_of_one_thing_keep_their_cool_down_whoever_plans_them(tmp_path: Path) -> None:
    with bench(tmp_path) as here:
        await here.plan("order 7", 10)
        await here.after(10)
        await here.plan("order 7", 5, cool_down=120)
        await here.plan("order 8", 5, cool_down=120)
        await here.after(600)
        assert here.said() == [(10, "order 7"), (15, "order 8"), (130, "order 7")]


async def test_a_look_that_said_nothing_holds_nothing_up(tmp_path: Path) -> None:
    looked: list[float] = []

    def nag(row: Due, desk: Desk) -> list[Card]:
        looked.append((desk.now - START).total_seconds())
        return []

    with bench(tmp_path, nag) as here:
        await here.plan("order 7", 10)
        await here.after(10)
        await here.plan("order 7", 5)
        await here.after(60)
    assert looked == [10, 15]


class Full(RealDisk):
    """A disk that has no room for what is written to the folder of room a1, as long as `full`."""

    def __init__(self) -> None:
        self.full = False
        self.handles: set[int] = set()

    def open(self, path: Path, *, fresh: bool = False) -> int:
        handle = super().open(path, fresh=fresh)
        if path.parent.name == "a1":
            self.handles.add(handle)
        return handle

    def write(self, handle: int, data: bytes, at: int) -> None:
        if self.full and handle in self.handles:
            raise OSError(errno.ENOSPC, "No space left on device")
        super().write(handle, data, at)


async def test_a_room_whose_disk_is_full_holds_up_no_other_and_catches_up(tmp_path: Path) -> None:
    disk = Full()
    with bench(tmp_path, disk=disk) as here:
        here.settle_in("b2")
        await here.plan("order 7", 10)
        await here.plan("order 8", 10, key="b2")
        disk.full = True
        await here.after(25)
        assert (here.said(), here.said("b2")) == ([], [(10, "order 8")])
        disk.full = False
        await here.after(60)
        assert here.said() == [(40, "order 7")]


async def promises(shift: Shift) -> None:
    """Two buyers tell Qiang that they will pay within ten minutes."""
    await shift.sends(OPS, "排品表.xlsx", samples.runsheet_xlsx(corrected=True))
    await shift.press(OPS, "启用")
    await shift.says(OPS, "开播")
    await shift.sends(MEI, *samples.export(samples.FIRST_EXPORT))
    for _ in range(2):
        await shift.asks(QIANG, "/chase")
        await shift.press(QIANG, "答应付款")
        await shift.press(QIANG, "10 分钟")


def reminders(core: TelegramCore, since: int) -> list[int]:
    """How many broken promises each of Qiang's newer messages tells of."""
    counts = [m.text.count("还没看到付款") for m in core.said(QIANG)[since:]]
    return [count for count in counts if count]


async def test_promises_that_come_due_in_time_are_told_one_by_one(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        await promises(shift)
        there = len(shift.here.core.said(QIANG))
        await shift.minutes(13)
        assert reminders(shift.here.core, there) == [1, 1]


async def test_promises_missed_while_the_bot_was_away_are_told_in_one_message(tmp_path: Path) -> None:
    async with evening(tmp_path) as before:
        await promises(before)
        core, clock, group = before.here.core, before.clock, before.group
        there = len(core.said(QIANG))
    clock.wind(clock.now() + timedelta(minutes=13))
    async with evening(tmp_path, core=core, clock=clock, group=group) as after:
        await after.minutes(1)
        assert reminders(core, there) == [2]
        (head,) = [m.text.splitlines()[0] for m in core.said(QIANG)[there:] if "没来得及发" in m.text]
        assert "19:30 起" in head, "when they came due, not when the bot was back"


def test_every_kind_of_due_row_has_a_name_for_the_day_it_is_given_up() -> None:
    assert not [kind for duty in DUTIES for kind in duty.due if not texts.known(f"due.{kind}")]


async def test_what_a_former_process_had_claimed_is_free_once_the_bot_has_started(tmp_path: Path) -> None:
    core, clock = TelegramCore(lambda: START), WoundClock(START)
    async with evening(tmp_path, core=core, clock=clock) as shift:
        row = Due(id="x", kind="x", about="x", due_at=START, leased_until=START + timedelta(hours=1))
        shift.here.store.run("a1", lambda raw: RoomBooks(raw).due.put(row))
        group = shift.group
    async with evening(tmp_path, core=core, clock=clock, group=group) as shift:
        found = shift.here.bot.runner.view("a1").due.get("x")
        assert found is not None
        assert found.leased_until is None


async def test_a_row_nobody_can_read_holds_up_no_other_room_and_is_logged_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with bench(tmp_path) as here:
        here.settle_in("a2")
        unreadable = Due.model_construct(id="bad", kind="nag", about="x", due_at=START, tries="many")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            here.store.run("a1", lambda raw: RoomBooks(raw).due.put(unreadable))
        await here.plan("3", 60, key="a2")
        await here.later.tick()
        await here.after(120)
        assert here.said("a2") == [(60.0, "3")]
        assert caplog.text.count("cannot be done") == 1
