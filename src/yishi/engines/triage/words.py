"""How the engine reads a text: one normal form, clauses, and sentences in two languages."""

import re
import unicodedata
from dataclasses import dataclass

from yishi.engines.words import Text


@dataclass(frozen=True, slots=True)
class Reason:
    """Words found in the text, what they speak for, and their weight in points."""

    words: tuple[str, ...]
    points: float
    sentence: Text


_TRADITIONAL = str.maketrans(
    "訴諮詢議舉報煤氣漏聞爆燒煙煩請問幾時嗎為麼什點樣辦處難電線觸樓壓傷殺脅毆孫頭倒窒內湧"
    "現場後來車禍撞溺濺擾違規無證賄貪騙偷減範應該設進體開關門們個這還沒說話聽見誰"
    "勸滅圍擋燭對緊濃護損壞臺灣區鎮鄉龍廣東業產權險標準實際歲歷發生兒緊醫院昏搶劫懷學課網絡",
    "诉咨询议举报煤气漏闻爆烧烟烦请问几时吗为么什点样办处难电线触楼压伤杀胁殴孙头倒窒内涌"
    "现场后来车祸撞溺溅扰违规无证贿贪骗偷减范应该设进体开关门们个这还没说话听见谁"
    "劝灭围挡烛对紧浓护损坏台湾区镇乡龙广东业产权险标准实际岁历发生儿紧医院昏抢劫怀学课网络",
)
_SPACES = re.compile(r"[ \t\u00a0\u3000]+")
_CLAUSE = re.compile(r"[^，,。．！!？?；;：:\n\r、…~]+[，,。．！!？?；;：:\n\r、…~]*")
_SENTENCE = re.compile(r"[^。！!？?；;\n\r]+[。！!？?；;]*")


def normal(text: str) -> str:
    """Full-width and compatibility characters folded (NFKC), lower case, blanks collapsed."""
    folded = unicodedata.normalize("NFKC", text).replace("_x000D_", "\n").lower()
    return _SPACES.sub(" ", folded).strip()


def simple(text: str) -> str:
    """`normal`, with the traditional characters that occur in the word rules simplified."""
    return normal(text).translate(_TRADITIONAL)


def clauses(text: str) -> list[str]:
    """The text cut at every mark; each clause keeps its closing mark."""
    return [c for c in (m.group().strip() for m in _CLAUSE.finditer(text)) if c]


def sentences(text: str) -> list[str]:
    """The text cut at full stops, question and exclamation marks, semicolons and line ends."""
    return [s for s in (m.group().strip() for m in _SENTENCE.finditer(text)) if s]


def quoted(words: tuple[str, ...]) -> tuple[str, str]:
    """The words in Chinese and in English quotation marks, for a sentence."""
    return "、".join(f"“{w}”" for w in words), ", ".join(f'"{w}"' for w in words)
