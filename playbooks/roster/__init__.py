"""The roster 排班: who is on when, whom the bot misses, where nobody is planned, how many people are needed.

REQUIREMENTS A08, H08, I08, K23. One door to its parts; numbers and words stand in `data/roster.toml`.
"""

from playbooks.roster.grades import read_grade
from playbooks.roster.model import AGENTS, Rules, Shift, of_person, on_now, rules, upcoming
from playbooks.roster.reading import Planned, day_off, read_day, read_line, replaced
from playbooks.roster.staffing import Handled, Need, Past, needs
from playbooks.roster.swap import accept, check_fit, decline, offer
from playbooks.roster.watching import deserted, gaps, gaps_ahead, joined, late, next_look

__all__ = [
    "AGENTS", "Handled", "Need", "Past", "Planned", "Rules", "Shift", "accept", "check_fit", "day_off",
    "decline", "deserted", "gaps", "gaps_ahead", "joined", "late", "needs", "next_look", "of_person", "offer", "on_now",
    "read_day", "read_grade", "read_line", "replaced", "rules", "upcoming",
]  # fmt: skip
