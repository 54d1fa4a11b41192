"""Telegram's HTML and the entities of a text, counted in UTF-16 units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rehearsal.telegram.entities import as_html, entity_text, found_entities, trimmed, utf16_length
from bot.rehearsal.telegram.errors import ApiError
from bot.rehearsal.telegram.html import parse_html

TAGS = ("b", "i", "u", "s", "tg-spoiler", "blockquote")
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8)
MARKUP = st.recursive(
    WORDS.map(lambda word: as_html(word, [])),
    lambda inner: st.tuples(st.sampled_from(TAGS), st.lists(inner, min_size=1, max_size=3)).map(
        lambda made: f"<{made[0]}>{''.join(made[1])}</{made[0]}>"
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("source", "text", "kinds"),
    [
        ("<b>价</b> 79 → <s>75</s>", "价 79 → 75", ["bold", "strikethrough"]),
        ("<strong>a</strong><em>b</em><ins>c</ins><strike>d</strike><del>e</del>", "abcde",
         ["bold", "italic", "underline", "strikethrough", "strikethrough"]),
        ("<code>6917</code>", "6917", ["code"]),
        ('<pre><code class="language-py">x</code></pre>', "x", ["pre"]),
        ('<a href="https://example.com/?a=1&amp;b=2">链接</a>', "链接", ["text_link"]),
        ('<a href="tg://user?id=102">小美</a>', "小美", ["text_mention"]),
        ('<a href="javascript:x">链接</a>', "链接", []),
        ('<span class="tg-spoiler">x</span><tg-spoiler>y</tg-spoiler>', "xy", ["spoiler", "spoiler"]),
        ("<blockquote expandable>x</blockquote><blockquote>y</blockquote>", "xy",
         ["expandable_blockquote", "blockquote"]),
        ('<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>', "👍", ["custom_emoji"]),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2 &quot;x&quot;", '1 < 2 && 3 > 2 "x"', []),
        ("&#20320;&#x4f60; &nbsp; &", "你你 &nbsp; &", []),
        ("<b></b>x", "x", []),
        ("<B>x</B>", "x", ["bold"]),
    ],
)  # fmt: skip
def test_the_tags_telegram_knows_become_entities(source, text, kinds):
    read, entities = parse_html(source)
    assert (read, [each["type"] for each in entities]) == (text, kinds)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("<b>价", 'Can\'t find end tag corresponding to start tag "b"'),
        ("价</b>", "Unexpected end tag at byte offset 3"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("a<br>b", 'Unsupported start tag "br" at byte offset 1'),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ("3<5> 元", 'Unsupported start tag "5" at byte offset 1'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<tg-emoji emoji-id="x">👍</tg-emoji>', "Invalid custom emoji identifier specified"),
    ],
)
def test_html_it_cannot_parse_is_refused_with_the_byte_offset(source, why):
    with pytest.raises(ApiError, match="Bad Request: can't parse entities: ") as refused:
        parse_html(source)
    assert refused.value.description.endswith(why)


def test_code_is_cut_out_of_what_lies_over_it():
    _, entities = parse_html("<b>前<code>6917</code>后</b>")
    assert [(each["type"], each["offset"], each["length"]) for each in entities] == [
        ("bold", 0, 1),
        ("code", 1, 4),
        ("bold", 5, 1),
    ]


def test_an_emoji_counts_two_units():
    text, [entity] = parse_html("👍👍<b>好</b>")
    assert (utf16_length(text), entity["offset"], entity_text(text, entity)) == (5, 4, "好")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/on 3", {"bot_command": ["/on"]}),
        ("👍 /on@shiftbot_bot 3", {"bot_command": ["/on@shiftbot_bot"]}),
        ("and/or /3号 a/b", {}),
        ("@zhou_lead 看 #三号 https://example.com/a。", {
            "mention": ["@zhou_lead"], "hashtag": ["#三号"], "url": ["https://example.com/a"]}),
        ("mail a@example_com", {}),
    ],
)  # fmt: skip
def test_commands_mentions_tags_and_links_are_found(text, found):
    seen: dict[str, list[str]] = {}
    for each in found_entities(text, []):
        seen.setdefault(each["type"], []).append(entity_text(text, each))
    assert seen == found


def test_white_space_at_the_ends_goes_and_entities_move():
    text, [entity] = trimmed(*parse_html("\n <b> 价 </b> "))
    assert (text, entity["offset"], entity["length"]) == ("价", 0, 1)


@given(MARKUP)
def test_what_is_written_as_html_reads_back_the_same(source):
    text, entities = parse_html(source)
    again, same = parse_html(as_html(text, entities))
    assert again == text

    def places(found):
        return sorted((each["type"], each["offset"], each["length"]) for each in found)

    assert places(same) == places(entities)
