"""Telegram's limits, and the throttle that answers 429 when a bot sends too fast."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from math import ceil

from bot.rehearsal.telegram.errors import too_many_requests

TEXT = 4096
CAPTION = 1024
ALERT = 200
BUTTON_DATA_BYTES = 64
COPY_TEXT = 256
BUTTONS = 100
TOPIC_NAME = 128
INLINE_RESULTS = 50
INLINE_ID_BYTES = 64
INLINE_QUERY = 256
PHOTO_BYTES = 10 * 1024 * 1024
PHOTO_SIDES = 10_000
PHOTO_RATIO = 20
DOWNLOAD_BYTES = 20 * 1024 * 1024
UPLOAD_BYTES = 50 * 1024 * 1024
DELETE_AT_ONCE = 100
DELETE_WITHIN = timedelta(hours=48)

ANSWER_WITHIN = timedelta(seconds=15)
"""How long a press waits for its answer; Telegram gives no figure, bots see refusals from about here on."""

OVERALL = (30, timedelta(seconds=1))
PER_CHAT = (1, timedelta(seconds=1))
PER_GROUP = (20, timedelta(minutes=1))


class Throttle:
    """Counts messages and edits in sliding windows: 30/s overall, 1/s a chat, 20/min a group."""

    def __init__(self) -> None:
        self._sent: dict[tuple[int, timedelta], deque[datetime]] = {}

    def take(self, chat_id: int, now: datetime) -> None:
        """Count one sending to `chat_id` at `now`. Raises ApiError 429, uncounted, if a window is full."""
        windows = [(0, OVERALL), (chat_id, PER_CHAT), *([(chat_id, PER_GROUP)] if chat_id < 0 else [])]
        wait = max(self._wait(key, most, span, now) for key, (most, span) in windows)
        if wait > timedelta():
            raise too_many_requests(max(1, ceil(wait.total_seconds())))
        for key, (_, span) in windows:
            self._sent[key, span].append(now)

    def _wait(self, key: int, most: int, span: timedelta, now: datetime) -> timedelta:
        sent = self._sent.setdefault((key, span), deque())
        while sent and sent[0] <= now - span:
            sent.popleft()
        return sent[0] + span - now if len(sent) >= most else timedelta()
