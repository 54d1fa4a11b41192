"""The command line: `shiftbot run` for the real thing, `shiftbot rehearse` without Telegram."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import httpx
from pydantic import ValidationError

from bot import logs
from bot.serve import serve
from bot.settings import Settings
from storage.store import StoreDamaged, StoreLocked

BAD_INPUT = 2
HIGHEST_PORT = 65535
HOW_TO_BEGIN = (
    "TELEGRAM_TOKEN is not set: get one from @BotFather on Telegram, put TELEGRAM_TOKEN=… into .env "
    "(see .env.example), and run `shiftbot run` again. To try everything without Telegram: `shiftbot rehearse`.\n"
    "没有设置 TELEGRAM_TOKEN：请在 Telegram 找 @BotFather 领取，写进 .env（见 .env.example）后再运行；"
    "不用 Telegram 试用：shiftbot rehearse。"
)
NO_WEBHOOK = (
    "WEBHOOK_URL is not set: put the public https address Telegram shall post to into .env (see .env.example), "
    "or run without --webhook."
)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= HIGHEST_PORT):
        raise argparse.ArgumentTypeError(f"{text} is no port; give 0 (a free one) to {HIGHEST_PORT}")
    return int(text)


def parser(*, run_alone: bool = False) -> argparse.ArgumentParser:
    """The commands and their options; `run_alone` without those of the commands in bot/commands.py."""
    top = argparse.ArgumentParser(
        prog="shiftbot", description="The service shift of a live-stream shop, run from a Telegram group."
    )
    top.add_argument("--version", action="version", version=f"shiftbot {version('shiftbot')}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    running = commands.add_parser("run", help="poll Telegram with TELEGRAM_TOKEN and serve the groups")
    running.add_argument(
        "--webhook", action="store_true", help="have Telegram post to WEBHOOK_URL instead of polling"
    )
    rehearse = commands.add_parser("rehearse", help="the same bot on a local web page, without Telegram")
    rehearse.add_argument(
        "--play",
        metavar="NAME",
        choices=["evening"],
        help="play a scripted evening without a page and print it",
    )
    rehearse.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        default=Path("out"),
        help="where --play writes review.png and review.xlsx (default: out)",
    )
    rehearse.add_argument(
        "--port", type=_port, default=0, help="port of the page on 127.0.0.1 (default: a free one)"
    )
    rehearse.add_argument("--no-open", action="store_true", help="do not open a browser")
    rehearse.add_argument(
        "--lang",
        choices=["zh-CN", "en"],
        default="zh-CN",
        help="language of the rehearsed room (default: zh-CN)",
    )
    if not run_alone:
        from bot import commands as others  # noqa: PLC0415 - `run` does not pay for what the others load

        others.add(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 when all is well, 2 for bad input or settings."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    given = parser(run_alone=words[:1] == ["run"]).parse_args(words)
    try:
        if given.command == "run":
            return run(webhook=given.webhook)
        if given.command == "rehearse":
            return rehearse(given)
        from bot import commands as others  # noqa: PLC0415 - see `parser`

        return others.run(given, read_settings)
    except (StoreLocked, StoreDamaged) as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        print(
            f"{error.strerror or error}:{where}. Check that the folder exists and may be written.",
            file=sys.stderr,
        )
        return BAD_INPUT
    except KeyboardInterrupt:
        return 0


def read_settings() -> Settings | None:
    """The settings; None where they cannot be used, which is then said."""
    try:
        return Settings()
    except ValidationError as error:
        for one in error.errors():
            said = one["msg"].removeprefix("Value error, ")
            print(f"{'.'.join(str(part) for part in one['loc']).upper()}: {said}", file=sys.stderr)
    except UnicodeDecodeError:
        print(
            ".env is not UTF-8: save it again as UTF-8 (in Notepad: Save as, encoding UTF-8).",
            file=sys.stderr,
        )
    return None


def run(*, webhook: bool) -> int:
    """`shiftbot run`: the real thing."""
    settings = read_settings()
    if settings is None:
        return BAD_INPUT
    if settings.telegram_token is None:
        print(HOW_TO_BEGIN, file=sys.stderr)
        return BAD_INPUT
    if webhook and not settings.webhook_url:
        print(NO_WEBHOOK, file=sys.stderr)
        return BAD_INPUT
    logs.set_up(settings.log_level, settings.log_format)
    try:
        return asyncio.run(serve(settings, webhook=webhook))
    except httpx.InvalidURL as error:
        print(f"TELEGRAM_PROXY or TELEGRAM_API_URL is no address: {error}", file=sys.stderr)
        return BAD_INPUT


def rehearse(given: argparse.Namespace) -> int:
    """`shiftbot rehearse`: the page, or a scripted evening printed."""
    logs.set_up("WARNING")
    from bot.rehearsal import main as rehearsal  # noqa: PLC0415 - `run` does not pay for the page's libraries

    if given.play:
        return asyncio.run(rehearsal.play(given.play, given.out, given.lang))
    try:
        return asyncio.run(rehearsal.page(given.port, given.lang, opened=not given.no_open))
    except OSError as error:
        print(
            f"The page cannot use port {given.port} ({error.strerror}): leave --port out for a free one.",
            file=sys.stderr,
        )
        return BAD_INPUT
