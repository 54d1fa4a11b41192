"""How long an unpaid order lives 未付时限: by platform, by product, and while a flash sale runs (REQUIREMENTS B07)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from pydantic import Field

from playbooks.announce import OfferVersion
from playbooks.chase.rules import rules
from playbooks.chase.state import Chase
from playbooks.in_force import offer_at
from playbooks.model import Document
from playbooks.promotion import Flash


class ChaseSetup(Document):
    """What a manager set for the chase of a room; `id` is the room's short key."""

    lives: dict[str, int] = Field(default_factory=dict)
    """Product (`product_key`) -> seconds its unpaid orders live, where they differ from the room's."""
    platform_lives: dict[str, int] = Field(default_factory=dict)
    """Platform -> seconds the unpaid orders live that are not from the room's own platform."""
    flash_seconds: int | None = None
    """How long orders of a running flash sale live; None: as the platform is known to do."""
    lives_asked: tuple[str, ...] = ()
    """The platforms whose unpaid life the managers were asked for: each once."""
    sms: bool = False
    """Whether the room can send buyers an SMS."""


def sold_on(platform: str, room: str) -> str:
    """The platform an order of an export is from, `room` being that of the room.

    An ERP gathers the orders of whatever platform the room is on, and Tmall shops export as Taobao.
    """
    also = rules().also_exports.get(platform, ())
    return room if "*" in also or room in also else platform


def flash_ran(versions: Iterable[OfferVersion], at: datetime) -> bool:
    """Whether the product's flash sale was on at `at`, by the offer that was in force then."""
    then = offer_at(versions, at)
    return then is not None and any(isinstance(one, Flash) and one.running for one in then.promotions)


def life_of(
    ordinary: timedelta | None, product: timedelta | None, flash: timedelta | None, *, ran: bool
) -> timedelta | None:
    """How long one order lives: its product's life before the room's, and no longer than a flash sale's.

    None where nobody knows; `flash` counts only where the flash sale `ran` when the order was placed.
    """
    life = product or ordinary
    if not ran or flash is None:
        return life
    return flash if life is None else min(flash, life)


def living(chase: Chase, life: timedelta | None) -> Chase:
    """`chase` with the end that follows of `life`: from when the buyer ordered, else from when it was first seen."""
    if life is None or not chase.alive:
        return chase
    return chase.changed(expires_at=(chase.created_at or chase.seen_at) + life)
