"""A service account of the rehearsal: its key is made here and opens nothing outside; its tokens are checked."""

from __future__ import annotations

import secrets
from functools import cache
from typing import Any
from urllib.parse import parse_qs

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.rehearsal.sheets.faults import Answer

ADDRESS = "shiftbot@rehearsal.iam.gserviceaccount.com"
TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - where tokens are asked for
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFE = 3600


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def _private() -> str:
    form, bare = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return _key().private_bytes(serialization.Encoding.PEM, form, bare).decode()


def info() -> dict[str, str]:
    """The key file."""
    return {
        "type": "service_account", "project_id": "rehearsal", "private_key_id": "1", "private_key": _private(),
        "client_email": ADDRESS, "client_id": "1", "token_uri": TOKEN_URI,
    }  # fmt: skip


class Tokens:
    """Gives a token for a rightly signed assertion and knows its own again."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def given(self, body: Any) -> Answer:
        """A token; 400 for what was not signed with the key."""
        from google.auth import jwt  # noqa: PLC0415 - not loaded before there is a spreadsheet

        said = {name: values[0] for name, values in parse_qs(body).items()}
        public = _key().public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )  # fmt: skip
        try:
            claims = jwt.decode(said.get("assertion", ""), certs=public, audience=TOKEN_URI)  # type: ignore[no-untyped-call]
        except ValueError as error:
            return Answer(400, {"error": "invalid_grant", "error_description": str(error)[:80]})
        if said.get("grant_type") != GRANT or claims["iss"] != ADDRESS:
            return Answer(400, {"error": "invalid_grant"})
        token = secrets.token_urlsafe(16)
        self._given.add(token)
        return Answer(200, {"access_token": token, "expires_in": LIFE, "token_type": "Bearer"})

    def good(self, header: str) -> bool:
        """Whether the call carries one."""
        return header.removeprefix("Bearer ") in self._given
