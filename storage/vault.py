"""The vault 保险箱: buyers' fields are encrypted before they rest anywhere, and unreadable once their key is gone.

    PII_KEYS=k2:…,k1:…   master keys, in the settings alone; the first is used for what is new
    data key             32 random bytes, one a broadcast; rests in the room's books, wrapped by a master key
    v1:<key id>:<base64> an envelope: nonce and AES-256-GCM, bound to the table, document and field it stands in

It fails closed: a wrong key, a damaged envelope or one moved to another place raises Sealed, never a guess.
Nothing here knows the books; vault_books.py does.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = "v1"
KEY_BYTES = 32
NONCE_BYTES = 12
INDEX_BYTES = 16
"""Of a blind index: 128 bits tell all buyers there will ever be apart."""
KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
KEPT_OPEN = 256
"""Data keys held unwrapped in memory at most."""
USAGE = "PII_KEYS takes id:key,id:key … as `shiftbot new-key` prints them"


class Sealed(Exception):
    """An envelope or a wrapped key that cannot be opened with the keys at hand. The message names no value."""


class Place(NamedTuple):
    """Where a sealed value stands. It opens nowhere else."""

    table: str
    id: str
    field: str

    def bound(self) -> bytes:
        """As the cipher's associated data; unambiguous whatever the parts hold."""
        return json.dumps([VERSION, *self], ensure_ascii=True).encode()


class Vault:
    """The master keys in memory and what can be done with them. Without any it keeps nothing: it is false.

    `days`: how long buyers' fields may be readable at all.
    """

    def __init__(self, masters: Mapping[str, bytes], days: int) -> None:
        self._masters = {id: AESGCM(key) for id, key in masters.items()}
        self._open = lru_cache(maxsize=KEPT_OPEN)(self._unwrapped)
        self._cipher = lru_cache(maxsize=KEPT_OPEN)(self._made_cipher)
        self._indexing = lru_cache(maxsize=KEPT_OPEN)(self._made_indexing)
        self.ids: tuple[str, ...] = tuple(masters)
        self.days = days

    def __bool__(self) -> bool:
        return bool(self.ids)

    # -- data keys -----------------------------------------------------------------------------------

    def new_key(self, place: Place) -> str:
        """A new data key, wrapped by the first master key for `place`. Sealed where there is no master key."""
        return self._wrapped(secrets.token_bytes(KEY_BYTES), place)

    def rewrapped(self, wrapped: str, place: Place) -> str:
        """The same data key under the first master key. Sealed."""
        return self._wrapped(self._open(wrapped, place), place)

    def opens(self, wrapped: str, place: Place) -> bool:
        """Whether a wrapped data key can be used."""
        try:
            self._open(wrapped, place)
        except Sealed:
            return False
        return True

    def forget(self) -> None:
        """Let go of every unwrapped key and what was derived from it: some of them were deleted."""
        self._open.cache_clear()
        self._cipher.cache_clear()
        self._indexing.cache_clear()

    def _wrapped(self, key: bytes, place: Place) -> str:
        if not self.ids:
            raise Sealed("there is no master key")
        return _sealed(self._masters[self.ids[0]], self.ids[0], key, place)

    def _unwrapped(self, wrapped: str, place: Place) -> bytes:
        master, body = parted(wrapped)
        if master not in self._masters:
            raise Sealed(f"the master key {master} is not in PII_KEYS")
        return _opened(self._masters[master], body, place)

    def _made_cipher(self, key: KeyAt) -> AESGCM:
        return AESGCM(self._open(key.wrapped, key.place))

    def _made_indexing(self, key: KeyAt, domain: str) -> bytes:
        info = f"shiftbot {VERSION} {domain}".encode()
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(self._open(key.wrapped, key.place))

    # -- values --------------------------------------------------------------------------------------

    def seal(self, text: str, place: Place, *, key: KeyAt) -> str:
        """`text` as an envelope under the data key. Sealed where that key cannot be opened."""
        return _sealed(self._cipher(key), key.place.id, text.encode(), place)

    def open(self, envelope: str, place: Place, *, key: KeyAt) -> str:
        """What was sealed for `place`. Sealed where the key, the envelope or the place is another."""
        name, body = parted(envelope)
        if name != key.place.id:
            raise Sealed(f"sealed with the key {name}")
        return _opened(self._cipher(key), body, place).decode()

    def index(self, word: str, domain: str, *, key: KeyAt) -> str:
        """The blind index of `word`: the same for the same word, and nothing to be had from without the key.

        A keyed hash, for all mobile numbers there are can be tried on a bare one. `domain` keeps the indexes of
        different kinds of words apart. 22 characters of base64. Sealed.
        """
        digest = hmac.new(self._indexing(key, domain), word.encode(), sha256).digest()[:INDEX_BYTES]
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


class KeyAt(NamedTuple):
    """A wrapped data key and where it stands; `place.id` is its id."""

    wrapped: str
    place: Place


DAYS = 30
"""How long buyers' fields may be readable where the settings say nothing else."""
NO_KEYS = Vault({}, DAYS)
"""Keeps nothing."""


def read_masters(text: str) -> dict[str, bytes]:
    """`id:base64,id:base64` -> id -> 32 bytes, in that order. ValueError says what is wrong, never a key."""
    masters: dict[str, bytes] = {}
    for one in text.replace("\n", ",").split(","):
        if not one.strip():
            continue
        id, colon, encoded = one.strip().partition(":")
        if not colon or not KEY_ID.fullmatch(id):
            raise ValueError(f"{USAGE}; before the colon stands an id of A-Z a-z 0-9 _ -")
        if id in masters:
            raise ValueError(f"{USAGE}; the id {id} is there twice")
        masters[id] = _master(id, encoded)
    return masters


def _master(id: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded.strip(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"{USAGE}; the key of {id} is not base64, copy it again whole") from None
    if len(key) != KEY_BYTES:
        raise ValueError(
            f"{USAGE}; the key of {id} has {len(key)} bytes, not {KEY_BYTES}: copy it again whole"
        )
    return key


def new_master(id: str) -> str:
    """A new master key as it is written in PII_KEYS."""
    return f"{id}:{base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


def parted(envelope: str) -> tuple[str, str]:
    """The id of the key an envelope was sealed with, and its base64. Sealed where it is none of ours."""
    version, _, rest = envelope.partition(":")
    name, colon, body = rest.rpartition(":")
    if version != VERSION or not colon:
        raise Sealed("no envelope of a version known here")
    return name, body


def _sealed(cipher: AESGCM, key_id: str, secret: bytes, place: Place) -> str:
    nonce = secrets.token_bytes(NONCE_BYTES)
    body = nonce + cipher.encrypt(nonce, secret, place.bound())
    return f"{VERSION}:{key_id}:{base64.b64encode(body).decode()}"


def _opened(cipher: AESGCM, body: str, place: Place) -> bytes:
    try:
        raw = base64.b64decode(body, validate=True)
        return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.bound())
    except (InvalidTag, ValueError):
        raise Sealed(
            f"{place.table} {place.id} {place.field} is damaged or sealed for another place"
        ) from None
