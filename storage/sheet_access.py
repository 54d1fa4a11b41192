"""What opens Google Sheets to the bot: the service account's key, light until a spreadsheet is bound."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.sheets import Account, account, key_info

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter


@dataclass(frozen=True)
class Access:
    """A key file's `info`, and what carries the calls in place of the network."""

    info: Mapping[str, Any] = field(repr=False)
    adapter: BaseAdapter | None = None
    open_to_all: bool = False
    """Other users of the machine can read the key file."""

    @property
    def email(self) -> str:
        """The address people share their spreadsheet with."""
        return str(self.info.get("client_email", ""))

    def account(self, ticks: Callable[[], float]) -> Account:
        """The account itself; gspread is loaded now. Raises KeyRefused."""
        return account(self.info, ticks, self.adapter)


def access(said: str) -> Access | None:
    """From a setting: JSON or the path of a file with it; None for ''. Raises KeyRefused."""
    if not said.strip():
        return None
    return Access(key_info(said), open_to_all=_open_to_all(said.strip()))


def _open_to_all(said: str) -> bool:
    if said.startswith("{") or os.name != "posix":
        return False
    return bool(stat.S_IMODE(Path(said).expanduser().stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO))
