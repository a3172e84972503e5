"""Urgency of a message: gas, fire, a person in danger, by word rules that err on the safe side.

Three levels: `emergency` (a danger now: an emergency number is to be called at once), `danger` (a
danger told as past, possible or without a time: a person reads it the same day) and `ordinary`.
The numbers are China's: 119 fire and rescue, 120 ambulance, 110 police, 122 traffic accidents. A
clause that speaks of what might happen or has been over for long lowers the level by one, never
hides it. Rules decide who reads first; they never decide that nobody reads.
"""

import re
from dataclasses import dataclass

from yishi.engines.triage.words import Reason, clauses, quoted, simple
from yishi.engines.words import Text, say

LEVELS = ("ordinary", "danger", "emergency")
SERVICES: dict[str, Text] = {
    "119": say("消防救援", "fire and rescue"),
    "120": say("医疗急救", "ambulance"),
    "110": say("公安", "police"),
    "122": say("交通事故", "traffic accidents"),
}
_NAMES: dict[str, Text] = {
    "gas": say("燃气泄漏", "a gas leak"),
    "fire": say("火情", "fire"),
    "rescue": say("有人被困或建筑坍塌", "someone trapped or a collapse"),
    "medical": say("有人急病或受伤", "someone gravely ill or hurt"),
    "self_harm": say("有人可能轻生", "someone about to harm themselves"),
    "violence": say("有人受到暴力威胁", "violence or a threat of it"),
    "missing": say("有人走失", "someone missing"),
    "traffic": say("交通事故", "a traffic accident"),
}
_RULES: tuple[tuple[str, str, str], ...] = (
    ("gas", "119", r"(?:燃气|煤气|天然气|液化气|瓦斯).{0,12}(?:泄漏|泄露|漏气|外泄|嘶嘶)|漏(?:煤|燃|天然)气"),
    ("gas", "119", r"闻到.{0,8}(?:煤气|燃气|天然气)|(?:煤气|燃气|天然气)(?:的)?(?:臭)?味|gas leak|smell (?:of )?gas"),
    ("fire", "119", r"着火(?!车|点)|起火|失火|火灾|火烛|着大火|烧起来|爆炸(?!的时代|式|性)|\bon fire\b|\bfire (?:in|at)\b|\bexplo(?:sion|ded)"),
    ("fire", "119", r"(?:冒|起)(?:着|出|紧|紧着)?(?:浓|黑|大)?烟(?!囱)|浓烟滚滚"),
    ("rescue", "119", r"被困(?!难|扰|惑)|困人|困在电梯|(?:掉|跌|落)(?:进|入|下|到)?.{0,4}(?:水里|河里|井里|水中|井中)|落水|溺水|\btrapped\b|\bdrowning"),
    ("rescue", "119", r"(?:楼|房|屋|墙|桥|路|基|坡|脚手架|塔吊|屋顶|天花板).{0,6}(?:坍塌|塌了|倒塌|垮塌|塌方|塌陷|滑坡)|\bcollaps(?:ed|ing)"),
    ("medical", "120", r"晕倒|昏倒|昏迷|不省人事|没有?呼吸|(?<!村民|居民|让人)呼吸困难|大出血|心脏(?:病发|骤停)|抽搐|休克|触电|(?:煤气|农药|食物|一氧化碳)中毒|快要?生了|\bunconscious\b|\bbleeding\b"),
    ("self_harm", "110", r"自杀|轻生|(?:跳|坠)(?:楼|河|江|桥)(?!价|机)|割腕|上吊|喝农药|不想活|活不下去|一了百了|结束(?:自己的?)?生命|\bsuicid|\bkill (?:my|him|her)self"),
    ("violence", "110", r"殴打|打人(?!工|群|的)|打伤|持(?:刀(?!具)|械|枪)|拿(?:着)?刀|砍(?:人|伤|杀)|家暴|家庭暴力|(?<!名义)绑架(?!.{0,4}(?:百姓|业主|消费))|抢劫|行凶|杀(?:人|了我|我)|非法拘禁|强奸|猥亵|虐待|\bknife\b|\bbeat(?:en|ing)\b|救命(?!钱|的钱|稻草|路|恩|药|消防|保命|\")"),
    ("missing", "110", r"走失|走丢|(?:孩子|小孩|老人|女儿|儿子|母亲|父亲|老伴|妈妈|爸爸).{0,6}(?:不见了|失踪|失联|找不到)|拐(?:卖|走)|\bmissing (?:child|person)"),
    ("traffic", "122", r"车祸|撞(?:了|到|伤|死)?人|被.{0,4}车撞|交通事故|\bcar (?:crash|accident)"),
)  # fmt: skip
_COMPILED = tuple((danger, number, re.compile(rule)) for danger, number, rule in _RULES)
_POSSIBLE = re.compile(
    r"如果|假如|若|万一|一旦|可能|容易|易(?:引|造|发)|隐患|风险|避免|防止|预防|防范|以免|担心|担忧|生怕|害怕|恐怕"
    r"|怕(?:会|是)|导致|造成|引起|引发|随时|会不会|将会|难道|演练|宣传|培训|保险|贯通|等级|应急预案|安全生产|责任|赔偿"
    r"|\bif\b|\bmight\b|\bmay\b|\bcould\b|\brisk\b|\bdrill\b"
)
_PAST = re.compile(
    r"去年|前年|以前|之前|曾|上(?:个)?月|上周|上次|多次|经常|常常|时常|每次|几次|[两二三四五六数]次|几起|屡|多起|发生过|出过|过后"
    r"|频发|频繁|频频|时有|不断|常年|长期|天天|每天|每晚|日夜|烟囱|较多|很多次|个月|半年|上段时间|前段时间|历历在目|差点"
    r"|当时|那天|后来|已(?:去世|死亡|身亡|修复|修好|解决)|(?:19|20)\d\d年|\d+月份|年来|停气|至今|迟迟"
    r"|\blast (?:year|month|week)\b|\bused to\b|\balready fixed\b"
)
_NOW = re.compile(
    r"现在|正在|正(?:被|要)|此刻|刚刚|刚才|快来|快点|赶紧|立刻|马上|紧急|急+[!！]|救命(?!钱|的钱|稻草|路|恩|药|消防|保命|\")"
    r"|\bright now\b|\bat once\b|\bhurry\b|\bnow\b|\bemergency\b"
)
_LONG_ACCOUNT = 200


