"""Cases, promises and slips of a broadcast are counted once each, and what nobody put in is not known."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbooks.cases import KINDS, Case
from playbooks.promises import Promise
from playbooks.review_cases import case_figures, of_cases
from tests.support.review_evening import NOW, OFF

HOUR = timedelta(hours=1)


def case(number: int, kind: str, *, due: float = 5, closed: float | None = None, **more: object) -> Case:
    """A case put in at the end of the stream; `due`, `closed`: hours later."""
    state = "closed" if closed is not None else "accepted" if kind == "complaint" else "open"
    facts = {
        "id": f"a1-cs{number}", "number": number, "kind": kind, "state": state, "owner": "21", "by": "21", "at": OFF,
        "due_at": OFF + due * HOUR, "cap_at": OFF + 72 * HOUR, "heard_at": OFF,
        "outcome": "solved" if closed is not None else "",
        "closed_at": OFF + closed * HOUR if closed is not None else None,
    }  # fmt: skip
    return Case.model_validate({**facts, **more})


def promise(number: int, due: float, kept: float | None = None) -> Promise:
    return Promise(
        id=f"a1-m{number}", order_id=f"69179267688236{number:05}", text="补发小样", due_at=OFF + due * HOUR, owner="21",
        at=OFF, kept_at=None if kept is None else OFF + kept * HOUR,
    )  # fmt: skip


def test_a_kind_says_how_many_came_are_over_and_were_late():
    told = case_figures(
        [case(1, "negative", closed=4), case(2, "negative", closed=6), case(3, "negative"), case(4, "mixed", due=20)],
        [], NOW,
    )  # fmt: skip
    negative = told.of("negative")
    assert negative
    assert (negative.came, negative.closed, negative.open, negative.late) == (3, 2, 1, 2)
    assert negative.rate == Decimal("0.6667")
    assert told.of("complaint") is None


def test_complaints_stand_by_their_state_and_say_what_went_wrong_again():
    told = case_figures(
        [
            case(1, "complaint"), case(2, "complaint", state="tracking", second=True, unsatisfied=1),
            case(3, "complaint", closed=3, second=True, reopened=1), case(4, "negative", second=False),
        ],
        [], NOW,
    )  # fmt: skip
    assert told.complaints == (("accepted", 1), ("tracking", 1), ("closed", 1))
    assert (told.second, told.reopened, told.unsatisfied) == (2, 1, 1)


def test_the_register_goes_by_type_with_the_yuan_somebody_named():
    told = case_figures(
        [
            case(1, "aftersale", type="return_refund", amount=Decimal("59.00")),
            case(2, "aftersale", type="return_refund", amount=Decimal("1.50"), closed=2),
            case(3, "aftersale", type="resend"), case(4, "aftersale"),
        ],
        [], NOW,
    )  # fmt: skip
    found = {one.type: (one.came, one.closed, one.amount) for one in told.types}
    assert found == {"return_refund": (2, 1, Decimal("60.50")), "resend": (1, 0, None), "": (1, 0, None)}


def test_what_was_put_in_by_mistake_is_counted_nowhere():
    void = [case(n, kind, closed=1, outcome="void", second=True) for n, kind in enumerate(KINDS)]
    told = case_figures(void, [], NOW)
    assert told == case_figures([], [], NOW)
    assert not [id for id, value in of_cases(told).items() if value is not None]


def test_slips_go_by_who_answers_for_them():
    told = case_figures(
        [case(1, "mistake"), case(2, "mistake", closed=1), case(3, "mistake", owner="22")], [], NOW
    )
    assert [(one.who, one.count, one.cured) for one in told.mistakes] == [("21", 2, 1), ("22", 1, 0)]


def test_a_promise_is_kept_late_broken_or_not_due_yet():
    told = case_figures([], [promise(1, 2, 1), promise(2, 2, 3), promise(3, 2), promise(4, 20)], NOW).promises
    assert told
    assert (told.made, told.kept, told.late, told.broken, told.open) == (4, 1, 1, 1, 1)
    assert told.rate == Decimal("0.3333")


@pytest.mark.parametrize("kept", [None, 1.0])
def test_a_promise_that_is_not_due_breaks_no_rate(kept):
    told = case_figures([], [promise(1, 20, kept)], NOW).promises
    assert told
    assert told.rate == (Decimal(1) if kept else None)


cases_ = st.lists(
    st.builds(
        case, st.integers(1, 99), st.sampled_from(KINDS), due=st.floats(0, 30),
        closed=st.none() | st.floats(0, 30), second=st.booleans(), owner=st.sampled_from(["21", "22"]),
        outcome=st.sampled_from(["solved", "void"]),
    ),
    max_size=12,
)  # fmt: skip
promises_ = st.lists(
    st.builds(promise, st.integers(1, 99), st.floats(0, 30), st.none() | st.floats(0, 9)), max_size=8
)


@settings(max_examples=40)
@given(cases_, promises_)
def test_the_parts_add_up_to_the_whole(some, promised):
    told = case_figures(some, promised, NOW)
    counts = [one for one in some if one.outcome != "void"]
    assert sum(one.came for one in told.kinds) == len(counts)
    assert all(one.closed + one.open == one.came >= one.late for one in told.kinds)
    assert sum(n for _, n in told.complaints) == sum(one.kind == "complaint" for one in counts)
    assert sum(one.count for one in told.mistakes) == sum(one.kind == "mistake" for one in counts)
    if kept := told.promises:
        assert kept.kept + kept.late + kept.broken + kept.open == kept.made == len(promised)
