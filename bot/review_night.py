"""What an opener of a review's figure works from, and the events it gives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from bot.desk import Desk
from playbooks.broadcast import Broadcast
from playbooks.review import Review
from storage.rows import Line

LONGEST = 40


class Event(NamedTuple):
    """One thing behind a figure, and when it was."""

    at: datetime
    said: Line


class Night(NamedTuple):
    """What the openers look in."""

    here: Broadcast
    review: Review
    desk: Desk


Opener = Callable[[Night], list[Event]]
