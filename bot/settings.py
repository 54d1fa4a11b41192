"""What `.env` and the environment may set; every field is explained in `.env.example`."""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.logs import Format
from storage.sheet_access import Access, access
from storage.sheets import KeyRefused
from storage.vault import DAYS, Vault, read_masters

TOKEN = re.compile(r"\d{5,}:[\w-]{20,}")
URL = re.compile(r"(https?|socks5h?)://[^\s/]+.*")
WEBHOOK = re.compile(r"https://[^\s/]+\S*")
LISTEN = re.compile(r"([\w.-]+|\[[\da-fA-F:]+\]):\d{1,5}")
HIGHEST_PORT = 65535
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
EXAMPLES = {"telegram_api_url": "http://127.0.0.1:8081", "telegram_proxy": "socks5://127.0.0.1:1080"}


class Settings(BaseSettings):
    """Settings by environment variable, else `.env` in the current folder, else the default."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True
    )

    telegram_token: SecretStr | None = None
    telegram_api_url: str = ""
    telegram_proxy: str = ""
    owner_ids: Annotated[frozenset[str], NoDecode] = frozenset()
    webhook_url: str = ""
    webhook_listen: str = "127.0.0.1:8443"
    webhook_secret: SecretStr = Field(default_factory=lambda: SecretStr(secrets.token_urlsafe(32)))
    data_dir: Path = Path("data")
    pii_keys: SecretStr = SecretStr("")
    pii_retention_days: int = Field(default=DAYS, ge=1, le=365)
    google_service_account: SecretStr = SecretStr("")
    log_level: str = Field(default="INFO", pattern="(?i)^(debug|info|warning|error)$")
    log_format: Format = "text"

    @field_validator("telegram_token", mode="before")
    @classmethod
    def no_blank_token(cls, value: object) -> object:
        """Blanks are no token; one that Telegram could never accept is said at once."""
        if not isinstance(value, str):
            return value
        value = value.strip()
        if value and not TOKEN.fullmatch(value):
            raise ValueError("TELEGRAM_TOKEN looks like 1234567890:AAE…; copy it again from @BotFather")
        return value or None

    @field_validator("telegram_api_url", "telegram_proxy")
    @classmethod
    def a_url(cls, value: str, info: ValidationInfo) -> str:
        """Empty, or a URL with its scheme."""
        value = value.strip()
        if value and not URL.fullmatch(value):
            raise ValueError(
                f"{str(info.field_name).upper()} takes a URL such as {EXAMPLES[str(info.field_name)]}"
            )
        return value

    @field_validator("webhook_url")
    @classmethod
    def a_public_url(cls, value: str) -> str:
        """Empty, or what Telegram can post to: https only."""
        value = value.strip()
        if value and not WEBHOOK.fullmatch(value):
            raise ValueError("WEBHOOK_URL takes a public https URL such as https://bot.example.com/telegram")
        return value

    @field_validator("webhook_listen")
    @classmethod
    def an_address(cls, value: str) -> str:
        """`host:port`."""
        value = value.strip()
        if not LISTEN.fullmatch(value) or int(value.rpartition(":")[2]) > HIGHEST_PORT:
            raise ValueError("WEBHOOK_LISTEN takes host:port such as 127.0.0.1:8443")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def a_secret(cls, value: SecretStr) -> SecretStr:
        """What Telegram takes as a secret token."""
        if not SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("WEBHOOK_SECRET takes 1 to 256 of A-Z a-z 0-9 _ -")
        return value

    @field_validator("pii_keys")
    @classmethod
    def master_keys(cls, value: SecretStr) -> SecretStr:
        """Empty, or keys that can be used."""
        read_masters(value.get_secret_value())
        return value

    def vault(self) -> Vault:
        """What buyers' fields are sealed with; without keys it keeps none."""
        return Vault(read_masters(self.pii_keys.get_secret_value()), self.pii_retention_days)

    @field_validator("google_service_account")
    @classmethod
    def a_key_file(cls, value: SecretStr) -> SecretStr:
        """Empty, or a service account's key: the path of its file, or the JSON itself."""
        try:
            access(value.get_secret_value())
        except KeyRefused as error:
            raise ValueError(f"GOOGLE_SERVICE_ACCOUNT: {error.why} (see docs/google-sheets.md)") from None
        return value

    def sheets(self) -> Access | None:
        """What opens Google Sheets; None where no key is set."""
        return access(self.google_service_account.get_secret_value())

    @field_validator("owner_ids", mode="before")
    @classmethod
    def split_ids(cls, value: object) -> object:
        """`1,2 3` -> {"1", "2", "3"}; anything but numbers is refused."""
        if not isinstance(value, str):
            return value
        ids = value.replace(",", " ").split()
        wrong = [one for one in ids if not (one.isascii() and one.isdecimal())]
        if wrong:
            raise ValueError(f"OWNER_IDS takes Telegram user ids (numbers), not {', '.join(wrong)}")
        return frozenset(ids)
