"""What the bot itself keeps beside the shop's books: cards on their way, people, due rows, jobs, dialogues."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from playbooks.model import Document, Model, Moment
from playbooks.runsheet import Sheet
from storage.exports.mapping import Mapping


class Line(Model):
    """One line of a card: a text key of bot/texts and what fills it. A Line as a value is said in its place."""

    key: str
    values: dict[str, str | int | Line | tuple[Line, ...]] = Field(default_factory=dict)


class Button(Model):
    """A button: its caption and either `act`, the same words as the typed command, or text to copy, or a URL."""

    line: Line
    act: str = ""
    copy_text: str = ""
    url: str = ""


Rank = Literal["air", "answer", "work", "board", "digest"]
RANKS: tuple[Rank, ...] = ("air", "answer", "work", "board", "digest")


class Card(Model):
    """Something to say: to the group (`person` empty) or to a person in private.

    `key` names the card so that a later one may edit it in place; `edit` asks for that.
    `toast` answers the press that caused it (at most 200 characters) and is never stored.
    `attach` names what to send along, `told` lines to say after `lines`: both made when the card is sent, off
    the event loop and outside any unit (`review.png a1-b1`, `review_text a1-b1`).
    `about` names what the card speaks of (`chase a1-c12`): looked at again right before the card leaves.
    `vanishes`: seconds after which the message is removed again, 0 for never.
    """

    lines: tuple[Line, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    person: str = ""
    topic: str = ""
    key: str = ""
    edit: bool = False
    rank: Rank = "answer"
    silent: bool = False
    toast: bool = False
    alert: bool = False
    attach: str = ""
    told: str = ""
    about: str = ""
    vanishes: int = 0
    not_before: Moment | None = None


class Outgoing(Document):
    """A card in the outbox 发件箱, dropped from it once sent; or a message to delete, or to take the buttons off.

    `chat_id`, `thread` and `reply_to` say where it was asked for, if the answer may go there. `leaving`: it was
    being handed to Telegram; found so after a crash it goes once more, marked (`again`). `missed`: it came due
    while the bot was away, so it is told in one digest with others of its kind. `doubts`: how many time-outs there
    were after which it may have been said.
    """

    card: Card
    at: Moment
    does: Literal["say", "delete", "bare"] = "say"
    state: Literal["waiting", "failed"] = "waiting"
    chat_id: int = 0
    thread: int = 0
    reply_to: int = 0
    tries: int = 0
    doubts: int = 0
    again: bool = False
    leaving: bool = False
    missed: bool = False
    due_at: Moment | None = None
    """When a missed one should have been said."""
    not_before: Moment | None = None
    message_id: int = 0
    error: str = ""


class Sent(Document):
    """Where the card with key `id` stands: edits address the key. `text_mark` is that of a board or desk: what it
    says, '' until it is pinned."""

    chat_id: int
    thread: int = 0
    message_id: int
    sent_at: Moment
    edited_at: Moment | None = None
    text_mark: str = ""


class Vanishing(Document):
    """A message that removes itself: the private answer given in the group for want of a private chat."""

    chat_id: int
    message_id: int
    due_at: Moment


class Due(Document):
    """Something that must happen at `due_at`; `kind` names the duty's handler, `about` what it concerns.

    The tick claims it until `leased_until`; a claim counts as a try, and after `at_most` of them it is given up
    and said so. A try that failed rests for `cool_down` seconds.
    """

    kind: str
    due_at: Moment
    about: str
    tries: int = 0
    at_most: int = 3
    cool_down: int = 60
    leased_until: Moment | None = None
    values: dict[str, str] = Field(default_factory=dict)


class Job(Document):
    """Slow work: a file to download, read and take in, outside any unit. The file itself is never stored.

    `kind`: sent to the bot, or handed over by the command line (`file_id`: its name in storage/spool.py). `asked`:
    it waits for what `asks` its sender: what its columns are (`mapping`, and `platform` where it is not the room's),
    which format it is (`as_platform`, the answer), its password (`guesses`: how many were wrong).
    `like`: the mapping it was read by and is to be mapped anew.
    """

    kind: Literal["file", "spool"] = "file"
    state: Literal["waiting", "asked", "done", "refused", "failed"] = "waiting"
    asks: Literal["", "mapping", "format", "password"] = ""
    mapping: Mapping | None = None
    platform: str = ""
    as_platform: str = ""
    only: Literal["", "check"] = ""
    """`check`: it is looked at and not taken in."""
    like: str = ""
    guesses: int = 0
    file_id: str
    file_name: str
    by: str
    at: Moment
    chat_id: int = 0
    message_id: int = 0
    private: bool = True
    done_at: Moment | None = None
    tries: int = 0
    not_before: Moment | None = None


class Import(Document):
    """What a file did (`id`: its job): counted batch by batch, so that a batch taken up again counts once."""

    kind: Literal["orders", "parcels", "check", "cases"]
    """`check`: orders that were only looked at."""
    file_name: str
    by: str
    at: Moment
    as_of: Moment
    batches: int = 0
    counts: dict[str, int] = Field(default_factory=dict)
    found: dict[str, tuple[Line, ...]] = Field(default_factory=dict)
    """Until it is told: of a check, verdict -> a line for each of the first orders; `merge` -> orders to go as one."""
    done: bool = False


class Dialogue(Document):
    """A question the bot asked a person (`id` = person:chat); the next plain text is taken as the answer."""

    command: str
    until: Moment
    instead: str = ""
    """What in `command` the answer takes the place of; '' where it comes last."""
    mark: str = ""
    """Which question a button belongs to, where it has buttons."""


class Incoming(Document):
    """An update as Telegram sent it (desk book); `id` is its number.

    Kept before Telegram hears that it was received. Once handled the payload is gone, and the number stays for
    as long as Telegram may deliver it again. `aside`: three tries did not handle it, an owner was told.
    `starts` counts the starts of the process that found it unhandled.
    """

    at: Moment
    state: Literal["waiting", "done", "aside"] = "waiting"
    payload: str = ""
    tries: int = 0
    starts: int = 0
    error: str = ""


class DataKey(Document):
    """A key that buyers' data is sealed with, itself wrapped by a master key (storage/vault.py).

    `broadcast`: for the orders of a broadcast, or of a business day without one; deleted when `day` is long past.
    `inbox`: for the updates received on `day`. `index`: for the room's blind index, which stays.
    """

    kind: Literal["broadcast", "inbox", "index"]
    wrapped: str
    day: date
    made_at: Moment


class SealedBuyer(Document):
    """The fields of the buyer of one order with open work: field -> envelope. `key`: the data key's id."""

    order_id: str
    key: str
    sealed: dict[str, str]
    kept_at: Moment


class Handled(Document):
    """The id of an update whose unit was committed; or of a due row that said something, and when it last did."""

    at: Moment


class Tidied(Document):
    """When the room (`id`) was last tidied."""

    at: Moment
    shredded_at: Moment | None = None
    """When buyers' keys were last looked through since, while the rest waited for the room to be off air."""


class Draft(Document):
    """A run sheet that was read and waits to be taken over; `tab` is its sheet's name where the file has several."""

    by: str
    at: Moment
    file_name: str
    tab: str = ""
    sheet: Sheet


class Person(Document):
    """Somebody the bot has met (desk book); `id` is the Telegram user id as text."""

    name: str
    username: str = ""
    private: bool = False
    room: str = ""


class Binding(Document):
    """Which room a group belongs to (desk book); `id` is the chat id as text. `closed_at`: the group lets the bot
    say nothing since then, so its cards wait. `made`: the room's own record was saved too."""

    room: str
    made: bool = True
    closed_at: Moment | None = None
