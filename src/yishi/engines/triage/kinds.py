"""Kind of a message: consult, help, suggestion, complaint or report, by word rules anyone can read.

The five kinds are those of the 12345 government hotlines (咨询、求助、建议、投诉、举报). Each rule is a
pattern with a weight; a kind's score is the sum of its rules that hit, counted once each, and a hit
in the opening line (a title, as a rule) counts double. The rules know no person and no place. What
they decide is a proposal: the person who receives the message may choose another kind.
"""

import re
from dataclasses import dataclass

from yishi.engines.triage.urgency import Urgency, urgency_of
from yishi.engines.triage.words import Reason, quoted, simple
from yishi.engines.words import Text, say

__all__ = ["KINDS", "NAMES", "Kind", "Urgency", "kind_of", "urgency_of"]

KINDS = ("consult", "help", "suggest", "complaint", "report")
NAMES: dict[str, Text] = {
    "consult": say("咨询", "question"),
    "help": say("求助", "request for help"),
    "suggest": say("建议", "suggestion"),
    "complaint": say("投诉", "complaint"),
    "report": say("举报", "report of an offence"),
}

_RULES: tuple[tuple[str, float, str], ...] = (
    ("consult", 4, r"(?<!不是)咨询(?!投诉)|想(?:了解|知道|问)(?:一下|下)?|请教"),
    ("consult", 2, r"请问|想问|问一下|问下|求解答|望(?:予)?(?:解答|答复|告知)|请(?:予)?(?:解答|告知)"),
    ("consult", 2, r"什么时候|何时|几时|多久|哪(?:里|个部门|天)|在边度|怎么(?:办理|申请|收费|查询)"),
    ("consult", 2, r"如何(?:办理|申请|缴纳|查询|领取|认定|计算)|需要(?:什么|哪些)(?:材料|手续|条件)"),
    ("consult", 1, r"是否(?:有|可以|能|需要|属于|合法|符合)|能不能|可不可以|是不是|有没有.{0,12}(?:政策|规定|计划)"),
    ("consult", 1, r"[吗呢么][?]|[?]"),
    ("consult", 2, r"\bhow (?:do|can|to)\b|\bwhen (?:will|is|does)\b|\bwhere (?:can|is)\b|\bmay i ask\b"),
    ("help", 5, r"(?<!不是)求(?:助|救)|帮帮|求(?:政府|领导|书记|社区)?(?:帮忙|帮助)|救救"),
    ("help", 2, r"请求(?:解决|帮助|帮忙|支持|协调)|(?:恳请|恳求|盼望?|希望).{0,12}(?:帮助|帮忙|帮扶|援助)"),
    ("help", 2, r"(?:生活|出行|吃水|用水|就医|上学|看病).{0,4}困难|没有(?:经济|生活)来源|走投无路|困难(?:家庭|户)"),
    ("help", 2, r"(?:停水|停电|停气|堵塞|漏水|不亮|坏了).{0,20}(?:维修|修复|修一下|抢修|处理一下)"),
    ("help", 3, r"\bplease help\b|\bneed help\b|\bhelp (?:me|us)\b"),
    ("suggest", 5, r"(?<!不是)(?<!合理化)建议|提(?:个|点|几点|一些)?(?:意见|想法)|献(?:计|策)"),
    ("suggest", 2, r"(?:可否|能否|是否可以|能不能|可不可以|不如|最好).{0,16}(?:增设|增加|加装|设置|设立|改(?:为|成|造)|开通|调整|推广|建)"),
    ("suggest", 2, r"(?:希望|盼|应该?|呼吁).{0,14}(?:增设|增加|加装|设立|开通|推广|优化|规划|建设|出台)"),
    ("suggest", 4, r"\bsuggest(?:ion)?s?\b|\bpropos(?:e|al)\b|\bit would be (?:better|good)\b|\bwhy not\b"),
    ("complaint", 5, r"(?<!不是)(?<!被)投诉(?!电话|热线|平台|渠道|人)|控诉|维权"),
    ("complaint", 2.5, r"扰民|噪音|恶臭|黑臭|臭气|油烟|刺鼻|污染|脏乱差?|垃圾成堆|积水|占道|影响(?:休息|睡眠|生活|出行)"),
    ("complaint", 2, r"臭|脏|又黑|蚊(?:子|蝇|虫)|吵|通宵|夜间施工|深夜|破坏|强占|强行|开裂|倾倒|违建|泛滥|危险"),
    ("complaint", 2.5, r"态度(?:恶劣|差|不好)|推诿|踢皮球|不作为|乱作为|置之不理|不闻不问|不管不问|没人(?:管|理|处理)|无人(?:管|问)|不处理"),
    ("complaint", 2, r"严重(?:影响|扰民|不满)|强烈(?:要求|不满|抗议|反对)|气愤|愤怒|忍无可忍|苦不堪言|不合理|质疑"),
    ("complaint", 2, r"乱(?:收费|停|搭|扔|倒|象)|拖欠|不退|违约|欺骗|霸王条款|捆绑(?:销售)?|强制|豆腐渣|质量问题|烂尾"),
    ("complaint", 1.5, r"(?:请|望|希望|要求).{0,16}(?:处理|查处|整改|整治|制止|管管|管一管|解决|介入|清理|疏通)"),
    ("complaint", 4, r"\bcomplain(?:t|ts|ing)?\b|\bunacceptable\b|\bnois[ey]\b|\bsmells?\b"),
    ("report", 6, r"(?<!不是)(?<!被)举报(?!电话|热线|平台|箱|人)|检举|揭发"),
    ("report", 3, r"贪(?:污|腐)|受贿|行贿|索贿|回扣|以权谋私|挪用|侵吞|套取|骗取|吃拿卡要|优亲厚友"),
    ("report", 2.5, r"偷工减料|偷(?:排|税|倒)|逃税|无证(?:经营|洗车|行医|驾驶)?|黑(?:诊所|车|作坊|中介)|非法(?!定)|假冒|传销|赌博|涉黑"),
    ("report", 2, r"违(?:法|规|章)(?:建|搭|占|圈|经营|排放|生产|收|操作|补课)|涉嫌"),
    ("report", 5, r"\breport(?:ing)? (?:an? )?(?:illegal|offence|crime|fraud|corruption)\b|\bbribe|\bwithout a licen[cs]e\b"),
)  # fmt: skip
_COMPILED = tuple((kind, weight, re.compile(rule)) for kind, weight, rule in _RULES)
_OPENING = 40


