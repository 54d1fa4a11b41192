"""What a tap-to-copy button takes 复制按钮: Telegram copies at most 256 UTF-16 units."""

from __future__ import annotations

COPIED = 256


def copied(text: str) -> str:
    """`text`, cut with an ellipsis where it is longer than a button copies; no character is split."""
    units = text.encode("utf-16-le", errors="ignore")
    if len(units) <= 2 * COPIED:
        return text
    return units[: 2 * (COPIED - 1)].decode("utf-16-le", errors="ignore").rstrip() + "…"
