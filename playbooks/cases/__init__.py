"""Cases 工单: negative reviews, praise with a complaint in it, after-sales, complaints, slips; the case library.

REQUIREMENTS E14-E22, E24-E29, F15-F17, G04, K14, K16, L02. One door to its parts: pure functions over `Case`. Hours,
words, texts for buyers and what may not be said stand in `data/cases.toml`.
"""

from playbooks.cases.counting import Tally, is_late, of_week, tally, waiting
from playbooks.cases.deadlines import (
    GRAVEST,
    Alarm,
    Told,
    cap_of,
    due_of,
    next_told,
    next_weekly,
    told,
    window_of,
)
from playbooks.cases.library import Lesson, Picture, caption, checked_better, checked_talk, found
from playbooks.cases.opening import added, apart_from_review, is_second, opened, same_matter
from playbooks.cases.public import check_personal, check_reply, masked, personal_in
from playbooks.cases.rules import KINDS, Kind, Script, cause_of, rules, script, type_of
from playbooks.cases.state import COMPLAINT, OPEN, PLAIN, Case, Happened, State, What, may_end_as
from playbooks.cases.typed import Typed, checked, is_order, read
from playbooks.cases.work import (
    TO_BE_SAID,
    caused,
    closed,
    contacted,
    drafted,
    missed,
    noted,
    passed,
    proposed,
    put_off,
    rehearsed,
    reopened,
    replied,
    tracked,
    typed_as,
    unsatisfied,
    visited,
)

__all__ = [
    "COMPLAINT", "GRAVEST", "KINDS", "OPEN", "PLAIN", "TO_BE_SAID", "Alarm", "Case", "Happened", "Kind", "Lesson",
    "Picture", "Script", "State", "Tally", "Told", "Typed", "What", "added", "apart_from_review", "cap_of",
    "caption", "cause_of", "caused", "check_personal", "check_reply", "checked", "checked_better", "checked_talk",
    "closed", "contacted", "drafted", "due_of", "found", "is_late", "is_order", "is_second", "masked",
    "may_end_as", "missed", "next_told", "next_weekly", "noted", "of_week", "opened", "passed", "personal_in",
    "proposed", "put_off", "read", "rehearsed", "reopened", "replied", "rules", "same_matter", "script", "tally",
    "told", "tracked", "type_of", "typed_as", "unsatisfied", "visited", "waiting", "window_of",
]  # fmt: skip
