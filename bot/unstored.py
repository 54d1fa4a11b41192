"""Answers no disk would take: they wait in memory for their chat's next second, and are lost with the process."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot import logs
from bot.mishaps import seconds_of
from bot.pump import Item, Pump
from bot.runner import Runner
from bot.sender import Gone, Parked, Sender
from storage.rows import Outgoing

log = logging.getLogger(__name__)

KEPT = 20
"""Answers a chat at most, the newest: a full disk must not fill the memory as well."""
TRY_AGAIN_AFTER = timedelta(seconds=10)


class Unstored:
    """A source of the pump beside the outbox."""

    def __init__(self, sender: Sender, runner: Runner, pump: Pump) -> None:
        self._sender = sender
        self._runner = runner
        self._pump = pump
        self._waiting: dict[int, list[tuple[str, Outgoing]]] = {}
        pump.sources.append(self)

    def add(self, key: str, chat: int, row: Outgoing) -> None:
        """Say `row` of room `key` once `chat` has its turn. What waits there word for word is not said twice: 未保存
        after every press of an impatient person is one text."""
        waiting = self._waiting.setdefault(chat, [])
        if not row.card.lines or all(_said(row) != _said(one) for _, one in waiting):
            waiting.append((key, row))
        del waiting[:-KEPT]
        self._pump.wake()

    def count(self) -> int:
        """How many wait."""
        return sum(map(len, self._waiting.values()))

    def items(self, now: datetime) -> Iterator[Item]:
        """See pump.Source."""
        for chat, ((key, row), *_) in self._waiting.items():
            yield Item(key, chat, row.card.rank, row.at, row)

    def later(self, now: datetime) -> datetime | None:
        """See pump.Source."""
        return None

    async def prepare(self, room: str, items: list[Item]) -> Mapping[Item, Outgoing]:
        """See pump.Source."""
        return {item: item.what for item in items}

    async def send(self, item: Item, ready: Outgoing) -> None:
        """See pump.Source. What Telegram refuses is dropped; while it is out of reach, it waits."""
        now = self._runner.clock.now()
        try:
            await self._sender.deliver(item.room, ready)
        except RetryAfter as error:
            self._pump.pause(item.chat, now + seconds_of(error))
        except (TelegramError, Gone, Parked) as error:
            if isinstance(error, NetworkError) and not isinstance(error, BadRequest):
                self._pump.pause(item.chat, now + TRY_AGAIN_AFTER)
                return
            log.warning("an answer that could not be stored was not sent: %s", error)
            self._drop(item.chat, ready)
        except Exception as error:  # one answer that cannot be said must not hold up the others
            log.error("an answer could not be said: %s", logs.stack(error))
            self._drop(item.chat, ready)
        else:
            self._drop(item.chat, ready)

    def _drop(self, chat: int, row: Outgoing) -> None:
        left = [one for one in self._waiting[chat] if one[1] is not row]
        if left:
            self._waiting[chat] = left
        else:
            del self._waiting[chat]


def _said(row: Outgoing) -> tuple[object, ...]:
    """What people would read, and where."""
    return row.card.person, row.thread, row.card.lines, row.card.buttons
