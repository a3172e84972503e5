"""The reply list: what passes, what does not, and that it can be run on anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.engines.triage.replies import CHECKS, check_reply

QUESTION = "咨询老旧小区加装电梯补贴\n请问阳光花园三栋加装电梯，补贴标准是多少？什么时候可以申请？"
GOOD = (
    "您好！根据《佛山市既有住宅加装电梯管理办法》第十二条，阳光花园三栋加装电梯每台补贴十万元。\n"
    "请于2026年9月30日前向社区居委会提交申请，社区将在5个工作日内初审。\n"
    "联系人：居委会城建干事，电话：0757-12345678。"
)


def verdicts(question: str, reply: str) -> dict[str, bool]:
    return {f.check: f.passed for f in check_reply(question, reply)}


def test_a_good_reply_passes_every_check() -> None:
    assert verdicts(QUESTION, GOOD) == dict.fromkeys(CHECKS, True)


def test_received_and_passed_on_answers_nothing() -> None:
    got = verdicts(QUESTION, "网友：您好！留言已收悉，已转相关部门办理，感谢您的支持！")
    assert got["readable"] and got["private"]
    assert not any(got[c] for c in ("answers", "basis", "next", "when", "contact"))


def test_an_answer_to_another_question_is_noticed() -> None:
    other = "经调查，跃进河清淤工程已完成，河水水质将继续监测。2026年5月1日。"
    assert not verdicts(QUESTION, other)["answers"]


def test_facts_looked_into_are_a_basis_too() -> None:
    assert verdicts("路灯不亮", "经现场查看，路灯线路老化，已修复。")["basis"]


def test_the_date_of_the_letter_is_no_deadline() -> None:
    assert not verdicts("路灯不亮", "您于9月24日的来信已阅。我们会安排修理路灯。")["when"]


def test_a_wall_of_text_is_hard_to_read() -> None:
    assert not verdicts("路灯不亮", "路灯线路" * 120)["readable"]


@pytest.mark.parametrize("number", ["13800138000", "44060119900101123X"])
def test_a_personal_number_is_found_and_not_repeated(number: str) -> None:
    finding = check_reply("问", f"请联系住户，号码 {number}。")[-1]
    assert not finding.passed
    assert number not in finding.evidence[0]
    assert number not in finding.sentence["zh"]


@given(st.text(max_size=200), st.text(max_size=400))
def test_any_reply_gets_the_whole_list(question: str, reply: str) -> None:
    findings = check_reply(question, reply)
    assert [f.check for f in findings] == list(CHECKS)
    assert all(set(f.sentence) == {"zh", "en"} for f in findings)
