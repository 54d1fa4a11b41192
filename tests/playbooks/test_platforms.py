"""Platforms: found by any word people use, each with its chat tool where we know its name."""

from __future__ import annotations

import pytest

from playbooks.platforms import find_platform, platform, platforms


@pytest.mark.parametrize(
    ("word", "tool"), [("抖店", "飞鸽"), ("淘宝", "旺旺"), ("TM", "旺旺"), ("京东", "咚咚"), ("视频号", "")]
)
def test_the_chat_tool_is_called_as_agents_call_it(word: str, tool: str) -> None:
    found = find_platform(word)
    assert found
    assert platform(found.id).tool == tool


def test_no_word_means_two_platforms() -> None:
    words = [w for one in platforms() for w in {one.id, one.zh.lower(), one.en.lower(), *one.words}]
    assert len(words) == len(set(words))


def test_jd_wants_an_answer_in_thirty_seconds_and_others_whose_rule_is_unknown_say_none() -> None:
    wanted = platform("jd").answering
    assert wanted
    assert (wanted.seconds, f"{wanted.start:%H:%M}") == (30, "09:00")
    assert platform("tiktok_shop").answering is None
