"""Times as exports write them, read into moments: wall clocks of a zone, offsets, Excel's days, slashed dates.

A slashed date (6/10/2026) says day or month first by where the shop is, so it is decided once a file: as the hours
are written (AM/PM: month first), until a date proves the contrary; then the file is read again the other way.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from storage.exports.cells import Damaged, half_width

DATE = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T\s]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)?)?"
    r"(?:\s*(Z|[+-]\d{2}:?\d{2}))?"
)
SLASHED = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s+(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?:\s*([AP])M)?)?", re.IGNORECASE
)
SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
SERIAL_DAYS = range(20_000, 60_001)
SERIAL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a wall clock; the zone is added where it is read
MONTHS = 12


class OtherWayRound(Exception):
    """A date whose day and month stand the other way round than taken so far: read the file again."""


class Dates:
    """Reads the times of one file; wall clocks are of `zone`. `slashed`: whether dates may be slashed.

    `swapped`: day and month of slashed dates stand the other way round than their hours suggest.
    """

    def __init__(self, zone: tzinfo, slashed: bool = False, swapped: bool = False) -> None:
        self.zone = zone
        self.slashed = slashed
        self.swapped = swapped
        self.hours: dict[str, timedelta] = {}

    def moment(self, text: str) -> datetime | None:
        """The instant, in UTC; None for an empty cell. Raises Damaged, and OtherWayRound once."""
        if not text:
            return None
        try:
            if len(text) == 19 and text[4] == "-" and text[13] == ":":  # as nearly every cell is written
                ahead = self.hours.get(text[:13])
                if ahead is None:
                    ahead = self.hours[text[:13]] = self.ahead(datetime.fromisoformat(text))
                return datetime.fromisoformat(text + "+00:00") - ahead
            text = half_width(text)
            wall = self.written(text) or self.slash_date(text) or serial_date(text)
            return wall.astimezone(UTC) if wall.tzinfo else (wall - self.ahead(wall)).replace(tzinfo=UTC)
        except (ValueError, OverflowError) as error:
            raise Damaged("orders.time_unreadable") from error

    def ahead(self, wall: datetime) -> timedelta:
        """What the zone is ahead of UTC in this hour of its wall clock."""
        hour = wall.replace(minute=0, second=0, microsecond=0, tzinfo=self.zone)
        return hour.utcoffset() or timedelta(0)

    def written(self, text: str) -> datetime | None:
        """2026-9-2, 2026/9/2 0:54, 2026年9月2日, with an offset or without; None for anything else."""
        found = DATE.fullmatch(text)
        if found is None:
            return None
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
        zone = datetime.strptime(found[7], "%z").tzinfo if found[7] else None
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)

    def slash_date(self, text: str) -> datetime | None:
        """06/10/2026 07:00:05, 10/6/2026 7:00:05 PM; None for anything else."""
        found = SLASHED.fullmatch(text) if self.slashed else None
        if found is None:
            return None
        first, second, year, hour, minute, seconds = (int(part or 0) for part in found.groups()[:6])
        half = (found[7] or "").upper()
        month_first = bool(half) != self.swapped
        if (second if month_first else first) <= MONTHS < (first if month_first else second):
            if self.swapped:
                raise Damaged("orders.time_unreadable")  # proved both ways: this one cannot be told
            raise OtherWayRound(text)
        month, day = (first, second) if month_first else (second, first)
        if half:
            hour = hour % MONTHS + (MONTHS if half == "P" else 0)
        return datetime(year, month, day, hour, minute, seconds)  # noqa: DTZ001 - a wall clock


def serial_date(text: str) -> datetime:
    """Excel's days since 1900."""
    if not SERIAL.fullmatch(text):
        raise ValueError(text)
    days = float(text)
    if int(days) not in SERIAL_DAYS:
        raise ValueError(text)
    return SERIAL_EPOCH + timedelta(seconds=round(days * 86_400))
