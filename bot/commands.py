"""The commands of the command line that work beside a running bot or without one: their options, and what each does.

They load what `shiftbot run` does not pay for: workbooks, pictures, the readers of every file.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot import (
    commands_addresses,
    commands_export,
    commands_health,
    commands_keys,
    commands_orders,
    commands_parse,
    commands_review,
    commands_routes,
    commands_sheet,
    commands_store,
    commands_template,
)
from bot.clock import SystemClock
from bot.settings import Settings

if TYPE_CHECKING:
    Subcommands = argparse._SubParsersAction[argparse.ArgumentParser]

BAD_INPUT = 2
Reader = Callable[[], Settings | None]
"""Reads the settings; None where they cannot be used, which it says."""


def add(commands: Subcommands) -> None:
    """The options of each."""
    commands_store.add(commands)
    commands_health.add(commands)
    commands_template.add(commands)
    commands_keys.add(commands)
    commands_orders.add(commands)
    commands_addresses.add(commands)
    commands_parse.add(commands)
    commands_review.add(commands)
    commands_export.add(commands)
    commands_routes.add(commands)


def run(given: argparse.Namespace, read_settings: Reader) -> int:
    """Do what was asked for: 0 when all is well, 2 for bad input or settings; others as each command says."""
    if given.command in commands_store.COMMANDS:
        return _keep(given, read_settings)
    others: dict[str, Callable[[], int]] = {
        "health": lambda: _health(read_settings, as_json=given.json),
        "template": lambda: commands_template.run(given),
        "new-key": commands_keys.new_key,
        "rotate-keys": lambda: _rotate_keys(given, read_settings),
        "orders": lambda: commands_orders.run(given, read_settings),
        "addresses": lambda: commands_addresses.run(given, read_settings),
        "parse": lambda: commands_parse.run(given),
        "review": lambda: commands_review.run(given, read_settings),
        "export": lambda: commands_export.run(given, read_settings),
        "routes": lambda: commands_routes.run(given, read_settings),
    }
    return others[given.command]()


def _keep(given: argparse.Namespace, read_settings: Reader) -> int:
    """`shiftbot backup`, `restore`, `doctor`."""
    settings = read_settings()
    if settings is None:
        return BAD_INPUT
    if given.command == "doctor" and given.sheet:
        return commands_sheet.run(given.sheet, settings.sheets(), as_json=given.json)
    return commands_store.run(given, settings.data_dir, settings.vault())


def _rotate_keys(given: argparse.Namespace, read_settings: Reader) -> int:
    settings = read_settings()
    return BAD_INPUT if settings is None else commands_keys.run(given, settings)


def _health(read_settings: Reader, *, as_json: bool) -> int:
    settings = read_settings()
    if settings is None:
        return BAD_INPUT
    return commands_health.run(settings.data_dir, SystemClock().now(), as_json=as_json)
