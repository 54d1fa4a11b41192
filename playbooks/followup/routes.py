"""Parcels by carrier and region: which are on their way there now, and how slow a route is (REQUIREMENTS E09, E12)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from playbooks.followup.intake import why_parcel
from playbooks.followup.rules import rules
from playbooks.followup.state import MOVING, UNSCANNED, WAITING, ParcelState, ParcelStatus
from playbooks.model import Document, Model, Moment

DAY = timedelta(days=1)
TENTH = Decimal("0.1")


class KeptParcel(Document):
    """A parcel as the newest logistics list tells it, with where it goes; `id` by tracking number.

    `ended_at`: when a list first said that it had arrived or gone back; it counts once, and is forgotten later.
    """

    order_id: str
    tracking_no: str
    carrier: str
    province: str = ""
    city: str = ""
    state: ParcelStatus
    shipped_at: Moment | None = None
    last_scan_at: Moment | None = None
    ended_at: Moment | None = None
    told_at: Moment | None = None
    """How new the list is that says so; None where it was kept before lists were told apart."""
    known_since: Moment | None = None

    def goes_to(self, carrier: str, region: str) -> bool:
        """Whether it is on its way there with this carrier; '' for any."""
        there = not region or region in (self.province, self.city)
        return self.state in MOVING and there and (not carrier or carrier in self.carrier)


class Route(Document):
    """The parcels of one carrier to one province that were signed for in one month (`2026-11`)."""

    carrier: str
    province: str
    month: str
    signed: int = 0
    hours: int = 0
    """From shipping to signing, all of them together."""
    over_seven: int = 0
    """Those that took longer than the days of `stalled.not_signed_days`."""


class RouteFigures(Model):
    """One line of the table: parcels under way, stuck and signed for, mean days to sign, those that took too long."""

    carrier: str
    province: str
    under_way: int = 0
    stuck: int = 0
    signed: int = 0
    days: Decimal | None = None
    over_seven: int = 0


def parcel_id(room: str, tracking_no: str) -> str:
    """The id of a kept parcel."""
    return f"{room}-k{tracking_no}"


def as_told(parcel: ParcelState, known: KeptParcel | None, as_of: datetime) -> ParcelState:
    """A row of a list that is as new as `as_of`, with what earlier lists said and this one leaves out.

    A state that is new, without a time of its own, was reached when the list was made.
    """
    scanned = parcel.last_scan_at
    if scanned is None and known is not None and known.state == parcel.state:
        scanned = known.last_scan_at
    elif scanned is None and parcel.state not in UNSCANNED:
        scanned = as_of
    return parcel.changed(
        order_id=parcel.order_id or (known.order_id if known else ""),
        shipped_at=parcel.shipped_at or (known.shipped_at if known else None), last_scan_at=scanned, told_at=as_of,
        known_since=(known.known_since if known else None) or min(scanned or as_of, as_of),
    )  # fmt: skip


def is_older(parcel: ParcelState, known: KeptParcel | None, as_of: datetime, newest: datetime | None) -> bool:
    """Whether a newer list has told of it. `newest`: how new the newest other list is.

    Lists of several carriers or shops stand beside each other: a parcel only this one has is news, unless the list is
    so much older that the newer one may have left it out because it had ended.
    """
    if known is not None and known.told_at is not None:
        seen = parcel.last_scan_at or known.last_scan_at or as_of
        return (as_of, seen) < (known.told_at, known.last_scan_at or seen)
    return newest is not None and as_of < newest - timedelta(hours=rules().routes.beside_hours)


def kept(
    room: str, parcel: ParcelState, known: KeptParcel | None, now: datetime, *, province: str, city: str
) -> KeptParcel:
    """The parcel as it is now; where it goes stays known though a later list does not say the order."""
    ended = None if parcel.state in MOVING | WAITING else parcel.signed_at or now
    return KeptParcel(
        id=parcel_id(room, parcel.tracking_no), order_id=parcel.order_id or (known.order_id if known else ""),
        tracking_no=parcel.tracking_no, carrier=parcel.carrier or (known.carrier if known else ""),
        province=province or (known.province if known else ""), city=city or (known.city if known else ""),
        state=parcel.state, shipped_at=parcel.shipped_at, last_scan_at=parcel.last_scan_at,
        ended_at=known.ended_at if known and known.ended_at else ended, told_at=parcel.told_at,
        known_since=parcel.known_since,
    )  # fmt: skip


def counts(parcel: ParcelState, known: KeptParcel | None, now: datetime) -> bool:
    """Whether this list is the first to say that the parcel was signed for, and not so late that it may have been
    counted and forgotten."""
    if parcel.state != "signed" or parcel.shipped_at is None or (known and known.ended_at):
        return False
    return (parcel.signed_at or parcel.last_scan_at or now) > forgotten_before(now)


def route_id(room: str, carrier: str, province: str, month: str) -> str:
    """`a1-w2026-11:中通快递:浙江省`."""
    return f"{room}-w{month}:{carrier}:{province}"


def with_parcel(route: Route, parcel: ParcelState, now: datetime) -> Route:
    """The route with one more signed parcel."""
    assert parcel.shipped_at is not None
    took = max((parcel.signed_at or parcel.last_scan_at or now) - parcel.shipped_at, timedelta())
    late = took > rules().stalled.not_signed_days * DAY
    hours = int(took.total_seconds() // 3600)
    return route.changed(
        signed=route.signed + 1, hours=route.hours + hours, over_seven=route.over_seven + late
    )


def forgotten_before(now: datetime) -> datetime:
    """A parcel that ended before this is counted, and forgotten."""
    return now - timedelta(days=rules().routes.kept_days)


def is_stuck(parcel: KeptParcel, now: datetime) -> bool:
    """Whether somebody must ask the carrier for it (REQUIREMENTS E04)."""
    reason = why_parcel(parcel, now)
    return reason is not None and reason[0] == "logistics"


def months(now: datetime) -> tuple[str, ...]:
    """The months the table is of, this one first."""
    first, found = now.replace(day=1), []
    for _ in range(rules().routes.months):
        found.append(f"{first:%Y-%m}")
        first = (first - DAY).replace(day=1)
    return tuple(found)


def table(parcels: Iterable[KeptParcel], routes: Iterable[Route], now: datetime) -> list[RouteFigures]:
    """Every route with enough parcels to say something, the most stuck first, then the slowest."""
    under_way: dict[tuple[str, str], list[KeptParcel]] = defaultdict(list)
    for one in parcels:
        if one.state in MOVING:
            under_way[one.carrier, one.province].append(one)
    signed: dict[tuple[str, str], list[Route]] = defaultdict(list)
    for route in routes:
        if route.month in months(now):
            signed[route.carrier, route.province].append(route)
    lines = [_figures(key, under_way[key], signed[key], now) for key in {*under_way, *signed}]
    enough = [one for one in lines if one.under_way + one.signed >= rules().routes.fewest]
    return sorted(enough, key=lambda one: (-one.stuck, -(one.days or 0), one.carrier, one.province))


def _figures(
    key: tuple[str, str], parcels: list[KeptParcel], routes: list[Route], now: datetime
) -> RouteFigures:
    count, hours = sum(one.signed for one in routes), sum(one.hours for one in routes)
    days = (Decimal(hours) / 24 / count).quantize(TENTH, ROUND_HALF_UP) if count else None
    return RouteFigures(
        carrier=key[0], province=key[1], under_way=len(parcels), signed=count, days=days,
        stuck=sum(is_stuck(one, now) for one in parcels), over_seven=sum(one.over_seven for one in routes),
    )  # fmt: skip
