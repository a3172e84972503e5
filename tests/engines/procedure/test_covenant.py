"""What a covenant cannot hold is found with its article; what forbids it is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.engines.procedure import find_clauses
from yishi.engines.procedure.covenant import KINDS


def kinds(text: str) -> list[str]:
    return [flag.kind.id for flag in find_clauses(text)]


def test_scenario_17_the_fine_for_pets_is_found_and_the_mended_text_is_clean() -> None:
    draft = "第五条 爱护公物。\n第六条 宠物罚款 200 元：遛狗不牵绳、不清理粪便的，每次罚款 200 元。\n第七条 邻里和睦。"
    found = find_clauses(draft)
    assert {flag.kind.id for flag in found} == {"fine"}
    assert draft[found[0].start : found[0].end] == "罚款" and "宠物" in found[0].sentence
    assert found[0].kind.clause["zh"] == "村民委员会组织法（2026年施行）第31条"
    assert kinds("第六条 遛狗应当牵绳，粪便随手清理；屡劝不改的，由楼长上门说明。") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("乱倒垃圾的，交纳五十元以示处罚。", "fine"),
        ("违者罚 100 元。", "fine"),
        ("没收占道物品。", "fine"),
        ("违者罚义务劳动三天。", "forced_labour"),
        ("每户必须每月出义务工两天。", "forced_labour"),
        ("拒不签名的，取消当年分红。", "benefits_cut"),
        ("积分与股份分红挂钩。", "benefits_cut"),
        ("不参加大扫除的不享受老人节慰问金。", "benefits_cut"),
        ("外嫁女及其子女不再享有成员资格。", "women"),
        ("收回离婚妇女的宅基地。", "women"),
        ("对不文明行为张贴当事人照片。", "privacy"),
        ("列入黑名单。", "privacy"),
        ("村民不得越级上访。", "petition_right"),
        ("举报者一律追究。", "petition_right"),
        ("一人违约，全家停发福利。", "kin"),
    ],
)
def test_each_kind_is_found(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "村规民约不得设定罚款。",
        "不得以任何形式罚款。",
        "禁止强制劳动。",
        "不随意公布姓名、住址。",
        "鼓励大家自愿参加义务劳动，社区备茶水。",
        "外嫁女与其他成员享有同等权益。",
        "年终分红按量化份额分配，名单张贴在公示栏前先隐去电话。",
        "反映问题可以打 12345，也可以到居委会。",
        "损坏公物的，照价赔偿。",
    ],
)
def test_what_is_fair_or_forbids_it_is_left_alone(text: str) -> None:
    assert kinds(text) == []


def test_every_kind_says_why_what_instead_and_by_which_article() -> None:
    for kind in KINDS:
        for words in (kind.title, kind.why, kind.instead, kind.clause):
            assert words["zh"] and words["en"]


@given(st.text(alphabet="罚款取消分红外嫁女不得上访全家黑名单照片公布。；\n 0元", max_size=80))
def test_flags_stand_where_they_say_in_order_one_kind_a_sentence(text: str) -> None:
    found = find_clauses(text)
    assert [flag.start for flag in found] == sorted(flag.start for flag in found)
    for flag in found:
        assert text[flag.start : flag.end] == flag.words and flag.words in flag.sentence
