"""What docs/address-audit.md claims of labelled addresses holds."""

from __future__ import annotations

from playbooks.addresses.parse import parse
from tests.support.address_figures import accused, cases, consistent, spliced, wrong

EXPRESS, HARD = 0.965, 0.86
CPCA_ON_WUHAN = 343
"""How many of the 798 rows cpca 0.5.5 has right by the same count (`make bench`)."""
ALARMS, CAUGHT = 0.003, 0.99


def test_delivery_addresses_are_right_at_all_three_levels() -> None:
    rows = cases("express")
    assert len(wrong(rows)) <= (1 - EXPRESS) * len(rows)


def test_delivery_addresses_are_right_even_by_the_names_of_the_year_they_were_labelled() -> None:
    rows = cases("express")
    assert len(wrong(rows, today=False)) <= (1 - EXPRESS) * len(rows)


def test_the_hard_addresses_of_three_libraries_are_read() -> None:
    rows = cases("hard")
    assert len(wrong(rows)) <= (1 - HARD) * len(rows)


def test_addresses_without_province_are_read_better_than_by_cpca() -> None:
    rows = cases("wuhan2020")
    assert len(rows) - len(wrong(rows)) > CPCA_ON_WUHAN


def test_clean_orders_are_not_accused_of_another_place() -> None:
    orders = list(consistent())
    alarms = [(case["id"], found) for case, text, place in orders if (found := accused(text, place))]
    assert len(alarms) <= ALARMS * len(orders), alarms


def test_another_citys_address_in_a_message_is_caught() -> None:
    messages = list(spliced())
    passed = [text for text, place in messages if not accused(text, place)]
    assert len(passed) <= (1 - CAUGHT) * len(messages), passed


def test_names_and_phones_of_pasted_addresses_are_found() -> None:
    rows = cases("express")
    found = [(case, parse(case["text"])) for case in rows]
    assert all(parsed.phone == case["phone"] for case, parsed in found)
    assert sum(parsed.name == case["name"] for case, parsed in found) >= 0.98 * len(rows)
