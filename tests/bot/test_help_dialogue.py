"""`/help`: what each role reaches for on one screen, the rest in chapters, a button each."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from bot import duties, texts
from bot.duties import AREAS, CHAPTERS
from bot.duties.helping import EVERYBODY_REACHES_FOR, FIRST_OF_ALL, REACHED_FOR, told
from bot.duty import Command
from bot.render import TEXT_UNITS, keyboard, text_html, units
from bot.texts import plain
from playbooks.room import ROLES, Member, Role
from storage.rows import Card
from tests.support.evening import BOSS, CHEN, MEI, OPS, QIANG, evening

SHOP = "店" * 40
A_SCREEN = 20
TITLES = {lang: [texts.say(lang, f"help.chapter_{key}") for key in CHAPTERS] for lang in texts.LANGUAGES}
COMMANDS = {c.name: c for area in AREAS for c in (*area.commands, *area.front) if c.listed}
WHOEVER = [some for count in range(1, len(ROLES) + 1) for some in combinations(ROLES, count)]


def may(me: Member, name: str) -> bool:
    one = COMMANDS[name]
    return not isinstance(one, Command) or me.may(one.roles)


def with_roles(roles: tuple[Role, ...]) -> Member:
    return Member(id="1", name="", roles=roles)


def shown(card: Card, lang: str) -> str:
    keyboard(card, lang, "a1")  # refuses what does not fit into a button
    return plain(text_html(card, lang, SHOP))


def named_in(text: str) -> set[str]:
    """The commands a text tells of, a line each."""
    starts = (one.split()[0] for one in text.splitlines() if one.startswith("/"))
    return {one.removeprefix("/") for one in starts}


def acts(card: Card) -> list[str]:
    return [one.act for row in card.buttons for one in row]


# -- what is told --------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", list(texts.LANGUAGES))
@pytest.mark.parametrize("roles", WHOEVER, ids="+".join)
def test_whoever_asks_no_message_is_longer_than_telegram_takes_and_nothing_is_left_out(
    roles: tuple[Role, ...], lang: str
) -> None:
    me = with_roles(roles)
    for word in ("", *CHAPTERS, *COMMANDS, "x" * 4090):
        text = shown(told(CHAPTERS, me, word), lang)
        assert units(text) <= TEXT_UNITS
        assert not [key for key in ("没有显示", "lines not shown") if key in text]


@pytest.mark.parametrize("roles", WHOEVER, ids="+".join)
def test_the_first_message_is_one_screen_of_commands_its_reader_may_use(roles: tuple[Role, ...]) -> None:
    me = with_roles(roles)
    text = shown(told(CHAPTERS, me), "zh-CN")
    assert len(text.splitlines()) <= A_SCREEN
    named = named_in(text)
    assert 5 <= len(named) <= FIRST_OF_ALL
    assert [name for name in named if not may(me, name)] == []
    assert all(texts.say("zh-CN", f"role.{role}") in text for role in roles)


@pytest.mark.parametrize("roles", WHOEVER, ids="+".join)
def test_the_chapters_together_tell_of_every_command_one_may_use_once_and_of_no_other(
    roles: tuple[Role, ...],
) -> None:
    me = with_roles(roles)
    offered = [act.removeprefix("chapter ") for act in acts(told(CHAPTERS, me))]
    told_of = [named_in(shown(told(CHAPTERS, me, key), "en")) for key in offered]
    assert all(told_of)  # no button for an empty chapter
    assert sum(map(len, told_of)) == len(set().union(*told_of))
    assert set().union(*told_of) == {name for name in COMMANDS if may(me, name)}


def test_what_a_role_reaches_for_is_there_and_its_own() -> None:
    assert set(REACHED_FOR) == set(ROLES)
    for role, names in REACHED_FOR.items():
        assert [n for n in (*names, *EVERYBODY_REACHES_FOR) if not may(with_roles((role,)), n)] == []


def test_every_area_stands_in_one_chapter() -> None:
    folder = Path(duties.__file__).parent
    names = {path.stem for path in folder.glob("*.py")} - {"__init__", "helping"}
    declared = [getattr(duties, name).DUTY.name for name in names]
    assert sorted(area.name for area in AREAS) == sorted(declared)


@pytest.mark.parametrize("lang", list(texts.LANGUAGES))
def test_no_two_chapters_are_called_alike(lang: str) -> None:
    assert len(set(TITLES[lang])) == len(CHAPTERS) == 10


def test_a_chapter_is_found_by_its_title_in_either_language() -> None:
    me = with_roles(("manager",))
    for titles in TITLES.values():
        for key, title in zip(CHAPTERS, titles, strict=True):
            assert told(CHAPTERS, me, title.upper()) == told(CHAPTERS, me, key)


# -- as it is used -------------------------------------------------------------------------------------


async def test_a_chapter_is_shown_in_place_with_a_way_back(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        (first,) = await shift.asks(MEI, "/help")
        count = len(shift.here.core.said(MEI))
        await shift.press(MEI, "催付")
        assert "/remark 催付备注" in shift.here.last(MEI).text
        assert "/take" not in shift.here.last(MEI).text
        await shift.press(MEI, "返回")
        assert shift.here.last(MEI).text == first
        await shift.press(MEI, "播后跟进")
        assert "/take 接活" in shift.here.last(MEI).text
        assert len(shift.here.core.said(MEI)) == count


async def test_an_older_help_and_one_from_before_a_restart_can_still_be_leafed_through(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        await shift.asks(OPS, "/help")
        older = shift.here.last(OPS)
        await shift.asks(OPS, "帮助")
        newer = shift.here.last(OPS)
        core, clock, group = shift.here.core, shift.clock, shift.group
        await shift.press(OPS, "复盘")
        await shift.here.presses(OPS, OPS, older.message_id, "开播中")
        texts_now = {m.message_id: m.text for m in core.said(OPS)}
        assert "/price 改价" in texts_now[older.message_id]
        assert "/enter 录入" in texts_now[newer.message_id]
    async with evening(tmp_path, core=core, clock=clock, group=group) as shift:
        await shift.here.presses(OPS, OPS, newer.message_id, "返回")
        texts_now = {m.message_id: m.text for m in core.said(OPS)}
        assert "您的角色：运营" in texts_now[newer.message_id]


async def test_a_chapter_or_one_command_can_be_asked_for_in_words(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        by_title, by_key = await shift.asks(MEI, "/help 催付"), await shift.asks(MEI, "帮助 chase")
        assert by_title == by_key
        assert "/batch 批量催付" in by_title[0]
        for asked in ("/help 改价", "/help /price", "帮助 price"):
            (one,) = await shift.asks(OPS, asked)
            assert "/price 改价 — 改价：/price 59.9" in one
            assert "/soldout" not in one
        (not_theirs,) = await shift.asks(MEI, "/help 改价")
        assert "这一条由组长、主管、运营来用" in not_theirs


async def test_an_unknown_word_is_said_so_and_the_chapters_are_offered(tmp_path: Path) -> None:
    async with evening(tmp_path) as shift:
        (said,) = await shift.asks(CHEN, "/help 开飞机")
        assert "没有「开飞机」这一章" in said
        await shift.press(CHEN, "收播审单")
        assert "/intercept 拦截清单" in shift.here.last(CHEN).text
        (said,) = await shift.asks(CHEN, "/help " + "飞" * 3000)
        assert len(said) < 200  # whatever was pasted, the way on is in sight
        (said,) = await shift.asks(CHEN, "/help chapter")  # a button's own word is no command to learn
        assert "没有「chapter」" in said


async def test_asked_for_in_the_group_it_is_told_in_private_and_changes_no_message_there(
    tmp_path: Path,
) -> None:
    async with evening(tmp_path) as shift:
        before = [m.text for m in shift.here.core.said(shift.group)]
        await shift.says(QIANG, "/help")
        assert "您的角色：客服" in shift.here.last(QIANG).text
        await shift.press(QIANG, "工单")
        assert "/badreview" in shift.here.last(QIANG).text
        assert [m.text for m in shift.here.core.said(shift.group)] == before


async def test_an_english_room_is_told_in_english(tmp_path: Path) -> None:
    async with evening(tmp_path, bound=False) as shift:
        await shift.says(BOSS, "/setup Xiaoman douyin en")
        await shift.here.starts(BOSS)
        (first,) = await shift.asks(BOSS, "/help")
        assert "Your roles: manager" in first
        await shift.press(BOSS, "Chase")
        assert "Chase: the commands you can use" in shift.here.last(BOSS).text
        await shift.press(BOSS, "Back")
        assert shift.here.last(BOSS).text == first
