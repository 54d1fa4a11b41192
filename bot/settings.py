"""What `.env` and the environment may set; every field is explained in `.env.example`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


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

    @field_validator("owner_ids", mode="before")
    @classmethod
    def split_ids(cls, value: object) -> object:
        """`1,2 3` -> {"1", "2", "3"}; anything but numbers is refused."""
        if not isinstance(value, str):
            return value
        ids = value.replace(",", " ").split()
        wrong = [one for one in ids if not one.isdigit()]
        if wrong:
            raise ValueError(f"OWNER_IDS takes Telegram user ids (numbers), not {', '.join(wrong)}")
        return frozenset(ids)
