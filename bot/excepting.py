"""Exceptions 误报例外: what a rule finds in a region is let through until a date, as people see and take it back."""

from __future__ import annotations

from bot.card import Row, button, line
from bot.desk import Desk
from bot.hold_cards import rule_name
from playbooks.addresses.around import Excepted
from playbooks.room import MANAGERS
from storage.rows import Line


def exceptions(desk: Desk) -> list[Excepted]:
    """Those in force."""
    return [one for one in desk.books.exceptions.scan() if one.until is None or desk.now < one.until]


def exception_lines(desk: Desk) -> list[Line]:
    """The exceptions in force under their heading; [] where there are none."""
    known = exceptions(desk)
    return [line("hold.exceptions_head"), *(_line(one, desk) for one in known)] if known else []


def exception_rows(desk: Desk) -> list[Row]:
    """For a manager the button that takes each back."""
    if not desk.me.may(MANAGERS):
        return []
    return [
        (button("hold.exception_remove", f"unexcept {one.id}", rule=rule_name(one.rule), region=one.region),)
        for one in exceptions(desk)
    ]


def _line(one: Excepted, desk: Desk) -> Line:
    day = f"{one.until.astimezone(desk.zone):%m-%d}" if one.until else "—"
    region, author = one.region or "—", desk.name(one.author)
    return line("hold.exception_line", rule=rule_name(one.rule), region=region, day=day, author=author)
