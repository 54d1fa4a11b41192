"""What goes wrong between the bot and Google: refusals, pages of HTML, lost connections, answers that come too late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import requests

Fault = Literal["429", "429 wait", "500", "502", "503", "reset", "lost", "late", "key"]
"""`429 wait` says for how long; `502` is a page; `reset` never arrives; `lost` neither, and is waited for; `late` is
done, and its answer comes too late; `key`: Google accepts the key no more."""
FAULTS: tuple[Fault, ...] = get_args(Fault)
WAIT = "7"
PAGE = "<!DOCTYPE html><html><title>Error 502 (Server Error)!!1</title><p>That’s an error.</html>"


@dataclass(frozen=True)
class Answer:
    """Status, body (JSON, or a page as text) and headers."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


def failed(status: int, code: str, message: str, **headers: str) -> Answer:
    """An error as Google puts it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"error": {"code": status, "message": message, "status": code}}, named)


@dataclass
class _Waiting:
    fault: Fault
    kind: str
    times: int


class Faults:
    """The faults the next calls meet, in the order they were thrown in."""

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []
        self.met: list[Fault] = []

    def throw(self, fault: Fault, *, times: int = 1, kind: str = "") -> None:
        """The next `times` calls (of `kind`: `read`, `write`, `token`) meet it."""
        self._waiting.append(_Waiting(fault, kind or ("token" if fault == "key" else ""), times))

    def over(self) -> None:
        """Nothing goes wrong any more."""
        self._waiting.clear()

    def around(self, kind: str, answer: Callable[[], Answer]) -> Answer:
        """The call, with the fault it meets, if any. Raises the connection's exceptions."""
        fault = self._next(kind)
        if fault is None:
            return answer()
        self.met.append(fault)
        if fault == "reset":
            raise requests.ConnectionError("Connection aborted: Connection reset by peer")
        if fault == "lost":
            raise requests.ConnectTimeout("timed out")
        if fault == "late":
            answer()
            raise requests.ReadTimeout("timed out")
        return _refused(fault)

    def _next(self, kind: str) -> Fault | None:
        for one in self._waiting:
            if (one.kind or kind) == kind and (kind != "token" or one.kind):
                one.times -= 1
                if one.times <= 0:
                    self._waiting.remove(one)
                return one.fault
        return None


def _refused(fault: Fault) -> Answer:
    if fault == "429 wait":
        return failed(429, "RESOURCE_EXHAUSTED", "Quota exceeded", Retry_After=WAIT)
    if fault == "429":
        return failed(429, "RESOURCE_EXHAUSTED", "Quota exceeded")
    if fault == "502":
        return Answer(502, PAGE)
    if fault == "key":
        return Answer(400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."})
    return failed(int(fault), "INTERNAL" if fault == "500" else "UNAVAILABLE", "Internal error encountered.")
