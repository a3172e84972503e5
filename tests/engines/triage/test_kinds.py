"""Kind and urgency: golden sentences, and properties that hold for any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.engines.triage.kinds import KINDS, kind_of, urgency_of
from yishi.engines.triage.urgency import LEVELS

KIND_CASES = [
    ("请问办理居住证需要哪些材料？在哪个部门办理？", "consult"),
    ("咨询老旧小区加装电梯的补贴政策", "consult"),
    ("請問幾時可以領取高齡津貼？", "consult"),
    ("求助：独居老人家里水管爆了，请帮帮忙", "help"),
    ("我家生活困难，没有经济来源，请求帮助", "help"),
    ("建议在河边步道增设路灯", "suggest"),
    ("能不能在学校门口加装一条斑马线", "suggest"),
    ("投诉楼下烧烤店油烟扰民，物业不作为", "complaint"),
    ("深夜施工噪音很大，没人管", "complaint"),
    ("举报某工地偷工减料，涉嫌违规", "report"),
    ("检举村干部套取补贴、优亲厚友", "report"),
    ("I suggest adding a bench at the bus stop", "suggest"),
    ("How do I apply for the allowance?", "consult"),
]
URGENT = [
    ("楼道里有很浓的煤气味", "119"),
    ("我闻到好大的煤气味，快来人", "119"),
    ("三楼着火了！", "119"),
    ("火燭啊！對面樓冒緊濃煙", "119"),
    ("现在两个人被困在电梯里", "119"),
    ("有小孩掉进河里了", "119"),
    ("老人在广场晕倒，没有呼吸", "120"),
    ("我不想活了", "110"),
    ("有人拿着刀在砍人，救命", "110"),
    ("村口老人走失，到现在找不到", "110"),
    ("路口刚刚发生车祸", "122"),
    ("There is a gas leak in building 3", "119"),
]
NOT_NOW = [
    "电动车停在楼道，一旦起火后果不堪设想",
    "去年小区发生过火灾，希望加装喷淋",
    "老楼外墙可能倒塌，存在隐患",
    "电梯经常困人，物业不修",
]
ORDINARY = [
    "火车站附近停车难",
    "坐着火车来的",
    "这楼盘是跳楼价",
    "我们被困扰很久了",
    "这是家里的救命钱",
    "煤气公司收费不合理",
    "每天打人工客服都不通",
    "路灯不亮",
]


@pytest.mark.parametrize(("text", "label"), KIND_CASES)
def test_kind(text: str, label: str) -> None:
    kind = kind_of(text)
    assert kind.label == label
    assert kind.reasons[0].words
    assert all(w in kind.reasons[0].sentence["zh"] for w in kind.reasons[0].words)


def test_a_denied_kind_does_not_count() -> None:
    assert kind_of("这是一封咨询件，不是求助件，更不是投诉件。").label == "consult"


def test_no_word_means_uncertain_help_never_an_accusation() -> None:
    kind = kind_of("阳光花园三栋")
    assert (kind.label, kind.certain) == ("help", False)


@pytest.mark.parametrize(("text", "number"), URGENT)
def test_danger_now_names_the_number(text: str, number: str) -> None:
    found = urgency_of(text)
    assert (found.level, found.number) == ("emergency", number)
    assert number in found.reasons[0].sentence["zh"]
    assert number in found.reasons[0].sentence["en"]


@pytest.mark.parametrize("text", NOT_NOW)
def test_danger_that_may_come_or_has_passed_is_read_the_same_day(text: str) -> None:
    assert urgency_of(text).level == "danger"


@pytest.mark.parametrize("text", ORDINARY)
def test_words_that_only_look_dangerous(text: str) -> None:
    found = urgency_of(text)
    assert (found.level, found.number) == ("ordinary", None)


@pytest.mark.parametrize(("text", "number"), URGENT)
def test_nothing_said_around_it_hides_a_danger(text: str, number: str) -> None:
    found = urgency_of("去年就反映过路灯问题。" + text + "。如果不处理怎么办？")
    assert found.level != "ordinary"
    assert number in {r.sentence["zh"][r.sentence["zh"].find("拨打 ") + 3 :][:3] for r in found.reasons}


@given(st.text(max_size=300))
def test_any_text_gets_an_answer_in_both_languages(text: str) -> None:
    kind, urgency = kind_of(text), urgency_of(text)
    assert kind.label in KINDS
    assert urgency.level in LEVELS
    assert (urgency.number is None) == (urgency.level == "ordinary")
    for reason in (*kind.reasons, *urgency.reasons):
        assert set(reason.sentence) == {"zh", "en"}


@given(
    st.sampled_from([t for t, _ in URGENT]),
    st.text(alphabet="　 \n，。abc路灯", max_size=20),
)
def test_padding_does_not_change_the_level(text: str, padding: str) -> None:
    assert urgency_of(padding + "\n" + text).level == "emergency"
