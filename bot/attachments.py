"""What is sent along with a card, made from committed books when it is sent: pictures, workbooks, long texts."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from bot import (
    case_table,
    chase_table,
    daily_table,
    post_purchase_table,
    review_text,
    review_text_more,
    settlement_lines,
    settlement_table,
    target_lines,
    template,
    workbook,
)
from bot.buyer_lines import buyer_lines
from bot.daily_report import WEEK, Teller, report_of
from bot.reviewing import promises_of, review_of
from bot.runner import Runner
from bot.settling import Archives, Settlement, settled
from playbooks import aftercare
from playbooks.broadcast import Broadcast, business_day
from playbooks.daily import DayReport
from playbooks.review import Review
from playbooks.room import Room
from playbooks.settlement import Period
from storage.books import RoomBooks
from storage.rows import Card, Line
from storage.vault import Vault

REVIEWS_KEPT = 8


@dataclass(frozen=True)
class Attachment:
    """What is sent along with a card: `photo` or a document named `name`; `data` may be a file id of Telegram's."""

    name: str
    data: bytes | str
    photo: bool


class Reviews:
    """Each version of a review is worked out once, so that its text, picture and workbook say the same; anew where
    newer data changed nothing, for it says until when the data goes."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str, int, datetime | None], Review] = OrderedDict()

    def of(self, books: RoomBooks, room: Room, here: Broadcast, now: datetime, kept: RoomBooks) -> Review:
        """The review of `here` in the version it stands at; `kept`: the room's own books, see review_of."""
        version = (room.id, here.id, here.reviewed, here.reviewed_until)
        if version not in self._kept:
            self._kept[version] = review_of(books, room, here, now, kept=kept)
            while len(self._kept) > REVIEWS_KEPT:
                self._kept.popitem(last=False)
        return self._kept[version]


@dataclass(frozen=True)
class Source:
    """What a maker works from: books as committed, the moment, and what the card says it is about.

    The books are the room's, or, for an archived broadcast, those of its archive; `here` is as it stands now.
    """

    books: RoomBooks
    here: Broadcast | None
    room: Room
    now: datetime
    about: str
    reviews: Reviews
    vault: Vault
    kept: RoomBooks
    """The room's own books, also where `books` are those of an archive."""
    archives: Archives

    def broadcast(self) -> Broadcast:
        """The broadcast it is about. Raises LookupError."""
        if self.here is None:
            raise LookupError(f"no broadcast {self.about}")
        return self.here

    def review(self) -> Review:
        """Its review. Raises LookupError."""
        return self.reviews.of(self.books, self.room, self.broadcast(), self.now, self.kept)


def review_picture(source: Source) -> Attachment:
    """The review for a phone."""
    from bot import picture  # noqa: PLC0415 - no bot carries 5 MB of drawing before it draws, in a thread

    here = source.broadcast()
    data = picture.draw(source.review(), source.room.lang)
    return Attachment(f"review-{here.opened_on}-v{here.reviewed}.png", data, photo=True)


def review_workbook(source: Source) -> Attachment:
    """The review with its data."""
    here, books = source.broadcast(), source.books
    data = workbook.build(
        source.review(), source.room.lang, zone=ZoneInfo(source.room.zone),
        chases=books.chases.by("broadcast", here.id), holds=books.holds.by("broadcast", here.id),
        notices=books.notices.by("broadcast", here.id), journal=books.journal.by("broadcast", here.id),
        names={m.id: m.name for m in books.members.scan()},
        cases=source.kept.cases.by("broadcast", here.id), promised=promises_of(books, source.kept, here.id),
    )  # fmt: skip
    return Attachment(f"review-{here.opened_on}-v{here.reviewed}.xlsx", data, photo=False)


def intercept_list(source: Source) -> Attachment:
    """The warehouse's intercept list for the ERP."""
    zone = ZoneInfo(source.room.zone)
    holds = aftercare.intercept_list(source.books.holds.scan())
    name = f"intercept-{source.now.astimezone(zone):%m%d-%H%M}.xlsx"
    return Attachment(name, workbook.intercept(holds, source.room.lang, zone), photo=False)


def review_lines(source: Source) -> list[Line]:
    """The review as a text that stands alone."""
    return review_text.lines(source.review())


def review_more(source: Source) -> list[Line]:
    """The second half of that text: service, hand-off, posts, follow-ups, action items, other broadcasts."""
    return review_text_more.lines(source.review())


def review_short(source: Source) -> list[Line]:
    """The review in six lines."""
    return review_text.short(source.review())


def day_report(source: Source) -> list[Line]:
    """The report of the business day `about`."""
    return Teller(source.books, source.room, _days(source, 1)).day()


def week_report(source: Source) -> list[Line]:
    """The digest of the seven days from `about` on."""
    return Teller(source.books, source.room, _days(source, WEEK)).week()


def _days(source: Source, count: int) -> DayReport:
    return report_of(source.books, source.room, date.fromisoformat(source.about), count, source.now)


def buyer(source: Source) -> list[Line]:
    """What is kept of the buyer of the order `about`."""
    today = business_day(source.now, ZoneInfo(source.room.zone))
    return buyer_lines(source.books, source.vault, source.about, source.now, today)


def settlement_list(source: Source) -> Attachment:
    """The settlement list of a period, as a workbook (G12)."""
    zone, names = ZoneInfo(source.room.zone), {m.id: m.name for m in source.kept.members.scan()}
    told = _settled(source)
    data = settlement_table.build(told, names, source.room.lang, zone)
    return Attachment(f"settlement-{told.period.first}-{told.period.last}.xlsx", data, photo=False)


def settlement_text(source: Source) -> list[Line]:
    """The same as a message."""
    return settlement_lines.lines(_settled(source), {m.id: m.name for m in source.kept.members.scan()})