@dataclass(frozen=True, slots=True)
class Urgency:
    """Level (one of `LEVELS`), the number to call (None where ordinary) and why, worst first."""

    level: str
    number: str | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    danger: str
    number: str
    word: str
    level: int
    at: int


def _level(clause: str, around: str, long_account: bool, danger: str) -> int:
    """2 if the clause tells of a danger now, else 1."""
    if _POSSIBLE.search(clause):
        return 1
    if _NOW.search(around):
        return 2
    if _PAST.search(around) or (long_account and danger != "self_harm"):
        return 1
    return 2


def _hits(text: str) -> list[_Hit]:
    parts = clauses(text)
    found: dict[str, _Hit] = {}
    for at, clause in enumerate(parts):
        for danger, number, rule in _COMPILED:
            match = rule.search(clause)
            if not match:
                continue
            around = "".join(parts[max(0, at - 1) : at + 2])
            level = _level(clause, around, len(text) > _LONG_ACCOUNT, danger)
            if danger not in found or level > found[danger].level:
                found[danger] = _Hit(danger, number, match.group(), level, at)
    return sorted(found.values(), key=lambda h: (-h.level, h.at))


def _reason(hit: _Hit) -> Reason:
    zh, en = quoted((hit.word,))
    name, service = _NAMES[hit.danger], SERVICES[hit.number]
    if hit.level == 2:
        sentence = say(
            f"文中有{zh}，可能是{name['zh']}：请立即拨打 {hit.number}（{service['zh']}），在这里留言不能代替报警。",
            f"The text says {en}: it may be {name['en']}. Call {hit.number} ({service['en']}) at "
            "once; a message here does not replace that call.",
        )
    else:
        sentence = say(
            f"文中有{zh}，提到{name['zh']}，但像是可能发生或已经过去的事：请当天有人看；"
            f"若正在发生，拨打 {hit.number}。",
            f"The text says {en} and speaks of {name['en']}, as something possible or past: a "
            f"person should read it today; if it is happening now, call {hit.number}.",
        )
    return Reason((hit.word,), float(hit.level), sentence)


def urgency_of(text: str) -> Urgency:
    """How urgent a message is, which number to call, and the words that say so."""
    hits = _hits(simple(text))
    if not hits:
        why = say("文中没有危险的词。", "No word of danger in the text.")
        return Urgency("ordinary", None, (Reason((), 0.0, why),))
    return Urgency(LEVELS[hits[0].level], hits[0].number, tuple(map(_reason, hits)))
