"""The closing begins by itself only when there is little to do; the export is asked for again before printing."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from playbooks import closing
from playbooks.broadcast import Broadcast
from playbooks.closing import Load

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 11, 22, 0, tzinfo=SHANGHAI)
QUIET = Load(questions=0, unpaid=0, surge=False)


def broadcast(stage: str = "live", **more: object) -> Broadcast:
    return Broadcast(id="a1-b1", number=1, opened_on=NOW.date(), stage=stage, **more)


def test_it_begins_where_little_waits_and_not_before() -> None:
    assert closing.look(broadcast(), QUIET) == "begin"
    assert closing.look(broadcast(), Load(questions=2, unpaid=0, surge=False)) == "wait"
    assert closing.look(broadcast(), Load(questions=0, unpaid=4, surge=False)) == "wait"
    assert closing.look(broadcast(), Load(questions=0, unpaid=0, surge=True)) == "wait"
    assert closing.look(broadcast(), Load(questions=1, unpaid=3, surge=False)) == "begin"


def test_an_end_that_was_too_busy_is_made_up_for_afterwards() -> None:
    assert closing.look(broadcast("ended"), QUIET) == "begin"


@pytest.mark.parametrize(
    "here",
    [
        broadcast(closing_at=NOW),
        broadcast("ended", wrapped_at=NOW),
        broadcast("planned"),
        broadcast("closing", closing_at=NOW),
        broadcast("archived"),
    ],
)
def test_it_begins_once_and_only_for_what_is_on_or_just_over(here: Broadcast) -> None:
    assert closing.look(here, QUIET) == "over"


def test_labels_are_printed_at_nine_unless_the_room_says_otherwise() -> None:
    nine = datetime(2026, 11, 12, 9, 0, tzinfo=SHANGHAI)
    assert closing.next_printing(NOW, None, SHANGHAI) == nine
    assert closing.next_printing(nine - timedelta(minutes=1), None, SHANGHAI) == nine
    assert closing.next_printing(nine, None, SHANGHAI) == nine + timedelta(days=1)
    assert closing.next_printing(NOW, time(23, 30), SHANGHAI) == NOW.replace(hour=23, minute=30)


def test_an_export_made_in_the_last_hour_is_new_enough_to_print_from() -> None:
    printing = datetime(2026, 11, 12, 9, 0, tzinfo=SHANGHAI)
    asked = printing - timedelta(hours=1)
    assert closing.asks_again(None, asked)
    assert closing.asks_again(asked - timedelta(minutes=61), asked)
    assert not closing.asks_again(asked - timedelta(minutes=59), asked)
    assert closing.ask_before_printing(printing, NOW) == printing - timedelta(hours=1)
    late = printing - timedelta(minutes=10)
    assert closing.ask_before_printing(printing, late) == late


def test_who_sent_an_export_last_is_asked_first_and_nobody_from_long_ago() -> None:
    sent = [
        ("mei", NOW - timedelta(days=2)),
        ("zhou", NOW - timedelta(hours=1)),
        ("mei", NOW - timedelta(days=3)),
    ]
    assert closing.senders([*sent, ("old", NOW - timedelta(days=31))], NOW) == ("zhou", "mei")
    assert closing.senders([], NOW.astimezone(UTC)) == ()
