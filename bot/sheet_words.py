"""What stands in a bound spreadsheet, in words: headings of our tabs, and what people may choose for a state."""

from __future__ import annotations

from functools import cache
from typing import get_args

from bot.texts import LANGUAGES, say
from bot.texts import plain as bare
from playbooks import cases, followup
from playbooks.chase import ANSWERS, Reason
from playbooks.sheets import COLUMNS, TWO_WAY, TabKind, plain

STEPS = ("phone", "button", "message")
BY_A_SENIOR = "malicious"
"""An answer that takes an order out of everybody's figures: a table does not know who typed it."""
STATES = ("open", "claimed", "contacted", "waiting", "paid", "lost", "dropped")
FOLLOW_STATES = ("open", "claimed", "done", "dropped")


def word(lang: str, key: str) -> str:
    """A text as it stands in a cell."""
    return bare(say(lang, key)).strip()


@cache
def heading(lang: str, kind: TabKind, field: str) -> str:
    """A column's heading."""
    own = f"sheet_tab.{kind}_{field}"
    return word(lang, own if field == "key" else f"sheet_tab.col_{field}")


@cache
def headings(kind: TabKind) -> dict[str, str]:
    """Every heading a tab may have, in whichever language -> its field."""
    return {plain(heading(lang, kind, one.field)): one.field for lang in LANGUAGES for one in COLUMNS[kind]}


@cache
def problem_headings() -> frozenset[str]:
    """The heading of the column in which we say what is wrong with a row."""
    return frozenset(plain(word(lang, "sheet_tab.col_problem")) for lang in LANGUAGES)


@cache
def meanings() -> dict[str, tuple[str, str]]:
    """A word in the state column of the pending tab -> (`answer`, which), (`step`, which) or (`state`, which)."""
    found: dict[str, tuple[str, str]] = {}
    for lang in LANGUAGES:
        found |= {word(lang, f"chase.state_{one}"): ("state", one) for one in STATES}
        found |= {word(lang, f"chase.step_{one}"): ("step", one) for one in STEPS}
        answers = (one for one in ANSWERS if one != BY_A_SENIOR)
        found |= {word(lang, f"chase.outcome_{one}"): ("answer", one) for one in answers}
        # Who writes 已付款 saw it paid: an agent's word, like 说已付, until an export shows it.
        found[word(lang, "chase.state_paid")] = ("answer", "paid_said")
    return found


@cache
def reasons() -> dict[str, str]:
    """A word in the reason column -> the reason."""
    return {word(lang, f"chase.reason_{one}"): one for lang in LANGUAGES for one in get_args(Reason)}


@cache
def outcomes(kind: str) -> dict[str, str]:
    """A word in the state column of the follow-up tab -> the outcome of that kind of follow-up."""
    known = followup.outcomes(kind)  # type: ignore[arg-type]
    return {word(lang, f"followup.outcome_{one}"): one for lang in LANGUAGES for one in known}


@cache
def case_outcomes(kind: str) -> dict[str, str]:
    """A word in the state column of the case tab -> the outcome of that kind of case."""
    known = cases.rules().kinds[kind].outcomes  # type: ignore[index]
    return {plain(word(lang, f"case.outcome_{one}")): one for lang in LANGUAGES for one in known}


@cache
def case_states() -> frozenset[str]:
    """Words in the state column of the case tab that are ours to write."""
    return frozenset(plain(word(lang, f"case.state_{one}")) for lang in LANGUAGES for one in cases.OPEN)


@cache
def case_causes() -> dict[str, str]:
    """A word in the cause column -> the cause."""
    return {plain(word(lang, f"case.cause_{one}")): one for lang in LANGUAGES for one in cases.rules().causes}


@cache
def choices(lang: str, kind: TabKind) -> dict[str, tuple[str, ...]]:
    """Field -> the words its cells offer, with those that only we write, so that none of them looks wrong."""
    if kind == "pending":
        keys = (
            *(f"chase.step_{one}" for one in STEPS),
            *(f"chase.outcome_{one}" for one in ANSWERS if one != BY_A_SENIOR),
            *(f"chase.state_{one}" for one in STATES),
        )
        words = {"state": tuple(word(lang, key) for key in keys)}
        return words | {"reason": tuple(word(lang, f"chase.reason_{one}") for one in get_args(Reason))}
    if kind == "case":
        outcomes_ = (
            f"case.outcome_{one}" for each in cases.KINDS for one in cases.rules().kinds[each].outcomes
        )
        keys = (*outcomes_, *(f"case.state_{one}" for one in cases.OPEN))
        states = tuple(dict.fromkeys(word(lang, key) for key in keys))
        return {
            "state": states,
            "cause": tuple(word(lang, f"case.cause_{one}") for one in cases.rules().causes),
        }
    if kind in TWO_WAY:
        ended = (
            f"followup.outcome_{one}" for each in followup.rules().kinds for one in followup.outcomes(each)
        )
        keys = (*ended, *(f"sheet_tab.follow_{one}" for one in FOLLOW_STATES))
        return {"state": tuple(dict.fromkeys(word(lang, key) for key in keys))}
    return {}
