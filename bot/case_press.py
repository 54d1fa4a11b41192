"""What every press on a case's card shares: the words it carries, and who sees what came of it."""

from __future__ import annotations

from collections.abc import Callable

from bot.asking import ask
from bot.call import Call
from bot.card import Card, line
from bot.case_cards import case_card
from bot.cases import keep, need_theirs
from bot.desk import Desk
from bot.duty import Command
from playbooks.cases import Case, What


def seen(one: Case, desk: Desk, *first: str) -> list[Card]:
    """The caller's card as the case stands now; whose it is hears of what another did."""
    said = [case_card(one, desk.me.id, desk, *(line(key) for key in first), edit=True)]
    if one.owner != desk.me.id:
        said.append(case_card(one, one.owner, desk, line("case.other_did", by=desk.me.name), edit=True))
    return said


def words(call: Call) -> tuple[str, str, str]:
    """The case, the next word, and the rest as it was typed."""
    id, _, rest = call.args.strip().partition(" ")
    word, _, _ = rest.strip().partition(" ")
    return id, word, rest.strip()


def step(name: str, run: Callable[[Call, Desk], list[Card]]) -> Command:
    """A press: whether the case is the caller's is asked of the case, for a slip may be anybody's."""
    return Command(name, run, listed=False, private=True)


def sentence(
    command: str, key: str, do: Callable[[Case, str, Desk], Case], what: What
) -> Callable[[Call, Desk], list[Card]]:
    """A step that needs a sentence, which is asked for with the text `key` where it is missing."""

    def run(call: Call, desk: Desk) -> list[Card]:
        id, _, text = words(call)
        before = need_theirs(id, desk)
        if not text:
            return ask(f"{command} {before.id}", key, desk)
        return seen(keep(do(before, text, desk), what, desk), desk)

    return run
