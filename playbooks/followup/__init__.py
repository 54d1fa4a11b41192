"""Follow-ups after the stream: 邀好评 review invitations, 催物流 stuck parcels, 催签收 pick-ups, 催发货 urged orders …

REQUIREMENTS E01-E13, E28, K01, K02, L01, B22. One door to its parts. Hours and outcomes stand in
`data/followup.toml`, what buyers are told in `data/followup_texts.toml`.
A review invitation asks for an honest review and offers nothing (K01).
"""

from playbooks.followup.intake import from_order, from_parcel, from_signed
from playbooks.followup.rules import Kind, is_food, outcomes, rules
from playbooks.followup.settling import settle
from playbooks.followup.state import ALIVE, FollowUp, ParcelState, ParcelStatus, follow_up_id
from playbooks.followup.work import (
    claim,
    drop,
    give_back,
    is_said,
    may_drop,
    next_for,
    own_step,
    record,
    release_all,
)

__all__ = [
    "ALIVE", "FollowUp", "Kind", "ParcelState", "ParcelStatus", "claim", "drop", "follow_up_id", "from_order",
    "from_parcel", "from_signed", "give_back", "is_food", "is_said", "may_drop", "next_for", "outcomes",
    "own_step", "record", "release_all", "rules", "settle",
]  # fmt: skip
