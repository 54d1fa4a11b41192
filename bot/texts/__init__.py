"""Every text a person reads: `<language>/<area>.toml`, found by key, filled with values.

Texts are Telegram HTML; values are escaped, so a product name with `<` in it is safe.
"""

from __future__ import annotations

import html
import re
import tomllib
from functools import cache
from importlib.resources import files
from string import Formatter

LANGUAGES = {"zh-CN": "zh_cn", "en": "en"}
DEFAULT = "zh-CN"
_TAG = re.compile(r"<[^>]+>")


class MissingText(KeyError):
    """A key without a text, or a text whose placeholder was given no value."""


@cache
def texts(lang: str) -> dict[str, str]:
    """All texts of a language by dotted key, e.g. `stage.planned_sell`. Raises ValueError on a key given twice."""
    found: dict[str, str] = {}
    folder = files("bot.texts") / LANGUAGES[lang]
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            _flatten(tomllib.loads(file.read_text(encoding="utf-8")), "", found)
    return found


def _flatten(table: dict[str, object], prefix: str, into: dict[str, str]) -> None:
    for key, value in table.items():
        if isinstance(value, dict):
            _flatten(value, f"{prefix}{key}.", into)
        elif prefix + key in into:
            raise ValueError(f"text {prefix + key} is given twice")
        else:
            into[prefix + key] = str(value)


def say(lang: str, key: str, **values: str) -> str:
    """The text `key` in `lang`, filled with `values` (already Telegram HTML). Raises MissingText."""
    try:
        return texts(lang)[key].format_map(values)
    except KeyError as error:
        raise MissingText(f"{key}: {error}") from error


@cache
def named(key: str) -> frozenset[str]:
    """The values the text `key` names, in whichever language."""
    each = (Formatter().parse(texts(lang).get(key, "")) for lang in LANGUAGES)
    return frozenset(name for parts in each for _, name, _, _ in parts if name)


def known(key: str) -> bool:
    """Whether there is such a text."""
    return key in texts(DEFAULT)


def escape(value: object) -> str:
    """`value` as Telegram HTML."""
    return html.escape(str(value), quote=False)


def plain(text: str) -> str:
    """Telegram HTML as the characters a person sees: for toasts, captions of buttons, files."""
    return html.unescape(_TAG.sub("", text))
