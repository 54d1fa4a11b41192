"""How Python runs in a process that answers people while it works: whose turn it is, when it looks for garbage.

Threads take turns in Python. Beside an export coming in, a press waits for the turn of the loop at every step of
its way: read, stored, handled, saved, answered.
"""

from __future__ import annotations

import gc
import sys

TURN_SECONDS = 0.001
"""How long a thread keeps its turn while another waits. At Python's own 5 ms half of the presses beside an import
took 27 ms, at 1 ms 21; where the machine had other work too, 68 and 34, and the import itself took two thirds."""
YOUNG, MIDDLE, OLD = 5_000, 2, 1_000
"""Objects more than at the last look, and looks until the next older ones are gone through too: at most 15,000, 12 ms.
By Python's own (700, 10, 10) all there was, 40 to 65 ms of it, was gone through six times in one import, and in none
of it was any garbage: hardly anything here holds itself."""


def answer_people() -> None:
    """Short turns, and few looks for garbage."""
    sys.setswitchinterval(TURN_SECONDS)
    gc.set_threshold(YOUNG, MIDDLE, OLD)


def keep_loaded() -> None:
    """What there is now stays: later looks would go through every document loaded, and stop everything meanwhile."""
    gc.collect()
    gc.freeze()
