"""The bot put together: store, clock, duties and a Telegram Application, real or rehearsed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from telegram.ext import Application, ApplicationBuilder
from telegram.request import BaseRequest, HTTPXRequest

from bot.app import ByChat, Shiftbot
from bot.clock import Clock
from bot.duties import DUTIES
from bot.duty import DutySpec
from bot.runner import Runner
from bot.settings import Settings
from storage.store import Store

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


def application(
    token: str, api_url: str = "", proxy: str = "", request: BaseRequest | None = None
) -> AnyApplication:
    """A PTB Application for `token`. `request` replaces the network (rehearsal, tests)."""
    builder: ApplicationBuilder[Any, Any, Any, Any, Any, Any] = Application.builder()
    builder = builder.token(token).concurrent_updates(ByChat())
    if request is not None:
        builder = builder.request(request).get_updates_request(request)
    else:
        builder = builder.request(HTTPXRequest(connection_pool_size=16, proxy=proxy or None))
        builder = builder.get_updates_request(HTTPXRequest(connection_pool_size=2, proxy=proxy or None))
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
) -> Shiftbot:
    """The bot on an application that is initialised here, so that its name is known."""
    await app.initialize()
    return Shiftbot(app, Runner(store, clock, duties, frozenset(owners)), app.bot.username)


def of(settings: Settings) -> AnyApplication:
    """The Application the settings describe; the token must be there."""
    assert settings.telegram_token is not None
    return application(
        settings.telegram_token.get_secret_value(), settings.telegram_api_url, settings.telegram_proxy
    )
