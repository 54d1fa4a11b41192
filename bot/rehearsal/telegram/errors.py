"""How Telegram says no: a code, a description, sometimes parameters; and how a line goes dead."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """An answer with `ok: false`.

    `code` is the HTTP status as well as `error_code`; `description` is Telegram's own wording;
    `parameters` holds `retry_after` (seconds) or `migrate_to_chat_id` where Telegram sends them.
    """

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters

    def payload(self) -> dict[str, Any]:
        """The body of the answer, ready for JSON."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return {**body, "parameters": self.parameters} if self.parameters else body


class LostConnection(Exception):
    """The caller gets no answer. `timed_out`: it waits in vain; otherwise the connection breaks off."""

    def __init__(self, *, timed_out: bool) -> None:
        super().__init__("timed out" if timed_out else "connection reset")
        self.timed_out = timed_out


def bad_request(description: str, **parameters: int) -> ApiError:
    """400, the request cannot be carried out as it stands."""
    return ApiError(400, f"Bad Request: {description}", **parameters)


def forbidden(description: str) -> ApiError:
    """403, the bot may not speak there."""
    return ApiError(403, f"Forbidden: {description}")


def too_many_requests(retry_after: int) -> ApiError:
    """429, `retry_after` in seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
