"""The cases and promises behind the figures of a review's sections 7, 9 and 10."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.card import line
from bot.desk import Desk
from bot.review_night import LONGEST, Event, Night, Opener
from bot.review_words import clip
from bot.reviewing import promises_of
from playbooks.cases import Case, Kind, is_late
from playbooks.promises import Promise
from playbooks.review_cases import counted, is_broken, is_kept_late


def _cases(counts: Callable[[Case, Night], bool]) -> Opener:
    def opened(night: Night) -> list[Event]:
        known = counted(night.desk.books.cases.by("broadcast", night.here.id))
        return [_case(one, night.desk) for one in known if counts(one, night)]

    return opened


def _case(one: Case, desk: Desk) -> Event:
    about = line("review.plain", text=one.title or clip(one.text, LONGEST)) if one.title or one.text else "—"
    state = line(f"case.state_{one.state}" if one.open else f"case.outcome_{one.outcome}")
    said = line(
        "why.case", at=desk.clock(one.at), number=one.number, kind=line(f"case.kind_{one.kind}"),
        order=one.order_id or "—", about=about, state=state, owner=desk.name(one.owner),
    )  # fmt: skip
    return Event(one.at, said)


def _of_kind(kind: Kind, *, still_open: bool = False) -> Opener:
    return _cases(lambda one, _: one.kind == kind and (one.open or not still_open))


def _promises(counts: Callable[[Promise, datetime], bool]) -> Opener:
    def opened(night: Night) -> list[Event]:
        desk = night.desk
        known = promises_of(desk.books, desk.books, night.here.id)
        return [_promise(one, desk) for one in known if counts(one, desk.now)]

    return opened


def _promise(one: Promise, desk: Desk) -> Event:
    kept = "promise_late" if is_kept_late(one) else "promise_kept"
    state = kept if one.kept_at else "promise_broken" if is_broken(one, desk.now) else "promise_open"
    said = line(
        "why.promise", at=desk.clock(one.at), order=one.order_id, text=clip(one.text, LONGEST),
        due=desk.clock(one.due_at), owner=desk.name(one.owner), state=line(f"why.{state}"),
    )  # fmt: skip
    return Event(one.at, said)


OF_CASES: Mapping[str, Opener] = {
    "negative": _of_kind("negative"), "negative_open": _of_kind("negative", still_open=True),
    "complaints": _of_kind("complaint"), "complaints_open": _of_kind("complaint", still_open=True),
    "second": _cases(lambda one, _: one.kind == "complaint" and one.second),
    "aftersales": _of_kind("aftersale"), "aftersales_open": _of_kind("aftersale", still_open=True),
    "cases_late": _cases(lambda one, night: is_late(one, night.desk.now)), "mistakes": _of_kind("mistake"),
    "promises": _promises(lambda *_: True),
    "promises_broken": _promises(lambda one, now: is_broken(one, now) or is_kept_late(one)),
}  # fmt: skip
"""By the id of the figure (playbooks.review_cases.of_cases)."""
