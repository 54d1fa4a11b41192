"""The life of a held order 异常订单, from the audit that found it to the file that shows it solved.

REQUIREMENTS D02, D06, D07, K10, L07, L08. One door to its parts. An agent's word leaves a hold "claimed done";
only a later export solves it, and a still later one that finds something again opens it once more.
"""

from playbooks.aftercare.exposure import Penalty, at_risk, exposure, penalty, rules
from playbooks.aftercare.intake import found_anew, settle, take_in
from playbooks.aftercare.judged import Judged, asked_for, excepted, judged
from playbooks.aftercare.queue import may_wrap, open_holds, overdue, worklist
from playbooks.aftercare.scripts import script_keys
from playbooks.aftercare.shortage import Shortage, missing
from playbooks.aftercare.state import (
    ACTIONS,
    DEALT_WITH,
    NEXT,
    NEXT_SHIFT,
    OPEN,
    SHIPPED,
    Action,
    Hold,
    State,
    Step,
    step,
)
from playbooks.aftercare.together import (
    AT_ONCE,
    act_all,
    claim_all,
    free,
    of_province,
    provinces,
    rules_found,
)
from playbooks.aftercare.warehouse import intercept_list, may_leave, tick_intercepted, tick_released
from playbooks.aftercare.work import (
    act,
    claim,
    decide_false_alarm,
    disputable,
    give_back,
    hand_over,
    propose_false_alarm,
    release_all,
    waive,
)

__all__ = [
    "ACTIONS", "AT_ONCE", "DEALT_WITH", "NEXT", "NEXT_SHIFT", "OPEN", "SHIPPED", "Action", "Hold", "Judged", "Penalty",
    "Shortage", "State", "Step", "act", "act_all", "asked_for", "at_risk", "claim", "claim_all", "decide_false_alarm",
    "disputable", "excepted", "exposure", "found_anew", "free", "give_back", "hand_over", "intercept_list", "judged",
    "may_leave", "may_wrap", "missing", "of_province", "open_holds", "overdue", "penalty", "propose_false_alarm",
    "provinces", "release_all", "rules", "rules_found", "script_keys", "settle", "step", "take_in", "tick_intercepted",
    "tick_released", "waive", "worklist",
]  # fmt: skip