@dataclass(frozen=True, slots=True)
class Kind:
    """The proposed kind, one of `KINDS`; `certain` is false where no rule hit or two kinds tie."""

    label: str
    certain: bool
    scores: dict[str, float]
    reasons: tuple[Reason, ...]


def _hits(text: str) -> list[tuple[str, float, str]]:
    opening = text.split("\n", 1)[0][:_OPENING]
    found = []
    for kind, weight, rule in _COMPILED:
        first = rule.search(opening)
        match = first or rule.search(text)
        if match:
            found.append((kind, weight * (2 if first else 1), match.group().strip()))
    return found


def _reason(kind: str, hits: list[tuple[str, float, str]]) -> Reason:
    mine = sorted((h for h in hits if h[0] == kind), key=lambda h: -h[1])
    words = tuple(dict.fromkeys(h[2] for h in mine))
    points = sum(h[1] for h in mine)
    zh, en = quoted(words)
    name = NAMES[kind]
    return Reason(
        words,
        points,
        say(
            f"文中有{zh}，像是{name['zh']}（{points:g} 分）。",
            f"The text says {en}: this speaks for a {name['en']} ({points:g} points).",
        ),
    )


def kind_of(text: str) -> Kind:
    """Propose the kind of a message from its words.

    `text` is the message, its title first on a line of its own where it has one. Ties go to the
    kind that stands first in the message; a text in which no rule hits is a request for help,
    marked as not certain, so that no one's message is taken for an accusation.
    """
    plain = simple(text)
    hits = _hits(plain)
    scores = dict.fromkeys(KINDS, 0.0)
    for kind, points, _ in hits:
        scores[kind] += points
    if not hits:
        why = say(
            "文中没有可判断的词，暂按求助处理，请人工确认。",
            "No word in the text decides; taken as a request for help until a person confirms.",
        )
        return Kind("help", False, scores, (Reason((), 0.0, why),))
    first = {k: min(plain.find(w) for kk, _, w in hits if kk == k) for k in KINDS if scores[k]}
    order = sorted(first, key=lambda k: (-scores[k], first[k]))
    certain = len(order) == 1 or scores[order[0]] > scores[order[1]]
    return Kind(order[0], certain, scores, tuple(_reason(k, hits) for k in order[:2]))
