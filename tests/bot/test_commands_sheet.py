"""`shiftbot doctor --sheet`: whoever has a key tries on a spreadsheet all that the bot does there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import commands_sheet
from bot.cli import main
from bot.clock import WoundClock
from bot.rehearsal.sheets import FAULTS, Cell, Fault, Google
from bot.rehearsal.sheets.adapter import InProcess
from storage.sheet_access import Access, access
from storage.sheets import KeyRefused
from storage.sheets_trial import ORDER, SCRATCH, TAB
from tests.support.evening import START
from tests.support.sheets_referee import refereed

ROOT = Path(__file__).parents[2]
STEPS = ["open", "set up", "texts", "rows", "copies", "tint", "whole", "tidy"]


def a_spreadsheet(role: str = "writer") -> tuple[Google, str]:
    google = refereed(Google(WoundClock(START).now))
    key = google.make("小满优选 共享表", "排品")
    google.tab(key, "排品").paste([["商品名", "直播价"], ["面霜", "79"]])
    google.share(key, role)
    return google, key


def tried(google: Google, said: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, Any]]]:
    code = commands_sheet.run(said, Access(Google.key_info(), InProcess(google)), as_json=True)
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_every_step_works_and_the_spreadsheet_is_as_before(capsys: pytest.CaptureFixture[str]) -> None:
    google, key = a_spreadsheet()
    code, steps = tried(google, f"https://docs.google.com/spreadsheets/d/{key}/edit", capsys)
    assert [one["step"] for one in steps if one["ok"]] == STEPS
    assert code == 0
    assert google.titles(key) == ["排品"]
    assert google.tab(key, "排品").texts() == [["商品名", "直播价"], ["面霜", "79"]]


def test_people_read_each_step_and_how_many_calls_it_took(capsys: pytest.CaptureFixture[str]) -> None:
    google, key = a_spreadsheet()
    assert commands_sheet.run(key, Access(Google.key_info(), InProcess(google)), as_json=False) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"As {google.address}:\nok  open: reads “小满优选 共享表”, 1 tabs\n")
    assert "Google allows 60 of each a minute" in said


@pytest.mark.parametrize(("role", "steps"), [("", ["open"]), ("reader", ["open", "set up", "tidy"])])
def test_a_missing_right_is_named_with_whom_to_share(
    role: str, steps: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    google, key = a_spreadsheet(role)
    code, found = tried(google, key, capsys)
    assert code == 1
    assert [one["step"] for one in found] == steps
    (cure,) = [one["cure"] for one in found if not one["ok"]]
    assert google.address in cure


def test_a_disabled_api_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    google, key = a_spreadsheet()
    google.enabled = False
    code, (found,) = tried(google, key, capsys)
    assert code == 1
    assert "Enable the Google Sheets API" in found["cure"]


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_google_answers_is_said_with_a_cure(
    fault: Fault, capsys: pytest.CaptureFixture[str]
) -> None:
    google, key = a_spreadsheet()
    google.faults.throw(fault)
    code, found = tried(google, key, capsys)
    assert (code, [one["step"] for one in found]) == (1, ["open"])
    assert found[0]["cure"]


def as_number(google: Google, key: str) -> None:
    """A Google that makes a number of 007, as it does where the bot would write as people type."""
    if TAB in google.titles(key) and google.tab(key, TAB).cell(1, 2).text == "007":
        google.tab(key, TAB).put(1, 2, Cell("7", number=True))


def copied_late(google: Google, key: str) -> None:
    """A Google that carries out a batch in another order: what is copied has been overwritten already."""
    try:
        copies = google.tab(key, SCRATCH)
    except StopIteration:
        return
    if copies.cell(1, 0).text == ORDER:
        copies.put(1, 0, Cell("overwritten"))


@pytest.mark.parametrize(
    ("other", "step", "seen"), [(as_number, "texts", "'7'"), (copied_late, "copies", "overwritten")]
)
def test_a_google_that_does_otherwise_is_found_out_and_its_tabs_removed(
    other: Callable[[Google, str], None], step: str, seen: str, capsys: pytest.CaptureFixture[str]
) -> None:
    google, key = a_spreadsheet()
    google.before.append(lambda kind: other(google, key))
    code, found = tried(google, key, capsys)
    assert code == 1
    assert [one["step"] for one in found] == [*STEPS[: STEPS.index(step) + 1], "tidy"]
    (wrong,) = [one for one in found if not one["ok"]]
    assert wrong["step"] == step
    assert seen in wrong["found"]
    assert google.titles(key) == ["排品"]


def test_without_a_key_or_an_address_nothing_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["doctor", "--sheet", "https://docs.google.com/spreadsheets/d/" + "x" * 44]) == 2
    assert "GOOGLE_SERVICE_ACCOUNT is not set" in capsys.readouterr().err
    (tmp_path / "key.json").write_text(json.dumps(Google.key_info()))
    monkeypatch.setenv("GOOGLE_SERVICE_ACCOUNT", "key.json")
    assert main(["doctor", "--sheet", "https://example.com"]) == 2
    assert "no spreadsheet's address" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("nowhere.json", "cannot be read"),
        ("{", "cannot be read"),
        ('{"type": "authorized_user"}', "no service account"),
    ],
)
def test_a_key_that_is_none_is_said_at_once_and_never_shown(
    said: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GOOGLE_SERVICE_ACCOUNT", said)
    assert main(["doctor"]) == 2
    err = capsys.readouterr().err
    assert "GOOGLE_SERVICE_ACCOUNT" in err
    assert why in err
    assert "authorized_user" not in err


def test_a_key_alone_loads_nothing_of_google(tmp_path: Path) -> None:
    (tmp_path / "key.json").write_text(json.dumps(Google.key_info()))
    look = (
        "import sys, bot.serve\nfrom bot.settings import Settings\n"
        "print(Settings().sheets().email, 'gspread' in sys.modules, 'google.auth' in sys.modules)"
    )
    environment = {**os.environ, "GOOGLE_SERVICE_ACCOUNT": "key.json", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", look],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["shiftbot@rehearsal.iam.gserviceaccount.com", "False", "False"]


def test_a_key_file_other_users_can_read_is_pointed_out_and_one_that_is_not_whole_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    google, key = a_spreadsheet()
    file = tmp_path / "key.json"
    file.write_text(json.dumps(Google.key_info()), encoding="utf-8")
    said = f"https://docs.google.com/spreadsheets/d/{key}/edit"
    for mode, code in ((0o644, 1), (0o600, 0)):
        file.chmod(mode)
        opened = access(str(file))
        assert opened
        assert commands_sheet.run(said, replace(opened, adapter=InProcess(google)), as_json=True) == code
        assert ("chmod 600" in capsys.readouterr().err) == bool(code)
    file.write_text(json.dumps({**Google.key_info(), "client_email": ""}), encoding="utf-8")
    with pytest.raises(KeyRefused, match="client_email is missing"):
        access(str(file))
