"""A press on a button, and the answer its person waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Answer:
    """What the person sees: a toast, or an alert to close; a page that opens; what was copied."""

    text: str = ""
    alert: bool = False
    url: str | None = None
    copied: str | None = None


@dataclass
class Press:
    """One press. `answer` is None until the bot has answered; `await press` waits for it."""

    id: str
    person_id: int
    chat_id: int
    message_id: int
    data: str
    at: datetime
    answer: Answer | None = None
    _answered: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def settle(self, answer: Answer) -> None:
        """Show `answer`; of two, the first stays."""
        self.answer = self.answer or answer
        self._answered.set()

    def __await__(self) -> Generator[None, None, Answer]:
        return self._wait().__await__()

    async def _wait(self) -> Answer:
        await self._answered.wait()
        assert self.answer is not None
        return self.answer
