"""`shiftbot new-key` and `rotate-keys`: the master keys that buyers' fields are sealed with (docs/privacy.md)."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from bot.clock import SystemClock
from bot.settings import Settings
from storage.books import BOOKS
from storage.store import NotSaved
from storage.tiny import TinyStore
from storage.vault import Vault, new_master
from storage.vault_rotate import Rotated, rotate

if TYPE_CHECKING:
    Subcommands = argparse._SubParsersAction[argparse.ArgumentParser]

GOOD, FOUND, BAD_INPUT = 0, 1, 2
NO_KEYS = (
    "PII_KEYS is not set, so no buyer's data is kept and there is nothing to rotate. To begin keeping it, "
    "encrypted: run `shiftbot new-key` and put what it prints into .env."
)
HOW_TO_ROTATE = (
    "Nothing was wrapped anew. To rotate: run `shiftbot new-key`, put its key in front in .env "
    "(PII_KEYS=new,old), stop the bot, run `shiftbot rotate-keys`, start the bot."
)


def add(commands: Subcommands) -> None:
    """Their options."""
    commands.add_parser("new-key", help="print a new master key for PII_KEYS; changes nothing")
    keys = commands.add_parser(
        "rotate-keys", help="wrap all data keys with the first key of PII_KEYS; the bot must not run"
    )
    keys.add_argument(
        "--drop-lost",
        action="store_true",
        help="delete data keys whose master key is lost; what they sealed is unreadable anyway",
    )


def new_key() -> int:
    """Print a key that no other is called like: its id is the moment it was made."""
    print(new_master(f"k{SystemClock().now():%Y%m%d%H%M%S}"))
    return GOOD


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Rotate; 0 all data keys are under the first master key, 1 some cannot be opened, 2 nothing was done.

    Raises StoreLocked while the bot runs, StoreDamaged.
    """
    vault, folder = settings.vault(), settings.data_dir.absolute()
    if not vault:
        print(NO_KEYS, file=sys.stderr)
        return BAD_INPUT
    if not folder.is_dir():
        print(f"{folder} is no folder: DATA_DIR names where the bot keeps its data.", file=sys.stderr)
        return BAD_INPUT
    store = TinyStore(folder, BOOKS)
    try:
        done = rotate(store, vault, drop_lost=given.drop_lost)
    except NotSaved as error:
        print(f"{error}. What was done is kept; run it again to go on.", file=sys.stderr)
        return BAD_INPUT
    finally:
        store.close()  # folds the logs, which hold the keys as they were wrapped before
    print("\n".join(_said(done, vault)))
    return FOUND if done.lost and not given.drop_lost else GOOD


def _said(done: Rotated, vault: Vault) -> list[str]:
    said = [f"Data keys wrapped anew with {vault.ids[0]}: {done.rewrapped}; already with it: {done.already}."]
    if not done.rewrapped and len(vault.ids) == 1:
        said.append(HOW_TO_ROTATE)
    for id, master in done.lost.items():
        said.append(f"{id} cannot be opened: it needs the master key {master or '(unreadable)'}.")
    if done.dropped:
        said.append(f"Deleted as lost: {done.dropped}. The bot makes new ones when it needs them.")
    elif done.lost:
        said.append("Put those keys back into PII_KEYS and run it again; if they are lost: --drop-lost.")
    free = [id for id in vault.ids[1:] if done.dropped or id not in done.lost.values()]
    if free:
        said.append(
            f"No longer needed here, remove from PII_KEYS now: {', '.join(free)}. Keep them elsewhere as long as "
            "you may restore a backup made before today; then destroy them."
        )
    return said
