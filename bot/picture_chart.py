"""The chart of the review picture: unpaid orders and recoveries per quarter, the peaks named by product."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import batched

from bot.picture_canvas import SMALLEST, Page, clean, ellipsise, width, wrap
from bot.picture_style import BLUE, CARD, EDGE, INK, INNER, MUTED, PAD, PALE, RULE, WIDE
from bot.review_text import reasons
from bot.review_words import said
from playbooks.review import Quarter, Review
