"""Every reason and sort in the rules, which a shop may change, has its words in both languages."""

from __future__ import annotations

from bot import texts
from playbooks import inquiries, needs


def test_every_reason_and_sort_has_a_text() -> None:
    built = [f"lost.reason_{id}" for id in inquiries.rules().reasons]
    built += [f"need.sort_{id}" for id in needs.rules().sorts]
    assert not [key for key in built if not texts.known(key)]
    assert inquiries.OTHER in inquiries.rules().reasons
