"""How carriers are reached 快递联系方式: one entry a carrier and region (REQUIREMENTS E23)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from playbooks.addresses.region_names import region as region_of
from playbooks.followup.rules import rules
from playbooks.model import Document, Model, Moment, Refusal


class CarrierContact(Document):
    """Whom to ask at a carrier; `region` '' for everywhere. Its people's numbers are the carrier's, no buyer's."""

    carrier: str
    region: str = ""
    reach: str
    by: str
    at: Moment


class Typed(Model):
    """An entry as typed; `reach` '' takes it away."""

    carrier: str
    region: str
    reach: str


NOTHING = frozenset(["无", "none", "-"])


def read(text: str) -> Typed:
    """`中通 新疆 网点李工 0991-1234567`; without a region for everywhere; `无` takes it away.

    Raises Refusal `carrier.usage`, `carrier.no_number`, `carrier.long`.
    """
    carrier, *rest = text.split()
    region = (region_of(rest[0]) or "") if rest else ""
    reach = " ".join(rest[1:] if region else rest)
    if not reach:
        raise Refusal("carrier.usage")
    if reach in NOTHING:
        return Typed(carrier=carrier, region=region, reach="")
    if not re.search(r"[0-9A-Za-z_-]{3,}", reach):
        raise Refusal("carrier.no_number")
    if len(reach) > rules().carriers.longest:
        raise Refusal("carrier.long", most=rules().carriers.longest)
    return Typed(carrier=carrier, region=region, reach=reach)


def contact_id(room: str, carrier: str, region: str) -> str:
    """The id of an entry."""
    return f"{room}-q{carrier}:{region}"


def whom_to_ask(
    known: Iterable[CarrierContact], carrier: str, province: str, city: str = ""
) -> CarrierContact | None:
    """The entry nearest to where the parcel goes: the city's, the province's, else the carrier's own."""
    theirs = [one for one in known if one.carrier in carrier or (carrier and carrier in one.carrier)]
    by_region = {one.region: one for one in theirs}
    return next((by_region[place] for place in (city, province, "") if place in by_region), None)
