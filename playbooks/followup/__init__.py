"""Follow-ups after the stream: 邀好评 review invitations, 催物流 stuck parcels, 催签收 pick-ups.

REQUIREMENTS E02, E04, E06–E09, K01, K02, B22. One door to its parts. Hours, outcomes, words and
scripts stand in `data/followup.toml`.
A review invitation asks for an honest review and offers nothing (K01).
"""

from playbooks.followup.intake import from_order, from_parcel, settle
from playbooks.followup.rules import Kind, is_food, outcomes, rules, scripts
from playbooks.followup.state import FollowUp, ParcelState, ParcelStatus
from playbooks.followup.work import claim, drop, give_back, next_for, record, release_all

__all__ = [
    "FollowUp", "Kind", "ParcelState", "ParcelStatus", "claim", "drop", "from_order", "from_parcel", "give_back",
    "is_food", "next_for", "outcomes", "record", "release_all", "rules", "scripts", "settle",
]  # fmt: skip
