"""What is logged holds no token, no phone and nothing people wrote, in either format, tracebacks included."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot import logs
from bot.logs import Format
from bot.rehearsal import samples
from playbooks.room import Member
from tests.bot.test_run import TOKEN
from tests.support.command import shiftbot
from tests.support.evening import MEI, evening

PHONE = "13800138000"
ORDER = "6917112018689962077"
ROW = "张三 杏花路九号"


@pytest.fixture
def quiet_again() -> Iterator[None]:
    """What `set_up` changes is put back."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    levels = {name: logging.getLogger(name).level for name in logs.QUIET}
    yield
    root.handlers[:], _ = before[0], root.setLevel(before[1])
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def a_fault() -> None:
    raise ValueError(f"138 0013 8000 is no row of https://api.telegram.org/bot{TOKEN}/getFile")


def logged(format: Format, capsys: pytest.CaptureFixture[str]) -> str:
    """What stands on stderr after a fault was logged."""
    logs.set_up("INFO", format)
    try:
        a_fault()
    except ValueError:
        logging.getLogger("bot.jobs").exception("order %s of %s failed with %s", ORDER, PHONE, TOKEN)
    return capsys.readouterr().err


@pytest.mark.usefixtures("quiet_again")
@pytest.mark.parametrize("format", ["text", "json"])
def test_no_token_and_no_phone_is_logged_not_even_in_a_traceback(
    format: Format, capsys: pytest.CaptureFixture[str]
) -> None:
    said = logged(format, capsys)
    for secret in (TOKEN, TOKEN.partition(":")[2], PHONE, "0013 8000"):
        assert secret not in said
    assert ORDER in said
    assert "in a_fault" in said
    assert "<token>" in said


@pytest.mark.usefixtures("quiet_again")
def test_a_json_line_says_when_how_bad_where_and_what(capsys: pytest.CaptureFixture[str]) -> None:
    before = datetime.now(UTC)
    (text,) = logged("json", capsys).splitlines()
    said = json.loads(text)
    at = datetime.fromisoformat(said.pop("at"))
    assert at.utcoffset() == before.utcoffset()
    assert abs((at - before).total_seconds()) < 5
    traceback = said.pop("traceback")
    assert traceback.startswith("Traceback (most recent call last):\n  File ")
    assert said == {
        "level": "ERROR", "logger": "bot.jobs", "message": f"order {ORDER} of … failed with <token>",
        "error": "ValueError",
    }  # fmt: skip


@pytest.mark.usefixtures("quiet_again")
def test_a_traceback_in_text_keeps_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    lines = logged("text", capsys).splitlines()
    assert lines[0].endswith(f"ERROR bot.jobs: order {ORDER} of … failed with <token>")
    assert lines[1] == "Traceback (most recent call last):"
    assert lines[2].startswith('  File "')
    assert lines[-1] == "ValueError: … is no row of https://api.telegram.org/<token>/getFile"


@pytest.mark.usefixtures("quiet_again")
async def test_at_the_most_talkative_level_nothing_people_wrote_is_logged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up("DEBUG")
    async with evening(tmp_path) as shift:
        await shift.says(MEI, "买家住杏花路九号，别发中通")
        await shift.asks(MEI, "杏花路九号怎么走")
    said = capsys.readouterr().err
    assert "Application started" in said
    assert "杏花路" not in said


async def test_a_file_that_cannot_be_read_is_logged_without_its_rows(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def read(*_: object) -> list[object]:
        raise ValueError(ROW)

    async with evening(tmp_path) as shift:
        files = shift.here.bot.runner.files
        files["orders"] = replace(files["orders"], read=read)
        shift.expects_a_fault()
        await shift.sends(MEI, *samples.export(samples.FIRST_EXPORT))
    assert "failed: ValueError\n  File " in caplog.text
    assert "in read" in caplog.text
    assert ROW not in caplog.text


def test_a_value_that_was_refused_stays_out_of_the_error() -> None:
    with pytest.raises(ValidationError) as refused:
        Member.model_validate({"id": "7", "name": {"杏花路九号": 1}})
    assert "杏花路" not in str(refused.value)
    assert "name" in str(refused.value)


def test_a_log_format_that_is_none_is_said_at_once(tmp_path: Path) -> None:
    done = shiftbot(tmp_path, "run", TELEGRAM_TOKEN=TOKEN, LOG_FORMAT="yaml")
    assert done.returncode == 2
    assert "LOG_FORMAT" in done.stderr
    assert "Traceback" not in done.stderr
