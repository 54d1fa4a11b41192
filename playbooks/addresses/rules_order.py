"""What is known of an order besides its own row: the buyer's other orders, stock, the platform's flags."""

from __future__ import annotations

from playbooks.addresses import divisions
from playbooks.addresses.around import Sibling
from playbooks.addresses.case import Case
from playbooks.addresses.findings import Finding


def other_orders(case: Case) -> tuple[Finding, ...]:
    """The buyer's orders of one evening go to different doors, or name different phones: one question to the buyer
    saves a return (双地址). Not a hold by itself.

    Examples: one to 杭州市, one to 苏州市; one address, two phones. Its findings carry the id double_address.
    """
    own = case.around.own
    if own is None:
        return ()
    for other in case.around.siblings:
        if other.order_id != own.order_id and (key := differs(own, other)):
            place = name_of(other.codes) if key == "double_orders" else case.places.said
            return (
                case.says(
                    "double_address",
                    "CHECK",
                    "orders",
                    region=place,
                    key=key,
                    other=other.order_id,
                    place=place,
                ),
            )
    return ()


def differs(own: Sibling, other: Sibling) -> str:
    """Text key of how another order of the buyer differs from this, '' where it does not or nobody can tell."""
    far = own.codes and other.codes and not (lies(own.codes, other.codes) or lies(other.codes, own.codes))
    if far or (own.address_key and other.address_key and own.address_key != other.address_key):
        return "double_orders"
    same_door = own.address_key and own.address_key == other.address_key
    if same_door and own.phone_key and other.phone_key and own.phone_key != other.phone_key:
        return "double_phones"
    return ""


def lies(inner: tuple[str, ...], outer: tuple[str, ...]) -> bool:
    return inner[: len(outer)] == outer


def name_of(codes: tuple[str, ...]) -> str:
    """江苏省 苏州市: the province and city of the codes."""
    units = [unit for code in codes[:2] if (unit := divisions.table().by_code.get(code))]
    return " ".join(unit.name for unit in units)


def merge_candidate(case: Case) -> tuple[Finding, ...]:
    """The buyer has another order to the same door and phone: one parcel saves freight. A note, not a hold.

    Example: 2幢3单元401室 and 2栋3单元401 of one buyer, both to be shipped.
    """
    own = case.around.own
    if own is None or not own.address_key:
        return ()
    same = [
        other.order_id
        for other in case.around.siblings
        if other.order_id != own.order_id
        and other.address_key == own.address_key
        and (not own.phone_key or not other.phone_key or own.phone_key == other.phone_key)
    ]
    if not same:
        return ()
    return (case.says("merge_candidate", "PASS", "orders", orders=", ".join(same[:5]), count=str(len(same))),)


def presale(case: Case) -> tuple[Finding, ...]:
    """Sold ahead 预售: not to be packed with today's parcels; its own ship-by day counts. A note.

    Examples: a product of the run sheet that ships in ten days; 是否预售 = 是 in the export.
    """
    return (case.says("presale", "PASS", "order"),) if case.around.presale or case.order.presale else ()


def out_of_stock(case: Case) -> tuple[Finding, ...]:
    """无货: the shop cannot deliver what was bought; the buyer is asked before the time to ship is over (D06).

    Example: link 3 was sold out and taken off, this order still holds it.
    """
    names = "、".join(case.around.out_of_stock)
    return (case.says("out_of_stock", "HOLD", "order", products=names),) if names else ()


def changed_address(case: Case) -> tuple[Finding, ...]:
    """The platform says the address was changed after paying: labels printed before it are wrong. A note.

    Example: 是否修改过地址 = 是.
    """
    return (case.says("changed_address", "PASS", "order"),) if case.order.address_changed else ()
