"""The journal 流水: what happened in a room, who did it and when. The review counts nothing else.

(The store's own file of transactions is called the log; the journal is the history people read.)
"""

from __future__ import annotations

from pydantic import Field

from playbooks.model import Document, Moment

KINDS: dict[str, str] = {
    "setup": "a room was bound to a group",
    "role": "a person's roles were set",
    "grade": "an agent's grade, or side before or after sales, was set",
    "presence": "somebody signed in, took a break, signed out",
    "shift": "a shift was planned, taken off, offered to somebody, taken over, or began without its person",
    "preflight": "an item of the checklist was ticked or waived, or missing when the stream went live",
    "surge": "more came in than the room copes with, and the lead was told",
    "sheet": "a run sheet was taken over",
    "sheet_seen": "a person has seen the run sheet that was taken over",
    "renumbered": "a product got another link number",
    "withdrawn": "a product was taken off the programme",
    "undone": "a renumbering or withdrawal (`about`: its entry) was taken back",
    "delisted": "a sold-out product was taken off the shelf in the back office",
    "flash": "ops began or ended a flash sale",
    "gift_count": "ops set how many gifts there are, or the orders used them up",
    "live": "the broadcast went live (a fact, never refused)",
    "closing": "the selling end was announced",
    "segment": "the stream was cut off, or came back",
    "host": "who hosts from now on",
    "off": "the broadcast ended (a fact, never refused)",
    "wrap": "the shift was wrapped",
    "on_air": "a product went on air",
    "changed": "an offer changed in force: price, gift, limit, stock, promotion",
    "price_report": "somebody on duty reported another price than the one in force",
    "price_settled": "a reported price was settled; `seconds` it was open are hand-off lag",
    "correction": "a host's slip was corrected",
    "promise": "something was promised to a buyer, or a promise was kept",
    "lost_inquiry": "a buyer asked and did not order: why, when to try again, what came of it",
    "need": "what a buyer needs or suggests was noted or tagged",
    "nudged": "people were reminded of a change they have not confirmed",
    "asked_known": "a binding change asked those on duty for 已知悉",
    "known": "a person pressed 已知悉 or looked the revision up",
    "looked_up": "a person looked an offer up",
    "import": "a file was taken in",
    "mapping": "how a table nobody declared is to be read was confirmed, redone or forgotten",
    "chase_new": "an unpaid order was registered or found in an export",
    "chase_claim": "an agent claimed a chase",
    "chase_contact": "a contact with the buyer was recorded",
    "chase_outcome": "an outcome was recorded",
    "chase_paid": "a chased order was found paid",
    "chase_offer": "a buyer was offered something out of the approved ladder; or the ladder was approved",
    "order_note": "what a buyer wants done with an order was noted, written, done in the ERP, or withdrawn",
    "vip": "a buyer was given an agent of their own, or no longer has one",
    "chase_lost": "a chased order expired, was cancelled or closed",
    "hold_new": "the audit held an order",
    "hold_step": "something was done about a held order",
    "revealed": "somebody looked at a buyer's fields: which order, which fields, a manager's reason; never the values",
    "shredded": "the data key of a broadcast's buyers was deleted, so that no copy of them can be read any more",
    "rules": "the room's no-ship and remote regions, exceptions or products that cannot be delivered were changed",
    "follow_new": "a follow-up was found in a file",
    "follow_take": "somebody took a follow-up",
    "follow_done": "a follow-up ended with an outcome",
    "ship_time": "the warehouse was asked when a product ships, or said when",
    "delay": "a notice of delay was made, told to buyers or dropped",
    "carrier": "how a carrier is reached was set or taken away",
    "follow_text": "a room's own text for a follow-up was set or taken away",
    "post_purchase": "messages after a purchase were handed out, sent, given back; or a manager's own text changed",
    "case": "a case was opened, worked on, closed with an outcome, reopened or handed on; `seconds` until then",
    "lesson": "a hard talk or a picture was put into the case library, or taken out",
    "review": "a review was made",
    "review_entry": "goals, traffic, service figures or a remark on a post were entered for a review",
    "qa": "orders of agents were drawn for a quality check, or one was judged",
    "feedback": "somebody said how they found the shift",
    "action_item": "an action item was made, put off, done, dropped, or its owner reminded",
    "daily": "a task of the day was given, done, skipped, missed, put off or passed on, or the tasks were changed",
    "handover": "what somebody left at a shift change was offered, taken on, dealt out, settled, or theirs again",
    "day_report": "the daily report or the weekly digest was made",
    "knowledge": "an entry of the shop's knowledge was put in, proposed, approved, declined, kept on or removed",
    "question": "a question was asked, joined, taken up, answered, corrected, put off, handed on, reminded of, dropped",
    "sheet_edit": "people changed an order's row in the bound spreadsheet: which fields, and how",
    "sheet_bound": "a spreadsheet was bound to the room",
    "sheet_unbound": "the room's spreadsheet was unbound",
    "sheet_tab": "a tab of the bound spreadsheet (`about`: which) got another title, or none: it is left alone",
    "sheet_column": "a personal column was switched on or off for a tab (`about`) of the bound spreadsheet",
    "settlement": "people were put into a team, or a rate was set, for the settlement list",
    "target": "a person's monthly target was set or taken away",
    "reference": "a figure of the playbook without a source was given the shop's own value, or its own back",
    "ready": "a ready answer of the room was set or taken away",
}
"""Every kind of entry and what it means."""


class Entry(Document):
    """One thing that happened. `about` is the id of what it concerns; `values` are texts for people and figures."""

    at: Moment
    kind: str
    who: str = ""
    broadcast: str = ""
    about: str = ""
    values: dict[str, str] = Field(default_factory=dict)
