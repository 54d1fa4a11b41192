"""What `.env` and the environment may set; every field is explained in `.env.example`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

TOKEN = re.compile(r"\d{5,}:[\w-]{20,}")
URL = re.compile(r"(https?|socks5h?)://[^\s/]+.*")
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
    data_dir: Path = Path("data")
    log_level: str = Field(default="INFO", pattern="(?i)^(debug|info|warning|error)$")

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
