"""`shiftbot doctor --sheet ADDRESS`: a person with a key tries on a live spreadsheet all that the bot does there."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from bot.clock import SystemClock
from playbooks.model import Refusal
from storage.sheet_access import Access
from storage.sheets import KeyRefused, key_of
from storage.sheets_trial import try_out

GOOD, FOUND, BAD_INPUT = 0, 1, 2
NO_KEY = (
    "GOOGLE_SERVICE_ACCOUNT is not set: put the service account's key file into .env (docs/google-sheets.md)."
)
NO_ADDRESS = (
    "This is no spreadsheet's address: copy it from the browser, https://docs.google.com/spreadsheets/d/…"
)
OPEN_TO_ALL = "GOOGLE_SERVICE_ACCOUNT: other users of this machine can read the key file: chmod 600."


def run(said: str, access: Access | None, *, as_json: bool) -> int:
    """Print each step as it is done. 0: all of it works; 1: some of it does not; 2: it cannot be tried."""
    if access is None:
        print(NO_KEY, file=sys.stderr)
        return BAD_INPUT
    try:
        key = key_of(said)
        account = access.account(SystemClock().ticks)
    except Refusal:
        print(NO_ADDRESS, file=sys.stderr)
        return BAD_INPUT
    except KeyRefused as error:
        print(f"GOOGLE_SERVICE_ACCOUNT: {error.why}", file=sys.stderr)
        return BAD_INPUT
    if not as_json:
        print(f"As {account.email}:")
    if access.open_to_all:
        print(OPEN_TO_ALL, file=sys.stderr)
    well = not access.open_to_all
    for one in try_out(account, key):
        well = well and one.ok
        cure = f"\n    -> {one.cure}" if one.cure else ""
        said = f"{'ok ' if one.ok else 'NOT'} {one.step}: {one.found}{cure}"
        print(json.dumps({"ok": one.ok, **asdict(one)}, ensure_ascii=False) if as_json else said, flush=True)
    if not as_json:
        total = account.quota.total
        print(f"{total['read']} reads, {total['write']} writes; Google allows 60 of each a minute.")
    return GOOD if well else FOUND
