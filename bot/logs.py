"""Logging without tokens: httpx writes the bot token's URL at INFO, so it is silenced and filtered."""

from __future__ import annotations

import logging
import re

TOKEN = re.compile(r"(bot)?\d{5,}:[\w-]{20,}")


class NoTokens(logging.Formatter):
    """A formatter that takes bot tokens out of whatever is logged, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """The line with every token replaced."""
        return TOKEN.sub("<token>", super().format(record))


def set_up(level: str) -> None:
    """One handler on stderr for everything; libraries that log URLs only from WARNING on."""
    handler = logging.StreamHandler()
    handler.setFormatter(NoTokens("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for chatty in ("httpx", "httpcore", "apscheduler", "telegram.ext.Updater"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
