"""`shiftbot backup`, `restore` and `doctor`: what is done with a data folder beside the bot."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from bot.clock import SystemClock
from bot.duties import DUTIES
from storage.backup import NotPossible, back_up
from storage.doctor import examine
from storage.restore import restore
from storage.vault import Vault

if TYPE_CHECKING:
    Subcommands = argparse._SubParsersAction[argparse.ArgumentParser]

GOOD, FOUND, BAD_INPUT = 0, 1, 2
TRY_SHEETS = "`shiftbot doctor --sheet ADDRESS` tries one with Google itself."
NO_BUYERS_KEPT = (
    "Buyers' names, phones and addresses: none is kept, as PII_KEYS is not set (docs/privacy.md)."
)
BUYERS_KEPT = "Buyers' names, phones and addresses: of open orders, encrypted, for {days} days at most."


def add(commands: Subcommands) -> None:
    """Their options."""
    backup = commands.add_parser("backup", help="copy the data into a new folder under DIR; the bot may run")
    backup.add_argument("dir", metavar="DIR", type=Path, help="outside the data folder, best on another disk")
    back = commands.add_parser("restore", help="put a backup in the place of the data; the bot must not run")
    back.add_argument("dir", metavar="DIR", type=Path, help="the folder `shiftbot backup` named")
    back.add_argument(
        "--replace", action="store_true", help="move data that is there aside first, and keep it"
    )
    doctor = commands.add_parser(
        "doctor", help="check everything that is stored; changes nothing, the bot may run"
    )
    doctor.add_argument("--json", action="store_true", help="a finding a line, as JSON")
    doctor.add_argument(
        "--sheet", metavar="ADDRESS", default="",
        help="instead, try all the bot does in Google Sheets on this spreadsheet, in a tab that is removed again",
    )  # fmt: skip


def run(given: argparse.Namespace, data: Path, vault: Vault) -> int:
    """Run the command on the folder `data`, with `vault` to open what is sealed there: 0 all is well, 1 the
    doctor found something, 2 it cannot be done."""
    try:
        # Absolute, so that one sees where it was another folder than the bot's.
        return COMMANDS[given.command](given, data.absolute(), vault)
    except NotPossible as error:
        print(error, file=sys.stderr)
        return BAD_INPUT


def _backup(given: argparse.Namespace, data: Path, vault: Vault) -> int:
    stands, manifest = back_up(data, given.dir, now=SystemClock().now(), version=version("shiftbot"))
    documents = sum(room.documents for room in manifest.rooms.values())
    archives = sum(room.archives for room in manifest.rooms.values())
    rooms = _counted(len(manifest.rooms), "room")
    print(f"{stands}: {rooms}, {_counted(documents, 'document')}, {_counted(archives, 'archive')} of {data}")
    return GOOD


def _restore(given: argparse.Namespace, data: Path, vault: Vault) -> int:
    manifest, aside = restore(given.dir, data, now=SystemClock().now(), replace=given.replace)
    rooms = _counted(len(manifest.rooms), "room")
    print(f"{data}: {rooms} as of {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC")
    if aside:
        print(f"What was there before is in {aside}.")
    return GOOD


def _doctor(given: argparse.Namespace, data: Path, vault: Vault) -> int:
    report = examine(data, {kind for duty in DUTIES for kind in duty.due}, vault, SystemClock().now())
    for finding in report.findings:
        print(finding.model_dump_json(exclude_defaults=True) if given.json else finding)
    if not given.json:
        rooms, documents = _counted(report.rooms, "room"), _counted(report.documents, "document")
        print(f"{data}: {rooms}, {documents}, {_counted(len(report.findings), 'finding')}")
        if report.sheets:
            print(f"Google Sheets: {_counted(report.sheets, 'spreadsheet')} bound; {TRY_SHEETS}")
        print(BUYERS_KEPT.format(days=vault.days) if vault else NO_BUYERS_KEPT)
    return FOUND if report.findings else GOOD


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


COMMANDS: dict[str, Callable[[argparse.Namespace, Path, Vault], int]] = {
    "backup": _backup,
    "restore": _restore,
    "doctor": _doctor,
}
