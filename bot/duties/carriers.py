"""Carriers 快递: how each is reached by region (E23), which routes are slow (E09), so that another is recommended."""

from __future__ import annotations

from bot.call import Call
from bot.card import Card, button, line, tell
from bot.desk import Desk
from bot.duty import Command, DutySpec
from bot.pages import in_pages
from bot.route_lines import route_lines, score_line
from bot.under_way import under_way
from playbooks.followup import carriers, routes
from playbooks.followup.carriers import CarrierContact
from playbooks.model import Refusal
from playbooks.room import IN_CHARGE, SERVICE, Role
from storage.rows import Line

ROUTES_SHOWN = 20
READERS: frozenset[Role] = SERVICE | {"ops", "warehouse"}


def carrier(call: Call, desk: Desk) -> list[Card]:
    """`/carrier 中通 新疆 网点李工 0991-…` keeps whom to ask; `… 无` takes it away; alone it lists them."""
    if not call.args.strip():
        return _list(desk)
    typed = carriers.read(call.args)
    id = carriers.contact_id(desk.room.id, typed.carrier, typed.region)
    if not typed.reach:
        if desk.books.carriers.get(id) is None:
            raise Refusal("carrier.unknown", carrier=typed.carrier, region=typed.region or "—")
        desk.books.carriers.drop(id)
        desk.note("carrier", id, step="dropped", carrier=typed.carrier, region=typed.region)
        return [tell(desk.me.id, line("carrier.dropped", carrier=typed.carrier, region=typed.region or "—"))]
    one = desk.books.carriers.put(
        CarrierContact(
            id=id, carrier=typed.carrier, region=typed.region, reach=typed.reach, by=desk.me.id, at=desk.now
        )
    )
    desk.note("carrier", id, step="set", carrier=one.carrier, region=one.region)
    return [tell(desk.me.id, line("carrier.kept"), _line(one, desk))]


def _line(one: CarrierContact, desk: Desk) -> Line:
    return line(
        "carrier.line", carrier=one.carrier, region=one.region or "—", reach=one.reach, by=desk.name(one.by)
    )


def _list(desk: Desk) -> list[Card]:
    known = sorted(desk.books.carriers.scan(), key=lambda one: (one.carrier, one.region))
    if not known:
        raise Refusal("carrier.none")
    pages = in_pages([line("carrier.head"), *(_line(one, desk) for one in known)], desk.room.lang)
    return [tell(desk.me.id, page) for page in pages]


def slow(call: Call, desk: Desk) -> list[Card]:
    """`/routes`: carrier by region: stuck, under way, days to sign; the worst first, `/routes 中通` of one carrier."""
    found = routes.table(under_way(desk.books), desk.books.routes.scan(), desk.now)
    named = [one for one in found if call.args.strip() in one.carrier or call.args.strip() in one.province]
    if not named:
        raise Refusal("routes.none")
    said = [line("routes.head", months=" ".join(reversed(routes.months(desk.now))))]
    said += route_lines(named[:ROUTES_SHOWN])
    if len(named) > ROUTES_SHOWN:
        said.append(line("routes.more", count=len(named) - ROUTES_SHOWN))
    said.append(score_line(desk.books.review_entries.scan(), desk.zone))
    worst = next((one for one in named if one.stuck and one.province), None)
    rows = (
        (
            (
                button(
                    "delay.offer_one", f"delay {worst.province} {worst.carrier}", carrier=worst.carrier,
                    region=worst.province, count=worst.stuck,
                ),
            ),
        )
        if worst and desk.me.may(IN_CHARGE)
        else ()
    )  # fmt: skip
    return [tell(desk.me.id, said, buttons=rows)]


DUTY = DutySpec(
    "carriers",
    commands=(
        Command("carrier", carrier, words=("快递电话", "快递联系人"), roles=SERVICE, private=True),
        Command(
            "routes", slow, words=("慢线路", "快递时效"), roles=READERS, reads=True, private=True, slow=True
        ),
    ),
)
