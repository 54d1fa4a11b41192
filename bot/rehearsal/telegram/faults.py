"""Faults to throw in: the next calls that match are refused, lost on the way, or lost on the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.rehearsal.telegram.errors import ApiError, LostConnection, too_many_requests
from bot.rehearsal.telegram.params import Params


@dataclass
class Fault:
    """What happens to a matching call: `error` is raised before its effect, or after it (`after`)."""

    error: ApiError | LostConnection
    after: bool
    matches: Callable[[str, Params], bool]
    left: int


class Faults:
    """Rules in the order they were added; the first that matches is used up once."""

    def __init__(self) -> None:
        self.rules: list[Fault] = []

    def refuse(
        self,
        code: int,
        description: str,
        *,
        method: str | None = None,
        chat: int | None = None,
        times: int = 1,
        when: Callable[[Params], bool] | None = None,
    ) -> Fault:
        """The next `times` calls (of `method`, to `chat`, for which `when` holds) are answered `code`."""
        return self._add(ApiError(code, description), False, method, chat, times, when)

    def throttle(
        self,
        retry_after: int,
        *,
        method: str | None = None,
        chat: int | None = None,
        times: int = 1,
        when: Callable[[Params], bool] | None = None,
    ) -> Fault:
        """429; `retry_after` in seconds."""
        return self._add(too_many_requests(retry_after), False, method, chat, times, when)

    def lose(
        self,
        *,
        after_effect: bool,
        timed_out: bool = True,
        method: str | None = None,
        chat: int | None = None,
        times: int = 1,
        when: Callable[[Params], bool] | None = None,
    ) -> Fault:
        """No answer: a time-out, or a broken connection (`timed_out=False`).

        With `after_effect` Telegram has done what was asked all the same, the case a bot cannot tell.
        """
        return self._add(LostConnection(timed_out=timed_out), after_effect, method, chat, times, when)

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

    def _add(
        self,
        error: ApiError | LostConnection,
        after: bool,
        method: str | None,
        chat: int | None,
        times: int,
        when: Callable[[Params], bool] | None,
    ) -> Fault:
        def matches(called: str, params: Params) -> bool:
            if method is not None and called.lower() != method.lower():
                return False
            if chat is not None and params.text("chat_id") != str(chat):
                return False
            return when is None or when(params)

        fault = Fault(error, after, matches, times)
        self.rules.append(fault)
        return fault
