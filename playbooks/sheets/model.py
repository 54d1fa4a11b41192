"""What is kept of a bound spreadsheet 表格: its tabs, how the sync stands, and what each row last agreed on."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

from pydantic import Field

from playbooks.model import Document, Moment

TabKind = Literal["runsheet", "pending", "followup", "case", "review"]
"""排品表 is people's own; 待付款, 跟进 and 工单 are written by both sides; 复盘 is appended to, a row a review."""
TAB_KINDS: tuple[TabKind, ...] = get_args(TabKind)
TWO_WAY: tuple[TabKind, ...] = ("pending", "followup", "case")


class Column(NamedTuple):
    """A column of a tab of ours. `agents`: people write in it; else it is ours, and what they write is put back.

    `personal`: it leaves the bot only where a manager switched it on for the tab, by name (REQUIREMENTS K08).
    """

    field: str
    agents: bool = False
    personal: bool = False


KEY, PROBLEM, STATE = "key", "problem", "state"
COLUMNS: dict[TabKind, tuple[Column, ...]] = {
    "pending": (
        Column(KEY), Column("product"), Column("amount"), Column("placed"), Column("expires"), Column("owner"),
        Column("contacts"), Column("state", agents=True), Column("reason", agents=True),
        Column("promised", agents=True), Column("note", agents=True), Column(PROBLEM),
        Column("city", personal=True), Column("phone_tail", personal=True),
    ),
    "followup": (
        Column(KEY), Column("kind"), Column("order_id"), Column("tracking"), Column("product"), Column("why"),
        Column("due"), Column("owner"), Column("state", agents=True), Column("note", agents=True), Column(PROBLEM),
        Column("city", personal=True),
    ),
    "case": (
        Column(KEY), Column("kind"), Column("order_id"), Column("product"), Column("sort"), Column("text"),
        Column("due"), Column("owner"), Column("cause", agents=True), Column("state", agents=True),
        Column("note", agents=True), Column(PROBLEM),
    ),
    "review": (
        Column(KEY), Column("made_at"), Column("version"), Column("day"), Column("period"), Column("paid_orders"),
        Column("paid_amount"), Column("unpaid_seen"), Column("recovered"), Column("baseline"), Column("anomalies"),
        Column("exposure"), Column("lag"), Column("issues"),
    ),
    "runsheet": (),
}  # fmt: skip
"""Every column of the tabs that are ours, in the order they are set up in. The key is an order number, a
case's number, or a follow-up's or review's id: rows are found by it, never by where they stand."""


class SheetBinding(Document):
    """The spreadsheet of a room (`id`: its short key): Google's `key` of it, and its tabs by title. `personal`: the
    personal columns a manager switched on, by tab. Several rooms may share a spreadsheet, each with its own tabs."""

    key: str
    title: str = ""
    by: str
    """Who bound it: they hear what concerns nobody else."""
    at: Moment
    """When: of two rooms that name the same tab, it is whose who bound first."""
    looked_at: Moment | None = None
    """When somebody last asked to have it looked over anew."""
    made_at: Moment | None = None
    """When its tabs were set up; None until then, and after a change of what they are to have."""
    tabs: dict[TabKind, str]
    personal: dict[TabKind, tuple[str, ...]] = Field(default_factory=dict)

    off: dict[TabKind, tuple[str, ...]] = Field(default_factory=dict)
    """Personal columns that were switched off again: emptied once, whatever stood there."""
    stale: tuple[TabKind, ...] = ()
    """Tabs whose rows were agreed on in another spreadsheet or tab: forgotten before they are next read."""

    def columns(self, kind: TabKind) -> tuple[Column, ...]:
        """The columns of a tab as it is set up here."""
        on = self.personal.get(kind, ())
        return tuple(one for one in COLUMNS[kind] if not one.personal or one.field in on)


SyncState = Literal["ok", "down", "forbidden", "missing", "key", "disabled", "office", "refused"]
"""`down`: Google is out of reach; the others wait for a person: rights, the spreadsheet itself, the account's key,
the API, which is not enabled in the key's project, an Excel file that was only uploaded, something Google refuses."""


class SheetHealth(Document):
    """How a room's sync stands (`id`: the room), kept when it changes. `wrong`: tab kind -> the text key of what is
    wrong with it, and `lacks` what it lacks. `told`: an outage was told, so its end will be."""

    state: SyncState = "ok"
    since: Moment | None = None
    why: str = ""
    wrong: dict[TabKind, str] = Field(default_factory=dict)
    lacks: dict[TabKind, str] = Field(default_factory=dict)
    told: bool = False
    draft: str = ""
    """The run sheet's newest draft, by its id, and the `mark` of the sheet it was read from."""
    mark: str = ""


class SheetRow(Document):
    """What a row's cells of the agents' held when both sides last agreed: the base of the next merge.

    `gone`: people deleted the row. `asked`: somebody is asked whether it may stay away; `out`: it may; `back`: it is
    to be written anew.
    """

    kind: TabKind
    key: str
    cells: dict[str, str]
    gone: Literal["", "asked", "out", "back"] = ""


def row_id(room: str, kind: TabKind, key: str) -> str:
    """The id of a row: `a1-ypending:6917926768823643751`."""
    return f"{room}-y{kind}:{key}"
