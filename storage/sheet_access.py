"""What opens Google Sheets to the bot: the service account's key, light until a spreadsheet is bound."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from storage.sheets import Account, account, key_info

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter


@dataclass(frozen=True)
class Access:
    """A key file's `info`, and what carries the calls in place of the network."""

    info: Mapping[str, Any] = field(repr=False)
    adapter: BaseAdapter | None = None

    @property
    def email(self) -> str:
        """The address people share their spreadsheet with."""
        return str(self.info.get("client_email", ""))

    def account(self, ticks: Callable[[], float]) -> Account:
        """The account itself; gspread is loaded now. Raises KeyRefused."""
        return account(self.info, ticks, self.adapter)


def access(said: str) -> Access | None:
    """From a setting: JSON or the path of a file with it; None for ''. Raises KeyRefused."""
    return Access(key_info(said)) if said.strip() else None
