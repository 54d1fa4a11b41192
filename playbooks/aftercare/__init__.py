"""The life of a held order 异常订单, from the audit that found it to the file that shows it solved.

REQUIREMENTS D02, D06, D07, K10, L07, L08. One door to its parts. An agent's word leaves a hold "claimed done";
only a later export solves it, and a still later one that finds something again opens it once more.
"""

from playbooks.aftercare.exposure import Penalty, exposure, penalty
from playbooks.aftercare.intake import settle, take_in
from playbooks.aftercare.queue import may_wrap, open_holds, overdue, worklist
from playbooks.aftercare.state import (
    ACTIONS,
    DEALT_WITH,
    NEXT,
    NEXT_SHIFT,
    OPEN,
    Action,
    Hold,
    State,
    Step,
    step,
)
from playbooks.aftercare.warehouse import intercept_list, tick_intercepted, tick_released
from playbooks.aftercare.work import (
    act,
    claim,
    decide_false_alarm,
    give_back,
    hand_over,
    propose_false_alarm,
    release_all,
    waive,
)

__all__ = [
    "ACTIONS", "DEALT_WITH", "NEXT", "NEXT_SHIFT", "OPEN", "Action", "Hold", "Penalty", "State", "Step", "act",
    "claim", "decide_false_alarm", "exposure", "give_back", "hand_over", "intercept_list", "may_wrap",
    "open_holds", "overdue", "penalty", "propose_false_alarm", "release_all", "settle", "step", "take_in",
    "tick_intercepted", "tick_released", "waive", "worklist",
]  # fmt: skip
