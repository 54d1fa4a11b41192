"""Quick replies 快捷语 and ready answers 店铺资料: what agents paste to buyers, in short parts.

REQUIREMENTS A06, A14, C21, H22, H41, K04-K06, K18, L03, L06. One door to its parts. Templates, platform terms
and topics stand in `data/quick_replies.toml` and `data/ready_answers.toml`.
"""

from playbooks.quick.making import (
    QuickReply,
    for_product,
    for_room,
    hold_on,
    rules,
    services,
    terms,
)
from playbooks.quick.parts import in_parts
from playbooks.quick.ready import (
    ReadyAnswer,
    Topic,
    enabled,
    find_topic,
    for_today,
    guarantee_name,
    in_force,
    promised,
    state,
    topic_word,
    topics,
)

__all__ = [
    "QuickReply", "ReadyAnswer", "Topic", "enabled", "find_topic", "for_product", "for_room", "for_today",
    "guarantee_name", "hold_on", "in_force", "in_parts", "promised", "rules", "services", "state", "terms",
    "topic_word", "topics",
]  # fmt: skip
