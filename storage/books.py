"""Every book there is: of a room, and of the desk above the rooms. A new book is one line here."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from playbooks.actions import ActionItem
from playbooks.addresses.around import Excepted
from playbooks.addresses.regions import RegionRule
from playbooks.aftercare import Hold, Shortage
from playbooks.announce import Listing, Notice, OfferVersion
from playbooks.broadcast import Broadcast
from playbooks.cases import Case, Lesson, Picture
from playbooks.chase import Chase, ChaseSetup, Ladder
from playbooks.closing import ClosingSetup
from playbooks.contacts import Ledger
from playbooks.corrections import Correction
from playbooks.daily import DailySetup, DailyTask, HandOver
from playbooks.followup import FollowUp
from playbooks.followup.carriers import CarrierContact
from playbooks.followup.delays import Delay
from playbooks.followup.routes import KeptParcel, Route
from playbooks.followup.texts import OwnScript
from playbooks.followup.urge import ShipTime
from playbooks.inquiries import LostInquiry
from playbooks.journal import Entry
from playbooks.knowledge import KnowledgeEntry, KnowledgeMark
from playbooks.needs import BuyerNeed
from playbooks.notes import Note
from playbooks.orders import OrderState
from playbooks.post_purchase import HandedOut, OwnText
from playbooks.preflight import Preflight
from playbooks.price_report import PriceReport
from playbooks.promises import Promise
from playbooks.qa import Sample
from playbooks.questions import Question, Targets
from playbooks.quick import ReadyAnswer
from playbooks.references import OwnReferences
from playbooks.review_entered import Entered
from playbooks.review_marks import ReviewMark
from playbooks.room import Member, Room
from playbooks.roster import Shift
from playbooks.runsheet.receipt import SheetReceipt
from playbooks.settlement import SettlementSetup
from playbooks.sheets import SheetBinding, SheetHealth, SheetRow, SheetWrite
from playbooks.surge import Surge
from playbooks.targets import MonthTargets
from playbooks.vips import Vip
from storage.exports.mapping import Mapped
from storage.rows import (
    Binding,
    DataKey,
    Dialogue,
    Draft,
    Due,
    Handled,
    Import,
    Incoming,
    Job,
    Outgoing,
    Person,
    SealedBuyer,
    Sent,
    Tidied,
    Vanishing,
)  # fmt: skip
from storage.store import Book, Books, Document, Shelf

D = TypeVar("D", bound=Document)

ROOMS = Book("rooms", Room)
MEMBERS = Book("members", Member)
BROADCASTS = Book("broadcasts", Broadcast)
LISTINGS = Book("listings", Listing, ("broadcast",))
OFFERS = Book("offers", OfferVersion, ("listing",))
NOTICES = Book("notices", Notice, ("broadcast", "listing"))
PRICE_REPORTS = Book("price_reports", PriceReport, ("broadcast", "state"))
PROMISES = Book("promises", Promise, ("order_id",))
LOST_INQUIRIES = Book("lost_inquiries", LostInquiry, ("broadcast",))
NEEDS = Book("needs", BuyerNeed, ("broadcast",))
CORRECTIONS = Book("corrections", Correction, ("broadcast", "listing"))
DRAFTS = Book("drafts", Draft)
SHEETS = Book("sheets", SheetReceipt, ("broadcast",))
ORDERS = Book(
    "orders",
    OrderState,
    ("broadcast", "status", "buyer_key", "sold_as", "also_sold", "phone_key", "message_slot"),
    due="ship_due",
)
CHASES = Book(
    "chases",
    Chase,
    ("broadcast", "state", "order_id", "buyer_key", "open_owner", "standing", "minute"),
    due="dies_at",
)
CHASE_SETUP = Book("chase_setup", ChaseSetup)
LADDERS = Book("ladders", Ladder)
CONTACTS = Book("contacts", Ledger)
NOTES = Book("notes", Note, ("broadcast", "state", "order_id"))
HOLDS = Book("holds", Hold, ("broadcast", "state", "order_id"))
REGION_RULES = Book("region_rules", RegionRule)
EXCEPTIONS = Book("exceptions", Excepted)
SHORTAGES = Book("shortages", Shortage)
CLOSING_SETUP = Book("closing_setup", ClosingSetup)
FOLLOW_UPS = Book("follow_ups", FollowUp, ("kind", "state", "order_id"))
PARCELS = Book("parcels", KeptParcel, ("state",), due="ended_at")
ROUTES = Book("routes", Route)
SHIP_TIMES = Book("ship_times", ShipTime)
DELAYS = Book("delays", Delay, ("state",))
CARRIERS = Book("carriers", CarrierContact)
SCRIPTS = Book("scripts", OwnScript)
POST_TEXTS = Book("post_texts", OwnText)
POST_LISTS = Book("post_lists", HandedOut, ("state",))
CASES = Book("cases", Case, ("state", "order_id", "owner", "buyer_key", "broadcast"))
LESSONS = Book("lessons", Lesson)
PICTURES = Book("pictures", Picture, ("order_id",))
KNOWLEDGE = Book("knowledge", KnowledgeEntry)
KNOWLEDGE_MARK = Book("knowledge_mark", KnowledgeMark)
READY_ANSWERS = Book("ready_answers", ReadyAnswer)
QUESTIONS = Book("questions", Question, ("broadcast", "state"))
QUESTION_TARGETS = Book("question_targets", Targets)
SHIFTS = Book("shifts", Shift, ("who",))
PREFLIGHTS = Book("preflights", Preflight)
SURGES = Book("surges", Surge)
VIPS = Book("vips", Vip)
SHEET_BINDINGS = Book("sheet_bindings", SheetBinding)
SHEET_HEALTH = Book("sheet_health", SheetHealth)
SHEET_ROWS = Book("sheet_rows", SheetRow, ("kind", "gone"))
SHEET_WRITES = Book("sheet_writes", SheetWrite)
REVIEW_ENTRIES = Book("review_entries", Entered)
REVIEW_MARKS = Book("review_marks", ReviewMark)
QA_SAMPLES = Book("qa_samples", Sample, ("broadcast",))
ACTION_ITEMS = Book("action_items", ActionItem, ("state", "owner"))
DAILY_SETUP = Book("daily_setup", DailySetup)
DAILY_TASKS = Book("daily_tasks", DailyTask, ("day", "state"))
HAND_OVERS = Book("hand_overs", HandOver, ("state",))
SETTLEMENTS = Book("settlements", SettlementSetup)
TARGETS = Book("targets", MonthTargets)
REFERENCES = Book("references", OwnReferences)
JOURNAL = Book("journal", Entry, ("broadcast", "kind"))
OUTBOX = Book("outbox", Outgoing, ("state",))
SENT = Book("sent", Sent)
VANISHING = Book("vanishing", Vanishing, due="due_at")
DUE = Book("due", Due, ("about",), due="due_at")
JOBS = Book("jobs", Job, ("state",))
IMPORTS = Book("imports", Import)
MAPPINGS = Book("mappings", Mapped)
DIALOGUES = Book("dialogues", Dialogue)
HANDLED = Book("handled", Handled, due="at")
TIDIED = Book("tidied", Tidied)
INBOX = Book("inbox", Incoming, ("state",), due="at")
PEOPLE = Book("people", Person, ("username",))
BINDINGS = Book("bindings", Binding, ("room",))
DATA_KEYS = Book("data_keys", DataKey, ("kind",))
BUYERS = Book("buyers", SealedBuyer, ("key",))


BOOKS: tuple[Book[Any], ...] = (
    DATA_KEYS, BUYERS,
    ROOMS, MEMBERS, BROADCASTS, LISTINGS, OFFERS, NOTICES, DRAFTS, ORDERS, CHASES, HOLDS, REGION_RULES, FOLLOW_UPS,
    KNOWLEDGE, KNOWLEDGE_MARK, READY_ANSWERS, QUESTIONS, QUESTION_TARGETS, JOURNAL, OUTBOX, SENT, VANISHING,
    DUE, JOBS, IMPORTS, DIALOGUES, HANDLED, TIDIED, INBOX, PEOPLE, BINDINGS,
    PRICE_REPORTS, CORRECTIONS, PROMISES, SHEETS, SHIFTS, PREFLIGHTS, SURGES,
    CHASE_SETUP, LADDERS, CONTACTS, NOTES, MAPPINGS, LOST_INQUIRIES, NEEDS, VIPS,
    EXCEPTIONS, SHORTAGES, CLOSING_SETUP,
    POST_TEXTS, POST_LISTS,
    SHEET_BINDINGS, SHEET_HEALTH, SHEET_ROWS, SHEET_WRITES,
    PARCELS, ROUTES, SHIP_TIMES, DELAYS, CARRIERS, SCRIPTS,
    CASES, LESSONS, PICTURES,
    REVIEW_ENTRIES, REVIEW_MARKS, ACTION_ITEMS, QA_SAMPLES,
    DAILY_SETUP, DAILY_TASKS, HAND_OVERS,
    SETTLEMENTS, TARGETS, REFERENCES,
)  # fmt: skip
"""What a store is opened with."""


class _Shelf(Generic[D]):
    """A shelf as an attribute: opened when first asked for, once a unit."""

    def __init__(self, book: Book[D]) -> None:
        self.book = book

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, books: _Opened, owner: type | None = None) -> Shelf[D]:
        shelf = books.raw.shelf(self.book)
        books.__dict__[self.name] = shelf  # found before this descriptor from now on
        return shelf


class _Opened:
    def __init__(self, raw: Books) -> None:
        self.raw = raw
        self._given = 0

    def new_id(self, kind: str) -> str:
        """An id nobody else has: room, kind, the unit's number, and a count within the unit (`a1-j52`, `a1-j52.1`)."""
        given, self._given = self._given, self._given + 1
        return f"{self.raw.room}-{kind}{self.raw.sequence}" + (f".{given}" if given else "")


