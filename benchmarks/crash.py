"""The crash run in full: `shiftbot run` killed 200 times under load, and what that cost.

    python -m benchmarks.crash [KILLS] [SEED]

Six agents and one of ops work without pause over HTTP with a Telegram that tells again what was not confirmed;
the process is killed with SIGKILL at random moments and started again. In the end every order registered, step
taken, price changed and product put on air must be there exactly once and in the order people asked for it, and
every card delivered: once, and each crash in the middle of a send may repeat it once, marked; board and desks are
never said anew. Then the broken variant, which keeps the id of an update
in a unit of its own: that must be found out, or the run could not fail.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from tests.support.crash.check import MORE
from tests.support.crash.run import crash_run

KILLS, SEED = 200, 11
BROKEN_KILLS = 5


def main() -> int:
    given = [int(each) for each in sys.argv[1:]]
    kills, seed = (*given, *(KILLS, SEED)[len(given) :])
    folder = Path(tempfile.mkdtemp(prefix="shiftbot-crash-"))
    found = asyncio.run(crash_run(folder, kills, seed))
    print("\n".join(found.lines()), flush=True)
    if found.faults:
        print(f"store and log are kept in {folder}")
    else:
        shutil.rmtree(folder)
    fell_inside = found.in_units and found.in_sends
    if not fell_inside:
        print("no kill fell inside a unit, or none inside a send: nothing was shown")
    with tempfile.TemporaryDirectory() as name:
        broken = asyncio.run(crash_run(Path(name), BROKEN_KILLS, seed, id_apart=True, agents=0))
    told = next((fault for fault in broken.faults if MORE in fault), "")
    print(f"the id kept outside the unit, {broken.kills} kills: {told or 'NOT FOUND OUT'}")
    return 0 if fell_inside and told and not found.faults else 1


if __name__ == "__main__":
    sys.exit(main())
