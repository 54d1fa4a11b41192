"""Both languages say the same things: the same keys, placeholders that are filled, HTML that Telegram parses."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from bot import texts
from bot.card import line
from bot.duties import DUTIES
from bot.rehearsal.telegram.html import parse_html
from bot.render import line_html
from playbooks.broadcast import NEXT
from playbooks.journal import KINDS
from playbooks.platforms import platforms
from playbooks.room import ROLES, TOPICS

ROOT = Path(__file__).parents[2]
SOURCES = [p for folder in ("bot", "playbooks", "storage") for p in (ROOT / folder).rglob("*.py")]
AREAS = {key.partition(".")[0] for key in texts.texts("zh-CN")}
LITERAL = re.compile(r'(?<![\w.])"((?:' + "|".join(sorted(AREAS)) + r')\.[a-z0-9_]+)"')


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_texts() -> None:
    assert texts.texts("zh-CN").keys() == texts.texts("en").keys()


@pytest.mark.parametrize("lang", list(texts.LANGUAGES))
def test_every_text_is_html_telegram_parses(lang: str) -> None:
    for key, text in texts.texts(lang).items():
        filled = text.format_map(dict.fromkeys(placeholders(text), "1"))
        assert parse_html(filled) is not None, key


def test_english_uses_no_placeholder_chinese_does_not_have() -> None:
    two_ways = {"percent", "zhe"}  # 8.5折 is 15 % off: both values are always given
    for key, text in texts.texts("zh-CN").items():
        assert placeholders(text) - two_ways == placeholders(texts.texts("en")[key]) - two_ways, key


def test_english_texts_hold_no_chinese_but_words_to_type() -> None:
    for key, text in texts.texts("en").items():
        if re.search(r"[\u4e00-\u9fff]", text):
            assert key in WORDS_TO_TYPE, f"{key}: {text}"


# English texts that quote the Chinese words of a run sheet, a remark or a chat line as they have to be written.
WORDS_TO_TYPE = frozenset(
    """chase.line_empty chase.order_id_missing chase.remark_time chase.remark_nick chase.remark_count
    audit.no_rules audit.rule_kind audit.rule_empty audit.rule_until audit.region_unknown
    parcels.unknown_format sheet.product_twice sheet.promo_unclear sheet.basis_column_missing
    terms.deal_usage sheet.points_column_missing
    template.example_seq template.example_role template.hint_promo template.example_promo
    template.hint_gift template.example_gift template.hint_coupon template.example_coupon
    template.example_stop_regions template.note_4 template.note_5
    sheet.flash_no_times sheet.paste_here flash.none""".split()  # noqa: SIM905 - as a list it is too long a line to read
)


def test_every_key_named_in_the_code_has_a_text() -> None:
    named = {key: path for path in SOURCES for key in LITERAL.findall(path.read_text(encoding="utf-8"))}
    files = {key for key in named if key.endswith((".png", ".xlsx", ".css", ".js", ".html"))}
    missing = {key: str(path) for key, path in named.items() if not texts.known(key) and key not in files}
    assert not missing


def test_whatever_is_built_into_a_key_has_a_text() -> None:
    built = [f"menu.{c.name}" for d in DUTIES for c in (*d.commands, *d.front) if c.listed]
    built += [f"role.{role}" for role in ROLES] + [f"topic.{topic}" for topic in TOPICS]
    built += [f"platform.{p.id}" for p in platforms()]
    built += [
        f"{area}.{stage}" for area in ("board", "now") for stage in ("planned", "live", "closing", "ended")
    ]
    built += [f"presence.{say}{how}" for say in ("", "now_", "already_") for how in ("in", "break", "out")]
    steps = ("sell", "closing", "wrap")
    built += [
        f"stage.{stage}_{s}" for stage in NEXT if stage != "archived" for s in steps if s not in NEXT[stage]
    ]
    assert not [key for key in built if not texts.known(key)]


def test_values_are_escaped_so_a_product_may_be_called_anything() -> None:
    assert (
        line_html("zh-CN", line("air.product", number=3, name="<b>A&B</b>"))
        == "3号 &lt;b&gt;A&amp;B&lt;/b&gt;"
    )


def test_every_kind_of_journal_entry_the_code_writes_is_declared() -> None:
    written = {
        kind
        for path in SOURCES
        for kind in re.findall(r'desk\.note\("([a-z_]+)"', path.read_text(encoding="utf-8"))
    }
    assert written <= KINDS.keys()
