"""Files on their way to a chat: uploaded parts and known file ids, checked as Telegram checks them."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, UnidentifiedImageError

from bot.rehearsal.telegram.errors import ApiError, bad_request
from bot.rehearsal.telegram.limits import PHOTO_BYTES, PHOTO_RATIO, PHOTO_SIDES, UPLOAD_BYTES
from bot.rehearsal.telegram.params import Params, Upload
from bot.rehearsal.telegram.world import StoredFile, World


def file_of(world: World, given: Params, reference: str, kind: str) -> StoredFile:
    """The file `reference` stands for: `attach://<part>` or a file id; `kind` is `document` or `photo`.

    Raises ApiError for no file, an empty one, one too big, and a photo that is no picture.
    """
    if not reference:
        raise bad_request(f"there is no {kind} in the request")
    upload = given.upload(reference)
    if upload is not None:
        return _stored(world, upload, kind)
    known = world.files.get(reference)
    if known is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if (known.size is None) != (kind == "document"):
        other = "Document" if kind == "photo" else "Photo"
        raise bad_request(f"can't use file of type {other} as {kind.title()}")
    return known


def _stored(world: World, upload: Upload, kind: str) -> StoredFile:
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > UPLOAD_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    if kind == "document":
        return world.new_file(upload.name, upload.mime, upload.content)
    return world.new_file("photo.jpg", "image/jpeg", upload.content, _photo_size(upload.content))


def _photo_size(content: bytes) -> tuple[int, int]:
    if len(content) > PHOTO_BYTES:
        most = f"the maximum size is {PHOTO_BYTES} bytes"
        raise bad_request(f"file of size {len(content)} bytes is too big for a photo; {most}")
    try:
        with Image.open(BytesIO(content)) as picture:
            width, height = picture.size
    except (UnidentifiedImageError, Image.DecompressionBombError):
        raise bad_request("IMAGE_PROCESS_FAILED") from None
    if width + height > PHOTO_SIDES or max(width, height) > PHOTO_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height