class RoomBooks(_Opened):
    """The books of a room, by name."""

    room = _Shelf(ROOMS)
    members = _Shelf(MEMBERS)
    broadcasts = _Shelf(BROADCASTS)
    listings = _Shelf(LISTINGS)
    offers = _Shelf(OFFERS)
    notices = _Shelf(NOTICES)
    price_reports = _Shelf(PRICE_REPORTS)
    corrections = _Shelf(CORRECTIONS)
    promises = _Shelf(PROMISES)
    lost_inquiries = _Shelf(LOST_INQUIRIES)
    needs = _Shelf(NEEDS)
    drafts = _Shelf(DRAFTS)
    sheets = _Shelf(SHEETS)
    orders = _Shelf(ORDERS)
    chases = _Shelf(CHASES)
    chase_setup = _Shelf(CHASE_SETUP)
    ladders = _Shelf(LADDERS)
    contacts = _Shelf(CONTACTS)
    notes = _Shelf(NOTES)
    holds = _Shelf(HOLDS)
    region_rules = _Shelf(REGION_RULES)
    exceptions = _Shelf(EXCEPTIONS)
    shortages = _Shelf(SHORTAGES)
    closing_setup = _Shelf(CLOSING_SETUP)
    follow_ups = _Shelf(FOLLOW_UPS)
    parcels = _Shelf(PARCELS)
    routes = _Shelf(ROUTES)
    ship_times = _Shelf(SHIP_TIMES)
    delays = _Shelf(DELAYS)
    carriers = _Shelf(CARRIERS)
    scripts = _Shelf(SCRIPTS)
    post_texts = _Shelf(POST_TEXTS)
    post_lists = _Shelf(POST_LISTS)
    cases = _Shelf(CASES)
    lessons = _Shelf(LESSONS)
    pictures = _Shelf(PICTURES)
    knowledge = _Shelf(KNOWLEDGE)
    knowledge_mark = _Shelf(KNOWLEDGE_MARK)
    ready_answers = _Shelf(READY_ANSWERS)
    questions = _Shelf(QUESTIONS)
    question_targets = _Shelf(QUESTION_TARGETS)
    shifts = _Shelf(SHIFTS)
    preflights = _Shelf(PREFLIGHTS)
    surges = _Shelf(SURGES)
    vips = _Shelf(VIPS)
    sheet_bindings = _Shelf(SHEET_BINDINGS)
    sheet_health = _Shelf(SHEET_HEALTH)
    sheet_rows = _Shelf(SHEET_ROWS)
    sheet_writes = _Shelf(SHEET_WRITES)
    review_entries = _Shelf(REVIEW_ENTRIES)
    review_marks = _Shelf(REVIEW_MARKS)
    action_items = _Shelf(ACTION_ITEMS)
    qa_samples = _Shelf(QA_SAMPLES)
    daily_setup = _Shelf(DAILY_SETUP)
    daily_tasks = _Shelf(DAILY_TASKS)
    hand_overs = _Shelf(HAND_OVERS)
    settlements = _Shelf(SETTLEMENTS)
    targets = _Shelf(TARGETS)
    references = _Shelf(REFERENCES)
    journal = _Shelf(JOURNAL)
    outbox = _Shelf(OUTBOX)
    sent = _Shelf(SENT)
    vanishing = _Shelf(VANISHING)
    due = _Shelf(DUE)
    jobs = _Shelf(JOBS)
    imports = _Shelf(IMPORTS)
    mappings = _Shelf(MAPPINGS)
    dialogues = _Shelf(DIALOGUES)
    handled = _Shelf(HANDLED)
    tidied = _Shelf(TIDIED)
    data_keys = _Shelf(DATA_KEYS)
    buyers = _Shelf(BUYERS)


class DeskBooks(_Opened):
    """The books of the desk above the rooms, by name."""

    inbox = _Shelf(INBOX)
    people = _Shelf(PEOPLE)
    bindings = _Shelf(BINDINGS)
    dialogues = _Shelf(DIALOGUES)
    handled = _Shelf(HANDLED)
    data_keys = _Shelf(DATA_KEYS)
