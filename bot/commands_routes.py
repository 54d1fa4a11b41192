"""`shiftbot routes --room R`: carrier by region, how many parcels are stuck and how long signing takes (E09)."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.card import line
from bot.clock import SystemClock
from bot.handing_over import books_of
from bot.refusals import said
from bot.render import line_html
from bot.route_lines import route_lines, score_line
from bot.settings import Settings
from bot.texts import LANGUAGES, plain
from bot.under_way import under_way
from playbooks.followup import routes
from playbooks.followup.routes import RouteFigures
from playbooks.model import Refusal

if TYPE_CHECKING:
    Subcommands = argparse._SubParsersAction[argparse.ArgumentParser]

GOOD, FOUND, BAD_INPUT = 0, 1, 2


def add(commands: Subcommands) -> None:
    """Its options."""
    found = commands.add_parser("routes", help="slow carriers by region, of a room; the bot may run")
    found.add_argument("--room", metavar="ROOM", required=True, help="its key or shop")
    found.add_argument("--json", action="store_true", help="one JSON object a route")
    found.add_argument("--lang", choices=list(LANGUAGES), default="zh-CN", help="language (default: zh-CN)")


def run(given: argparse.Namespace, read_settings: Callable[[], Settings | None]) -> int:
    """Print the table. 0: nothing is stuck; 1: parcels are; 2: no such room, or no parcels yet."""
    settings, now = read_settings(), SystemClock().now()
    if settings is None:
        return BAD_INPUT
    try:
        books = books_of(settings, given.room)
        table = routes.table(under_way(books), books.routes.scan(), now)
        if not table:
            raise Refusal("routes.none")
        scored = score_line(books.review_entries.scan(), ZoneInfo(next(iter(books.room.scan())).zone))
    except Refusal as refusal:
        print(plain(line_html(given.lang, said(refusal, None, None, now))), file=sys.stderr)
        return BAD_INPUT
    head = line("routes.head", months=" ".join(reversed(routes.months(now))))
    shown = [head, *route_lines(table), scored]
    print(
        "\n".join(map(_json, table) if given.json else (plain(line_html(given.lang, one)) for one in shown))
    )
    return FOUND if any(one.stuck for one in table) else GOOD


def _json(one: RouteFigures) -> str:
    """One route; days as a decimal string, null where nothing was signed for."""
    return json.dumps(one.model_dump(mode="json"), ensure_ascii=False)
