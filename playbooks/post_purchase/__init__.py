"""Messages after a purchase 售后留言: use, receipt, and whom to tell first; once a buyer (REQUIREMENTS D03, D04, K20).

One door to its parts. The texts by kind of goods and platform, and what they must not say, stand in
`data/post_purchase.toml`. (Held orders are playbooks.aftercare, invitations to review playbooks.followup.)
"""

from playbooks.post_purchase.making import message, read_own
from playbooks.post_purchase.model import Bought, HandedOut, Message, OwnText
from playbooks.post_purchase.queue import mark, slots, told, waits
from playbooks.post_purchase.rules import kind_of, rules
from playbooks.post_purchase.wording import asks_freight, check

__all__ = [
    "Bought", "HandedOut", "Message", "OwnText", "asks_freight", "check", "kind_of", "mark", "message", "read_own",
    "rules", "slots", "told", "waits",
]  # fmt: skip
