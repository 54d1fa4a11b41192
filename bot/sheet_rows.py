"""The rows a bound spreadsheet is to show, out of the room's books: unpaid orders, follow-ups, cases."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.card import money
from bot.offer import bought
from bot.render import line_html
from bot.sheet_words import word
from bot.texts import plain
from playbooks.broadcast import answering
from playbooks.cases import Case, masked
from playbooks.chase import ALIVE, Chase, chase_id
from playbooks.followup import FollowUp
from playbooks.room import Room
from playbooks.sheets import Ours, TabKind
from storage.books import RoomBooks
from storage.rows import Line

SETTLED: dict[TabKind, tuple[str, ...]] = {
    "pending": ("state", "reason", "promised"), "followup": ("state",), "case": ("state", "cause", "note"),
}  # fmt: skip
"""Of what is over these are ours to say; a note may still be written but to a case, whose notes are what happened."""
ENDED_SHOWN = timedelta(days=1)
"""For how long a row says what became of it; then it stays in the sheet as it is, and people may delete it."""


class Rows:
    """One room's rows, as committed when it was made. `off`: personal columns that are to be emptied."""

    def __init__(self, books: RoomBooks, room: Room, now: datetime, off: Collection[str] = ()) -> None:
        self._off = off
        self._books = books
        self._lang = room.lang
        self._zone = ZoneInfo(room.zone)
        self._now = now
        self._names = {one.id: one.name for one in books.members.scan()}

    def of(self, kind: TabKind) -> dict[str, Ours]:
        """The tab's rows by key, oldest first."""
        if kind == "pending":
            return {one.order_id: self._pending(one) for one in self._chases()}
        if kind == "case":
            return {str(one.number): self._case(one) for one in self._cases()}
        return {one.id: self._follow_up(one) for one in self._follow_ups()}

    def _chases(self) -> list[Chase]:
        """What buyers may still pay for, and what became of tonight's and of those shown before."""
        here = answering(list(self._books.broadcasts.scan()), self._now, self._zone)
        found = {one.id: one for one in self._books.chases.by("broadcast", here.id)} if here else {}
        found |= {one.id: one for state in ALIVE for one in self._books.chases.by("state", state)}
        for row in self._books.sheet_rows.scan("kind", "pending"):
            id = chase_id(self._books.raw.room, row.key)
            one = found.get(id) or self._books.chases.get(id)
            if one and one.closed_at and one.closed_at > self._now - ENDED_SHOWN:
                found[id] = one
        return sorted(found.values(), key=lambda one: (one.seen_at, one.id))

    def _follow_ups(self) -> Iterator[FollowUp]:
        for state in ("open", "claimed"):
            yield from self._books.follow_ups.by("state", state)
        for one in self._books.sheet_rows.scan("kind", "followup"):  # what was shown is shown to its end
            item = self._books.follow_ups.get(one.key)
            if item and item.state not in ("open", "claimed"):
                yield item

    def _cases(self) -> list[Case]:
        shown = {row.key for row in self._books.sheet_rows.scan("kind", "case")}
        found = (one for one in self._books.cases.scan() if one.open or str(one.number) in shown)
        return sorted(found, key=lambda one: one.number)

    def _pending(self, one: Chase) -> Ours:
        cells = {
            "product": self._product(one.link_no, one.title), "amount": money(one.amount) if one.amount else "",
            "placed": self.clock(one.created_at), "expires": self.clock(one.expires_at),
            "owner": self._names.get(one.owner, one.owner), "contacts": str(len(one.touches) or ""),
            "state": word(self._lang, _state(one)),
            "reason": word(self._lang, f"chase.reason_{one.reason}") if one.reason else "",
            "promised": self.clock(one.promised_at), "note": one.note, "city": one.city,
            "phone_tail": one.phone_tail,
        }  # fmt: skip
        return Ours(self._shown(cells), over=not one.alive)

    def _follow_up(self, item: FollowUp) -> Ours:
        over = item.state in ("done", "dropped")
        said = f"followup.outcome_{item.outcome}" if item.outcome else f"sheet_tab.follow_{item.state}"
        cells = {
            "kind": word(self._lang, f"followup.kind_{item.kind}"), "order_id": item.order_id,
            "tracking": item.tracking_no, "product": self._product(item.link_no, item.title),
            "why": self._said(Line(key=item.why_key, values=dict(item.values))), "due": self.clock(item.due_at),
            "owner": self._names.get(item.owner, item.owner), "state": word(self._lang, said), "note": item.note,
            "city": item.city,
        }  # fmt: skip
        return Ours(self._shown(cells), over=over)

    def _case(self, one: Case) -> Ours:
        cells = {
            "kind": word(self._lang, f"case.kind_{one.kind}"), "order_id": one.order_id, "product": one.title,
            "sort": word(self._lang, f"case.type_{one.type}") if one.type else "", "text": masked(one.text),
            "due": self.clock(one.due_at) if one.open else "", "owner": self._names.get(one.owner, one.owner),
            "cause": word(self._lang, f"case.cause_{one.cause}") if one.cause else "",
            "state": word(self._lang, f"case.state_{one.state}" if one.open else f"case.outcome_{one.outcome}"),
            "note": next((done.text for done in reversed(one.happened) if done.what == "note" and done.text), ""),
        }  # fmt: skip
        return Ours(self._shown(cells), over=not one.open)

    def _product(self, link_no: int | None, title: str) -> str:
        return self._said(bought(link_no, title)) if link_no or title else ""

    def _shown(self, cells: Mapping[str, str]) -> dict[str, str]:
        return {name: "" if name in self._off else text.strip() for name, text in cells.items()}

    def _said(self, line: Line) -> str:
        return plain(line_html(self._lang, line))

    def clock(self, moment: datetime | None) -> str:
        """`11-22 20:45` room time; '' for None."""
        return f"{moment.astimezone(self._zone):%m-%d %H:%M}" if moment else ""


def _state(one: Chase) -> str:
    """What came of it where something did and nothing newer overtook it, else where it stands."""
    answered = one.answer and (one.state in ("contacted", "waiting") or one.closed_why == one.answer)
    return f"chase.outcome_{one.answer}" if answered else f"chase.state_{one.state}"
