"""How long things take on air: `data/on_air.toml`, a shop's to change."""

from __future__ import annotations

from datetime import timedelta

from playbooks.model import Model
from playbooks.rulebook import load


class Rules(Model):
    """Seconds and minutes as the file has them."""

    source: str
    undo_seconds: int
    nudge_seconds: int
    nudge_rest_minutes: int
    nudge_changes: int
    unknown_seconds: int
    unknown_rest_minutes: int
    ahead_minutes: int
    report_seconds: int
    report_lead_from: int
    report_at_most: int
    correction_posts: int
    correction_lines: int
    back_minutes: int

    @property
    def undo_within(self) -> timedelta:
        """How long a change may be taken back."""
        return timedelta(seconds=self.undo_seconds)

    @property
    def back_within(self) -> timedelta:
        """How long after the stream went off the same product is on air again when it goes on."""
        return timedelta(minutes=self.back_minutes)

    @property
    def nudge_rest(self) -> timedelta:
        """How long a person who was reminded is left alone."""
        return timedelta(minutes=self.nudge_rest_minutes)

    @property
    def ahead(self) -> timedelta:
        """How long before its planned time a product is warned of."""
        return timedelta(minutes=self.ahead_minutes)


def rules() -> Rules:
    """The rules as shipped."""
    shipped: Rules = load("on_air", Rules)
    return shipped
