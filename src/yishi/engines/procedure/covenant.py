"""Clauses of a village covenant or residents' pact that law does not bear, found before the vote.

A covenant must not break law, nor touch the personal, democratic and property rights of villagers;
the town orders it corrected (Organic Law of Villagers' Committees of 2026, art. 31). What is found
is a reading of words, shown to the drafters and the reviewer with the sentence it stands in; the
reviewer decides. A sentence that forbids the very thing ("不得罚款") is not found.
"""

import re
from dataclasses import dataclass

from yishi.engines.words import Text, say

_NUMBER = "0-9零一二三四五六七八九十百千万两"
_LAW = say("村民委员会组织法（2026年施行）第31条", "Organic Law of Villagers' Committees (in force 2026), art. 31")
_MEMBERS = say("农村集体经济组织法第42条", "Law on Rural Collective Economic Organisations, art. 42")
_WOMEN = say("农村集体经济组织法第8条", "Law on Rural Collective Economic Organisations, art. 8")
_PETITION = say("信访工作条例第18条", "Regulations on the Work of Letters and Visits, art. 18")
_BENEFIT = r"分红|股红|红利|股份|福利|补贴|补助|待遇|低保|救助|养老金|慰问金|宅基地|集体收益"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of clause: what it is, why it cannot stand, what to write instead, by which article."""

    id: str
    title: Text
    why: Text
    instead: Text
    clause: Text
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Flag:
    """A clause found: its kind, the sentence, the words that gave it away, and where they stand
    (`start` and `end` count characters of the whole text)."""

    kind: Kind
    sentence: str
    words: str
    start: int
    end: int


def _kind(id: str, title: Text, why: Text, instead: Text, clause: Text, *patterns: str) -> Kind:
    return Kind(id, title, why, instead, clause, re.compile("|".join(patterns)))


KINDS: tuple[Kind, ...] = (
    _kind(
        "fine", say("罚款", "a fine"),
        say("村规民约不能设定罚款", "a covenant cannot impose fines"),
        say("改为劝导、说明、约定照价赔偿实际损失", "write persuasion, explanation, or repair of the actual loss"),
        _LAW, r"罚款|罚金|处罚金|没收|违约金|罚\s*[" + _NUMBER + r"]+\s*(?:元|块)|交纳?\s*[" + _NUMBER + r"]+\s*元.{0,6}(?:处罚|教育)",
    ),
    _kind(
        "forced_labour", say("强制劳动", "forced labour"),
        say("不能以劳动作处罚或强制出工", "labour can be neither a punishment nor forced"),
        say("改为自愿参加", "make it voluntary"),
        _LAW, r"罚.{0,4}(?:义务工|劳动|打扫|扫街|出工)|强制.{0,4}(?:劳动|出工|义务工)|必须.{0,6}(?:出义务工|义务劳动|义务出工)",
    ),
    _kind(
        "benefits_cut", say("取消、扣减应得收益或待遇", "cutting dividends or benefits"),
        say("分红按量化份额分配，福利待遇不能因违约取消", "profits are shared by quantified shares; benefits are not forfeited"),
        say("改为表扬、礼品等正向鼓励", "use praise or gifts instead"),
        _MEMBERS, rf"(?:取消|扣减?|扣除|停发|停止发放|暂停|冻结|不(?:予|得|能)?享受|不予?发放).{{0,12}}(?:{_BENEFIT})",
        rf"(?:{_BENEFIT}).{{0,8}}(?:取消|扣减|扣除|停发|暂停发放|不予发放|挂钩)",
    ),
    _kind(
        "women", say("歧视外嫁女等妇女", "discrimination of women who married out"),
        say("妇女与男子权益平等，不因婚姻状况丧失成员权益", "women hold equal rights whatever their marriage"),
        say("删去按婚姻状况区别对待的内容", "delete what depends on marriage"),
        _WOMEN, r"(?:外嫁女|出嫁女|嫁出(?:去的)?女|离婚妇女|丧偶妇女|招郎|入赘|上门女婿).{0,20}(?:不|取消|丧失|无权|迁出|收回|减半|停)",
        r"(?:不|取消|丧失|无权|收回|减半).{0,10}(?:外嫁女|出嫁女|离婚妇女|丧偶妇女)",
    ),
    _kind(
        "privacy", say("曝光个人信息", "exposing people"),
        say("不能以公开姓名、照片羞辱居民", "residents are not shamed by name or picture"),
        say("改为上门提醒、书面告知", "call at the door or write to them"),
        _LAW, r"(?:曝光|公布|张贴|公开|通报).{0,10}(?:姓名|照片|视频|肖像|身份证|住址|家庭情况|名单)|黑榜|黑名单|失信户|红黑榜|游街|示众",
    ),
    _kind(
        "petition_right", say("限制信访、举报、诉讼", "limits on petition, report or suit"),
        say("反映情况、信访和诉讼是权利", "to petition, report and sue are rights"),
        say("删去", "delete it"),
        _PETITION, r"(?:不得|不准|不许|禁止|严禁).{0,6}(?:上访|信访|举报|投诉|起诉|打官司)|(?:上访|信访|举报|投诉|起诉)(?:的|者|户|人).{0,12}(?:取消|扣|处理|处罚|罚|追究)",
    ),
    _kind(
        "kin", say("牵连家人", "making the family answer"),
        say("一人有错，不能全家受罚", "a family does not answer for one of its members"),
        say("只写本人的责任", "name the person's own duty"),
        _LAW, r"连坐|株连|(?:全家|全户|家属|子女|直系亲属|户内成员).{0,10}(?:取消|停发|不得|扣|受罚|一并处理|不予)",
    ),
)  # fmt: skip
# Words just before a hit that forbid it; where the "not" is the fault itself, the hit holds it.
_SENTENCE = re.compile(r"[^。；;！!？?\n]+")
_FORBIDS = re.compile(
    r"(?:不得|不准|不能|不可|不应|不|禁止|严禁|无权|取消原有的?|废除|未)\s*(?:以任何形式|随意|任意|再|设定|设置|收取|实行|进行|采取)?\s*$"
)


def find_clauses(text: str) -> list[Flag]:
    """Clauses that a covenant cannot hold, in the order of the text; each kind once a sentence.

    Example:
        >>> [f.kind.id for f in find_clauses("第六条 遛狗不牵绳的，罚款 200 元。")]
        ['fine']
    """
    found = []
    for sentence in _SENTENCE.finditer(text):
        words = sentence.group()
        for kind in KINDS:
            hit = next((m for m in kind.pattern.finditer(words) if not _FORBIDS.search(words[: m.start()])), None)
            if hit:
                start = sentence.start() + hit.start()
                found.append(Flag(kind, words.strip(), hit.group(), start, start + len(hit.group())))
    return sorted(found, key=lambda flag: (flag.start, flag.kind.id))
