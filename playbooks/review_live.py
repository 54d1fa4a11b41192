"""Sections 2, 3 and 7 of the review: goals beside results, traffic, service figures, from what people entered.

Formulas of facts/metrics.yaml live and inquiry_conversion. What was not entered, or has no denominator, is None.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from playbooks.metrics import FOUR_PLACES
from playbooks.model import to_cents
from playbooks.review_entered import Entered, FigureKind, Part, asked_for, spec_of
from playbooks.review_model import Goal, Metric, Sales

GPM = 1000


def _over(part: Decimal | int | None, whole: Decimal | int | None) -> Decimal | None:
    return None if part is None or not whole else Decimal(part) / Decimal(whole)


def _yuan(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else to_cents(amount)


def _share(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(FOUR_PLACES, ROUND_HALF_UP)


def worked_out(entered: Entered, sales: Sales) -> dict[str, Metric]:
    """What follows from what was entered and sold, by id.

    uv_value = net sales / viewers; gpm = GMV × 1000 / viewers; view_to_order = buyers / viewers; basket = net sales /
    buyers; click_rate = clicks / exposures; interaction = commenters / viewers; fan_rate = new fans / viewers;
    roi = net sales / ad cost; refund_rate = paid and refunded since / paid; inquiry_conversion = inquirers who paid /
    inquirers.
    """
    viewers, buyers, net = entered.value("viewers"), entered.value("buyers"), sales.net_sales
    gmv = None if sales.gmv is None else sales.gmv * GPM
    found: dict[str, tuple[FigureKind, Decimal | None]] = {
        "uv_value": ("yuan", _yuan(_over(net, viewers))),
        "gpm": ("yuan", _yuan(_over(gmv, viewers))),
        "view_to_order": ("rate", _share(_over(buyers, viewers))),
        "basket": ("yuan", _yuan(_over(net, buyers))),
        "click_rate": ("rate", _share(_over(entered.value("clicks"), entered.value("exposures")))),
        "interaction": ("rate", _share(_over(entered.value("commenters"), viewers))),
        "fan_rate": ("rate", _share(_over(entered.value("new_fans"), viewers))),
        "roi": ("score", _yuan(_over(net, entered.value("ad_cost")))),
        "refund_rate": ("rate", _share(_over(sales.refunded, sales.paid))),
        "inquiry_conversion": ("rate", _share(_over(entered.value("inquirers_paid"), entered.value("inquirers")))),
    }  # fmt: skip
    return {id: Metric(id=id, kind=kind, value=value, worked_out=True) for id, (kind, value) in found.items()}


MADE_OF: dict[str, tuple[str, ...]] = {
    "uv_value": ("net_sales", "viewers"), "gpm": ("gmv", "viewers"), "view_to_order": ("buyers", "viewers"),
    "basket": ("net_sales", "buyers"), "click_rate": ("clicks", "exposures"),
    "interaction": ("commenters", "viewers"), "fan_rate": ("new_fans", "viewers"), "roi": ("net_sales", "ad_cost"),
    "inquiry_conversion": ("inquirers_paid", "inquirers"),
}  # fmt: skip
"""What each is worked out of: figures of the sales, and entered ones; the refund rate's are orders."""
OF_TRAFFIC = ("uv_value", "gpm", "view_to_order", "basket", "click_rate", "interaction", "fan_rate", "roi")
OF_SERVICE = ("inquiry_conversion",)
AT_MOST = frozenset(["goal_refund_rate"])
"""Goals that are not to be exceeded."""


def goals(entered: Entered, sales: Sales) -> tuple[Goal, ...]:
    """A row a goal somebody set, in the order of the form."""
    derived = worked_out(entered, sales)
    results = {
        "goal_net_sales": sales.net_sales, "goal_gmv": sales.gmv, "goal_viewers": entered.value("viewers"),
        **{f"goal_{id}": derived[id].value for id in ("view_to_order", "basket", "uv_value", "refund_rate")},
    }  # fmt: skip
    return tuple(
        Goal(
            id=id, kind=spec_of(id).kind, goal=told.value, result=results[id],
            reached=None if id in AT_MOST else _share(_over(results[id], told.value)), at_most=id in AT_MOST,
        )
        for id, told in ((id, entered.figures[id]) for id in results if id in entered.figures)
    )  # fmt: skip


def metrics(section: Part, entered: Entered, sales: Sales, platform: str) -> tuple[Metric, ...]:
    """What is known of a section: figures entered, then what follows from them; () where nobody entered any."""
    told = [
        Metric(id=one.id, kind=one.kind, value=entered.value(one.id))
        for one in asked_for(section, platform)
        if one.id in entered.figures
    ]
    derived = worked_out(entered, sales)
    follows = [derived[id] for id in (OF_TRAFFIC if section == "traffic" else OF_SERVICE)]
    return (*told, *(one for one in follows if one.value is not None)) if told else ()
