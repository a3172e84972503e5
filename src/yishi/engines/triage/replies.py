"""A reply is read against a list before it goes out: does it answer, on what basis, and what next?

The list follows what people ask of an official answer and what the 12345 rules ask of an office:
answers the question, gives the basis (a rule, or facts looked into), says what next and by when,
names someone to turn to, can be read, and shows nobody's private numbers. Every check gives one
finding, passed or not, with the words it rests on. The list helps the writer; it grades nobody.
"""

import re
from dataclasses import dataclass

from yishi.engines.triage.words import normal, quoted, sentences
from yishi.engines.words import Text, say

CHECKS = ("answers", "basis", "next", "when", "contact", "readable", "private")

_POLITE = re.compile(
    r"网友|您好|你好|尊敬的?|领导|书记|市长|局长|留言|来信|来邮|反映|有关|相关|部门|情况|问题|回复|答复"
    r"|如下|感谢|谢谢|关心|支持|理解|监督|工作|收悉|咨询|投诉|建议|举报|请求|请问|希望|关于|我们|我是|本人|什么|如何|是否|为什么|怎么|何时"
)
_HAN = re.compile(r"[\u4e00-\u9fff]+|[a-z]{3,}|\d+")
_EMPTY = re.compile(r"已?(?:收悉|收到|转(?:交|办|至|相关)|知悉|阅)|感谢|谢谢|网友|您好|你好|^回复")
_LAW = re.compile(r"《[^》]{2,60}》|[〔\[(（]\d{4}[〕\])）]\s*\d+\s*号|第[一二三四五六七八九十百零\d]+条")
_RULE = re.compile(r"(?:根据|依据|依照|按照).{2,30}?(?:规定|要求|条例|办法|标准|政策|方案|规划|合同|法)")
_FACTS = re.compile(
    r"经.{0,12}?(?:调查|核实|核查|了解|查看|查勘|勘查|走访|检测|研究)|(?:现场|实地)(?:查看|核实|勘查|检查|走访)"
)
_DONE = re.compile(
    r"(?:现|已|均已|已经|目前已)(?:完成|办结|修复|恢复|整改|拆除|清理|查处|解决|安装|疏通|处罚|责令|立案)|已.{0,8}(?:到位|完毕)"
)
_NEXT = re.compile(
    r"下一步|下阶段|(?<!现)(?<!现就)将(?:于|在|会|按|进一步|继续|组织|督促|加强|加大|积极)?|拟|计划|责令|要求.{0,12}(?:整改|停止)"
    r"|督促|请您?(?:到|携带|拨打|通过|向|凭|关注)|可(?:以)?(?:到|向|通过|拨打|凭|在)|建议您"
)
_WHEN = re.compile(
    r"(?:19|20)\d\d\s*年(?:\d{1,2}\s*月(?:\d{1,2}\s*日)?|底|内|初)?|\d{1,2}\s*月(?:\d{1,2}\s*日|底|份|初|中旬|上旬|下旬)"
    r"|\d+\s*个?(?:工作日|日内|天内|小时内?|月内|周内)|[一二三四五六七八九十两]+个?(?:工作日|天内|日内|月内|周内)"
    r"|(?:本|下|这)(?:周|月|季度)(?:内|底|前)?|年底前?|月底前?|年内|第[一二三四]季度|即日起|立即"
)
_CONTACT = re.compile(
    r"(?:电话|热线|联系人|联系方式|咨询)[^。]{0,12}?\d{3,4}[- ]?\d{4,8}|\b\d{3,4}-\d{7,8}\b|联系人|12345"
)
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dx](?!\d)")
_LONG_SENTENCE, _MEAN_SENTENCE, _WALL = 120, 60, 400


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the list: its name (one of `CHECKS`), passed or not, a sentence, the words."""

    check: str
    passed: bool
    sentence: Text
    evidence: tuple[str, ...] = ()


def _pairs(text: str) -> set[str]:
    """Overlapping pairs of characters of what is left when polite phrases are taken out."""
    found: set[str] = set()
    for run in _HAN.findall(_POLITE.sub(" ", normal(text))):
        found.update((run,) if run.isascii() else (run[i : i + 2] for i in range(len(run) - 1)))
    return found


def _substance(reply: str) -> str:
    """The reply without sentences that only greet, thank or acknowledge."""
    return "".join(s for s in sentences(reply) if not (_EMPTY.search(s) and len(s) < 40))


def _asked(question: str) -> str:
    """The title and the sentences that ask; the whole message where none does."""
    parts = sentences(normal(question))
    asks = [s for s in parts if re.search(r"[?]|请|望|希望|建议|要求|何时|是否|如何", s)]
    return "\n".join(parts[:1] + asks) if asks else "\n".join(parts)


def _answers(question: str, reply: str) -> Finding:
    said = _pairs(_substance(reply))
    wanted = _pairs(_asked(question))
    shared = wanted & said
    share = len(shared) / len(wanted) if wanted else 1.0
    words = tuple(sorted(shared, key=question.find))[:6]
    if not said:
        why = say(
            "只有问候、感谢或“已收悉、已转办”，没有答复内容。",
            "Only greetings, thanks or 'received and passed on': nothing is answered.",
        )
        return Finding("answers", False, why)
    passed = share >= 0.12 or len(shared) >= 8
    zh = f"答复里出现了所问之词的 {share:.0%}" + ("。" if passed else "，可能答非所问。")
    en = f"The reply takes up {share:.0%} of the words asked about" + (
        "." if passed else "; it may not answer the question."
    )
    return Finding("answers", passed, say(zh, en), words)


def _found(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(m.group().strip() for m in pattern.finditer(text)))[:4]


def _basis(reply: str) -> Finding:
    law = _found(_LAW, reply) or _found(_RULE, reply)
    facts = _found(_FACTS, reply)
    if law or facts:
        zh, en = quoted(law or facts)
        kind = ("依据", "a rule") if law else ("核查过的事实", "facts looked into")
        why = say(f"写明了{kind[0]}：{zh}。", f"It rests on {kind[1]}: {en}.")
        return Finding("basis", True, why, law or facts)
    why = say(
        "没有写依据：写出文件名和条款，或写明谁在何时查过什么。",
        "No basis: name the rule and its article, or say who looked into what and when.",
    )
    return Finding("basis", False, why)


def _next(reply: str) -> Finding:
    body = _substance(reply)
    words = _found(_DONE, body) or _found(_NEXT, body)
    if words:
        zh, en = quoted(words)
        return Finding(
            "next",
            True,
            say(f"写明了已办或下一步：{zh}。", f"Done or next: {en}."),
            words,
        )
    why = say(
        "没有写已经办了什么或下一步由谁做什么。",
        "It does not say what has been done or who does what next.",
    )
    return Finding("next", False, why)


def _when(reply: str) -> Finding:
    lines = sentences(_substance(reply))
    lines = [re.sub(r"[您你].{0,24}?(?:留言|来信|来邮|来电|反映)", "", s) for s in lines]
    # a date that only signs the letter is not a date by which something happens
    body = "".join(s for s in lines if len(re.sub(r"[\d年月日\s.]", "", s)) > 6)
    words = _found(_WHEN, body)
    if words:
        zh, en = quoted(words)
        return Finding("when", True, say(f"写明了时间：{zh}。", f"It names a time: {en}."), words)
    why = say(
        "没有写时间：何时办的，或何时办完。",
        "No time is named: when it was, or will be, done.",
    )
    return Finding("when", False, why)


def _contact(reply: str) -> Finding:
    words = _found(_CONTACT, reply)
    if words:
        return Finding("contact", True, say("留了联系方式。", "It says whom to contact."), words)
    why = say("没有留联系人或电话。", "No one to contact and no telephone number.")
    return Finding("contact", False, why)


def _readable(reply: str) -> Finding:
    parts = sentences(reply.strip())
    longest = max(parts, key=len, default="")
    mean = sum(map(len, parts)) / max(len(parts), 1)
    walls = [p for p in reply.split("\n") if len(p) > _WALL]
    faults = []
    if len(longest) > _LONG_SENTENCE:
        n = len(longest)
        faults.append((f"最长一句 {n} 字", f"its longest sentence has {n} characters"))
    if mean > _MEAN_SENTENCE:
        faults.append(
            (
                f"平均一句 {mean:.0f} 字",
                f"a sentence has {mean:.0f} characters on average",
            )
        )
    if walls:
        n = len(walls[0])
        faults.append((f"一段 {n} 字不分段", f"a paragraph runs to {n} characters"))
    if not faults:
        return Finding(
            "readable",
            True,
            say("句子不长，好读。", "Texts are short enough to read."),
        )
    zh, en = "，".join(f[0] for f in faults), ", ".join(f[1] for f in faults)
    why = say(f"不好读：{zh}。请断句、分段。", f"Hard to read: {en}. Split it.")
    return Finding("readable", False, why, (longest[:30],))


def _private(reply: str) -> Finding:
    numbers = _found(_MOBILE, reply) + _found(_IDENTITY, reply.lower())
    masked = tuple(n[:3] + "…" + n[-2:] for n in numbers)
    if masked:
        why = say(
            "含手机号或身份证号，公开前请删去。",
            "It holds a mobile or identity number: remove it before anyone else sees it.",
        )
        return Finding("private", False, why, masked)
    return Finding("private", True, say("没有个人号码。", "It holds no personal number."))


def check_reply(question: str, reply: str) -> list[Finding]:
    """Read `reply` to `question` against `CHECKS`, in that order; one finding for each.

    Both are plain text of any length; an empty reply fails every check but `readable` and
    `private`. The word shares are those of overlapping character pairs, polite phrases left out.
    """
    text = normal(reply)
    return [
        _answers(question, text),
        _basis(text),
        _next(text),
        _when(text),
        _contact(text),
        _readable(text),
        _private(text),
    ]