def targets_text(source: Source) -> list[Line]:
    """How far people are with their monthly targets (G16)."""
    return target_lines.told(source.kept, ZoneInfo(source.room.zone), source.now)


def _settled(source: Source) -> Settlement:
    first, _, last = source.about.partition(" ")
    period = Period(first=date.fromisoformat(first), last=date.fromisoformat(last))
    return settled(source.kept, ZoneInfo(source.room.zone), period, source.now, source.archives)


TELLERS: dict[str, Callable[[Source], list[Line]]] = {
    "review_text": review_lines,
    "review_more": review_more,
    "review_short": review_short,
    "day_report": day_report,
    "week_report": week_report,
    "settlement": settlement_text,
    "targets": targets_text,
    "buyer": buyer,
}
"""What `Card.told` may name, made from books."""

Asked = Callable[[Room], Awaitable[list[Line]]]
"""What `Card.told` may name besides: asked of Telegram or of the process for a room."""


def blank_run_sheet(source: Source) -> Attachment:
    """An empty run sheet to fill in."""
    return Attachment(template.NAMES[source.room.lang], template.run_sheet(source.room.lang), photo=False)


def unpaid_table(source: Source) -> Attachment:
    """The unpaid orders a person has in hand, to work from on the platform's desk."""
    zone = ZoneInfo(source.room.zone)
    orders = chase_table.in_hand(source.books, source.about, source.now, source.room)
    name = f"unpaid-{source.now.astimezone(zone):%m%d-%H%M}.xlsx"
    return Attachment(name, chase_table.build(orders, source.room.lang, zone), photo=False)


def post_purchase_list(source: Source) -> Attachment:
    """The messages after a purchase on the list `about`."""
    zone = ZoneInfo(source.room.zone)
    data = post_purchase_table.build(source.books.post_lists.get(source.about), source.room.lang, zone)
    return Attachment(f"messages-{source.now.astimezone(zone):%m%d-%H%M}.xlsx", data, photo=False)


def case_list(source: Source) -> Attachment:
    """Every case of the room."""
    zone, names = ZoneInfo(source.room.zone), {m.id: m.name for m in source.books.members.scan()}
    data = case_table.build(source.books.cases.scan(), names, source.room.lang, zone, source.now)
    return Attachment(f"cases-{source.now.astimezone(zone):%m%d-%H%M}.xlsx", data, photo=False)


def kept_picture(source: Source) -> Attachment:
    """A picture of the case library, as Telegram keeps it. Raises LookupError."""
    one = source.books.pictures.get(source.about)
    if one is None:
        raise LookupError(f"no picture {source.about}")
    return Attachment("", one.file_id, photo=True)


def day_table(source: Source) -> Attachment:
    """The report of a day as a workbook."""
    return _report_table(source, 1, "day")


def week_table(source: Source) -> Attachment:
    """The digest of a week as a workbook."""
    return _report_table(source, WEEK, "week")


def _report_table(source: Source, days: int, name: str) -> Attachment:
    names = {m.id: m.name for m in source.books.members.scan()}
    handed = source.books.hand_overs.scan()
    data = daily_table.build(_days(source, days), handed, names, source.room.lang, ZoneInfo(source.room.zone))
    return Attachment(f"{name}-{source.about}.xlsx", data, photo=False)


def daily_proof(source: Source) -> Attachment:
    """The picture that shows that a daily task was done."""
    task = source.books.daily_tasks.get(source.about)
    if task is None or not task.file_id:
        raise LookupError(f"no picture of {source.about}")
    return Attachment("proof.jpg", task.file_id, photo=True)


MAKERS: dict[str, Callable[[Source], Attachment]] = {
    "cases.xlsx": case_list,
    "picture": kept_picture,
    "runsheet.xlsx": blank_run_sheet,
    "review.png": review_picture,
    "review.xlsx": review_workbook,
    "intercept.xlsx": intercept_list,
    "chases.xlsx": unpaid_table,
    "post_purchase.xlsx": post_purchase_list,
    "day_report.xlsx": day_table,
    "week_report.xlsx": week_table,
    "daily_proof": daily_proof,
    "settlement.xlsx": settlement_list,
}
"""What `Card.attach` may name."""


class Attachments:
    """Makes what cards name: in a thread, or by asking whoever `asked` has for that name."""

    def __init__(self, runner: Runner, asked: Mapping[str, Asked]) -> None:
        self._runner = runner
        self._asked = asked
        self._reviews = Reviews()

    async def made(self, room: Room, what: str) -> Attachment:
        """What `Card.attach` names. Raises LookupError for an unknown name."""
        name, _, about = what.partition(" ")
        return await asyncio.to_thread(lambda: MAKERS[name](self._source(room, about)))

    async def told(self, room: Room, card: Card) -> Card:
        """The card with what `Card.told` names said after its lines. Raises LookupError for an unknown name."""
        if not card.told:
            return card
        name, _, about = card.told.partition(" ")
        if name in self._asked:
            more = await self._asked[name](room)
        else:
            more = await asyncio.to_thread(lambda: TELLERS[name](self._source(room, about)))
        return card.changed(lines=(*card.lines, *more), told="")

    def _source(self, room: Room, about: str) -> Source:
        books = kept = self._runner.view(room.id)
        here = books.broadcasts.get(about)
        archived = self._archived(room.id, about) if here and here.stage == "archived" else None
        return Source(
            archived or books, here, room, self._runner.clock.now(), about, self._reviews, self._runner.vault, kept,
            partial(self._archived, room.id),
        )  # fmt: skip

    def _archived(self, room: str, broadcast: str) -> RoomBooks | None:
        found = self._runner.store.archived(room, broadcast)
        return RoomBooks(found) if found else None
