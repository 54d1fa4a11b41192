"""The base every stored or passed-about thing stands on: frozen models, aware moments, exact money."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict

CENT = Decimal("0.01")


class Model(BaseModel):
    """A value: frozen, refusing unknown fields, lists as tuples. Change one with `changed`."""

    # What was refused may be a buyer's: an error names the field and the reason, never the value.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def changed(self, **fields: Any) -> Self:
        """A copy with `fields` replaced and checked like the first one."""
        return self.model_validate({**dict(self), **fields})


class Document(Model):
    """What a shelf of the store keeps: a model with its own id, which begins with the room's short key."""

    id: str


def to_utc(moment: datetime) -> datetime:
    """The same instant in UTC, so that equal instants are equal texts on disk."""
    return moment.astimezone(UTC)


def to_cents(amount: Decimal) -> Decimal:
    """Yuan with two places, half up (facts/runsheet.yaml, stacking)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


Moment = Annotated[AwareDatetime, AfterValidator(to_utc)]
"""An instant; naive times are refused; kept in UTC."""

Money = Annotated[Decimal, AfterValidator(to_cents)]
"""Yuan, two places; never a float."""


class Refusal(Exception):
    """A step that cannot be taken, said as the text `key` of bot/texts with `values` filled in.

    Raising it inside a unit of work drops the whole unit: the store stays as it was.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values

    def __str__(self) -> str:
        return f"{self.key} {self.values}" if self.values else self.key
