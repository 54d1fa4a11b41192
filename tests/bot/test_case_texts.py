"""Whatever a case can be, become and be told of has its words in both languages, and every word of it is used."""

from __future__ import annotations

from itertools import chain
from typing import get_args

import pytest

from bot import texts
from bot.case_table import COLUMNS
from playbooks import cases
from playbooks.cases import GRAVEST, KINDS, State, What


def built() -> set[str]:
    """The keys that are put together from data and states."""
    known = cases.rules()
    outcomes = set(chain.from_iterable(one.outcomes for one in known.kinds.values()))
    names = [f"kind_{kind}" for kind in KINDS] + [f"due_{alarm}" for alarm in GRAVEST]
    names += [f"type_{id}" for id in known.types] + [f"cause_{id}" for id in known.causes]
    names += [f"state_{state}" for state in get_args(State) if state != "closed"]
    names += [f"what_{what}" for what in get_args(What)] + [f"table_{key}" for key, _, _ in COLUMNS]
    names += [f"outcome_{one}" for one in outcomes] + [f"end_{one}" for one in outcomes if one != "void"]
    names += [f"ask_order_{kind}" for kind in KINDS if kind != "mistake"] + ["the_type", "the_cause"]
    return {f"case.{name}" for name in [*names, "did_message", "did_phone"]}


@pytest.mark.parametrize("lang", list(texts.LANGUAGES))
def test_whatever_a_case_can_be_has_its_words(lang: str) -> None:
    assert not built() - texts.texts(lang).keys()


def test_no_word_for_a_case_stands_for_nothing() -> None:
    prefixes = (
        "kind_",
        "due_",
        "type_",
        "cause_",
        "state_",
        "what_",
        "table_",
        "outcome_",
        "end_",
        "ask_order_",
    )
    made = {key for key in texts.texts("zh-CN") if key.startswith(tuple(f"case.{one}" for one in prefixes))}
    assert made - built() <= {"case.type_unknown", "case.cause_unknown", "case.cause_missing", "case.cause_count",
                              "case.outcome_unknown", "case.table_kind"}  # fmt: skip
