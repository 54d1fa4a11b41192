"""Logging without tokens and without buyers' phones, as lines to read or as JSON lines to collect.

httpx writes the bot token's URL at INFO, and PTB whole updates at DEBUG: both are silenced, and whatever is
logged all the same is filtered, tracebacks included.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal

from playbooks.privacy import has_phone, without_phones

TOKEN = re.compile(r"(bot)?\d{5,}:[\w-]{20,}")
QUIET = {
    "httpx": logging.WARNING, "httpcore": logging.WARNING, "apscheduler": logging.WARNING,
    "telegram": logging.INFO, "telegram.ext.Updater": logging.WARNING,
}  # fmt: skip
"""Libraries, and from which level on they are heard: below it they write tokens or what people said."""
Format = Literal["text", "json"]
_Caught = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def stack(error: BaseException) -> str:
    """An error's type and where it came from, without what it says: of a file's reading that is a buyer's row."""
    return f"{type(error).__qualname__}\n{''.join(traceback.format_tb(error.__traceback__)).rstrip()}"


def clean(text: str) -> str:
    """`text` without tokens and phones; a line that holds neither is left as it is."""
    return "\n".join(_clean_line(one) for one in TOKEN.sub("<token>", text).split("\n"))


def _clean_line(text: str) -> str:
    if not has_phone(text):
        return text
    return text[: len(text) - len(text.lstrip())] + without_phones(text)


class TextLines(logging.Formatter):
    """A line a person reads, with the traceback below it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The record with everything personal taken out."""
        return clean(super().format(record))


class JsonLines(logging.Formatter):
    """One JSON object a line: at (ISO, UTC), level, logger, message; error and traceback where there are any."""

    def format(self, record: logging.LogRecord) -> str:
        """The record with everything personal taken out."""
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": clean(record.getMessage()),
            **(self._error(record.exc_info) if record.exc_info else {}),
        }
        return json.dumps(said, ensure_ascii=False)

    def _error(self, caught: _Caught) -> dict[str, str]:
        if caught[0] is None:
            return {}
        return {"error": caught[0].__qualname__, "traceback": clean(self.formatException(caught))}


FORMATS: dict[Format, type[logging.Formatter]] = {"text": TextLines, "json": JsonLines}


def set_up(level: str, format: Format = "text") -> None:
    """One handler on stderr for everything."""
    handler = logging.StreamHandler()
    handler.setFormatter(FORMATS[format]())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(max(least, logging.getLevelNamesMapping()[level.upper()]))
