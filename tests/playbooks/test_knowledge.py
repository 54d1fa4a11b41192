"""What the shop knows is found however it is typed, and is not offered once it is not so any more."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from playbooks import knowledge
from playbooks.announce import Offer, revise
from playbooks.knowledge import Index, KnowledgeEntry, Searched
from playbooks.knowledge.pinyin import readings, sounds
from playbooks.model import Refusal
from playbooks.promotion import parse

NOW = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")

QUESTIONS = (
    "什么时候发货", "发什么快递", "能开发票吗", "会不会掉色", "重量是多少", "长度多少厘米", "退货地址在哪里",
    "银行卡可以付款吗", "绿色还有货吗", "XL码适合多少斤", "150ml能用多久", "3号链接有赠品吗",
)  # fmt: skip
INDEX = Index(Searched(str(n), (question,)) for n, question in enumerate(QUESTIONS))


def found(typed: str) -> str:
    hits = INDEX.search(typed, 1)
    return QUESTIONS[int(hits[0].id)] if hits else ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("什么时候发货", "什么时候发货"),  # as written
        ("什麽时候发或", "什么时候发货"),  # another character of the same sound
        ("什么候时发货", "什么时候发货"),  # changed places
        ("时候发", "什么时候发货"),  # left out
        ("shenmeshihoufahuo", "什么时候发货"),
        ("smshfh", "什么时候发货"),
        ("什么shihou发huo", "什么时候发货"),
        ("shenmesh发货", "什么时候发货"),  # syllables, then initials
        ("fa shen me kuai di", "发什么快递"),
        ("zhongliang", "重量是多少"),  # both readings of a polyphone
        ("chongliang", "重量是多少"),
        ("changdu", "长度多少厘米"),
        ("zhangdu", "长度多少厘米"),
        ("yinhangka", "银行卡可以付款吗"),
        ("yhk", "银行卡可以付款吗"),
        ("lvse", "绿色还有货吗"),
        ("xl码", "XL码适合多少斤"),
        ("ＸＬ", "XL码适合多少斤"),
        ("150ml", "150ml能用多久"),
        ("3hao", "3号链接有赠品吗"),
        ("退货，地址？", "退货地址在哪里"),
    ],
)
def test_it_is_found_as_it_may_be_typed(typed: str, meant: str) -> None:
    assert found(typed) == meant


@pytest.mark.parametrize("typed", ["", "？！", "航天飞机票", "qqqqqq", "zzxxvv", "🎁"])
def test_what_has_nothing_in_common_is_not_found(typed: str) -> None:
    assert found(typed) == ""


def test_letters_may_be_read_in_two_ways() -> None:
    kinds = {(step.start, step.end) for step in readings("xian").steps if step.kind == "syllable"}
    assert {(0, 4), (0, 2), (2, 4)} <= kinds
    assert {"zhong", "chong"} <= set(sounds("重"))


def test_another_name_finds_an_entry_and_its_text_does_less_well() -> None:
    entries = (
        Searched("text", ("售后怎么办",), "掉毛可以联系我们"),
        Searched("name", ("起球怎么办", "掉毛")),
        Searched("neither", ("怎么洗",)),
    )
    hits = Index(entries).search("掉毛")
    assert [hit.id for hit in hits] == ["name", "text"]
    assert hits[0].score > hits[1].score


def test_of_two_that_hold_the_query_the_shorter_is_first() -> None:
    entries = (Searched("long", ("发票抬头写错了可以重新开吗",)), Searched("short", ("发票",)))
    assert [hit.id for hit in Index(entries).search("发票")] == ["short", "long"]


def test_of_two_thousand_entries_the_one_meant_is_among_the_first_five() -> None:
    chance = random.Random(7)
    heads = [
        "玫瑰",
        "氨基酸",
        "山茶花",
        "羊绒",
        "纯棉",
        "真丝",
        "儿童",
        "便携",
        "无线",
        "复古",
        "低糖",
        "原味",
    ]
    tails = [
        "精华水",
        "面霜",
        "口红",
        "防晒霜",
        "牙膏",
        "四件套",
        "毛毯",
        "保温杯",
        "电饭煲",
        "台灯",
        "卫衣",
        "坚果",
        "面膜",
        "绿茶",
    ]
    asked = [
        "什么时候发货", "能用多久", "敏感肌可以用吗", "有没有运费险", "怎么清洗", "会不会掉色", "有几种颜色",
        "怎么退换", "可以开发票吗", "发什么快递", "和日常款有什么区别", "支持七天无理由吗",
    ]  # fmt: skip
    texts = [head + tail + one for head in heads for tail in tails for one in asked]
    assert len(texts) > 2000
    index = Index(Searched(text, (text,)) for text in texts)
    missed = 0
    for text in chance.sample(texts, 150):
        at = chance.randrange(len(text))
        slip = text[:at] + text[at + 1 :]
        sound = "".join(sounds(char)[0] for char in text)
        initials = "".join(sounds(char)[0][0] for char in text)
        mixed = "".join(sounds(char)[0] if chance.random() < 0.5 else char for char in text)
        for typed in (slip, sound, initials, mixed):
            missed += text not in {hit.id for hit in index.search(typed)}
    assert missed <= 6  # of 600: a slip may leave out the one character that tells two apart


# -- what may be offered ----------------------------------------------------------------------------


def offer(price: str = "79", promo: str = "拍1发3，满199减30", gift: str = "小样") -> Offer:
    read = parse(promo)
    return Offer(
        revision=1, at=NOW, by="1", live_price=Decimal(price), promotions=read.promotions, promo=promo,
        left=read.left, gift=gift,
    )  # fmt: skip


def entry(answer: str, now: Offer | None = None, **fields: object) -> KnowledgeEntry:
    known = {"id": "a1-k1", "question": "问", "answer": answer, "state": "approved", "source": "manager"}
    quoted = knowledge.quotes(answer, now) if now else ()
    return KnowledgeEntry.model_validate(
        {**known, "owner": "1", "changed_at": NOW, "quotes": quoted, **fields}
    )


def stands(one: KnowledgeEntry, now: Offer | None, *earlier: Offer, given: tuple[str, ...] = ()) -> str:
    return knowledge.standing(one, NOW, now, earlier, given)


@pytest.mark.parametrize(
    ("answer", "changed"),
    [
        ("今天只要79元", {"live_price": Decimal(75)}),
        ("现在只要79，很划算", {"live_price": Decimal(75)}),
        ("拍一件到手¥26.33一瓶", {"live_price": Decimal(75)}),
        ("买就送小样", {"gift": ""}),
        ("满199减30，可以凑单", {"promotions": (), "promo": "", "left": ()}),
        ("拍1发3哦", {"promotions": (), "promo": ""}),
    ],
)
def test_a_text_is_stale_once_what_it_quotes_has_moved_and_good_when_it_is_back(
    answer: str, changed: dict[str, object]
) -> None:
    before = offer()
    one = entry(answer, before)
    assert stands(one, before) == "good"
    after = revise(before, "2", NOW, **changed)
    assert stands(one, after, before) == "old_offer"
    assert stands(one, revise(before, "2", NOW), before, after) == "good"


@pytest.mark.parametrize("answer", ["运费6元", "每瓶150ml", "79小时内发货", "199元以下也包装好", "没有数字"])
def test_amounts_that_were_never_the_product_s_price_do_not_make_a_text_stale(answer: str) -> None:
    before = offer()
    after = revise(before, "2", NOW, live_price=Decimal(75))
    assert stands(entry(answer, before), after, before) == "good"


def test_a_text_put_in_before_the_sheet_is_stale_once_its_price_was_in_force_and_is_not_any_more() -> None:
    before = offer()
    one = entry("今天79元")
    assert stands(one, before) == "good"
    assert stands(one, revise(before, "2", NOW, live_price=Decimal(75)), before) == "old_offer"
    with pytest.raises(Refusal, match="old_price"):
        knowledge.check("今天79元", revise(before, "2", NOW, live_price=Decimal(75)), [before], ())


def test_a_price_of_what_is_not_on_the_sheet_is_not_offered() -> None:
    assert stands(entry("今天79元", offer()), None) == "no_offer"
    assert stands(entry("可以机洗", offer()), None) == "good"


def test_what_has_expired_is_not_offered_from_that_moment_on() -> None:
    assert stands(entry("答", valid_until=NOW), None) == "expired"
    assert stands(entry("答", valid_until=NOW + timedelta(seconds=1)), None) == "good"


@pytest.mark.parametrize(
    ("answer", "given", "expected"),
    [
        ("支持七天无理由", (), "guarantee"),
        ("支持7天无理由", ("七天无理由",), "good"),
        ("暂时不支持七天无理由", (), "good"),
        ("本款非七天无理由商品", (), "good"),
        ("送运费险，假一赔十", ("退货包运费",), "guarantee"),
        ("顺丰包邮", ("顺丰包邮",), "good"),
        ("不偏远都包邮", (), "good"),
        ("Free shipping on every order", (), "guarantee"),
        ("We offer 7-day returns.", (), "guarantee"),
        ("We offer 7-day returns.", ("七天无理由",), "good"),
        ("Sorry, we do not offer free shipping", (), "good"),
        ("There's no free delivery to islands", (), "good"),
        ("Free SF Express", ("顺丰包邮",), "good"),
        ("Is it free? Shipping takes 2 days", (), "good"),
    ],
)
def test_only_enabled_guarantees_are_promised(answer: str, given: tuple[str, ...], expected: str) -> None:
    assert stands(entry(answer), None, given=given) == expected


def test_what_the_product_s_row_gives_may_be_promised_for_it() -> None:
    assert stands(entry("支持七天无理由"), offer(promo="七天无理由")) == "good"
    assert stands(entry("支持七天无理由"), offer()) == "guarantee"


# -- as typed ---------------------------------------------------------------------------------------


def test_an_entry_is_read_with_its_names_product_and_end() -> None:
    typed = knowledge.read_entry("会起球吗｜ 不易起球 | 又叫 起毛、掉毛 | 3号 | 到 12-31", NOW, ZONE)
    assert (typed.question, typed.answer, typed.aliases) == ("会起球吗", "不易起球", ("起毛", "掉毛"))
    assert typed.product == "3号"
    assert typed.valid_until == datetime(2027, 1, 1, tzinfo=ZONE)


def test_a_day_of_the_year_that_is_over_is_next_year_s() -> None:
    assert knowledge.read_entry("问|答|到 3月1日", NOW, ZONE).valid_until == datetime(2027, 3, 2, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "kb.usage"),
        ("只有问题", "kb.usage"),
        ("| 答案", "kb.usage"),
        ("问 | ", "kb.usage"),
        ("问" * 61 + "|答", "kb.long_question"),
        ("问|" + "答" * 601, "kb.long_answer"),
        ("问|答|随便", "kb.part"),
        ("问|答|到 明天", "kb.date"),
        ("问|答|到 2-30", "kb.date"),
        ("问|答|到 2025-01-01", "kb.past"),
        ("问|电话13900000000", "common.personal_note"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, key: str) -> None:
    with pytest.raises(Refusal) as refused:
        knowledge.read_entry(text, NOW, ZONE)
    assert refused.value.key == key


@pytest.mark.parametrize(
    ("said", "pair"),
    [
        ("能机洗吗？可以", ("能机洗吗？", "可以")),
        ("问：能机洗吗 答：可以", ("能机洗吗", "可以")),
        ("Q:能机洗吗? A:可以", ("能机洗吗?", "可以")),
        ("能机洗吗|可以", ("能机洗吗", "可以")),
        ("不能机洗", ("不能机洗", "不能机洗")),
        ("能机洗吗？", ("能机洗吗？", "能机洗吗？")),
    ],
)
def test_a_line_of_the_run_sheet_s_faq_is_parted(said: str, pair: tuple[str, str]) -> None:
    assert knowledge.read_faq(said) == pair


def test_a_handbook_is_parted_by_headings_and_nothing_of_a_long_chapter_is_lost() -> None:
    long = "\n\n".join(f"第{n}段" + "说明" * 100 for n in range(5))
    chapters = knowledge.read_handbook(f"# 破损\n拍照。\n\n登记。\n## 规矩\n{long}")
    assert (chapters[0].question, chapters[0].answer) == ("破损", "拍照。\n\n登记。")
    assert [one.question for one in chapters[1:]] == ["规矩", "规矩 2", "规矩 3"]
    assert "\n\n".join(one.answer for one in chapters[1:]) == long
    assert all(len(one.answer) <= 600 for one in chapters)


@pytest.mark.parametrize("text", ["", "没有标题", "# 只有标题", "前言\n# 标题\n内容"])
def test_a_handbook_without_headings_or_text_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match=r"kb\.handbook_usage"):
        knowledge.read_handbook(text)


@pytest.mark.parametrize("typed", ["演水", "yanshiu", "岩水", "ynashui", "盐税"])
def test_one_short_word_with_a_slip_is_found_among_many(typed: str) -> None:
    others = [Searched(f"o{n}", (f"第{n}种水怎么用", f"面霜{n}号什么时候发货")) for n in range(60)]
    hits = Index([*others, Searched("salt", ("能用盐水冲吗",))]).search(typed, 3)
    assert hits
    assert hits[0].id == "salt"
    assert hits[0].score < 1


@pytest.mark.parametrize("typed", ["zzzq", "口香糖甲乙丙丁戊己庚辛", "qq"])
def test_what_is_no_slip_of_anything_finds_nothing(typed: str) -> None:
    assert Index([Searched("salt", ("能用盐水冲吗",))]).search(typed) == []
