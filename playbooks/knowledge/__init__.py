"""What the shop knows 知识库: entries, when they may be offered, and the search over them.

REQUIREMENTS A07, A09, A10, A13. One door to its parts. Limits and words stand in `data/knowledge.toml`.
"""

from playbooks.knowledge.index import Hit, Index, Searched
from playbooks.knowledge.model import KnowledgeEntry, KnowledgeMark, Source, rules
from playbooks.knowledge.standing import Standing, check, outdated, quotes, standing
from playbooks.knowledge.typed import Typed, read_entry, read_faq, read_handbook, read_new_answer

__all__ = [
    "Hit", "Index", "KnowledgeEntry", "KnowledgeMark", "Searched", "Source", "Standing", "Typed", "check",
    "outdated", "quotes", "read_entry", "read_faq", "read_handbook", "read_new_answer", "rules", "standing",
]  # fmt: skip
