"""The chase 催付, one door to its parts: unpaid orders come in, are claimed, contacted, answered and settled.

Pure functions over `Chase`; `now` is passed in. Times in UTC, money in yuan, people and orders by id.
An illegal step raises a Refusal and changes nothing.
"""

from playbooks.chase.buyers import FINAL, answered, contacted, for_buyer, one_agent, open_to, pieces, siblings
from playbooks.chase.contact import record
from playbooks.chase.cuts import CUTS, Cut, Share, keys_of
from playbooks.chase.dealing import Hand, deal
from playbooks.chase.fate import Fate, fates
from playbooks.chase.figures import Funnel, funnel
from playbooks.chase.groups import GROUPS, Group, groups
from playbooks.chase.guesses import Guess, guess
from playbooks.chase.intake import against, end_of, expire, is_unpaid, register, settle, take_in
from playbooks.chase.ladder import (
    SENIOR,
    Ladder,
    Rung,
    approve,
    cancel,
    give,
    in_authority,
    is_cancel,
    may_offer,
    offer,
    open_rungs,
    read_ladder,
    rung_at,
    standing,
)
from playbooks.chase.life import ChaseSetup, flash_ran, life_of, living, sold_on
from playbooks.chase.line import Registered, is_labelled, is_order_id, numbers_in, placed_at, read_lines
from playbooks.chase.queue import claim, due, release, urgency, waiting, workable
from playbooks.chase.remarks import (
    check_remark,
    is_remark,
    is_silent,
    may_talk,
    remark,
    remark_flag,
    script_key,
)
from playbooks.chase.rounds import Step, may_note, owed, round_at, rounds_left, steps
from playbooks.chase.state import (
    ALIVE,
    ANSWERS,
    NEXT,
    Answer,
    Chase,
    Contact,
    Reason,
    StepKind,
    chase_id,
    minute_of,
)
from playbooks.chase.unsaid import ended_by, unsaid
from playbooks.chase.windows import next_phone_window, phone_open

__all__ = [
    "ALIVE", "ANSWERS", "CUTS", "FINAL", "GROUPS", "NEXT", "SENIOR", "Answer", "Chase", "ChaseSetup",
    "Contact", "Cut", "Fate", "Funnel", "Group", "Guess", "Hand", "Ladder", "Reason", "Registered", "Rung",
    "Share", "Step", "StepKind", "against", "answered", "approve", "cancel", "chase_id", "check_remark",
    "claim", "contacted", "deal", "due", "end_of", "ended_by", "expire", "fates", "flash_ran", "for_buyer", "funnel",
    "give", "groups", "guess", "in_authority", "is_cancel", "is_labelled", "is_order_id", "is_remark", "is_silent",
    "is_unpaid", "keys_of", "life_of", "living", "may_note", "may_offer", "may_talk", "minute_of",
    "next_phone_window", "numbers_in", "offer",
    "one_agent", "open_rungs", "open_to", "owed", "phone_open", "pieces", "placed_at", "read_ladder",
    "read_lines", "record", "register", "release", "remark", "remark_flag", "round_at", "rounds_left",
    "rung_at", "script_key", "settle", "siblings", "sold_on", "standing", "steps", "take_in", "unsaid",
    "urgency", "waiting", "workable",
]  # fmt: skip
