"""Who has seen the run sheet that was taken over 已看排品 (REQUIREMENTS A04): asked once, of every agent."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from playbooks.model import Document, Moment


class SheetReceipt(Document):
    """One taking-over of a sheet. `notices` are the changes it made that ask for 已知悉: seeing the sheet is knowing
    them. `missing` are the listings the sheet no longer has, until somebody says what becomes of them."""

    broadcast: str
    at: Moment
    by: str
    file_name: str
    products: int
    asked: tuple[str, ...] = ()
    known: dict[str, Moment] = Field(default_factory=dict)
    notices: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    def waiting_for(self) -> tuple[str, ...]:
        """Those asked who have not said so yet."""
        return tuple(person for person in self.asked if person not in self.known)


def seen(receipt: SheetReceipt, person: str, now: datetime) -> SheetReceipt:
    """`person` has seen it from `now`; the first time counts."""
    return receipt if person in receipt.known else receipt.changed(known={**receipt.known, person: now})
