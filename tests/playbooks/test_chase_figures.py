"""The funnel of the chase: what recovery is, and what would have been paid anyway."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from playbooks.chase import Chase, Contact, Funnel, fates, funnel, groups
from playbooks.orders import OrderState

BEGAN = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
NOW = BEGAN + timedelta(hours=3)


def at(minute: float) -> datetime:
    return BEGAN + timedelta(minutes=minute)


def chased(order_id: str, *, contact: float | None = None, who: str = "amy", **told: Any) -> Chase:
    contacts = () if contact is None else (Contact(at=at(contact), who=who, step="button", round=1),)
    facts = {"id": f"a1-c{order_id}", "order_id": order_id, "platform": "douyin",
             "amount": Decimal(50), "source": "file",
             "seen_at": at(8), "data_as_of": at(8), "created_at": at(0), "expires_at": at(30),
             "contacts": contacts, "link_no": 3, "title": "白色T恤"}  # fmt: skip
    return Chase.model_validate({**facts, **told})


def paid(order_id: str, minute: float, **told: Any) -> Chase:
    return chased(order_id, state="paid", paid_at=at(minute), closed_why="paid", closed_at=at(minute), **told)


def state(order_id: str, status: str, **told: Any) -> OrderState:
    facts = {"id": f"a1-o{order_id}", "order_id": order_id, "platform": "douyin",
             "status": status, "as_of": NOW,
             "created_at": at(0), "amount": Decimal(50)}  # fmt: skip
    return OrderState.model_validate({**facts, **told})


def test_an_evening_is_counted_as_the_definitions_say() -> None:
    told = funnel(
        [
            paid("1", 20, contact=10),
            paid("2", 20, contact=12, who="bob", amount=Decimal(30), link_no=4),
            chased("3", contact=11, state="lost", closed_why="refused", reason="price", answer="refused"),
            paid("4", 5.5),
            chased("5", state="lost", closed_why="expired"),
        ],
        [state("6", "paid_unshipped", paid_at=at(1)), state("7", "shipped", paid_at=at(9))],
        NOW,
    )
    assert (told.created, told.unpaid, told.contacted, told.recovered) == (7, 5, 3, 2)
    assert told.unpaid_rate == Decimal("0.2857")
    assert (told.lasting, told.coverage) == (6, Decimal("0.5000"))
    assert told.success_rate == Decimal("0.6667")
    assert told.recovered_amount == Decimal("80.00")
    assert (told.uncontacted, told.uncontacted_paid, told.natural_rate) == (3, 2, Decimal("0.6667"))
    assert told.reasons == (("price", 1),)
    assert [(s.key, s.contacted, s.recovered, s.amount) for s in told.agents] == [
        ("amy", 2, 1, Decimal("50.00")), ("bob", 1, 1, Decimal("30.00")),
    ]  # fmt: skip
    assert [(s.key, s.title, s.unpaid, s.recovered) for s in told.products] == [
        ("3", "白色T恤", 4, 1), ("4", "白色T恤", 1, 1),
    ]  # fmt: skip
    assert [(slot.at, slot.new, slot.recovered) for slot in told.slots] == [(at(0), 5, 0), (at(15), 0, 2)]


def test_what_has_no_denominator_is_not_known_rather_than_zero() -> None:
    told = funnel([], [], NOW)
    assert (told.created, told.unpaid_rate, told.coverage, told.success_rate) == (None,) * 4
    assert (told.recovered_amount, told.natural_rate) == (None, None)
    only_waiting = funnel([chased("1")], [], NOW)
    assert (only_waiting.recovered_amount, only_waiting.success_rate) == (None, None)


def one(known: Chase, *orders: OrderState) -> Funnel:
    return funnel([known], orders, NOW)


def test_a_payment_before_the_contact_after_expiry_or_after_a_day_is_not_recovered() -> None:
    assert one(paid("1", 9, contact=10)).recovered == 0
    assert one(paid("1", 31, contact=10)).recovered == 0
    assert one(paid("1", 25 * 60, contact=10, expires_at=None)).recovered == 0
    assert one(paid("1", 23 * 60, contact=10, expires_at=None)).recovered == 1


def test_a_payment_given_back_is_not_recovered_and_one_without_a_time_neither() -> None:
    assert one(paid("1", 20, contact=10), state("1", "refunded", paid_at=at(20))).recovered == 0
    assert one(chased("1", contact=10, state="paid"), state("1", "shipped")).recovered == 0


def test_the_amount_the_export_says_was_paid_counts() -> None:
    told = one(paid("1", 20, contact=10), state("1", "shipped", paid_at=at(20), amount=Decimal(45)))
    assert told.recovered_amount == Decimal("45.00")
    unpriced = one(paid("1", 20, contact=10, amount=None))
    assert (unpriced.recovered_amount, unpriced.recovered_unpriced) == (Decimal("0.00"), 1)


def test_malicious_wrong_and_buyer_cancelled_orders_are_left_out_of_the_rates() -> None:
    told = funnel(
        [
            chased("1", contact=10, state="dropped", answer="malicious", closed_why="malicious"),
            chased("2", contact=10, state="dropped", answer="wrong", closed_why="wrong"),
            chased("3", contact=10, state="lost", closed_why="buyer"),
        ],
        [],
        NOW,
    )
    assert (told.excluded, told.unpaid, told.contacted, told.success_rate) == (3, 0, 0, None)


def test_the_baseline_counts_only_orders_that_are_decided() -> None:
    open_still = chased("1", expires_at=None)
    assert one(open_still).natural_rate is None
    assert funnel([open_still, chased("2", state="lost", closed_why="expired")], [], NOW).natural_rate == 0


def test_an_order_its_buyer_cancelled_is_left_out_whether_chased_or_not() -> None:
    unchased = state("1", "cancelled", closed_why="buyer", closed_at=at(20))
    told = funnel([], [unchased, state("2", "closed", closed_why="expired", closed_at=at(30))], NOW)
    assert (told.excluded, told.unpaid, told.uncontacted, told.uncontacted_paid) == (1, 1, 1, 0)
    assert told.unpaid_rate == 1


@given(st.floats(0.5, 60))
def test_an_order_nobody_chased_lingers_only_until_its_death(minute: float) -> None:
    dead = state("1", "closed", closed_why="expired", closed_at=at(minute))
    told = funnel([], [dead], NOW)
    assert told.lasting == told.uncontacted == (1 if minute > 5 else 0)


def test_an_order_counts_with_each_channel_used_before_it_was_paid_and_none_used_after() -> None:
    steps = (("phone", 10), ("message", 12), ("button", 25))
    contacts = tuple(Contact(at=at(minute), who="amy", step=step, round=1) for step, minute in steps)
    told = one(paid("1", 20, contacts=contacts))
    assert [(s.key, s.contacted, s.recovered) for s in told.channels] == [("message", 1, 1), ("phone", 1, 1)]


def test_what_offers_took_off_is_beside_the_recovered_yuan_and_only_of_recovered_orders() -> None:
    told = funnel(
        [
            paid("1", 20, contact=10, offer="减 5 元", offer_cost=Decimal(5)),
            paid("2", 20, contact=10, offer="送小样"),
            chased(
                "3", contact=10, state="lost", closed_why="expired", offer="减 5 元", offer_cost=Decimal(5)
            ),
        ],
        [],
        NOW,
    )
    assert (told.recovered_amount, told.discount, told.gifts) == (Decimal("100.00"), Decimal("5.00"), 1)
    assert told.won_rate == Decimal("0.6667")
    assert one(chased("1")).won_rate is None


def test_a_product_stands_beside_its_own_baseline_and_an_agent_beside_that_of_all() -> None:
    lost = {"state": "lost", "closed_why": "expired"}
    told = funnel([paid("1", 20, contact=10), paid("2", 20), chased("3", link_no=4, **lost)], [], NOW)
    assert {s.key: s.natural_rate for s in told.products} == {"3": 1, "4": 0}
    assert [s.natural_rate for s in told.agents] == [Decimal("0.5000")]


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["open", "contacted", "paid", "lost", "dropped"]),
        st.one_of(st.none(), st.integers(1, 60)),
        st.one_of(st.none(), st.integers(1, 60)),
        st.sampled_from(["amy", "bob"]),
        st.sampled_from([None, 3, 4]),
        st.sampled_from(["", "expired", "buyer", "refused"]),
        st.sampled_from([None, "price", "attitude"]),
        st.booleans(),
    ),
    max_size=12,
)


@given(ROWS, st.integers(0, 5))
def test_the_parts_of_the_funnel_add_up(rows: list[Any], others: int) -> None:
    chases, orders = [], []
    for number, (status, contact, paid_at, who, link_no, why, reason, exported) in enumerate(rows):
        made = chased(
            str(number), contact=contact, who=who, state=status, link_no=link_no, reason=reason,
            closed_why=why, paid_at=None if status != "paid" or paid_at is None else at(paid_at),
        )  # fmt: skip
        chases.append(made)
        if exported:
            exported_as = "shipped" if status == "paid" else "pending_payment"
            orders.append(state(str(number), exported_as, paid_at=made.paid_at))
    orders += [state(f"x{number}", "shipped", paid_at=at(number * 4)) for number in range(others)]
    told = funnel(chases, orders, NOW)
    assert told.unpaid + told.excluded == len(chases)
    assert told.recovered <= told.contacted <= told.unpaid
    assert told.uncontacted_paid <= told.uncontacted <= told.lasting
    assert sum(share.contacted for share in told.agents) == told.contacted
    assert sum(share.recovered for share in told.agents) == told.recovered
    assert sum(share.unpaid for share in told.products) == told.unpaid
    assert sum(share.recovered for share in told.products) == told.recovered
    assert sum(slot.new for slot in told.slots) == told.unpaid
    assert sum(slot.recovered for slot in told.slots) == told.recovered
    opened = groups(tuple(fates(chases, orders, NOW)), NOW)
    for group in (
        "unpaid",
        "excluded",
        "contacted",
        "lasting",
        "recovered",
        "uncontacted",
        "uncontacted_paid",
    ):
        assert len(opened[group]) == getattr(told, group)  # type: ignore[index]
    assert len(opened["created"]) == (told.created or 0)
    assert len(opened["reached"]) + len(opened["unreached"]) == told.lasting
    for share in (*told.agents, *told.channels, *told.products, *told.by_reason):
        assert share.recovered <= share.contacted <= share.unpaid
        assert share.natural_rate is not None or not told.uncontacted or share in told.products
    assert (told.recovered_amount is None) == (told.contacted == 0)
    assert (told.recovered_amount or 0) == sum(share.amount or 0 for share in told.agents)
    for rate in (told.coverage, told.success_rate, told.natural_rate, told.unpaid_rate):
        assert rate is None or 0 <= rate <= 1


@given(st.integers(11, 29), st.integers(11, 29))
def test_only_an_offer_made_before_the_payment_is_a_cost_of_it(offered: int, payment: int) -> None:
    made = {"offer": "减 5 元", "offer_cost": Decimal(5), "offered_at": at(offered)}
    told = one(paid("1", payment, contact=10, **made))
    assert told.recovered == 1
    assert told.discount == (5 if offered <= payment else 0)
    gift = one(paid("1", payment, contact=10, **{**made, "offer_cost": None}))
    assert gift.gifts == (1 if offered <= payment else 0)
