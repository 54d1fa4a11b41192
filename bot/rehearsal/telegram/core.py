"""The Telegram core: the world, the hands of its people, and the one door for every call of the bot."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.rehearsal.telegram.errors import ApiError, LostConnection
from bot.rehearsal.telegram.faults import Faults
from bot.rehearsal.telegram.groups import Groups
from bot.rehearsal.telegram.limits import DOWNLOAD_BYTES, Throttle
from bot.rehearsal.telegram.methods import BY_LOWER_NAME, THROTTLED
from bot.rehearsal.telegram.params import Params, Upload
from bot.rehearsal.telegram.people import People
from bot.rehearsal.telegram.screens import Screens
from bot.rehearsal.telegram.world import Json

POLL = "getupdates"
DOWNLOAD = "download"


@dataclass(frozen=True)
class Call:
    """One call of the bot: `params` decoded, and the `result`, or the `error` it met."""

    method: str
    params: Json
    at: datetime
    result: Any = None
    error: ApiError | LostConnection | None = None


class TelegramCore(People, Groups, Screens):
    """Telegram in memory, for tests and rehearsal; the real Application runs on its two fronts.

    Deterministic: ids count up, the time is what `now` says. One event loop; what people do is done at
    once, what the bot makes of it comes when its tasks have run.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        token: str | None = None,
        bot_name: str = "shiftbot",
        bot_username: str = "shiftbot_bot",
        privacy: bool = True,
        throttle: bool = False,
    ) -> None:
        """`now` gives aware times; `throttle` answers 429 above Telegram's rates, measured by `now`."""
        super().__init__(now, token=token, bot_name=bot_name, bot_username=bot_username, privacy=privacy)
        self.faults = Faults()
        self.calls: list[Call] = []
        self.listeners: list[Callable[[Call], None]] = []
        self._throttle = Throttle() if throttle else None

    @property
    def version(self) -> int:
        """Grows with every change somebody could see."""
        return self.pulse.version

    async def changed_since(self, version: int) -> int:
        """Wait until something is newer than `version`; returns the version then."""
        return await self.pulse.after(version)

    def pending_updates(self) -> int:
        """Updates not yet confirmed by a later poll; 0 means the bot has fetched all, not that it is done."""
        return self.updates.unconfirmed()

    async def all_fetched(self) -> None:
        """Wait until no update is pending."""
        while self.updates.unconfirmed():
            await self.updates.pulse.after(self.updates.pulse.version)

    def called(self, method: str) -> list[Call]:
        """The calls of `method` so far, refused and lost ones included."""
        return [each for each in self.calls if each.method.lower() == method.lower()]

    async def handle(
        self, token: str, method: str, raw: Mapping[str, Any], files: Mapping[str, Upload] | None = None
    ) -> tuple[int, Json]:
        """Answer one call: the HTTP status and the body. Raises LostConnection where no answer arrives."""
        if token != self.token:
            return 401, ApiError(401, "Unauthorized").payload()
        try:
            return 200, {"ok": True, "result": await self._answered(method, raw, files or {})}
        except ApiError as refused:
            return refused.code, refused.payload()

    def download(self, token: str, path: str) -> tuple[int, bytes]:
        """The content of a file by the path `getFile` gave: HTTP status and bytes, a refusal as JSON.

        Faults know it as the method `download`. Raises LostConnection where no answer arrives.
        """
        try:
            return 200, self._content(token, path)
        except ApiError as refused:
            return refused.code, json.dumps(refused.payload()).encode()

    def _content(self, token: str, path: str) -> bytes:
        if token != self.token:
            raise ApiError(401, "Unauthorized")
        fault = self.faults.take(DOWNLOAD, Params({"file_path": path}))
        if fault is not None:
            raise fault.error
        file = next((each for each in self.files.values() if each.path == path), None)
        if file is None or len(file.content) > DOWNLOAD_BYTES:
            raise ApiError(404, "Not Found")
        return file.content

    async def _answered(self, method: str, raw: Mapping[str, Any], files: Mapping[str, Upload]) -> Any:
        # A real call never returns before other tasks had their turn.
        await asyncio.sleep(0)
        params: Json = dict(raw)
        try:
            given = Params(raw, files)
            params = given.values
            result = await self._with_faults(method, given)
        except (ApiError, LostConnection) as error:
            self._record(Call(method, params, self.now(), error=error))
            raise
        self._record(Call(method, params, self.now(), result))
        return result

    async def _with_faults(self, method: str, given: Params) -> Any:
        fault = self.faults.take(method, given)
        if fault is not None and not fault.after:
            raise fault.error
        result = await self._perform(method.lower(), given)
        if fault is not None:
            raise fault.error
        return result

    async def _perform(self, name: str, given: Params) -> Any:
        if name == POLL:
            allowed = given.rows("allowed_updates") if "allowed_updates" in given.values else None
            numbers = [given.number(each) or 0 for each in ("offset", "timeout")]
            limit = given.number("limit")
            return await self.updates.fetch(numbers[0], 100 if limit is None else limit, numbers[1], allowed)
        if name not in BY_LOWER_NAME:
            raise ApiError(404, "Not Found: method not found")
        if self._throttle and name in THROTTLED and given.number("chat_id") is not None:
            self._throttle.take(given.number("chat_id") or 0, self.now())
        return BY_LOWER_NAME[name](self, given)

    def _record(self, call: Call) -> None:
        self.calls.append(call)
        for listen in self.listeners:
            listen(call)
