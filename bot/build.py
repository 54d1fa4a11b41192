"""The bot put together: store, clock, duties and a Telegram Application, real or rehearsed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from telegram.ext import Application, ApplicationBuilder
from telegram.request import BaseRequest, HTTPXRequest

from bot.app import Shiftbot
from bot.clock import Clock
from bot.duties import DUTIES
from bot.duty import DutySpec
from bot.pace import Limits
from bot.polling import Receiving
from bot.runner import Runner
from bot.settings import Settings
from bot.turns import Turns
from storage.sheet_access import Access
from storage.store import Store
from storage.vault import NO_KEYS, Vault

CONNECTIONS = 32
"""More than the pump's calls in flight, so that the answer to a press never waits for one."""
AnyApplication = Application[Any, Any, Any, Any, Any, Any]


def application(
    token: str, api_url: str = "", proxy: str = "", request: BaseRequest | None = None
) -> AnyApplication:
    """A PTB Application for `token`, without PTB's Updater (bot.polling polls) and JobQueue (bot.ticking ticks).
    `request` replaces the network
    (rehearsal, tests)."""
    turns = Turns()
    builder: ApplicationBuilder[Any, Any, Any, Any, Any, Any] = Application.builder()
    builder = builder.token(token).updater(None).job_queue(None).concurrent_updates(turns)
    calls = request or HTTPXRequest(connection_pool_size=CONNECTIONS, proxy=proxy or None)
    polls = request or HTTPXRequest(connection_pool_size=2, proxy=proxy or None)
    builder = builder.request(calls).get_updates_request(Receiving(polls, turns.receive))
    if api_url:
        base = api_url.rstrip("/")
        builder = builder.base_url(f"{base}/bot").base_file_url(f"{base}/file/bot")
    return builder.build()


async def shiftbot(
    app: AnyApplication,
    store: Store,
    clock: Clock,
    owners: Iterable[str],
    duties: Iterable[DutySpec] = DUTIES,
    *,
    limits: Limits | None = Limits(),  # noqa: B008 - a frozen value
    vault: Vault = NO_KEYS,
    sheets: Access | None = None,
) -> Shiftbot:
    """The bot on an application that is initialised here, so that its name is known. `limits`: None where the
    clock stands still between two steps. `sheets`: the key to Google Sheets, where there is one."""
    await app.initialize()
    runner = Runner(store, clock, duties, frozenset(owners), vault)
    return Shiftbot(app, runner, app.bot.username, limits, sheets)


def of(settings: Settings) -> AnyApplication:
    """The Application the settings describe; the token must be there."""
    assert settings.telegram_token is not None
    return application(
        settings.telegram_token.get_secret_value(), settings.telegram_api_url, settings.telegram_proxy
    )
