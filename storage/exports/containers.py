"""What a table comes packed in: an archive of parts 压缩包, or a workbook with a password.

Names inside an archive are shown and never used as paths; nothing is unpacked to disk.
"""

from __future__ import annotations

import stat
from contextlib import suppress
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from playbooks.model import Refusal
from storage.exports.limits import Limits

OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP_MAGIC = b"PK\x03\x04"
ENCRYPTED_MARK = "EncryptedPackage".encode("utf-16-le")
MAX_PARTS = 5_000
MAX_TABLES = 50
"""Parts of one export in an archive; platforms send a handful."""
TABLES = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls")
PERHAPS = (".txt", ".htm", ".html")
"""Tables where there is none of those above: beside one they are a readme."""
LITTER = "__MACOSX"
ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tar")
UTF_8_NAME, ENCRYPTED = 0x800, 0x1


def is_zip(data: bytes) -> bool:
    return data.startswith(ZIP_MAGIC)


def opened(name: str, data: bytes, limits: Limits) -> ZipFile:
    """The archive. Raises Refusal for a bomb, by what it declares, before a byte is unpacked, and BadZipFile.

    zipfile never unpacks more than was declared.
    """
    archive = ZipFile(BytesIO(data))
    parts = archive.infolist()
    declared = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or declared > limits.unpacked or declared > len(data) * limits.ratio:
        raise Refusal("files.hostile", name=name)
    return archive


def is_workbook(archive: ZipFile) -> bool:
    return any(part.filename.lower() == "[content_types].xml" for part in archive.infolist())


def tables(name: str, archive: ZipFile) -> tuple[list[tuple[str, ZipInfo]], tuple[str, ...]]:
    """Name to show and member of each table in an archive, in the order of their names; and what else is in it.

    Raises Refusal `files.zip_empty`, `files.zip_nested`, `files.password_needed`.
    """
    files = [(shown(part), part) for part in archive.infolist() if not part.is_dir()]
    members = [(called, part) for called, part in files if is_content(part)]
    found = _ending(members, TABLES) or _ending(members, PERHAPS)
    if not found:
        nested = _ending(members, ARCHIVES)
        raise Refusal("files.zip_nested" if nested else "files.zip_empty", name=name)
    if len(found) > MAX_TABLES:
        raise Refusal("files.hostile", name=name)
    if any(part.flag_bits & ENCRYPTED for _, part in found):
        raise Refusal("files.password_needed", name=name)
    others = (LITTER if is_macos(part) else called for called, part in files if (called, part) not in found)
    return found, tuple(dict.fromkeys(others))


def _ending(members: list[tuple[str, ZipInfo]], suffixes: tuple[str, ...]) -> list[tuple[str, ZipInfo]]:
    found = [(called, part) for called, part in members if called.lower().endswith(suffixes)]
    return sorted(found, key=lambda one: one[0])


def is_content(part: ZipInfo) -> bool:
    """Whether a member is a file somebody put there: no folder, no link, no litter of macOS or Excel."""
    link = stat.S_ISLNK(part.external_attr >> 16)
    return not (part.is_dir() or link or is_macos(part) or shown(part).startswith((".", "~$")))


def is_macos(part: ZipInfo) -> bool:
    """Whether macOS put it beside a file of its own accord."""
    return part.filename.startswith(f"{LITTER}/") or shown(part).startswith("._")


def shown(part: ZipInfo) -> str:
    """The member's name without its folders; Chinese Windows writes names in GBK and does not say so."""
    name = part.filename
    if not part.flag_bits & UTF_8_NAME:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("gb18030")
    return name.replace("\\", "/").rpartition("/")[2]


def unlocked(name: str, data: bytes, password: str | None, limits: Limits) -> bytes:
    """The file without its password; as it is where it has none.

    Raises Refusal `files.password_needed` where `password` is None, `files.password_wrong`, `files.xlsx_broken`.
    """
    if len(data) > limits.sent:
        raise Refusal("files.too_big", name=name, limit=limits.sent // 1_000_000)
    if data.startswith(OLE_MAGIC) and ENCRYPTED_MARK in data:
        return workbook_unlocked(name, data, checked(name, password))
    if is_zip(data):
        return archive_unlocked(name, data, password, limits)
    return data


def checked(name: str, password: str | None) -> str:
    if password is None:
        raise Refusal("files.password_needed", name=name)
    return password


def workbook_unlocked(name: str, data: bytes, password: str) -> bytes:
    """An encrypted .xlsx decrypted (ECMA-376 agile and standard encryption)."""
    # Few files are locked; the others need not wait for its libraries.
    from msoffcrypto import OfficeFile  # noqa: PLC0415
    from msoffcrypto.exceptions import (  # noqa: PLC0415
        DecryptionError,
        FileFormatError,
        InvalidKeyError,
        ParseError,
    )

    plain = BytesIO()
    try:
        office = OfficeFile(BytesIO(data))
        office.load_key(password=password, verify_password=True)
        office.decrypt(plain)
    except InvalidKeyError as error:
        raise Refusal("files.password_wrong", name=name) from error
    except (DecryptionError, FileFormatError, ParseError, OSError, ValueError, KeyError) as error:
        raise Refusal("files.xlsx_broken", name=name) from error
    return plain.getvalue()


def archive_unlocked(name: str, data: bytes, password: str | None, limits: Limits) -> bytes:
    """The archive with its locked members stored in clear."""
    try:
        archive = opened(name, data, limits)
        if not any(part.flag_bits & ENCRYPTED for part in archive.infolist()):
            return data
        plain = BytesIO()
        archive.setpassword(checked(name, password).encode())
        with ZipFile(plain, "w") as copy:
            for part in archive.infolist():
                if is_content(part):
                    copy.writestr(ZipInfo(shown(part)), archive.read(part))
    except NotImplementedError as error:  # AES, which the standard library does not know
        raise Refusal("files.zip_locked", name=name) from error
    except RuntimeError as error:
        raise Refusal("files.password_wrong", name=name) from error
    except (BadZipFile, OSError, EOFError, ValueError) as error:
        raise Refusal("files.xlsx_broken", name=name) from error
    return plain.getvalue()
