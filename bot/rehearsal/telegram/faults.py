"""Faults to throw in: the next calls that match are refused, lost on the way, or lost on the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict, Unpack

from bot.rehearsal.telegram.errors import ApiError, LostConnection, too_many_requests
from bot.rehearsal.telegram.params import Params


class Where(TypedDict, total=False):
    """Which calls: of this `method`, to this `chat`, for which `when` holds; the next `times` of them (1)."""

    method: str
    chat: int
    when: Callable[[Params], bool]
    times: int


@dataclass
class Fault:
    """What happens to a matching call: `error` is raised before its effect, or after it (`after`)."""

    error: ApiError | LostConnection
    after: bool
    where: Where
    left: int

    def matches(self, method: str, params: Params) -> bool:
        """Whether this call is meant."""
        wanted = self.where.get("method", method)
        chat = self.where.get("chat")
        if wanted.lower() != method.lower() or (chat is not None and params.text("chat_id") != str(chat)):
            return False
        return "when" not in self.where or self.where["when"](params)


class Faults:
    """Rules in the order they were added; the first that matches is used up once."""

    def __init__(self) -> None:
        self.rules: list[Fault] = []

    def refuse(self, code: int, description: str, **where: Unpack[Where]) -> Fault:
        """An answer with `code` (403, 500, …) and Telegram's `description`."""
        return self._add(ApiError(code, description), False, where)

    def throttle(self, retry_after: int, **where: Unpack[Where]) -> Fault:
        """429; `retry_after` in seconds."""
        return self._add(too_many_requests(retry_after), False, where)

    def lose(self, *, after_effect: bool, timed_out: bool = True, **where: Unpack[Where]) -> Fault:
        """No answer: a time-out, or a broken connection (`timed_out=False`).

        With `after_effect` Telegram has done what was asked all the same, the case a bot cannot tell.
        """
        return self._add(LostConnection(timed_out=timed_out), after_effect, where)

    def clear(self) -> None:
        """Everything works again."""
        self.rules.clear()

    def take(self, method: str, params: Params) -> Fault | None:
        """The fault this call runs into, counted down."""
        for fault in self.rules:
            if fault.matches(method, params):
                fault.left -= 1
                if fault.left == 0:
                    self.rules.remove(fault)
                return fault
        return None

    def _add(self, error: ApiError | LostConnection, after: bool, where: Where) -> Fault:
        fault = Fault(error, after, where, where.get("times", 1))
        self.rules.append(fault)
        return fault
