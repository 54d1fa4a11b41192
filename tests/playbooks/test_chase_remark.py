"""The remark to paste, what to say to the buyer, and the texts of both."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.texts import texts as all_texts
from playbooks import chase
from playbooks.chase import Chase, Contact
from playbooks.chase.rules import rules
from playbooks.model import Refusal

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 21, 12, 35, tzinfo=UTC)


def chased(count: int = 1, **told: Any) -> Chase:
    contact = Contact(at=NOW, who="7", step="button", round=count)
    facts = {"id": "a1-c1", "order_id": "1", "platform": "douyin", "seen_at": NOW, "data_as_of": NOW,
             "source": "file", "state": "contacted", "contacts": (contact,)}  # fmt: skip
    return Chase.model_validate({**facts, **told})


def texts(lang: str) -> dict[str, str]:
    """What the chase says in a language, by its key without the area."""
    return {
        key.removeprefix("chase."): text for key, text in all_texts(lang).items() if key.startswith("chase.")
    }


def test_a_remark_says_time_nick_count_and_feedback() -> None:
    promised = NOW + timedelta(minutes=15)
    known = chased(2, answer="will_pay", promised_at=promised, reason="pay_balance", note="发工资后\n再说")
    said = chase.remark(known, "小美", NOW, ZONE)
    assert said == "11-21 20:35 小美 第2次 答应付款20:50 余额不足 发工资后 再说"
    assert chase.remark_flag() == "purple"


def test_a_promise_no_longer_true_is_not_in_the_remark() -> None:
    known = chased(answer="paid_said", promised_at=NOW)
    assert chase.remark(known, "小美", NOW, ZONE) == "11-21 20:35 小美 第1次 买家说已付款"


def test_there_is_no_remark_before_a_contact_and_an_outcome() -> None:
    with pytest.raises(Refusal, match=r"chase\.no_contact"):
        chase.remark(chased(contacts=()), "小美", NOW, ZONE)
    with pytest.raises(Refusal, match=r"chase\.feedback_missing"):
        chase.remark(chased(), "小美", NOW, ZONE)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("小美 第1次 不付款", "chase.remark_time"),
        ("13-01 20:35 小美 第1次 不付款", "chase.remark_time"),
        ("11-21 20:35 第1次 不付款", "chase.remark_nick"),
        ("11-21 20:35 小美 不付款", "chase.remark_count"),
        ("11-21 20:35 小美 第1次", "chase.remark_feedback"),
    ],
)
def test_an_incomplete_remark_is_refused_by_the_part_it_lacks(text: str, key: str) -> None:
    with pytest.raises(Refusal) as refused:
        chase.check_remark(text)
    assert refused.value.key == key


LONG = st.builds(str.__mul__, st.text(), st.integers(1, 300))


@given(
    st.sampled_from(sorted(chase.ANSWERS)),
    st.sampled_from([None, *get_args(chase.Reason)]),
    st.integers(1, 2),
    st.text(max_size=20),
    st.integers(0, 525_600),
)
def test_every_remark_made_passes_its_own_check(
    answer: str, reason: str | None, count: int, note: str, minute: int
) -> None:
    known = chased(count, answer=answer, reason=reason, note=note, promised_at=NOW)
    chase.check_remark(chase.remark(known, "小 美", NOW + timedelta(minutes=minute), ZONE))


@given(LONG, LONG)
def test_a_remark_of_any_length_is_complete_and_what_a_button_copies(note: str, feedback: str) -> None:
    known = chased(answer="no_answer", note=note)
    for said in (
        chase.remark(known, "小美", NOW, ZONE),
        chase.remark(known, "小美", NOW, ZONE, feedback=feedback),
    ):
        chase.check_remark(said)
        assert len(said.encode("utf-16-le", errors="ignore")) <= 2 * 256


def test_a_remark_may_say_the_agents_own_words_before_any_outcome_is_chosen() -> None:
    assert (
        chase.remark(chased(), "小美", NOW, ZONE, feedback=" 发工资\n再付 ")
        == "11-21 20:35 小美 第1次 发工资 再付"
    )


@pytest.mark.parametrize("text", ["11-21 20:35 小美", "13-01 20:35 小美 第1次", "小美 第 2 次 不付"])
def test_words_with_a_date_or_a_count_are_meant_as_a_whole_remark(text: str) -> None:
    assert chase.is_remark(text)


@pytest.mark.parametrize("text", ["", "明天发工资再付", "说 20:35 付", "2 件都不要了"])
def test_other_words_are_feedback(text: str) -> None:
    assert not chase.is_remark(text)


def test_the_script_follows_what_is_known_of_the_buyer() -> None:
    keys = [
        chase.script_key(chased()),
        chase.script_key(chased(answer="will_pay")),
        chase.script_key(chased(answer="will_pay", reason="new_user")),
        chase.script_key(chased(answer="inconvenient", reason="price")),
    ]
    assert [(key or "").removesuffix("_2") for key in keys] == [
        "chase.script_silent", "chase.script_promised", "chase.script_new_user", "chase.script_inconvenient",
    ]  # fmt: skip
    assert chase.script_key(chased(platform="pinduoduo")) is None


def test_wordings_are_rotated_and_none_is_said_to_a_buyer_twice() -> None:
    firsts = {chase.script_key(chased(order_id=str(n))) for n in range(4)}
    assert len(firsts) == rules().scripts["silent"]
    told: list[str] = []
    while key := chase.script_key(chased(reason="price"), told):
        assert key not in told
        told.append(key)
    assert len(told) == rules().scripts["price"] + rules().scripts["silent"]


def test_every_wording_has_its_text_in_both_languages() -> None:
    wanted = {
        f"script_{matter}" + (f"_{n}" if n > 1 else "")
        for matter, count in rules().scripts.items()
        for n in range(1, count + 1)
    }
    for lang in ("zh-CN", "en"):
        assert wanted == {key for key in texts(lang) if key.startswith("script_")}
        assert len({texts(lang)[key] for key in wanted}) == len(wanted)


def test_every_reason_outcome_state_and_step_has_its_words() -> None:
    words = texts("zh-CN")
    wanted = [f"reason_{reason}" for reason in get_args(chase.Reason)]
    wanted += [f"script_{reason}" for reason in get_args(chase.Reason)]
    wanted += [f"outcome_{answer}" for answer in chase.ANSWERS]
    wanted += [f"state_{state}" for state in chase.NEXT]
    wanted += [f"step_{kind}" for kind in get_args(chase.StepKind)]
    assert set(wanted) <= words.keys()
    assert set(rules().feedback) == set(chase.ANSWERS) | set(get_args(chase.Reason))


def test_both_languages_hold_the_same_keys_and_values() -> None:
    zh, en = texts("zh-CN"), texts("en")
    assert zh.keys() == en.keys()
    for key, said in zh.items():
        assert set(re.findall(r"{\w+}", en[key])) == set(re.findall(r"{\w+}", said)), key


def test_every_refusal_raised_has_a_text() -> None:
    sources = (Path(chase.__file__).parent).glob("*.py")
    raised = {key for source in sources for key in re.findall(r'"chase\.(\w+)"', source.read_text("utf-8"))}
    assert raised <= texts("zh-CN").keys()


def test_scripts_are_short_polite_and_promise_nothing() -> None:
    scripts = {key: said for key, said in texts("zh-CN").items() if key.startswith("script_")}
    for key, said in scripts.items():
        assert len(said) <= 60, key
        assert "您" in said, key
        forbidden = "你|宝贝|支付宝|微信|淘宝|最后|库存|仅剩|发货|发出|今天|优惠券|红包|返现|赶快|抓紧"
        if key != "script_cutoff":  # said only while the room's own word of today holds (C21)
            assert not re.search(forbidden, said), key
